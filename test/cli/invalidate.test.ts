import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import Up from '../../commands/up.js';
import Upload from '../../commands/upload.js';
import type { OpenOptions } from '../../src/project/project.js';
import type { Library } from '../../src/terminal/setup.js';
import { newWorld } from '../stories/world.js';
import { runCommand } from './run-command.js';

const UP = ['--source', 'images', '--access', 'public', '--name', 'holiday', '--region', 'eu-west-1', '--yes'];

/** Commands on one account with a cache. */
function commandsIn() {
  const world = newWorld();
  const library = async (): Promise<Library> => ({
    ...(await import('../../src/index.js')),
    openProject: ({ config }: OpenOptions) => world.open(config),
  });
  class OwnUp extends Up {
    protected override library = library;
  }
  class OwnUpload extends Upload {
    protected override library = library;
  }
  return {
    change: () => appendFileSync(join(world.folder, 'images', 'waves.png'), 'x'),
    up: (...argv: string[]) => runCommand(OwnUp, [...UP, ...argv], world.folder),
    upload: (...argv: string[]) => runCommand(OwnUpload, ['--yes', ...argv], world.folder),
  };
}

test('upload --invalidate says after its summary what expired, and --json holds it', async () => {
  const { change, up, upload } = commandsIn();
  await up('--cache-size', '0.5');
  change();

  const first = await upload('--invalidate');
  change();
  const document = await upload('--invalidate', '--json');
  const silent = await upload();

  expect([first.exitCode, document.exitCode, silent.exitCode]).toEqual([0, 0, 0]);
  expect(first.stdout).toMatch(
    /^1 image sent .*\n✓ 1 path expired in the cache; the access log shows it for \/images\/waves\.png\.\n/,
  );
  expect(first.stdout).toMatch(/What stays for up to 300 s/);
  expect(JSON.parse(document.stdout)).toMatchObject({
    invalidated: { outcome: 'expired', paths: 1, verified: '/images/waves.png' },
  });
  expect(silent.stdout).not.toMatch(/cache/);
});

test('up --invalidate and --plan --invalidate say what becomes of the cache', async () => {
  const { change, up, upload } = commandsIn();
  const fresh = await up('--cache-size', '0.5', '--invalidate');
  change();

  const plan = await upload('--plan', '--invalidate');
  const again = await up('--invalidate');

  expect([fresh.exitCode, plan.exitCode, again.exitCode]).toEqual([0, 0, 0]);
  expect(fresh.stdout).toContain('There is nothing to expire in the cache: the stage is new.');
  expect(plan.stdout).toMatch(/asked to expire what changed,\s+afterwards: 1 by path/);
  expect(plan.stderr).toContain('pixgate upload --invalidate');
  expect(again.stdout).toContain('1 path expired in the cache');
});
