import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../errors.js';
import { codeOf } from './error-code.js';
import type { KeyFilter } from './filter.js';
import { printable } from './printable.js';

/** Says whether a path is a folder or lies below it; links on the way are resolved, one in the last place is not. */
export async function isInside(source: string, path: string): Promise<boolean> {
  return (await keyBelow(source, path)) !== undefined;
}

/**
 * Narrows a folder to some of its files and folders: what is at one of the paths or below it.
 *
 * @throws {UsageError} when a path does not exist or lies outside of the folder; the message names it.
 */
export async function openScope(source: string, paths: readonly string[]): Promise<KeyFilter> {
  const parts = new Set<string>();
  const above = new Set<string>();
  for (const path of paths) {
    const key = await keyBelow(source, path);
    if (key === undefined) throw outside(path, `it lies outside of "${printable(source)}"`);
    await refuseMissing(path);
    parts.add(key);
    for (const folder of foldersAbove(key)) above.add(folder);
  }
  const takes = (key: string): boolean => parts.has(key) || foldersAbove(key).some((folder) => parts.has(folder));
  return { takes, enters: (folder) => above.has(folder) || takes(folder) };
}

/** The folders that a key lies in, the source itself, '', among them: 'a/b.png' lies in 'a' and ''. */
function foldersAbove(key: string): string[] {
  const names = key.split('/');
  return names.map((_, depth) => names.slice(0, depth).join('/'));
}

/** The key that a path has below the source, '' for the source itself; undefined outside of it. */
async function keyBelow(source: string, path: string): Promise<string | undefined> {
  const base = await real(source);
  const whole = resolve(path);
  // A link in the last place keeps its own name: it is a file of the folder, wherever it leads.
  const place = whole === resolve(source) ? base : join(await real(dirname(whole)), basename(whole));
  const below = relative(base, place);
  const isOutside = below === '..' || below.startsWith(`..${sep}`) || resolve(base, below) !== place;
  return isOutside ? undefined : below.split(sep).join('/');
}

async function real(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return resolve(path);
  }
}

async function refuseMissing(path: string): Promise<void> {
  try {
    await lstat(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    throw outside(path, isMissing ? 'there is no such file or folder' : `the system answered ${code}`, error);
  }
}

function outside(path: string, why: string, cause?: unknown): UsageError {
  return new UsageError(`Cannot upload "${printable(path)}": ${why}.`, cause === undefined ? {} : { cause });
}
