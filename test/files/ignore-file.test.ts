import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { readIgnoreFile } from '../../src/files/ignore-file.js';
import { asNobody, tempFolder } from './temp-folder.js';

const MIB = 1_048_576;

describe('readIgnoreFile()', () => {
  it.each([
    ['', ''],
    ['*.psd\n', '*.psd\n'],
    ['\uFEFFä/\r\n', 'ä/\r\n'],
    ['#'.repeat(MIB), '#'.repeat(MIB)],
  ])('reads the text (%#)', async (content, text) => {
    const root = await tempFolder({ '.pixgateignore': content });

    expect(await readIgnoreFile(root)).toBe(text);
  });

  it('reads where a link leads', async () => {
    const root = await tempFolder({ shared: '*.psd' });
    await symlink('shared', join(root, '.pixgateignore'));

    expect(await readIgnoreFile(root)).toBe('*.psd');
  });

  it('finds none where there is none, nor in a folder that is not there', async () => {
    const root = await tempFolder({ 'a.png': '', 'below/.pixgateignore': 'x' });

    expect(await readIgnoreFile(root)).toBeUndefined();
    expect(await readIgnoreFile(join(root, 'nowhere'))).toBeUndefined();
    expect(await readIgnoreFile(join(root, 'a.png'))).toBeUndefined();
  });

  it.each<[what: string, make: (path: string) => unknown, why: string]>([
    ['a folder', (path) => mkdir(path), 'it is not an ordinary file'],
    ['a pipe', (path) => execFileSync('mkfifo', [path]), 'it is not an ordinary file'],
    ['a loop', (path) => symlink('.pixgateignore', path), 'the system answered ELOOP'],
    ['above 1 MiB', (path) => execFileSync('truncate', ['-s', `${MIB + 1}`, path]), 'it has 1048577 bytes'],
    ['UTF-16', (path) => execFileSync('sh', ['-c', `printf '\\377\\376a' > "${path}"`]), 'it is not UTF-8 text'],
    [
      'closed',
      async (path) => {
        execFileSync('touch', [path]);
        await chmod(path, 0o000);
      },
      'permission denied',
    ],
  ])('refuses one that is %s', async (_, make, why) => {
    const root = await tempFolder();
    await make(join(root, '.pixgateignore'));

    const error = await asNobody(() => readIgnoreFile(root).catch((caught: unknown) => caught));

    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain(`Cannot use "${join(root, '.pixgateignore')}": ${why}`);
  });
});
