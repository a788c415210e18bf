import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';
import { expect, vi } from 'vitest';

/** The built command. */
export const bin = fileURLToPath(new URL('../../bin/run.cjs', import.meta.url));

/** Runs the built command in a pseudo-terminal, where somebody answers each question when it appears, or `after` something. */
export async function sit(
  cwd: string,
  argv: readonly string[],
  script: readonly (readonly [sees: string, types: string, after?: () => Promise<unknown>])[],
  cols = 80,
  more: Readonly<Record<string, string>> = {},
) {
  const bare = { PATH: process.env['PATH'] ?? '', HOME: cwd, TERM: 'xterm', AWS_EC2_METADATA_DISABLED: 'true' };
  const env = { ...bare, ...more };
  const terminal = spawn(process.execPath, [bin, ...argv], { cwd, env, cols, rows: 40 });
  let seen = '';
  let unanswered = '';
  terminal.onData((data) => {
    seen += data;
    unanswered += stripVTControlCharacters(data);
  });
  const ended = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  for (const [sees, types, after] of script) {
    await vi.waitFor(() => expect(unanswered).toContain(sees), { timeout: 15_000, interval: 20 });
    unanswered = '';
    await after?.();
    terminal.write(types);
  }
  const exitCode = await ended;
  return { exitCode, text: stripVTControlCharacters(seen).replaceAll('\r', ''), raw: seen };
}
