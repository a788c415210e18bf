import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';

/** What SQLite keeps beside a database while it is read, and the memo of digests of files that were looked at. */
const PASSING = /\.db-(shm|wal)$|^\.pixgate\/digests/;

/** Lists everything in a folder with what each file holds, and each document of a local cloud in it. */
export function look(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !PASSING.test(name))
    .flatMap((name) => {
      const path = join(folder, name);
      const stats = lstatSync(path);
      if (name.endsWith('.db')) return readDocuments(path).map((line) => `${name} ${line}`);
      const isReadable = stats.isFile() && (stats.mode & 0o400) !== 0;
      return `${name} ${isReadable ? createHash('sha256').update(readFileSync(path)).digest('hex') : stats.mode}`;
    })
    .sort();
}

function readDocuments(path: string): string[] {
  const database = new Database(path, { readonly: true });
  // Time goes on there while something is looked at.
  const rows = database
    .prepare("SELECT tbl, hex(key) AS key, value FROM documents WHERE tbl <> 'emulator/clock'")
    .all() as object[];
  const bodies = database.prepare('SELECT id FROM bodies').all() as object[];
  database.close();
  return [...rows, ...bodies].map((row) => JSON.stringify(row));
}
