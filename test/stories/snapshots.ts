import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Store } from '../../src/emulator/store.js';

/** What a SIGKILL leaves: the account of the local cloud, and the files of the project's state. */
export interface Disk {
  /** JSON of every document, by table and key. */
  readonly rows: ReadonlyMap<string, string>;
  /** Every body that a document names, by id. */
  readonly bodies: ReadonlyMap<string, Buffer>;
  /** Text of every file below `.pixgate/state`, by name. */
  readonly files: ReadonlyMap<string, string>;
  /** Two accounts of the same mark are the same, byte for byte. */
  readonly mark: string;
  /** Two disks of the same digest are the same, byte for byte. */
  readonly digest: string;
}

/** Parts table and key; no name of a table holds it. */
const MARK = '\u0000';

/** Owner of everything that the killed process left: a process that is gone, with a birth that no living one has. */
const DEAD = { pid: spawnSync(process.execPath, ['--version']).pid, born: '0' };

/** Folder of the ledger and its lock. */
export const stateOf = (folder: string): string => path.join(folder, '.pixgate', 'state');

/** Takes disks of an account and a project. The account is read again only when somebody wrote to it. */
export function newCamera(store: Store, folder: string): () => Disk {
  let account: Account | undefined;
  for (const method of ['put', 'delete', 'putBody', 'deleteBody'] as const) {
    const write = store[method] as (...args: unknown[]) => never;
    store[method] = (...args: unknown[]) => {
      account = undefined;
      return write(...args);
    };
  }
  return () => {
    account ??= accountOf(store);
    return diskOf(account, filesOf(stateOf(folder)));
  };
}

/** The same disk with other files: `undefined` for one that is not there. */
export function withFiles(disk: Disk, files: Readonly<Record<string, string | undefined>>): Disk {
  const changed = new Map(disk.files);
  for (const [name, text] of Object.entries(files)) {
    if (text === undefined) changed.delete(name);
    else changed.set(name, text);
  }
  return diskOf(disk, changed);
}

/** Puts a disk below a new account and a new folder, as the next process finds it. */
export function putDisk(disk: Disk, store: Store, folder: string): void {
  store.transaction(() => {
    for (const place of accountOf(store).rows.keys()) store.delete(...partsOf(place));
    for (const [place, text] of disk.rows) store.put(...partsOf(place), JSON.parse(text));
    for (const [id, bytes] of disk.bodies) store.putBody(id, bytes);
  });
  if (disk.files.size > 0) mkdirSync(stateOf(folder), { recursive: true });
  for (const [name, text] of disk.files) writeFileSync(path.join(stateOf(folder), name), text, { mode: 0o600 });
}

/** Table and key of a row. */
export function partsOf(place: string): [table: string, key: string] {
  const at = place.indexOf(MARK);
  return [place.slice(0, at), place.slice(at + 1)];
}

/** All that a store holds. */
type Account = Pick<Disk, 'rows' | 'bodies' | 'mark'>;

function diskOf({ rows, bodies, mark }: Account, files: Disk['files']): Disk {
  return { rows, bodies, mark, files, digest: digestOf([mark, ...files]) };
}

function digestOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function accountOf(store: Store): Account {
  const rows = new Map<string, string>();
  const bodies = new Map<string, Buffer>();
  for (const table of store.tables()) {
    for (const { key, value } of store.list<{ bodyId?: string } | number>(table)) {
      rows.set(table + MARK + key, JSON.stringify(value));
      const id = typeof value === 'object' ? value.bodyId : undefined;
      const bytes = id === undefined ? undefined : store.getBody(id);
      if (id !== undefined && bytes !== undefined) bodies.set(id, bytes);
    }
  }
  // Bodies never change under their id.
  return { rows, bodies, mark: digestOf([[...rows], [...bodies.keys()]]) };
}

function filesOf(state: string): Map<string, string> {
  const names = existsSync(state) ? readdirSync(state).sort() : [];
  return new Map(names.map((name) => orphan(name, readFileSync(path.join(state, name), 'utf8'))));
}

/** A file as a dead process left it: locks and drafts name their owner, who still runs while the disk is copied. */
function orphan(name: string, text: string): [name: string, text: string] {
  const left = name.replace(/\.draft-.*$/, `.draft-${DEAD.pid}-${DEAD.born}-00000000-0000-4000-8000-000000000000`);
  return [left, /\.lock(\.|$)/.test(name) ? ownerless(text) : text];
}

/** The text of a lock whose owner is gone; one that was cut short names nobody. */
function ownerless(text: string): string {
  try {
    return JSON.stringify({ ...JSON.parse(text), ...DEAD, since: '2026-01-01T00:00:00.000Z' });
  } catch {
    return text;
  }
}
