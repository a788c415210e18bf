import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { isInside, openScope } from '../../src/files/scope.js';
import { tempFolder } from './temp-folder.js';

const FILES = { 'pics/a.png': '', 'pics/cats/tom.png': '', 'pics/cats/b/c.png': '', 'pics-2/x.png': '' };

describe('openScope()', () => {
  it.each([
    [['pics'], ['a.png', 'cats/tom.png', 'gone.png'], [], ['cats', 'cats/b']],
    [['pics/a.png'], ['a.png'], ['cats/tom.png', 'a.png2'], []],
    [['pics/cats'], ['cats/tom.png', 'cats/b/c.png', 'cats/gone.png'], ['a.png', 'cats2/a.png'], ['cats', 'cats/b']],
    [['pics/cats/b/c.png', 'pics/a.png'], ['a.png', 'cats/b/c.png'], ['cats/tom.png'], ['cats', 'cats/b']],
    [['pics/../pics/./cats/'], ['cats/tom.png'], ['a.png'], ['cats', 'cats/b']],
    [[], [], ['a.png', 'cats/tom.png'], []],
  ])('covers what is at %j or below', async (paths, yes, no, folders) => {
    const root = await tempFolder(FILES);

    const { takes, enters } = await openScope(
      join(root, 'pics'),
      paths.map((path) => join(root, path)),
    );

    expect([...yes, ...no].filter(takes)).toEqual(yes);
    expect(['cats', 'cats/b', 'dogs'].filter(enters)).toEqual(paths[0] === 'pics' ? [...folders, 'dogs'] : folders);
  });

  it('names a link by its own name, and resolves those on the way', async () => {
    const root = await tempFolder(FILES);
    await symlink(join(root, 'pics'), join(root, 'way'));
    await symlink('a.png', join(root, 'pics/alias.png'));

    const { takes } = await openScope(join(root, 'pics'), [join(root, 'way/alias.png')]);
    const whole = await openScope(join(root, 'way'), [join(root, 'way')]);

    expect(['a.png', 'alias.png'].filter(takes)).toEqual(['alias.png']);
    expect(whole.takes('a.png')).toBe(true);
  });

  it.each([
    ['pics-2/x.png', 'it lies outside of "'],
    ['nowhere.png', 'it lies outside of "'],
    ['.', 'it lies outside of "'],
    ['pics/gone.png', 'there is no such file or folder.'],
    ['pics/a.png/b', 'there is no such file or folder.'],
    ['pics/gone/b.png', 'there is no such file or folder.'],
  ])('throws for %s', async (path, why) => {
    const root = await tempFolder(FILES);

    const error = await openScope(join(root, 'pics'), [join(root, path)]).catch((caught: unknown) => caught);

    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain(`Cannot upload "${join(root, path)}": ${why}`);
  });
});

describe('isInside()', () => {
  it.each([
    ['pics', true],
    ['pics/a.png', true],
    ['pics/gone.png', true],
    ['pics/..b.png', true],
    ['pics-2', false],
    ['pics-2/x.png', false],
    ['pics/../pics-2/x.png', false],
    ['.', false],
  ])('says of %s: %s', async (path, inside) => {
    const root = await tempFolder(FILES);

    expect(await isInside(join(root, 'pics'), `${root}/${path}`)).toBe(inside);
  });

  it('takes a folder that is not there for what it is called', async () => {
    expect(await isInside('/nowhere/pics', '/nowhere/pics/a.png')).toBe(true);
    expect(await isInside('/nowhere/pics', '/nowhere/a.png')).toBe(false);
  });
});
