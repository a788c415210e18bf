import { CancelledError, UsageError } from '../errors.js';
import type { Settings, Sweep, SweepDocument, SweptEnvironment } from '../index.js';
import { ProjectCommand } from './command.js';
import { confirmByTyping } from './confirm.js';
import { createNarrator } from './human.js';
import type { GivenFlags } from './setup.js';
import { renderSweep, renderSwept, toSweepDocument } from './sweep.js';
import { countOf } from './units.js';

/** What a sweep is told by flags. */
export type SweepFlags = GivenFlags & {
  readonly expired?: boolean;
  readonly all?: boolean;
  readonly plan?: boolean;
  readonly confirm?: string | undefined;
  readonly 'including-foreign'?: boolean;
};

/** Flags of one environment, which say nothing where several go. */
const OF_ONE = ['name', 'stage', 'keep-bucket'];

/** How a command takes away several environments at once. */
export abstract class SweepCommand extends ProjectCommand {
  #sweeping = false;

  /**
   * Takes away every environment whose lease is over, or every one: shows all, asks once, and reports each.
   *
   * @throws {UsageError} when flags do not go together, or nobody can be asked and the approval is not given by flag
   * @throws {PixgateError} the first that kept an environment from going; the report is then part of the JSON document
   */
  protected async sweep(flags: SweepFlags): Promise<SweepDocument> {
    requireMeaning(flags);
    const settings = await this.settle(flags);
    const which = flags.all === true ? 'all' : 'expired';
    const includingForeign = flags['including-foreign'] ?? false;
    const sweep = await this.openSweep(await this.findPlace(flags), settings, { which, includingForeign });
    try {
      const isShown = flags.plan === true || sweep.entries.length === 0;
      const page = isShown ? this.voice.out : this.voice.err;
      this.print(page, renderSweep(sweep, page, this.voice.verbose));
      if (sweep.entries.length === 0) page.line(which === 'all' ? 'No environments.' : 'No environment has expired.');
      if (isShown) return toSweepDocument(sweep, undefined);
      await this.approveSweep(sweep, flags, settings);
      return this.vouchForSweep(sweep, await this.carryOutSweep(sweep));
    } finally {
      await sweep.close();
    }
  }

  protected override heardInterrupt(): void {
    super.heardInterrupt();
    if (this.#sweeping) this.voice.err.line('Stopping after the call in flight. Press Ctrl-C again to leave at once.');
  }

  private async approveSweep(sweep: Sweep, flags: SweepFlags, { yes }: Settings): Promise<void> {
    if (flags.all === true) return approveAll(sweep, flags.confirm, { yes, canAsk: this.voice.canAsk });
    const question = `Delete ${countOf(sweep.entries.length, 'environment')} for good?`;
    if (!yes && !(await this.ask(question))) throw new CancelledError('Cancelled: nothing was changed.');
  }

  private async carryOutSweep(sweep: Sweep): Promise<readonly SweptEnvironment[]> {
    const narrator = await createNarrator(this.voice);
    this.#sweeping = true;
    this.touched = true;
    try {
      return await sweep.apply(narrator.listener, this.interrupt.signal);
    } finally {
      this.#sweeping = false;
      narrator.stop();
    }
  }

  private vouchForSweep(sweep: Sweep, swept: readonly SweptEnvironment[]): SweepDocument {
    this.print(this.voice.out, renderSwept(swept, this.voice.out));
    const document = toSweepDocument(sweep, swept);
    const failure = swept.find(({ error }) => error !== undefined)?.error;
    if (failure === undefined) {
      this.next('list');
      return document;
    }
    this.partial = document;
    throw failure;
  }
}

function requireMeaning(flags: SweepFlags): void {
  if (flags.expired === true && flags.all === true) {
    throw new UsageError('--expired must not be given together with --all: nobody knows which is meant.', {
      suggestions: ['leave one of the two out'],
    });
  }
  const given = flags.all === true ? '--all' : '--expired';
  const variable = (name: string) => `PIXGATE_${name.toUpperCase().replaceAll('-', '_')}`;
  const one = OF_ONE.find((name) => flags[name] !== undefined);
  const twin = OF_ONE.map(variable).find((name) => process.env[name] !== undefined);
  if (one === undefined && twin === undefined) return;
  throw new UsageError(
    `${one === undefined ? twin : `--${one}`} must not be given together with ${given}, which is about all.`,
    { suggestions: ['leave one of the two out'] },
  );
}

/**
 * Has everything that is here approved by the account's id, or by the name of the only environment.
 *
 * @throws {UsageError} when the word is another, or nobody can be asked and it was not given beside --yes
 */
async function approveAll(
  { account, entries }: Sweep,
  word: string | undefined,
  { yes, canAsk }: { yes: boolean; canAsk: boolean },
): Promise<void> {
  const [first, ...others] = entries;
  const words = [account, ...(first === undefined || others.length > 0 ? [] : [first.environment.name])];
  if (word !== undefined && !words.includes(word)) {
    throw new UsageError(`--confirm must be the account that is meant: got ${JSON.stringify(word)}.`, {
      suggestions: ['pixgate teardown --all --plan  shows which account this is'],
    });
  }
  if (canAsk && word === undefined) {
    await confirmByTyping(`Delete all this for good? Type ${words.join(' or ')} to go ahead:`, words);
    return;
  }
  if (word !== undefined && (yes || canAsk)) return;
  throw new UsageError('Cannot ask for approval: off a terminal --all needs both --yes and --confirm.', {
    code: 'APPROVAL_MISSING',
    suggestions: ['add --yes --confirm and the id of the account', 'add --plan to see what would go'],
  });
}
