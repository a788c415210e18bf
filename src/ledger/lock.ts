import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { LedgerError } from '../errors.js';

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
  /** When the process itself began, as the system tells it: process ids are used again. */
  readonly born: string;
}

/** How often a lock that changes hands under our eyes is tried again. */
const ATTEMPTS = 5;

/**
 * Takes a lock file, and answers with what gives it back. The lock of a process that is no more is taken over; there is
 * no time after which a living process loses it.
 *
 * @throws {LedgerError} while another process holds it.
 */
export async function takeLock(file: string): Promise<() => Promise<void>> {
  const pid = process.pid;
  const mine: Owner = { pid, host: hostname(), since: new Date().toISOString(), born: await birthOf(pid) };
  const release = (): Promise<void> => rm(file, { force: true });
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (await create(file, mine)) return release;
    const seen = await readText(file);
    if (seen === undefined) continue;
    const owner = parseOwner(seen);
    if (owner !== undefined && (await isAlive(owner))) throw held(file, owner);
    if (await takeOver(file, seen, mine)) return release;
  }
  throw held(file, parseOwner((await readText(file)) ?? ''));
}

/**
 * Replaces the lock of a dead process. Whoever does that holds a second lock meanwhile and looks again, so that two who
 * saw the same dead owner cannot both win.
 */
async function takeOver(file: string, dead: string, mine: Owner): Promise<boolean> {
  const release = await takeLock(`${file}.takeover`);
  try {
    if ((await readText(file)) !== dead) return false;
    await drafted(file, mine, (draft) => rename(draft, file));
    return true;
  } finally {
    await release();
  }
}

/** Makes the file with its text in one move, so that nobody ever reads half of it. Answers false when it is there already. */
async function create(file: string, owner: Owner): Promise<boolean> {
  return drafted(file, owner, async (draft) => {
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
async function drafted<T>(file: string, owner: Owner, use: (draft: string) => Promise<T>): Promise<T> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, JSON.stringify(owner), { mode: 0o600 });
    return await use(draft);
  } catch (cause) {
    const suggestions = ['free some disk space or give write permission, then run the same command again'];
    throw new LedgerError(`Cannot lock ${file}: ${(cause as Error).message}.`, {
      code: 'LEDGER_UNWRITABLE',
      suggestions,
      cause,
    });
  } finally {
    await rm(draft, { force: true });
  }
}

/** Undefined when the file is gone. */
async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
}

/** Undefined for a text that was cut short by a crash: nobody alive holds such a lock. */
function parseOwner(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Owner | null;
    return typeof owner?.pid === 'number' ? owner : undefined;
  } catch {
    return undefined;
  }
}

async function isAlive({ pid, host, born }: Owner): Promise<boolean> {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
  return born === '' || born === (await birthOf(pid));
}

/** The start time of a process in clock ticks since boot; '' where the system does not tell. */
async function birthOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function held(file: string, owner: Owner | undefined): LedgerError {
  const who = owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host} since ${owner.since}`;
  return new LedgerError(`Cannot work on this environment: ${who} does.`, {
    code: 'LEDGER_LOCKED',
    suggestions: ['wait until it is done', `if it is gone, remove ${file}`],
  });
}
