import { Command } from '@oclif/core/command';
import { CancelledError, UsageError } from '../errors.js';
import { renderComplaint, toComplaint, toErrorDocument } from './complaint.js';
import { exitCodeOf } from './exit-codes.js';
import { globalFlags } from './flags.js';
import { exitCodeOfSignal, type Interrupt, watchInterrupts } from './interrupt.js';
import { type FlagShape, mannerOf, rejectRepeated } from './invocation.js';
import type { Page } from './page.js';
import { nameVariable, rejectUnread } from './reject-unread.js';
import { createVoice, type Voice } from './voice.js';

/** How every command speaks, listens to Ctrl-C, and complains with the right exit code. */
export abstract class BaseCommand extends Command {
  static override baseFlags = globalFlags;

  /** Where this command speaks. */
  protected voice: Voice = createVoice(process, mannerOf(this.argv, process.env));
  /** Watches Ctrl-C while the command runs. */
  protected interrupt: Interrupt = watchInterrupts(
    process,
    () => this.heardInterrupt(),
    (exitCode) => process.exit(exitCode),
  );
  /** What a JSON document holds beside the error, when a result came before it. */
  protected partial: object = {};

  /** Runs the command as it was made; the static `run` would first load all of oclif's config once more. */
  start(): Promise<unknown> {
    return this._run();
  }

  /** Answers whether the result is one JSON document, by flag or by `PIXGATE_JSON`. */
  override jsonEnabled(): boolean {
    return this.voice.json;
  }

  /** Writes the one JSON document. */
  protected override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  }

  protected override async init(): Promise<void> {
    await super.init();
    rejectRepeated(this.argv, this.#flags());
    rejectUnread(this.argv, process.env, this.#flags());
  }

  #flags(): Readonly<Record<string, FlagShape>> {
    return { ...this.ctor.baseFlags, ...this.ctor.flags };
  }

  /** Hears the first Ctrl-C, before the work is told to stop. */
  protected heardInterrupt(): void {}

  /** Writes lines on a page. */
  protected print(page: Page, lines: readonly string[]): void {
    for (const line of lines) page.line(line);
  }

  /** Prints a complaint, or the JSON document with it, and leaves with its exit code. */
  protected override async catch(thrown: Error): Promise<never> {
    const error = toComplaint(thrown, this.#flags());
    if (error instanceof UsageError) nameVariable(error, this.argv, process.env, this.#flags());
    const { verbose } = this.voice;
    const signal = this.interrupt.caught();
    const exitCode =
      signal !== undefined && error instanceof CancelledError ? exitCodeOfSignal(signal) : exitCodeOf(error);
    if (this.voice.json) this.logJson({ ...this.partial, error: toErrorDocument(error, verbose) });
    else this.print(this.voice.err, renderComplaint(error, this.voice.err, this.config.version, verbose));
    // oclif reads the exit code from here, and prints nothing itself.
    throw Object.assign(error instanceof Error ? error : new Error(String(error)), {
      exitCode,
      oclif: { exit: exitCode },
      skipOclifErrorHandling: true,
    });
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    this.interrupt.dispose();
    await super.finally(error);
  }
}
