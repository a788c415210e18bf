import type { ApplyResult, Plan } from '../src/index.js';
import { ProjectCommand } from '../src/terminal/command.js';
import { configFlags, planFlag } from '../src/terminal/flags.js';

/** Makes a config and its buckets. */
export default class Init extends ProjectCommand {
  static override summary = 'Write pixgate.yaml, and create and harden its buckets.';
  static override description =
    'Asks on a terminal for what the flags leave open; elsewhere --source, --region and --access public are needed. Every flag has a twin in the environment: --cache-size is PIXGATE_CACHE_SIZE. With a pixgate.yaml it makes the buckets; on a terminal it first offers to change the file.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --source ./images --region eu-west-1 --access public --yes',
    '<%= config.bin %> <%= command.id %> --bucket my-photos --no-create-bucket',
  ];
  static override flags = { ...planFlag, ...configFlags };

  async run(): Promise<Plan | ApplyResult> {
    const { flags } = await this.parse(Init);
    const settings = await this.settle(flags);
    const setup = await this.setUp(flags, undefined, !flags.plan);
    const project = await this.openWith(setup.config, settings);
    const plan = await this.plan(project, 'init');
    if (flags.plan) return this.showPlan(plan, setup);
    await this.approve(plan, setup);
    await this.keep(setup);
    return this.report(await this.apply(project, plan), 'upload');
  }
}
