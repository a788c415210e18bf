import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';

/** One stored document and the key it lies under. */
export interface Row<T> {
  readonly key: string;
  readonly value: T;
}

/** Which part of a table `list` walks. */
export interface Range {
  /** Only keys that begin with this. @default '' */
  readonly prefix?: string;
  /** Only keys that sort strictly behind this one. */
  readonly after?: string;
  /** At most this many rows; at least 1. @default all */
  readonly limit?: number;
}

/**
 * The account of the local cloud: documents in tables, and object bodies.
 *
 * Values are copied in and out, so nobody holds a live reference. Keys sort by their UTF-8 bytes, as S3 lists them.
 */
export interface Store {
  get<T>(table: string, key: string): T | undefined;
  put(table: string, key: string, value: unknown): void;
  /** Removes one document. Answers whether it was there. */
  delete(table: string, key: string): boolean;
  /** Rows in ascending order of their keys' UTF-8 bytes. */
  list<T>(table: string, range?: Range): Row<T>[];
  /** Names of the tables that hold anything, in order. */
  tables(): string[];
  putBody(id: string, bytes: Uint8Array): void;
  getBody(id: string): Buffer | undefined;
  deleteBody(id: string): void;
  /** Runs `work` so that either all of its changes are on disk or none; another process waits meanwhile. */
  transaction<T>(work: () => T): T;
  close(): void;
}

interface ValueRow {
  readonly key: ArrayBuffer;
  readonly value: string;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS documents (tbl TEXT, key BLOB, value TEXT NOT NULL, PRIMARY KEY (tbl, key)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS bodies (id TEXT PRIMARY KEY, bytes BLOB NOT NULL);
`;

/** Keys are kept as bytes: text is cut at NUL, and must be compared as S3 compares keys. */
function bytesOf(key: string): Buffer {
  return Buffer.from(key, 'utf8');
}

/** Sorts behind every key that begins with `prefix`: no UTF-8 text holds this byte. */
function past(prefix: Buffer): Buffer {
  return Buffer.concat([prefix, Buffer.from([0xff])]);
}

/** SQLite does not wait by itself when two connections change the journal mode of a new file at once. */
function insist(work: () => unknown): void {
  for (let tries = 1; ; tries += 1) {
    try {
      work();
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY' || tries === 300) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}

/**
 * Opens the store in `folder`, or in memory when no folder is given.
 *
 * On disk each transaction is committed with a synchronous write-ahead log: SIGKILL leaves the account as it was before
 * or after an operation, never between. Two processes may hold the same folder; a writer waits up to 30 s for the other.
 */
export function openStore(folder?: string): Store {
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const db = new Database(folder === undefined ? ':memory:' : path.join(folder, 'account.db'));
  db.exec('PRAGMA busy_timeout = 30000');
  if (folder !== undefined) {
    insist(() => db.exec('PRAGMA journal_mode = WAL'));
    db.exec('PRAGMA synchronous = FULL');
  }
  db.exec(SCHEMA);
  const sql = {
    get: db.prepare('SELECT value FROM documents WHERE tbl = ? AND key = ?'),
    put: db.prepare('INSERT OR REPLACE INTO documents (tbl, key, value) VALUES (?, ?, ?)'),
    delete: db.prepare('DELETE FROM documents WHERE tbl = ? AND key = ?'),
    list: db.prepare('SELECT key, value FROM documents WHERE tbl = ? AND key > ? AND key < ? ORDER BY key LIMIT ?'),
    first: db.prepare('SELECT key, value FROM documents WHERE tbl = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?'),
    tables: db.prepare('SELECT DISTINCT tbl FROM documents ORDER BY tbl'),
    putBody: db.prepare('INSERT OR REPLACE INTO bodies (id, bytes) VALUES (?, ?)'),
    getBody: db.prepare('SELECT bytes FROM bodies WHERE id = ?'),
    deleteBody: db.prepare('DELETE FROM bodies WHERE id = ?'),
  };
  let depth = 0;
  return {
    get<T>(table: string, key: string): T | undefined {
      const row = sql.get.get(table, bytesOf(key)) as { readonly value: string } | undefined;
      return row === undefined ? undefined : (JSON.parse(row.value) as T);
    },
    put(table, key, value) {
      sql.put.run(table, bytesOf(key), JSON.stringify(value));
    },
    delete(table, key) {
      return sql.delete.run(table, bytesOf(key)).changes > 0;
    },
    list<T>(table: string, { prefix = '', after, limit = -1 }: Range = {}): Row<T>[] {
      const from = bytesOf(prefix);
      const behind = after === undefined ? undefined : bytesOf(after);
      const rows =
        behind !== undefined && Buffer.compare(behind, from) >= 0
          ? sql.list.all(table, behind, past(from), limit)
          : sql.first.all(table, from, past(from), limit);
      return (rows as ValueRow[]).map((row) => ({
        key: Buffer.from(row.key).toString('utf8'),
        value: JSON.parse(row.value) as T,
      }));
    },
    tables() {
      return (sql.tables.all() as { readonly tbl: string }[]).map((row) => row.tbl);
    },
    putBody(id, bytes) {
      sql.putBody.run(id, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
    getBody(id) {
      const row = sql.getBody.get(id) as { bytes: ArrayBuffer | Uint8Array } | undefined;
      if (row === undefined) return undefined;
      return row.bytes instanceof ArrayBuffer ? Buffer.from(row.bytes) : Buffer.from(row.bytes);
    },
    deleteBody(id) {
      sql.deleteBody.run(id);
    },
    transaction<T>(work: () => T): T {
      if (depth > 0) return work();
      db.exec('BEGIN IMMEDIATE');
      depth += 1;
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        // SQLite has already taken it all back where the disk was full or failed, and would now complain of that instead.
        if (db.inTransaction) db.exec('ROLLBACK');
        throw error;
      } finally {
        depth -= 1;
      }
    },
    close() {
      db.close();
    },
  };
}
