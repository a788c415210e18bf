import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { LedgerError, RefusedError } from '../errors.js';
import type { Json } from '../model/json.js';
import type { Address } from '../model/plan.js';
import { takeLock } from './lock.js';

/** Which environment a ledger is about. All of it is in the file, and all of it must match. */
export interface LedgerSubject {
  readonly target: 'aws' | 'local';
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly stage: string;
}

/** What is remembered of one resource. */
export interface Entry {
  readonly status: 'in-flight' | 'settled';
  /** What was there before us; absent when nothing was. */
  readonly before?: Json;
  /** What we last settled. */
  readonly settled?: Json;
}

/** The memo of one environment: ids, and what we were in the middle of. Losing it is survivable: tags tell the same. */
export interface Ledger {
  /** Id of this installation; undefined until the first `establish`. */
  readonly installation: string | undefined;
  memo(address: Address): Entry | undefined;
  /** Puts the installation id on disk, before the first call that makes something. */
  establish(installation: string): Promise<void>;
  /** Notes what is about to happen, before the first call. */
  begin(address: Address, before: Json | undefined): Promise<void>;
  /** Notes what came of it. */
  settle(address: Address, settled: Json): Promise<void>;
  /** Removes the file: nothing is left to remember. */
  discard(): Promise<void>;
  /** Keeps other processes out until the function it answers with is called. @throws {LedgerError} while another holds it. */
  lock(): Promise<() => Promise<void>>;
}

interface Document extends LedgerSubject {
  readonly version: 1;
  readonly installation: string;
  readonly entries: Record<Address, Entry>;
}

/**
 * Opens the ledger of an environment below `folder`; a missing file is an empty ledger, an unreadable one never is.
 *
 * @throws {LedgerError} when the file cannot be read or is not a ledger of this version.
 * @throws {RefusedError} when it is about another environment.
 */
export async function openLedger(folder: string, subject: LedgerSubject): Promise<Ledger> {
  const { target, account, region, name, stage } = subject;
  const file = path.join(folder, `${target}-${account}-${region}-${name}.${stage}.json`);
  let document = await readDocument(file, subject);
  const save = async (next: Document): Promise<void> => {
    await writeWhole(file, `${JSON.stringify(next, null, 2)}\n`);
    document = next;
  };
  const change = async (address: Address, entry: Entry): Promise<void> => {
    if (document === undefined) throw new LedgerError('Cannot note a step: the installation has no id yet.');
    await save({ ...document, entries: { ...document.entries, [address]: entry } });
  };
  return {
    get installation() {
      return document?.installation;
    },
    memo: (address) => document?.entries[address],
    async establish(installation) {
      if (document?.installation === installation) return;
      if (document !== undefined) throw overtaken(file);
      await save({ version: 1, ...subject, installation, entries: {} });
    },
    async begin(address, before) {
      const known = document?.entries[address];
      // What was there before us stays what it was on the first visit.
      const first = known?.before ?? (known === undefined ? before : undefined);
      await change(address, { ...known, status: 'in-flight', ...(first === undefined ? {} : { before: first }) });
    },
    async settle(address, settled) {
      await change(address, { ...document?.entries[address], status: 'settled', settled });
    },
    async discard() {
      await rm(file, { force: true });
      document = undefined;
    },
    async lock() {
      await mkdir(folder, { recursive: true });
      const release = await takeLock(`${file}.lock`);
      // Whoever held it until now may have noted something.
      document = await readDocument(file, subject).catch(async (error: unknown) => {
        await release();
        throw error;
      });
      return release;
    },
  };
}

/** A new installation id. */
export function newInstallation(): string {
  return randomUUID();
}

async function readDocument(file: string, subject: LedgerSubject): Promise<Document | undefined> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw unreadable(file, cause.message, cause);
  });
  if (text === undefined) return undefined;
  const document = parse(file, text);
  if (typeof document !== 'object' || document === null) throw unreadable(file, 'it holds no object');
  if (document.version !== 1)
    throw unreadable(file, `its version is ${String(document.version)}, this pixgate knows 1`);
  const complete =
    typeof document.installation === 'string' &&
    document.installation !== '' &&
    typeof document.entries === 'object' &&
    document.entries !== null;
  if (!complete) throw unreadable(file, 'parts of it are missing');
  for (const field of ['target', 'account', 'region', 'name', 'stage'] as const) {
    if (document[field] === subject[field]) continue;
    throw new RefusedError(
      `Cannot use ${file}: it is about ${field} "${String(document[field])}", not "${subject[field]}".`,
      {
        code: 'LEDGER_OF_ANOTHER',
        suggestions: ['use the project folder that made it, or move the file away'],
      },
    );
  }
  return document;
}

function parse(file: string, text: string): Document {
  try {
    return JSON.parse(text) as Document;
  } catch (cause) {
    throw unreadable(file, 'it is not JSON', cause);
  }
}

function overtaken(file: string): LedgerError {
  return new LedgerError(`Cannot go on: another process has begun this environment meanwhile (${file}).`, {
    code: 'LEDGER_OVERTAKEN',
    suggestions: ['run the same command again'],
  });
}

function unreadable(file: string, reason: string, cause?: unknown): LedgerError {
  return new LedgerError(`Cannot read the ledger ${file}: ${reason}.`, {
    code: 'LEDGER_UNREADABLE',
    suggestions: ['move the file away: pixgate finds its things again by their tags'],
    cause,
  });
}

/** Replaces a file so that a crash or a full disk leaves the old or the new one, never a part. */
async function writeWhole(file: string, text: string): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  await sweep(folder, `${path.basename(file)}.tmp-`);
  const temporary = `${file}.tmp-${process.pid}`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new LedgerError(
      `Cannot write the ledger ${file}: ${cause instanceof Error ? cause.message : String(cause)}.`,
      {
        code: 'LEDGER_UNWRITABLE',
        suggestions: ['free some disk space or give write permission, then run the same command again'],
        cause,
      },
    );
  }
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Removes temporary files that a killed run left behind. */
async function sweep(folder: string, prefix: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(prefix)) await rm(path.join(folder, name), { force: true });
  }
}
