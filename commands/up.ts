import type { CommandResults } from '../src/index.js';
import { withoutBytes } from '../src/terminal/checks.js';
import { ProjectCommand } from '../src/terminal/command.js';
import { configFlags, grouped, invalidateFlag, planFlag, testFlags } from '../src/terminal/flags.js';
import { checkPlanFlag, demandNothingPending, requirePlan } from '../src/terminal/pending.js';
import { renderWarnings } from '../src/terminal/results.js';

/** Goes from nothing to a verified URL. */
export default class Up extends ProjectCommand {
  static override summary = 'From nothing to a verified image URL: init, upload, wire and test.';
  static override description = 'Without a pixgate.yaml it asks first. Run again, it changes only what differs.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --source ./images --region eu-west-1 --access public --yes',
    '<%= config.bin %> <%= command.id %> --target local --source ./images --access public --yes',
  ];
  static override flags = {
    ...planFlag,
    ...checkPlanFlag,
    ...invalidateFlag,
    ...configFlags,
    ...grouped('TEST', testFlags),
  };

  async run(): Promise<CommandResults['up']> {
    const {
      flags: { check, ...flags },
    } = await this.parse(Up);
    if (check) requirePlan(flags);
    const settings = await this.settle(flags);
    const options = await this.checkOptions(flags);
    const setup = await this.setUp(flags);
    const project = await this.openWith(setup.config, settings);
    const plan = await this.plan(project, 'up', flags.invalidate === undefined ? {} : { invalidate: flags.invalidate });
    if (flags.plan) {
      this.partial = this.showPlan(plan, setup);
      return check ? demandNothingPending(plan, this.spellAgain('up')) : plan;
    }
    await this.approve(plan, setup);
    await this.keep(setup);
    const result = this.announce(await this.apply(project, plan));
    // What is missing would only fail the checks, and say less of why.
    if ((result.upload?.failed.length ?? 0) > 0) this.demandAllSent(result);
    const report = await this.verify(project, options, this.voice.progress);
    const whole = { ...result, report: withoutBytes(report) };
    await this.writeReports(report, flags, whole);
    this.print(this.voice.err, renderWarnings(result, this.voice.err));
    this.showUrl(report);
    const vouched = this.vouch(report, whole, await this.afterUp(result, project));
    this.demandAllSent(whole);
    return vouched;
  }
}
