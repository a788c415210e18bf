import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Makes a folder that goes with the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pixgate-scarce-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes a folder on a disk of its own; undefined where this user may not mount one. */
export function smallDisk(size: string): string | undefined {
  const folder = emptyFolder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
  if (mounted.status !== 0) return undefined;
  onTestFinished(() => void spawnSync('umount', [folder]));
  return folder;
}

/** Has a small disk take writes or refuse them. */
export function remount(disk: string, mode: 'ro' | 'rw'): void {
  const { status, stderr } = spawnSync('mount', ['-o', `remount,${mode}`, disk], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** Fills a small disk up to `left` bytes, and gives the file that does; a former one grows or shrinks. */
export function fillDisk(disk: string, left: number): string {
  const fill = join(disk, 'fill');
  rmSync(fill, { force: true });
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(fill, Buffer.alloc(Math.max(0, bavail * bsize - left)));
  return fill;
}
