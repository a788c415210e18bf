import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { World } from './world.js';

/** All that a world's ledgers say, or '' without one; `discard` loses them, as on another machine. */
export function ledgerTextOf({ folder }: World, { discard = false } = {}): string {
  const state = path.join(folder, '.pixgate', 'state');
  const names = existsSync(state) ? readdirSync(state).filter((name) => name.endsWith('.json')) : [];
  const text = names.map((name) => readFileSync(path.join(state, name), 'utf8')).join('\n');
  if (discard) rmSync(path.join(folder, '.pixgate'), { recursive: true, force: true });
  return text;
}
