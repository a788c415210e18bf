import * as Args from '@oclif/core/args';
import { RefusedError } from '../src/errors.js';
import type { FlushResult } from '../src/index.js';
import { ProjectCommand } from '../src/terminal/command.js';
import { nameFlag } from '../src/terminal/flags.js';
import { renderFlush } from '../src/terminal/flush.js';
import { createNarrator } from '../src/terminal/human.js';

/** Empties the stage's cache, or expires one path. */
export default class Flush extends ProjectCommand {
  static override summary = 'Empty the stage cache, or expire one path.';
  static override description =
    'With PATH, only the entry of that path: it is asked for with your credentials and Cache-Control: max-age=0, and the access log shows whether AWS heard it. Entries of the same path for Range and conditional requests stay until their time is over. Exits 3 when AWS did not do it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> /images/cat.png',
    '<%= config.bin %> <%= command.id %> "/images/blue hour.jpg" --json',
  ];
  static override args = {
    path: Args.string({ description: 'Path of an image behind the stage, or its address; without it, everything.' }),
  };
  static override flags = nameFlag;

  async run(): Promise<FlushResult> {
    const { args, flags } = await this.parse(Flush);
    const project = await this.open(flags);
    const narrator = await createNarrator(this.voice);
    const options = args.path === undefined ? {} : { path: args.path };
    const result = await this.interrupt
      .race(project.flush(options, narrator.listener, this.interrupt.signal))
      .finally(() => narrator.stop());
    this.print(this.voice.out, renderFlush(result, this.voice.out));
    if (result.outcome !== 'ignored') {
      this.next('test');
      return result;
    }
    this.partial = result;
    throw new RefusedError(`Cannot expire ${result.path}: ${result.reason}.`, {
      code: 'FLUSH_IGNORED',
      suggestions: [this.spell('flush')],
    });
  }
}
