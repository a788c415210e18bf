import { mkdirSync, rmSync } from 'node:fs';
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
  /**
   * Closes the store, and takes its file away where `isEmpty` says so, inside a transaction, and nobody else has it open: nor
   * an earlier store of this process, which libsql lets go of when it is collected.
   * Answers whether it is gone.
   */
  leave(isEmpty: () => boolean): boolean;
}

interface ValueRow {
  readonly key: ArrayBuffer;
  readonly value: string;
}

/** Name of the file. */
const FILE = 'account.db';

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

/** How often a file is opened anew that another process took away under our eyes. */
const ATTEMPTS = 20;

/** Opens the database in `folder` with its log. SQLite itself sees when the file it has opened is no longer the one that lies there. */
function openLogged(folder: string): Database.Database {
  for (let attempt = 1; ; attempt += 1) {
    mkdirSync(folder, { recursive: true });
    const db = new Database(path.join(folder, FILE));
    try {
      db.exec('PRAGMA busy_timeout = 30000');
      insist(() => db.exec('PRAGMA journal_mode = WAL'));
      db.exec('PRAGMA synchronous = FULL');
      return db;
    } catch (error) {
      db.close();
      if ((error as { code?: string }).code !== 'SQLITE_READONLY_DBMOVED' || attempt === ATTEMPTS) throw error;
    }
  }
}

/**
 * Takes the file of a database away. Without its log, and locked, nobody else can come to use it before it is gone.
 *
 * @throws {Error} with the code SQLITE_BUSY while anybody else has it open.
 */
function takeAway(db: Database.Database, file: string, isEmpty: () => boolean): boolean {
  db.exec('PRAGMA busy_timeout = 0');
  db.exec('PRAGMA journal_mode = DELETE');
  db.exec('BEGIN EXCLUSIVE');
  try {
    // A write, which SQLite refuses where another file lies there by now.
    db.exec('PRAGMA user_version = 1');
    const { journal_mode: mode } = db.prepare('PRAGMA journal_mode').get() as { readonly journal_mode: string };
    if (mode !== 'delete' || !isEmpty()) return false;
    rmSync(file);
    return true;
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK');
  }
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
  const db = folder === undefined ? new Database(':memory:') : openLogged(folder);
  db.exec(SCHEMA);
  const sql = {
    get: db.prepare('SELECT value FROM documents WHERE tbl = ? AND key = ?'),
    put: db.prepare('INSERT OR REPLACE INTO documents (tbl, key, value) VALUES (?, ?, ?)'),
    delete: db.prepare('DELETE FROM documents WHERE tbl = ? AND key = ?'),
    list: db.prepare('SELECT key, value FROM documents WHERE tbl = ? AND key > ? AND key < ? ORDER BY key LIMIT ?'),
    first: db.prepare('SELECT key, value FROM documents WHERE tbl = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?'),
    // From one name to the next, where DISTINCT would read every row.
    tables: db.prepare(`
      WITH RECURSIVE names (tbl) AS (
        SELECT min(tbl) FROM documents
        UNION ALL SELECT (SELECT min(tbl) FROM documents WHERE tbl > names.tbl) FROM names WHERE names.tbl IS NOT NULL
      )
      SELECT tbl FROM names WHERE tbl IS NOT NULL`),
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
    leave(isEmpty) {
      try {
        return folder !== undefined && isEmpty() && takeAway(db, path.join(folder, FILE), isEmpty);
      } catch {
        // It stays, and does no harm.
        return false;
      } finally {
        db.close();
      }
    },
  };
}
