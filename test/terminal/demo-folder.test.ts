import { mkdir, mkdtemp, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RefusedError } from '../../src/errors.js';
import { makeKeptFolder, makeTemporaryFolder } from '../../src/terminal/demo-folder.js';

async function samples(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-samples-'));
  await mkdir(join(folder, 'nested'));
  await writeFile(join(folder, 'nested', 'a.png'), 'a');
  return folder;
}

test('makeTemporaryFolder() leaves nothing once it is removed, and the samples alone', async () => {
  const source = await samples();

  const folder = await makeTemporaryFolder(source);
  await writeFile(join(folder.directory, 'state'), 'x');
  await folder.remove();

  await expect(stat(folder.directory)).rejects.toThrow('ENOENT');
  expect(await readdir(join(folder.source, 'nested'))).toEqual(['a.png']);
});

test('makeKeptFolder() copies the samples and stays', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'pixgate-'));

  const folder = await makeKeptFolder(parent, await samples());
  await folder.remove();

  expect(folder.directory).toBe(join(parent, 'pixgate-demo'));
  expect(await readdir(join(folder.directory, 'images', 'nested'))).toEqual(['a.png']);
});

test('makeKeptFolder() takes the folder of an earlier demo', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'pixgate-'));
  await mkdir(join(parent, 'pixgate-demo'));
  await writeFile(join(parent, 'pixgate-demo', 'pixgate.yaml'), 'version: 1');

  const folder = await makeKeptFolder(parent, await samples());

  expect(await readdir(folder.directory)).toEqual(['images', 'pixgate.yaml']);
});

test('makeKeptFolder() refuses a folder that holds something else', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'pixgate-'));
  await mkdir(join(parent, 'pixgate-demo'));
  await writeFile(join(parent, 'pixgate-demo', 'thesis.doc'), 'x');

  const act = makeKeptFolder(parent, await samples());

  await expect(act).rejects.toBeInstanceOf(RefusedError);
  expect(await readdir(join(parent, 'pixgate-demo'))).toEqual(['thesis.doc']);
});
