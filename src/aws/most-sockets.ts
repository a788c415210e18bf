import { readFileSync } from 'node:fs';

/** Connections of one client to one host, at most: as many as may be sent at once. */
const MOST = 256;

/**
 * How many connections one client may hold: 256, and where the system tells how many files may be open no more than half of
 * those, since each connection is one.
 *
 * @param limits text of Linux's `/proc/self/limits`; elsewhere there is none, and Node itself has raised the limit as far as it goes
 */
export function mostSockets(limits: string = readLimits()): number {
  const [, files = ''] = /^Max open files +(\d+)/m.exec(limits) ?? [];
  return files === '' ? MOST : Math.max(1, Math.min(MOST, Math.floor(Number(files) / 2)));
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
