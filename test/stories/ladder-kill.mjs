// Loaded before the built command: kills it with SIGKILL at the moment that LADDER_KILL names, such as
//   before:17, after:17                     the 17th transaction of the local cloud
//   opened:3, half:3, synced:3, moved:3     the third write of the ledger
// Without a moment it counts, and says at the end how many of both there were.
import fs from 'node:fs/promises';
import { createRequire, syncBuiltinESMExports } from 'node:module';

const Database = createRequire(import.meta.url)('libsql');
const [moment, nth] = (process.env.LADDER_KILL ?? '').split(':');
const seen = { transactions: 0, writes: 0 };

/** Dies on the spot: nothing is flushed, nothing is released. */
function dieAt(here, count) {
  if (moment === here && Number(nth) === count) process.kill(process.pid, 'SIGKILL');
}

const { exec, prepare } = Database.prototype;
let sleeping = false;
// What takes an empty account off the disk is locked another way, and is none of its transactions.
let working = false;
Database.prototype.exec = function (sql) {
  if (sql === 'BEGIN IMMEDIATE') {
    dieAt('before', seen.transactions + 1);
    sleeping = false;
    working = true;
  }
  const result = exec.call(this, sql);
  if ((sql === 'COMMIT' || sql === 'ROLLBACK') && working) {
    working = false;
    if (sleeping) return result;
    seen.transactions += 1;
    dieAt('after', seen.transactions);
  }
  return result;
};
Database.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql);
  const { run } = statement;
  // How often somebody sleeps depends on how fast the machine is: that is not counted.
  statement.run = (...values) => {
    if (values[0] === 'emulator/clock') sleeping = true;
    return run.apply(statement, values);
  };
  return statement;
};

const { open, rename } = fs;
fs.open = async (file, ...how) => {
  const handle = await open(file, ...how);
  if (!/\.json\.draft-[^/]*$/.test(String(file))) return handle;
  seen.writes += 1;
  dieAt('opened', seen.writes);
  const { writeFile, sync } = handle;
  handle.writeFile = async (text) => {
    if (moment === 'half' && Number(nth) === seen.writes) await writeFile.call(handle, text.slice(0, text.length / 2));
    dieAt('half', seen.writes);
    await writeFile.call(handle, text);
  };
  handle.sync = async () => {
    await sync.call(handle);
    dieAt('synced', seen.writes);
  };
  return handle;
};
fs.rename = async (from, to) => {
  await rename(from, to);
  if (String(to).endsWith('.json')) dieAt('moved', seen.writes);
};
syncBuiltinESMExports();

if (moment === '') process.on('exit', () => process.stderr.write(`\nladder ${JSON.stringify(seen)}\n`));
