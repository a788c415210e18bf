import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { LedgerError } from '../errors.js';
import { draftName } from './draft.js';
import { isRunning, ownMark, type ProcessMark } from './liveness.js';
import { unwritable } from './write-whole.js';

interface Owner extends ProcessMark {
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}

/** How often a lock that changes hands under our eyes is tried again. */
const ATTEMPTS = 5;

/**
 * Takes a lock file, and answers with what gives it back. The lock of a process that is no more is taken over, and
 * `hear` is told; there is no time after which a living process loses it.
 *
 * @throws {LedgerError} while another process holds it, or when no lock can be written.
 */
export async function takeLock(file: string, hear: (text: string) => void = () => {}): Promise<() => Promise<void>> {
  const mine = JSON.stringify({
    ...(await ownMark()),
    host: hostname(),
    since: new Date().toISOString(),
  } satisfies Owner);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (await create(file, mine)) return () => release(file, mine);
    const seen = await readText(file);
    if (seen === undefined) continue;
    const owner = parseOwner(seen);
    if (owner !== undefined && (owner.host !== hostname() || (await isRunning(owner)))) throw held(file, owner);
    if (await takeOver(file, seen, mine)) {
      hear(`took over the lock of ${nameOf(owner)}, which is gone`);
      return () => release(file, mine);
    }
  }
  throw held(file, parseOwner((await readText(file)) ?? ''));
}

/**
 * Replaces the lock of a dead process. Whoever does that holds a second lock meanwhile and looks again, so that two who
 * saw the same dead owner cannot both win.
 */
async function takeOver(file: string, dead: string, mine: string): Promise<boolean> {
  const giveBack = await takeLock(`${file}.takeover`);
  try {
    if ((await readText(file)) !== dead) return false;
    await drafted(file, mine, (draft) => rename(draft, file));
    return true;
  } finally {
    await giveBack();
  }
}

/** Makes the file with its text in one move, so that nobody ever reads half of it. Answers false when it is there already. */
async function create(file: string, text: string): Promise<boolean> {
  return drafted(file, text, async (draft) => {
    try {
      await link(draft, file);
      return true;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw cause;
    }
  });
}

/** Writes a draft of the lock beside it, uses it, and removes what is left of it. */
async function drafted<T>(file: string, text: string, use: (draft: string) => Promise<T>): Promise<T> {
  const draft = await draftName(file);
  try {
    await writeFile(draft, text, { mode: 0o600 });
    return await use(draft);
  } catch (cause) {
    throw unwritable(file, cause);
  } finally {
    await rm(draft, { force: true }).catch(() => {});
  }
}

/** Removes the lock if it is still the one that was taken: someone may have removed it by hand, and another come. */
async function release(file: string, mine: string): Promise<void> {
  try {
    if ((await readText(file)) === mine) await rm(file, { force: true });
  } catch {
    // One that stays is soon the lock of a dead process.
  }
}

/** Undefined when the file is gone. */
async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new LedgerError(`Cannot read the lock ${file}: ${cause.message}.`, {
      code: 'LEDGER_LOCKED',
      suggestions: [`if nobody works on this environment, remove ${file}`],
      cause,
    });
  });
}

/** Undefined for a text that was cut short by a crash: nobody alive holds such a lock. */
function parseOwner(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Owner | null;
    const texts = [owner?.host, owner?.since, owner?.born];
    // A process number below 1 would mean a group of processes.
    return Number(owner?.pid) > 0 && texts.every((field) => typeof field === 'string')
      ? (owner ?? undefined)
      : undefined;
  } catch {
    return undefined;
  }
}

function nameOf(owner: Owner | undefined): string {
  return owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host} since ${owner.since}`;
}

function held(file: string, owner: Owner | undefined): LedgerError {
  return new LedgerError(`Cannot work on this environment: ${nameOf(owner)} does.`, {
    code: 'LEDGER_LOCKED',
    suggestions: ['wait until it is done', `if it is gone, remove ${file}`],
  });
}
