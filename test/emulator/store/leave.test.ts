import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/emulator/store.js';
import { tempFolder } from '../../files/temp-folder.js';

const BUILT = new URL('../../../dist/src/emulator/store.js', import.meta.url).href;

/** Round after round notes something, leaves, looks for it, takes it back and leaves; says what it missed. */
const NEIGHBOUR = `
  const [built, folder, name, rounds] = process.argv.slice(1);
  const { openStore } = await import(built);
  const visit = (work) => {
    const store = openStore(folder);
    const result = store.transaction(() => work(store));
    store.leave(() => store.tables().length === 0);
    return result;
  };
  let missed = 0;
  for (let round = 0; round < Number(rounds); round += 1) {
    visit((store) => store.put('notes', name, round));
    if (visit((store) => store.get('notes', name)) !== round) missed += 1;
    visit((store) => store.delete('notes', name));
  }
  console.log(missed);
`;

function startNeighbour(folder: string, name: string, rounds: number) {
  const argv = ['--input-type=module', '-e', NEIGHBOUR, BUILT, folder, name, String(rounds)];
  return spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
}

test('leave() of an empty store takes its file away, and of another one nothing', async () => {
  const [one, other] = [await tempFolder(), await tempFolder()];

  const outcomes = [openStore(one).leave(() => true), openStore(other).leave(() => false)];

  expect(outcomes).toEqual([true, false]);
  expect(readdirSync(one)).toEqual([]);
  expect(readdirSync(other)).toContain('account.db');
});

test('leave() of a store in memory, and of one that somebody else has open, is only a close', async () => {
  const folder = await tempFolder();
  const other = openStore(folder);

  const outcomes = [openStore().leave(() => true), openStore(folder).leave(() => true)];
  other.put('notes', 'a', 1);

  expect(outcomes).toEqual([false, false]);
  expect(other.get('notes', 'a')).toBe(1);
  other.close();
});

test('leave() takes nothing away that another process notes at the same time', async () => {
  const folder = path.join(await tempFolder(), 'local');

  const neighbours = ['a', 'b', 'c'].map((name) => startNeighbour(folder, name, 40));
  const said = await Promise.all(neighbours.map(({ stdout }) => once(stdout, 'data')));

  expect(said.map(String)).toEqual(['0\n', '0\n', '0\n']);
}, 60_000);

test('leave() leaves nothing that cannot be opened when its process is killed at any moment', async () => {
  const folder = path.join(await tempFolder(), 'local');
  for (let kill = 0; kill < 10; kill += 1) {
    const child = startNeighbour(folder, 'a', 1_000_000);
    await setTimeout(150 + kill * 7);
    child.kill('SIGKILL');
    await once(child, 'exit');

    const store = openStore(folder);
    store.put('notes', 'b', kill);
    expect(store.get('notes', 'b')).toBe(kill);
    store.close();
  }
}, 60_000);
