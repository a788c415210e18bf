import { CancelledError, ChecksFailedError, WaitError } from '../errors.js';
import type { ApplyResult, Config, Phase, Plan, PlanOptions, Project, Report, VerifyOptions } from '../index.js';
import type { Listener } from '../model/event.js';
import { describeCache, fixesOf, renderSummary, verdictOf } from './checks.js';
import { createNarrator } from './human.js';
import { OpeningCommand } from './opening-command.js';
import { type Page, wrapText } from './page.js';
import { afterNothing } from './pending.js';
import { countSteps, renderPlan } from './plan.js';
import { readCredentials } from './read-credentials.js';
import { type ReportFiles, requireReportFolders, writeReportFiles } from './report-files.js';
import { renderMoreUrls, renderResult, renderUnsent, renderWarnings } from './results.js';
import { isServed } from './served.js';
import type { Setup } from './setup.js';
import { countOf } from './units.js';
import { demandAllSent } from './unsent.js';
import { describeRemains, findRemains } from './what-stays.js';
import { parseWholeNumber } from './whole-number.js';

/** What every command can do with a project: plan, show, ask, apply, verify and report. */
export abstract class ProjectCommand extends OpeningCommand {
  #applying = false;
  /** Files that a plan on the screen said are not sent. */
  #told: ReadonlySet<string> = new Set();
  /** Whether each check is a line of its own, passed ones too. */
  protected readonly showsEachCheck: boolean = false;

  /** Makes a plan, anew where a bucket first has to take a global name; Ctrl-C ends it at once, since nothing is changed. */
  protected async plan(project: Project, phase: Phase, options: PlanOptions = {}): Promise<Plan> {
    try {
      return await this.interrupt.race(this.current(project).plan(phase, options));
    } catch (error) {
      if (!(await this.acceptsGlobalName(error))) throw error;
      return this.plan(project, phase, options);
    }
  }

  /** Prints a plan as the result, for `--plan`. */
  protected showPlan(plan: Plan, setup?: Setup): Plan {
    this.showDraft(setup);
    this.print(this.voice.out, renderPlan(plan, this.voice.out, this.voice.verbose));
    const after = this.draftOf(setup) === undefined ? afterNothing(plan) : undefined;
    if (after === undefined) this.voice.progress.line(`Next: ${this.spellAgain(plan.phase)}`);
    else this.next(after);
    return plan;
  }

  /**
   * Shows a plan and has it approved; a plan that changes nothing needs no approval, unless a file is to be written too.
   *
   * @throws {CancelledError} when the person says no
   * @throws {UsageError} when nobody can be asked and `--yes` was not given
   */
  protected async approve(plan: Plan, setup?: Setup): Promise<void> {
    this.showDraft(setup);
    const isSilent = this.voice.quiet && this.approved;
    const page = isSilent ? this.voice.progress : this.voice.err;
    this.print(page, renderPlan(plan, page, this.voice.verbose));
    this.#told = new Set(isSilent ? [] : plan.refused?.map(({ file }) => file));
    if (this.approved || (countSteps(plan) === 0 && this.draftOf(setup) === undefined)) return;
    const question = plan.phase === 'teardown' ? 'Delete all this for good?' : 'Go ahead?';
    if (await this.ask(question)) return;
    throw new CancelledError(`Cancelled: nothing ${this.touched ? 'else ' : ''}was changed.`);
  }

  /**
   * Does what a plan says, narrated; after Ctrl-C it finishes the call in flight and saves. Where S3 has no
   * account-regional name for a bucket, and the person takes a global one, what is left is planned and approved anew.
   */
  protected async apply(project: Project, plan: Plan): Promise<ApplyResult> {
    try {
      return await this.carryOut(this.current(project), plan);
    } catch (error) {
      if (!(await this.acceptsGlobalName(error))) throw error;
      // Only init and up make buckets, and that is the one option of theirs.
      const rest = await this.plan(project, plan.phase, { invalidate: plan.invalidate === true });
      await this.approve(rest);
      return this.apply(project, rest);
    }
  }

  private async carryOut(project: Project, plan: Plan): Promise<ApplyResult> {
    const narrator = await createNarrator(this.voice);
    this.#applying = true;
    this.touched ||= countSteps(plan) > 0;
    try {
      return await project.apply(plan, narrator.listener, this.interrupt.signal, { isFresh: this.approved });
    } finally {
      this.#applying = false;
      narrator.stop();
    }
  }

  /**
   * Prints what was achieved, which is part of the JSON document whatever comes after it.
   *
   * @throws {WaitError} when a teardown left something
   */
  protected announce(result: ApplyResult): ApplyResult {
    const { out, progress, verbose } = this.voice;
    this.print(out, renderResult(result, out, verbose));
    // Not a result: on stdout the last line is an address.
    this.print(progress, renderMoreUrls(result, `${this.spell('test')} --json`, progress, verbose));
    this.print(this.voice.err, renderUnsent(result, this.voice.err, this.#told));
    this.print(this.voice.err, renderWarnings(result, this.voice.err));
    this.partial = result;
    const left = result.left ?? [];
    if (left.length === 0) return result;
    const things = `${countOf(left.length, 'thing')} left: ${left.join('; ')}`;
    throw new WaitError(`Cannot finish teardown of "${result.name}": ${things}.`, {
      code: 'LEFTOVERS',
      suggestions: [this.spell('teardown')],
    });
  }

  /**
   * Prints what was achieved and what to type next.
   *
   * @throws {PixgateError} when files were not sent; the result is then part of the JSON document
   */
  protected report(result: ApplyResult, next: string): ApplyResult {
    this.announce(result);
    // With what is online one can go on, but not with what a call of S3 failed for.
    if (result.upload?.failed.length) this.demandAllSent(result);
    this.next(next);
    this.demandAllSent(result);
    return result;
  }

  /** Says what a teardown leaves on the disk, and where there may be other environments or kept buckets, how to see them. */
  protected tellRemains(place: Pick<Config, 'file' | 'directory'>, isKept: boolean): void {
    const remains = findRemains(place, process.cwd());
    const said = describeRemains(remains, this.spell('up'));
    if (said !== undefined) this.print(this.voice.progress, wrapText(said, this.voice.progress.columns));
    if (isKept || remains.state === 'needed' || remains.file === undefined) this.next('list');
  }

  /**
   * Lets a result pass unless files were not sent, which is then said last.
   *
   * @throws {PixgateError} naming some of them; the result is then part of the JSON document
   */
  protected demandAllSent(result: ApplyResult): void {
    this.partial = result;
    demandAllSent(result, this.spellWithWords(result.phase));
  }

  /**
   * Reads what a run of checks was told, before anything is asked of the cloud.
   *
   * @throws {UsageError} when a number is none, or a report could not be written where it should go
   */
  protected async checkOptions(
    flags: ReportFiles & { readonly sample?: string | undefined; readonly 'make-credentials'?: boolean | undefined },
  ): Promise<VerifyOptions> {
    await requireReportFolders(flags);
    return {
      ...(flags.sample === undefined ? {} : { sample: parseWholeNumber('sample', flags.sample, 1, 1_000_000) }),
      ...(flags['make-credentials'] === true ? { makeCredentials: true } : {}),
      // Secrets come by the environment alone: arguments are seen by everybody on the machine.
      credentials: readCredentials(process.env),
    };
  }

  /** Has the fix that a failed check names go to the same environment. */
  private aimFixes(listener: Listener): Listener {
    return (event) => {
      if (event.type !== 'check' || event.result.fix === undefined) return listener(event);
      listener({ ...event, result: { ...event.result, fix: this.aim(event.result.fix) } });
    };
  }

  /**
   * Runs the checks: on `page` a line each, or only those that did not pass where
   * checks are not what was asked for, and then a summary.
   */
  protected async verify(project: Project, options: VerifyOptions, page: Page): Promise<Report> {
    const { quiet, verbose } = this.voice;
    const failedOnly = quiet || !(verbose || this.showsEachCheck);
    const narrator = await createNarrator(this.voice, { checks: page, failedOnly });
    try {
      const checking = this.current(project).verify(options, this.aimFixes(narrator.listener), this.interrupt.signal);
      // What was made for the run is taken away again before the process ends.
      const report = await (options.makeCredentials === true ? checking : this.interrupt.race(checking));
      narrator.stop();
      this.print(page, renderSummary(report, page));
      const cache = describeCache(report);
      if (cache !== undefined) page.line(`  ${cache}`);
      return report;
    } finally {
      narrator.stop();
    }
  }

  /**
   * Writes the reports that were asked for; `result` is part of the JSON document whatever comes of it.
   *
   * @throws {PixgateError} when a file cannot be written
   */
  protected async writeReports(report: Report, files: ReportFiles, result: object): Promise<void> {
    this.partial = result;
    for (const path of await writeReportFiles(report, files, await this.library())) {
      this.voice.progress.line(`Wrote ${path}`);
    }
  }

  /**
   * Gives the result of a run of checks, and says what to type next, when all is well.
   *
   * @throws {ChecksFailedError} when a check failed; the result is then part of the JSON document
   */
  protected vouch<Result extends object>(report: Report, result: Result, next: string): Result {
    if (report.failed === 0) {
      this.next(next);
      return result;
    }
    this.partial = result;
    const counts = { failed: report.failed, total: report.results.length };
    throw new ChecksFailedError(`Cannot vouch for "${report.name}": ${verdictOf(report)}`, counts, {
      suggestions: [...fixesOf(report), 'pixgate test'].map((text) => this.aim(text)),
    });
  }

  /** Says once more where the images are, at the end of a long output: the first of them, or the stage. */
  protected showUrl({ url, images, failed }: Report): void {
    if (failed === 0) this.voice.out.line(this.voice.out.paint('link', `${url}${images[0]?.path ?? ''}`));
  }

  /** Names the command that comes after `up`: nobody knows yet how to call what is not public. */
  protected async afterUp(result: ApplyResult, { config }: Project): Promise<string> {
    if (config.mounts.some(({ access }) => access.kind !== 'public')) return 'access';
    return this.firstServe(result, 'status');
  }

  /** Names `local` before another command: a local cloud that nobody serves has addresses that nobody can open. */
  protected async firstServe({ target, url }: Pick<ApplyResult, 'target' | 'url'>, then: string): Promise<string> {
    return target === 'local' && url !== undefined && !(await isServed(url)) ? 'local' : then;
  }

  protected override heardInterrupt(): void {
    if (this.#applying) {
      this.voice.err.line('Stopping after the call in flight. Press Ctrl-C again to leave at once.');
    }
  }

  private showDraft(setup: Setup | undefined): void {
    const draft = this.draftOf(setup);
    if (draft === undefined) return;
    const { err } = this.voice;
    err.line(`${draft.path}, to be ${draft.replaces === undefined ? 'written' : 'changed'}:`);
    for (const line of draft.text.trimEnd().split('\n')) {
      // On a narrow terminal the fields say more than what is said of them.
      const isFull = line.length + 2 > err.columns;
      const lines = wrapText(`  ${isFull ? line.replace(/ {3}# .*$/, '') : line}`, err.columns, 6);
      for (const [at, part] of lines.entries()) {
        const shown = at > 0 && line.startsWith('#') ? part.replace(/^ +/, '  # ') : part;
        err.line(err.paint('faint', shown));
      }
    }
    err.line();
  }
}
