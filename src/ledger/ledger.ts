import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, realpath, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { LedgerError } from '../errors.js';
import type { Json } from '../model/json.js';
import type { Address } from '../model/plan.js';
import { type Entry, type LedgerDocument, type LedgerSubject, readDocument, seal, unreadable } from './document.js';
import { sweepDrafts } from './draft.js';
import { takeLock } from './lock.js';
import { unwritable, writeWhole } from './write-whole.js';

/** The memo of one environment: ids, and what we were in the middle of. Losing it is survivable: tags tell the same. */
export interface Ledger {
  /** Id of this installation; undefined until the first `establish`. */
  readonly installation: string | undefined;
  memo(address: Address): Entry | undefined;
  /** Of everything that it remembers. */
  addresses(): readonly Address[];
  /** Puts the installation id on disk, before the first call that makes something. */
  establish(installation: string): Promise<void>;
  /** Notes what is about to happen, before the first call. */
  begin(address: Address, before: Json | undefined): Promise<void>;
  /** Notes what came of it. */
  settle(address: Address, settled: Json): Promise<void>;
  /** Removes the file: nothing is left to remember. */
  discard(): Promise<void>;
  /**
   * Keeps other processes out until the function it answers with is called, and clears up after killed ones. `hear` is
   * told when the lock of a process that is gone was taken over.
   *
   * @throws {LedgerError} while another holds it.
   */
  lock(hear?: (text: string) => void): Promise<() => Promise<void>>;
}

/**
 * Opens the ledger of an environment below `folder`; a missing file is an empty ledger, an unreadable one never is.
 *
 * @throws {LedgerError} when the file cannot be read, is damaged, or is not a ledger of this version.
 * @throws {RefusedError} when it is about another environment.
 */
export async function openLedger(folder: string, subject: LedgerSubject): Promise<Ledger> {
  const { target, account, region, name, stage } = subject;
  const named = path.join(folder, `${target}-${account}-${region}-${name}.${stage}.json`);
  const file = await resolveLink(named);
  let document = await readDocument(file, subject);
  const save = async (next: LedgerDocument): Promise<void> => {
    await writeWhole(file, seal(next));
    document = next;
  };
  const recall = (address: Address): Entry | undefined =>
    document !== undefined && Object.hasOwn(document.entries, address) ? document.entries[address] : undefined;
  const change = async (address: Address, entry: Entry): Promise<void> => {
    if (document === undefined) throw new LedgerError('Cannot note a step: the installation has no id yet.');
    await save({ ...document, entries: { ...document.entries, [address]: entry } });
  };
  return {
    get installation() {
      return document?.installation;
    },
    memo: recall,
    addresses: () => Object.keys(document?.entries ?? {}),
    async establish(installation) {
      if (document?.installation === installation) return;
      if (document !== undefined) throw overtaken(file);
      await save({ version: 1, ...subject, installation, entries: {} });
    },
    async begin(address, before) {
      const known = recall(address);
      // What was there before us stays what it was on the first visit.
      const first = known?.before ?? (known === undefined ? before : undefined);
      await change(address, { ...known, status: 'in-flight', ...(first === undefined ? {} : { before: first }) });
    },
    async settle(address, settled) {
      await change(address, { ...recall(address), status: 'settled', settled });
    },
    async discard() {
      await remove(named, file);
      document = undefined;
    },
    async lock(hear) {
      const release = await lockInFolder(file, path.dirname(named), hear);
      try {
        await sweepDrafts(file);
        // Whoever held it until now may have noted something.
        document = await readDocument(file, subject);
      } catch (error) {
        await release();
        throw error;
      }
      return release;
    },
  };
}

/** How often the folder is made anew that another process takes away under our eyes. */
const ATTEMPTS = 50;

/** Takes the lock beside a file, whose folder is made for it. With the lock goes `folder`, the project's, when nothing else is there. */
async function lockInFolder(file: string, folder: string, hear?: (text: string) => void): Promise<() => Promise<void>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await mkdir(path.dirname(file), { recursive: true }).catch((cause: unknown) => {
        throw unwritable(file, cause);
      });
      const release = await takeLock(`${file}.lock`, hear);
      return async () => {
        await release();
        await rmdir(folder).catch(() => undefined);
      };
    } catch (error) {
      const { cause } = error as { cause?: NodeJS.ErrnoException };
      if (cause?.code !== 'ENOENT' || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Finds the account of a ledger in `folder` that is about the same environment in another account; undefined when there is none. */
export async function findOtherAccount(
  folder: string,
  { target, account, region, name, stage }: LedgerSubject,
): Promise<string | undefined> {
  const files = await readdir(folder).catch(() => []);
  const accounts = files.flatMap((file) => {
    const other = file.slice(target.length + 1, target.length + 13);
    return file === `${target}-${other}-${region}-${name}.${stage}.json` && /^\d{12}$/.test(other) ? [other] : [];
  });
  return accounts.find((other) => other !== account);
}

/** A new installation id. */
export function newInstallation(): string {
  return randomUUID();
}

/** The file that a link leads to: replacing the link itself would leave an old ledger behind it. */
async function resolveLink(named: string): Promise<string> {
  const linked = await lstat(named).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
  if (!linked) return named;
  return realpath(named).catch((cause: unknown) => {
    // Not an empty ledger: what it leads to may only be unmounted.
    throw unreadable(named, 'it is a link that leads nowhere', cause);
  });
}

async function remove(named: string, file: string): Promise<void> {
  try {
    // A link first: one that leads nowhere could not be read.
    if (named !== file) await rm(named, { force: true });
    await rm(file, { force: true });
  } catch (cause) {
    throw unwritable(file, cause);
  }
}

function overtaken(file: string): LedgerError {
  return new LedgerError(`Cannot go on: another process has begun this environment meanwhile (${file}).`, {
    code: 'LEDGER_OVERTAKEN',
    suggestions: ['run the same command again'],
  });
}
