import type { ApplyResult, Plan } from '../src/index.js';
import { ProjectCommand } from '../src/terminal/command.js';
import { expiresFlag, nameFlag, planFlag, wireFlags } from '../src/terminal/flags.js';
import { checkPlanFlag, demandNothingPending, requirePlan } from '../src/terminal/pending.js';

/** Makes the API what the config says, and deploys it. */
export default class Wire extends ProjectCommand {
  static override summary = 'Create or update the API and deploy it to a stage.';
  static override description =
    'Role, log groups, REST API, deployment, stage, cache and throttling; only what differs is changed. Also repairs what somebody changed by hand.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --stage prod',
    '<%= config.bin %> <%= command.id %> --cache-size 0.5 --cache-ttl 600',
    '<%= config.bin %> <%= command.id %> --plan --json',
  ];
  static override flags = { ...planFlag, ...checkPlanFlag, ...nameFlag, ...wireFlags, ...expiresFlag };

  async run(): Promise<Plan | ApplyResult> {
    const {
      flags: { check, ...flags },
    } = await this.parse(Wire);
    if (check) requirePlan(flags);
    const project = await this.open(flags);
    const plan = await this.plan(project, 'wire');
    if (flags.plan) {
      this.partial = this.showPlan(plan);
      return check ? demandNothingPending(plan, this.spellAgain('wire')) : plan;
    }
    await this.approve(plan);
    return this.report(await this.apply(project, plan), 'test');
  }
}
