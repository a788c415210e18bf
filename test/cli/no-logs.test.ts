import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import Up from '../../commands/up.js';
import Wire from '../../commands/wire.js';
import type { OpenOptions } from '../../src/project/project.js';
import type { Library } from '../../src/terminal/setup.js';
import { newWorld } from '../stories/world.js';
import { runCommand } from './run-command.js';

const UP = ['--source', 'images', '--access', 'public', '--name', 'holiday', '--region', 'eu-west-1', '--yes'];

/** Commands on an account in which nobody may set the logging role. */
function guardedAccount() {
  const denied = {
    status: 403,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' },
    body: Buffer.from(JSON.stringify({ Message: 'ann is not authorized to perform: apigateway:PATCH' })),
  };
  const world = newWorld((request, handle) =>
    request.method === 'PATCH' && request.path === '/account' ? Promise.resolve(denied) : handle(request),
  );
  const library = async (): Promise<Library> => ({
    ...(await import('../../src/index.js')),
    openProject: ({ config }: OpenOptions) => world.open(config),
  });
  class GuardedUp extends Up {
    protected override library = library;
  }
  class GuardedWire extends Wire {
    protected override library = library;
  }
  return {
    world,
    up: (...argv: string[]) => runCommand(GuardedUp, [...UP, ...argv], world.folder),
    wire: (...argv: string[]) => runCommand(GuardedWire, ['--yes', ...argv], world.folder),
  };
}

test('up ends well where the logging role may not be set, and its last line but one says what is missing', async () => {
  const { up, wire } = guardedAccount();

  const seen = await up();
  const again = await wire('--json');

  const lines = seen.stderr.trimEnd().split('\n');
  const warned = lines.flatMap((line, n) => (line.startsWith('! The stage goes without logs:') ? [n] : []));
  expect([seen.exitCode, again.exitCode]).toEqual([0, 0]);
  expect(lines[lines.length - 2]).toContain('ann is not authorized to perform: apigateway:PATCH');
  // Before the checks and after them, beside the line of the step itself.
  expect([warned.length, warned.at(-1)]).toEqual([2, lines.length - 2]);
  expect(lines.filter((line) => line.startsWith('  !  logging: The stage goes without logs'))).toHaveLength(1);
  expect(JSON.parse(again.stdout)).toMatchObject({ warnings: [expect.stringContaining('--no-logs')] });
});

test('up --no-logs neither reads nor sets the logging role, and writes that into the file that it makes', async () => {
  const { world, up, wire } = guardedAccount();

  const seen = await up('--no-logs');
  const plan = await wire('--plan');

  expect(seen.exitCode).toBe(0);
  expect(seen.stderr).not.toContain('without logs');
  expect(world.calls.filter(({ operation = '' }) => /^(Get|Update)Account$/.test(operation))).toEqual([]);
  expect(await readFile(join(world.folder, 'pixgate.yaml'), 'utf8')).toMatch(/logs: \{ level: off, access: false/);
  expect(plan.stdout).toContain('Nothing to change.');
});

test('wire --no-logs beside a file with logs warns of nothing, and says that the next run undoes it', async () => {
  const { up, wire } = guardedAccount();
  await up();

  const seen = await wire('--no-logs');

  expect(seen.exitCode).toBe(0);
  expect(seen.stderr).toContain('--no-logs is not in the config file: the next run without it undoes it.');
  expect(seen.stderr).not.toContain('without logs');
});
