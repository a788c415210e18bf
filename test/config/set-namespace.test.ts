import { chmod, lstat, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { setGlobalName } from '../../src/config/set-namespace.js';
import { renderConfig, writeConfig } from '../../src/config/write.js';
import { ConfigError } from '../../src/errors.js';
import { tempFolder } from '../files/temp-folder.js';

const HEAD = '# ours\nversion: 1   # of the format\nname: holiday\nregion: me-south-1\n\nmounts:   # one\n';
const REST = '    source: ./images   # the folder\n\n    # who\n    access: public\n';

const PLACES: readonly (readonly [name: string, before: string, after: string])[] = [
  [
    'a mount without a bucket',
    `  - path: /images   # served\n${REST}`,
    `  - path: /images   # served\n    bucket: { namespace: global }\n${REST}`,
  ],
  [
    'a bucket in braces',
    `  - path: /images\n    bucket: { prefix: a/,  versioning: true }   # keep\n${REST}`,
    `  - path: /images\n    bucket: { prefix: a/,  versioning: true, namespace: global }   # keep\n${REST}`,
  ],
  [
    'a bucket in empty braces',
    `  - path: /images\n    bucket: {}\n${REST}`,
    `  - path: /images\n    bucket: { namespace: global }\n${REST}`,
  ],
  [
    'a bucket in lines',
    `  - path: /images\n    bucket:   # made\n      # old ones too\n      versioning: true   # costs\n      prefix: a/\n${REST}`,
    `  - path: /images\n    bucket:   # made\n      # old ones too\n      versioning: true   # costs\n      namespace: global\n      prefix: a/\n${REST}`,
  ],
  [
    'a bucket whose only field has fields',
    `  - path: /images\n    bucket:\n      encryption:\n        kms: arn:aws:kms:me-south-1:111122223333:key/1234abcd\n${REST}`,
    `  - path: /images\n    bucket:\n      namespace: global\n      encryption:\n        kms: arn:aws:kms:me-south-1:111122223333:key/1234abcd\n${REST}`,
  ],
  [
    'a mount in braces',
    '  - { path: /images, source: ., access: public }   # short\n',
    '  - { path: /images, source: ., access: public, bucket: { namespace: global } }   # short\n',
  ],
  [
    'a file without a last line end',
    '  - source: ./images\n    access: public\n    path: /images',
    '  - source: ./images\n    access: public\n    path: /images\n    bucket: { namespace: global }',
  ],
];

describe('setGlobalName()', () => {
  it.each(PLACES)('writes the field at %s and keeps every other character', (_name, before, after) => {
    expect(setGlobalName({ text: HEAD + before, file: 'pixgate.yaml', mount: 0 })).toBe(HEAD + after);
  });

  it.each(PLACES)('keeps the line ends of Windows at %s', (_name, before, after) => {
    const windows = (text: string) => text.replaceAll('\n', '\r\n');

    const text = setGlobalName({ text: windows(HEAD + before), file: 'pixgate.yaml', mount: 0 });

    expect(text).toBe(windows(HEAD + after));
  });

  it('replaces what the field said', () => {
    const text = `version: 1\nmounts:\n  - path: /a\n    bucket: { namespace: account-regional } # x\n    source: .\n    access: public\n`;

    const after = setGlobalName({ text, file: 'pixgate.yaml', mount: 0 });

    expect(after).toBe(text.replace('account-regional', 'global'));
  });

  it('changes the mount that is meant, and no other', () => {
    const [one, two] = ['/one', '/two'].map((path) => `  - path: ${path}\n    source: .\n    access: public\n`);

    const text = setGlobalName({ text: HEAD + one + two, file: 'pixgate.yaml', mount: 1 });

    const changed = two?.replace('/two\n', '/two\n    bucket: { namespace: global }\n');
    expect(text).toBe(`${HEAD}${one}${changed}`);
  });

  it.each([
    [
      'a bucket that two mounts share by an alias',
      '  - { path: /a, source: ., access: public, bucket: &b { versioning: true } }\n  - { path: /b, source: ., access: public, bucket: *b }\n',
    ],
    [
      'a mount that is an alias',
      '  - &m { path: /a, source: ., access: public }\n  - { path: /b, source: ., access: public, upload: [] }\n',
    ],
  ])('changes %s only where it can be changed alone', (_name, mounts) => {
    const change = (mount: number) => setGlobalName({ text: HEAD + mounts, file: 'pixgate.yaml', mount });

    if (mounts.includes('*b')) {
      expect(() => change(0)).toThrow(ConfigError);
      expect(() => change(1)).toThrow('Cannot change pixgate.yaml: mounts[1].bucket.namespace is shared');
    } else expect(change(1)).toContain('upload: [], bucket: { namespace: global } }');
  });

  it('refuses a change that would break a rule of the file', () => {
    const text = `${HEAD}  - { path: /a, source: ., access: public, bucket: { name: theirs, create: false } }\n`;

    expect(() => setGlobalName({ text, file: 'pixgate.yaml', mount: 0 })).toThrow('must be left out for a bucket');
  });
});

describe('renderConfig() and writeConfig()', () => {
  it('put a global name into a file that is there: the config has it, permissions and link stay', async () => {
    const cwd = await tempFolder();
    const real = join(cwd, 'real.yaml');
    const path = join(cwd, 'pixgate.yaml');
    await writeFile(real, `${HEAD}  - path: /images\n${REST}`);
    await chmod(real, 0o640);
    await symlink(real, path);

    const text = renderConfig({ text: await readFile(path, 'utf8'), file: path, mount: 0 });
    await writeConfig(path, text, { overwrite: true });
    const config = await loadConfig({ cwd, env: {}, flags: {} });

    expect(config.mounts[0]?.bucket.namespace).toBe('global');
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect((await stat(real)).mode & 0o777).toBe(0o640);
    expect(await readFile(real, 'utf8')).toBe(text);
  });
});
