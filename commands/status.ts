import * as Flags from '@oclif/core/flags';
import type { Status as Standing } from '../src/index.js';
import { ProjectCommand } from '../src/terminal/command.js';
import { nameFlag } from '../src/terminal/flags.js';
import { complainOfDrift, isInOrder, renderStatus, repairOf } from '../src/terminal/status.js';

/** Tells how an environment stands. */
export default class Status extends ProjectCommand {
  static override summary = 'Show what exists, what it costs, and what differs from the config.';
  static override description =
    'Reads everything back and changes nothing: what exists, where, since when, who made it, what it costs an hour, when it expires, each field that somebody changed, and edits of the API that are not deployed. With --check it exits 1 unless all is as configured.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --check --quiet',
    '<%= config.bin %> <%= command.id %> --target local --json',
  ];
  static override flags = {
    check: Flags.boolean({
      summary: 'Exit 1 when anything differs or is not deployed, or files of the folder cannot be sent.',
      env: 'PIXGATE_CHECK',
    }),
    ...nameFlag,
  };

  async run(): Promise<Standing> {
    const { flags } = await this.parse(Status);
    const project = await this.open(flags);
    const status = await this.interrupt.race(project.status());
    const isAmiss = flags.check && (!status.exists || !isInOrder(status));
    // The complaint that follows says the verdict.
    const shows = { verbose: this.voice.verbose, verdict: !isAmiss };
    this.print(this.voice.out, renderStatus(status, this.voice.out, shows));
    const repair = repairOf(status);
    if (isAmiss) {
      this.partial = status;
      throw complainOfDrift(status, repair === undefined ? [] : [this.spell(repair)]);
    }
    this.next(repair ?? 'test');
    return status;
  }
}
