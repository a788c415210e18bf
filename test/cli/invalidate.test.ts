import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import Test from '../../commands/test.js';
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
  class OwnTest extends Test {
    protected override library = library;
  }
  class OwnUpload extends Upload {
    protected override library = library;
  }
  return {
    change: () => appendFileSync(join(world.folder, 'images', 'waves.png'), 'x'),
    up: (...argv: string[]) => runCommand(OwnUp, [...UP, ...argv], world.folder),
    check: () => runCommand(OwnTest, [], world.folder),
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

test('up expires by itself what it replaces, and says nothing of the cache where it replaces nothing', async () => {
  const { change, up } = commandsIn();
  const fresh = await up('--cache-size', '0.5');
  change();

  const changed = await up();
  const same = await up();

  expect([fresh.exitCode, changed.exitCode, same.exitCode]).toEqual([0, 0, 0]);
  expect(changed.stdout).toContain('1 path expired in the cache');
  expect(fresh.stdout + same.stdout).not.toMatch(/expire/);
});

test('what the cache still holds after an upload is told as that, with the command that empties it', async () => {
  const { change, up, upload, check } = commandsIn();
  await up('--cache-size', '0.5');
  change();
  const sent = await upload();

  const checked = await check();

  expect(sent.stderr).toMatch(/^! Visitors may see the old ones for up to 300 s: pixgate flush expires them now/m);
  expect(checked.exitCode).toBe(1);
  expect(checked.stdout + checked.stderr).toContain(
    'cause:    The stage cache still has an earlier version of the image.',
  );
  expect(checked.stderr).toMatch(/^Try this: pixgate flush$/m);
});
