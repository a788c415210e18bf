import * as Flags from '@oclif/core/flags';
import { UsageError } from '../src/errors.js';
import type { CommandResults } from '../src/index.js';
import { nameFlag, planFlag } from '../src/terminal/flags.js';
import { SweepCommand } from '../src/terminal/sweep-command.js';

/** Takes an environment away and looks again. */
export default class Teardown extends SweepCommand {
  static override summary = 'Delete what was made, and prove that nothing is left.';
  static override description =
    'Deletes only what carries the mark of this environment, in a safe order, then looks again. Things that were there before are given back as they were found.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --plan',
    '<%= config.bin %> <%= command.id %> --yes',
    '<%= config.bin %> <%= command.id %> --keep-bucket',
    '<%= config.bin %> <%= command.id %> --expired --yes --json',
  ];
  static override flags = {
    ...planFlag,
    'keep-bucket': Flags.boolean({
      summary: 'Leave the buckets and the images in them.',
      env: 'PIXGATE_KEEP_BUCKET',
    }),
    'including-foreign': Flags.boolean({
      summary: 'Delete objects in our buckets that pixgate did not send, too.',
      env: 'PIXGATE_INCLUDING_FOREIGN',
    }),
    ...nameFlag,
    expired: Flags.boolean({
      summary: 'Delete every environment of the account and Region whose lease is over; needs no config.',
      env: 'PIXGATE_EXPIRED',
    }),
    all: Flags.boolean({
      summary: 'Delete every environment of the account and Region; the id of the account has to be typed.',
      env: 'PIXGATE_ALL',
    }),
    confirm: Flags.string({
      summary: 'With --all: the id of the account, where nobody can be asked.',
      helpValue: 'ACCOUNT',
      env: 'PIXGATE_CONFIRM',
    }),
  };

  async run(): Promise<CommandResults['teardown']> {
    const { flags } = await this.parse(Teardown);
    if (flags.expired || flags.all) return this.sweep(flags);
    if (flags.confirm !== undefined)
      throw new UsageError(`--confirm must go with --all, which it confirms: got ${JSON.stringify(flags.confirm)}.`);
    const project = await this.openForRemoval(flags);
    const plan = await this.plan(project, 'teardown', {
      keepBucket: flags['keep-bucket'] ?? false,
      includingForeign: flags['including-foreign'] ?? false,
    });
    if (flags.plan) return this.showPlan(plan);
    await this.approve(plan);
    const result = this.announce(await this.apply(project, plan));
    // What is there only for the environment goes when it is closed.
    await this.shut();
    this.tellRemains(project.config, (result.keptBuckets ?? []).length > 0);
    return result;
  }
}
