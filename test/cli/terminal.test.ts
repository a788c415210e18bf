import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sit } from './sit.js';

const ENTER = '\r';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

async function folderWithImages(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-'));
  await mkdir(join(folder, 'images'));
  await writeFile(join(folder, 'images', 'cat.png'), 'cat');
  return folder;
}

const questions = [
  ['Which folder', ENTER],
  ['What is this project called', `holiday${ENTER}`],
  ['Under which path', ENTER],
  ['Which bucket', ENTER],
  ['Cache answers', ENTER],
  ['Who may see the images', ENTER],
] as const;

test('init asks, shows the config and the plan, asks once, and writes both', async () => {
  const folder = await folderWithImages();

  const { exitCode, text } = await sit(
    folder,
    ['init', '--target', 'local'],
    [...questions, ['Go ahead?', `y${ENTER}`]],
  );

  expect(exitCode).toBe(0);
  expect(await readFile(join(folder, 'pixgate.yaml'), 'utf8')).toContain('name: holiday');
  expect(text).toContain('pixgate.yaml, to be written:');
  expect(text).toContain('init → local us-east-1');
  expect(text).toContain('pixgate init --name holiday --region us-east-1 --source ./images \\\n');
  expect(text.trimEnd().endsWith('Next: pixgate upload --target local')).toBe(true);
});

test('init writes nothing when the plan is not approved', async () => {
  const folder = await folderWithImages();

  const { exitCode, text } = await sit(folder, ['init', '--target', 'local'], [...questions, ['Go ahead?', ENTER]]);

  expect(exitCode).toBe(130);
  expect(text.trimEnd().endsWith('Cancelled: nothing was changed.')).toBe(true);
  expect(existsSync(join(folder, 'pixgate.yaml'))).toBe(false);
});

test.each([
  ['Ctrl-C', CTRL_C, 0],
  ['Ctrl-C', CTRL_C, 4],
  ['Ctrl-C', CTRL_C, 5],
  ['Ctrl-D', CTRL_D, 0],
])('init leaves with 130 and one line on %s (%j) at question %i', async (_name, key, index) => {
  const folder = await folderWithImages();
  const script = [...questions.slice(0, index), [questions[index]?.[0] ?? '', key] as const];

  const { exitCode, text } = await sit(folder, ['init', '--target', 'local'], script);

  expect(exitCode).toBe(130);
  expect(text).toContain('Cancelled: nothing was changed.');
  expect(text).not.toMatch(/^ +at /m);
  expect(await readdir(folder)).toEqual(['images']);
});

test('init does not ask what flags say', async () => {
  const folder = await folderWithImages();
  const argv = ['init', '--target', 'local', '--source', 'images', '--access', 'public'];

  const { exitCode, text } = await sit(folder, argv, [['Go ahead?', `y${ENTER}`]]);

  expect(exitCode).toBe(0);
  expect(text).not.toContain('Which folder');
});
