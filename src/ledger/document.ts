import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { LedgerError, RefusedError } from '../errors.js';
import type { Json } from '../model/json.js';
import type { Address } from '../model/plan.js';

/** Which environment a ledger is about. All of it is in the file, and all of it must match. */
export interface LedgerSubject {
  readonly target: 'aws' | 'local';
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly stage: string;
  /** Where AWS's own endpoints are replaced by another, such as a running `pixgate local`; absent otherwise. */
  readonly endpoint?: string;
}

/** What is remembered of one resource. */
export interface Entry {
  readonly status: 'in-flight' | 'settled';
  /** What was there before us; absent when nothing was. */
  readonly before?: Json;
  /** What we last settled. */
  readonly settled?: Json;
}

/** All that a ledger says. */
export interface LedgerDocument extends LedgerSubject {
  /** Version of the format; this is the only one so far. */
  readonly version: 1;
  readonly installation: string;
  readonly entries: Readonly<Record<Address, Entry>>;
}

const VERSION = 1;

const SUBJECT = ['target', 'account', 'region', 'name', 'stage', 'endpoint'] as const;

/** The one text of a document: its fields in fixed order, and their SHA-256. Any other text is damage. */
export function seal(document: LedgerDocument): string {
  const { version, target, account, region, name, stage, endpoint, installation, entries } = document;
  const content = { version, target, account, region, name, stage, endpoint, installation, entries };
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return `${JSON.stringify({ ...content, digest }, null, 2)}\n`;
}

/**
 * Reads a ledger; undefined when there is no file.
 *
 * @throws {LedgerError} when one bit of it is not as it was written, or it is of another version.
 * @throws {RefusedError} when it is whole, and about another environment.
 */
export async function readDocument(file: string, subject: LedgerSubject): Promise<LedgerDocument | undefined> {
  const bytes = await readBytes(file);
  if (bytes === undefined) return undefined;
  const document = unseal(file, bytes);
  for (const field of SUBJECT) {
    if (document[field] === subject[field]) continue;
    throw new RefusedError(
      `Cannot use ${file}: it is about ${field} "${document[field] ?? 'of AWS'}", not "${subject[field] ?? 'of AWS'}".`,
      {
        code: 'LEDGER_OF_ANOTHER',
        suggestions: ['use the project folder that made it, or move the file away'],
      },
    );
  }
  return document;
}

/** The complaint about a ledger that says nothing that can be trusted. */
export function unreadable(file: string, reason: string, cause?: unknown): LedgerError {
  return new LedgerError(`Cannot read the ledger ${file}: ${reason}.`, {
    code: 'LEDGER_UNREADABLE',
    suggestions: [
      ...(reason.startsWith(NEWER) ? ['update pixgate'] : []),
      'move the file away: pixgate finds its things again by their tags',
    ],
    cause,
  });
}

async function readBytes(file: string): Promise<Buffer | undefined> {
  try {
    // Reading a pipe would wait for ever.
    if (!(await stat(file)).isFile()) throw new Error('it is not a file');
    return await readFile(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file, (cause as Error).message, cause);
  }
}

function unseal(file: string, bytes: Buffer): LedgerDocument {
  try {
    const claimed = JSON.parse(bytes.toString('utf8')) as Claimed | null;
    const reason = whyNotWhole(claimed);
    if (reason !== undefined) throw unreadable(file, reason);
    const document = claimed as LedgerDocument;
    if (!bytes.equals(Buffer.from(seal(document)))) throw unreadable(file, 'it is damaged, or was edited');
    return document;
  } catch (cause) {
    throw cause instanceof LedgerError ? cause : unreadable(file, 'it is not JSON', cause);
  }
}

const NEWER = 'a newer';

/** What a file says of itself, before anything is known of it. */
type Claimed = { readonly [field in keyof LedgerDocument]?: unknown };

function whyNotWhole(claimed: Claimed | null): string | undefined {
  if (typeof claimed?.version !== 'number') return 'it is not a ledger of pixgate';
  if (claimed.version !== VERSION) {
    const writer = claimed.version > VERSION ? NEWER : 'another';
    return `${writer} pixgate wrote it, in version ${claimed.version}; this one knows ${VERSION}`;
  }
  const { installation, entries } = claimed;
  const complete = typeof installation === 'string' && installation !== '' && typeof entries === 'object';
  return complete && entries !== null ? undefined : 'parts of it are missing';
}
