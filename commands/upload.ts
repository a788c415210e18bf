import { resolve } from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { UsageError } from '../src/errors.js';
import type { ApplyResult, Plan } from '../src/index.js';
import { ProjectCommand } from '../src/terminal/command.js';
import { expiresFlag, invalidateFlag, nameFlag, planFlag, uploadFlags } from '../src/terminal/flags.js';
import { checkPlanFlag, demandNothingPending, requirePlan } from '../src/terminal/pending.js';
import { describeStale } from '../src/terminal/stale.js';

/** Sends images. */
export default class Upload extends ProjectCommand {
  static override summary = 'Send the images of each mount; only what differs.';
  static override description =
    'Checks every file before anything is sent: its type, its name, its size. Compares with what is there, and sends new and changed images and headers.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> ./images/cats --yes',
    '<%= config.bin %> <%= command.id %> --delete --invalidate --yes',
    '<%= config.bin %> <%= command.id %> --invalidate',
    '<%= config.bin %> <%= command.id %> --plan',
  ];
  static override args = {
    path: Args.string({
      multiple: true,
      description: 'Files and folders of the mounts to look at, and no others; without any, everything.',
    }),
  };
  static override flags = {
    ...planFlag,
    ...checkPlanFlag,
    delete: Flags.boolean({
      summary:
        'After sending, remove images that were uploaded before and whose files are gone or ruled out; also --prune.',
      aliases: ['prune'],
      env: 'PIXGATE_DELETE',
    }),
    ...invalidateFlag,
    ...nameFlag,
    ...uploadFlags,
    ...expiresFlag,
  };

  async run(): Promise<Plan | ApplyResult> {
    const {
      args: { path },
      flags: { check, ...flags },
    } = await this.parse(Upload);
    if (check) requirePlan(flags);
    if (path?.includes('') === true) throw new UsageError('PATH must be a file or a folder of a mount: got "".');
    const project = await this.open(flags);
    this.words = path ?? [];
    const paths = path === undefined || path.length === 0 ? {} : { paths: path.map((each) => resolve(each)) };
    const options = { prune: flags.delete ?? false, invalidate: flags.invalidate ?? false, ...paths };
    const plan = await this.plan(project, 'upload', options);
    if (flags.plan) {
      this.partial = this.showPlan(plan);
      return check ? demandNothingPending(plan, this.spellAgain('upload')) : plan;
    }
    await this.approve(plan);
    const result = await this.apply(project, plan);
    const stale =
      plan.wired === true
        ? describeStale(result, this.current(project).config.cache?.ttlSeconds, this.spell('flush'))
        : undefined;
    if (stale !== undefined) this.voice.progress.line(`! ${stale}`);
    return this.report(result, plan.wired === true ? 'test' : 'wire');
  }
}
