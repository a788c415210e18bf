import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as library from '../../src/index.js';
import { keepDraft } from '../../src/terminal/keep-draft.js';

async function place(text?: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'pixgate-')), 'pixgate.yaml');
  if (text !== undefined) await writeFile(path, text);
  return path;
}

test.each([
  ['a new file', undefined, { text: 'new' }],
  ['a file that says the same already', 'new', { text: 'new' }],
  ['the file that it replaces', 'old', { text: 'new', replaces: 'old' }],
])('keepDraft() leaves what was approved: %s', async (_name, before, draft) => {
  const path = await place(before);

  await keepDraft({ path, ...draft }, library);

  expect(await readFile(path, 'utf8')).toBe('new');
});

test.each([
  ['where none was', { text: 'new' }],
  ['where another was', { text: 'new', replaces: 'old' }],
])('keepDraft() says that somebody else wrote it, %s', async (_name, draft) => {
  const path = await place('theirs');

  const act = keepDraft({ path, ...draft }, library);

  await expect(act).rejects.toMatchObject({ code: 'CONFIG_EXISTS', message: expect.stringContaining('somebody else') });
  expect(await readFile(path, 'utf8')).toBe('theirs');
});
