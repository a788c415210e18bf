import { Flags } from '@oclif/core';
import type { ApplyResult, Plan } from '../src/index.js';
import { ProjectCommand } from '../src/terminal/command.js';
import { nameFlag, planFlag } from '../src/terminal/flags.js';

/** Takes an environment away and looks again. */
export default class Teardown extends ProjectCommand {
  static override summary = 'Delete what was made, and prove that nothing is left.';
  static override description =
    'Deletes only what carries the mark of this environment, in a safe order, then looks again. Things that were there before are given back as they were found.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --plan',
    '<%= config.bin %> <%= command.id %> --yes',
    '<%= config.bin %> <%= command.id %> --keep-bucket',
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
  };

  async run(): Promise<Plan | ApplyResult> {
    const { flags } = await this.parse(Teardown);
    const project = await this.openForRemoval(flags);
    const plan = await this.plan(project, 'teardown', {
      keepBucket: flags['keep-bucket'] ?? false,
      includingForeign: flags['including-foreign'] ?? false,
    });
    if (flags.plan) return this.showPlan(plan);
    await this.approve(plan);
    return this.report(await this.apply(project, plan), 'list');
  }
}
