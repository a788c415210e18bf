import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import Up from '../../commands/up.js';
import Upload from '../../commands/upload.js';
import type { OpenOptions } from '../../src/project/project.js';
import type { Library } from '../../src/terminal/setup.js';
import { newWorld, type Weather } from '../stories/world.js';
import { runCommand } from './run-command.js';

const UP = ['--source', 'images', '--access', 'public', '--name', 'holiday', '--region', 'eu-west-1', '--yes'];

/** Commands on one account. */
function commandsIn(weather?: Weather) {
  const world = newWorld(weather);
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
    world,
    images: join(world.folder, 'images'),
    up: (...argv: string[]) => runCommand(OwnUp, [...UP, ...argv], world.folder),
    upload: (...argv: string[]) => runCommand(OwnUpload, ['--yes', ...argv], world.folder),
  };
}

test('upload sends the rest, names what it refuses, exits 2 and says how to leave it out', async () => {
  const { images, up, upload } = commandsIn();
  writeFileSync(join(images, 'empty.png'), '');

  const first = await up();
  const again = await upload();
  const document = await upload('--json');

  expect([first.exitCode, again.exitCode, document.exitCode]).toEqual([2, 2, 2]);
  expect(first.stdout).toMatch(/^\d+ images sent \([\d.]+ \w+\), 0 unchanged, 1 refused\n/);
  expect(first.stderr).toMatch(/\d+ passed, 0 failed/);
  expect(again.stderr).toContain('Cannot send 1 file of the folder: empty.png is empty.');
  expect(again.stderr).toContain('or: leave them out: `exclude` in pixgate.yaml, or a .pixgateignore in the folder');
  // Once before the question and once at the end; what is online has its address and a next command all the same.
  const told = first.stderr.split('\n').filter((line) => line.includes('empty.png'));
  expect(told).toEqual([
    '  ! empty.png is not sent: it is empty',
    'Cannot send 1 file of the folder: empty.png is empty.',
  ]);
  expect(first.stdout).toMatch(/\nhttps?:\S+aurora\.avif\n$/);
  expect(first.stderr).toMatch(/\nNext: pixgate local {3}# serves these addresses until Ctrl-C\nCannot send/);
  expect(again.stderr).toMatch(/\nNext: pixgate test\nCannot send/);
  expect(first.stdout.match(/^ {2}https?:\S+$/gm)).toHaveLength(5);
  expect(first.stderr).toContain('  and 9 more images (pixgate test --json names all)\n');
  const quiet = await upload('--quiet');
  expect(quiet.stderr).toMatch(/^! empty\.png is not sent: it is empty\nCannot send 1 file/);
  expect(JSON.parse(document.stdout)).toMatchObject({
    upload: { sent: 0, refused: [{ file: 'empty.png' }] },
    error: { code: 'FILES_REFUSED' },
  });
});

test('upload leaves out what is no image, says so once, and is done', async () => {
  const { images, up, upload } = commandsIn();
  writeFileSync(join(images, 'notes.txt'), 'remember the milk');
  writeFileSync(join(images, 'Makefile'), 'all:');

  const first = await up();
  const check = await upload('--plan', '--check');
  const document = await upload('--json');

  const notice = '2 files are no images and are left out: Makefile, notes.txt';
  expect([first, check, document].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(first.stderr.split('notes.txt')).toHaveLength(2);
  expect(first.stderr).toContain(`  ! ${notice}\n`);
  expect(first.stderr).toContain('Next: pixgate local   # serves these addresses until Ctrl-C\n');
  expect(check.stdout).toContain(notice);
  expect(JSON.parse(document.stdout)).toMatchObject({ upload: { refused: [], leftOut: 2 } });
  const plan = JSON.parse((await upload('--plan', '--json')).stdout) as object;
  expect(plan).toMatchObject({ leftOut: 2 });
  expect(plan).not.toHaveProperty('refused');
});

test('upload sends the rest of what S3 does not take, names it, and exits 4', async () => {
  const body = Buffer.from('<Error><Code>InternalError</Code><Message>We failed.</Message></Error>');
  const { upload, up } = commandsIn(async (request, handle) =>
    request.method === 'PUT' && request.path.endsWith('/images/waves.png')
      ? { status: 500, headers: { 'x-amz-request-id': 'R' }, body }
      : handle(request),
  );

  const first = await up();
  const seen = await upload('--json');

  expect([first.exitCode, seen.exitCode]).toEqual([4, 4]);
  expect(first.stdout).toContain(', 1 failed\n');
  expect(first.stderr).toContain('Cannot send 1 file: waves.png: S3 answered InternalError to PutObject');
  expect(JSON.parse(seen.stdout)).toMatchObject({
    upload: { failed: [{ file: 'waves.png', code: 'AWS' }] },
    error: { code: 'FILES_FAILED' },
  });
});

test('upload --delete removes what was sent and is gone; --prune is another name for it', async () => {
  const { images, up, upload } = commandsIn();
  await up();
  rmSync(join(images, 'waves.png'));

  const plan = await upload('--plan');
  const seen = await upload('--delete', '--json');
  const again = await upload('--prune', '--json');

  expect(plan.stdout).toContain('upload --delete removes it');
  expect(JSON.parse(seen.stdout)).toMatchObject({ upload: { removed: 1 } });
  expect(JSON.parse(again.stdout)).toMatchObject({ changed: 0 });
});

test('upload --plan says the same as text and as JSON, and changes nothing', async () => {
  const { world, images, up, upload } = commandsIn();
  await up();
  const before = world.everything();
  writeFileSync(join(images, 'waves.png'), Buffer.concat([readFileSync(join(images, 'waves.png')), Buffer.from('x')]));
  rmSync(join(images, 'aurora.avif'));

  const text = await upload('--delete', '--plan');
  const json = await upload('--delete', '--plan', '--json');

  const plan = JSON.parse(json.stdout) as { steps: { address: string; changes: { path: string }[] }[] };
  const changes = plan.steps.find(({ address }) => address === 'objects/images')?.changes.map((is) => is.path);
  expect(changes).toEqual(['put waves.png', 'remove aurora.avif']);
  expect(text.stdout).toMatch(/waves\.png/);
  expect(text.stdout).toMatch(/aurora\.avif/);
  expect(world.everything()).toEqual(before);
});

test('upload --plan spells the paths that were typed, and so does what sends the rest', async () => {
  const { images, up, upload } = commandsIn();
  await up();
  writeFileSync(join(images, 'waves.png'), Buffer.concat([readFileSync(join(images, 'waves.png')), Buffer.from('x')]));

  const plan = await upload('images/waves.png', '--plan');
  const sent = await upload('images/waves.png');

  expect(plan.stderr).toContain('Next: pixgate upload images/waves.png\n');
  expect(sent.stdout).toMatch(/^1 image sent/);
  expect(sent.stderr).toContain('Next: pixgate test\n');
});

test('upload --plan lists every refused file as JSON, and says of harm before all else', async () => {
  const { images, up, upload } = commandsIn();
  await up();
  for (let index = 0; index < 7; index++) {
    writeFileSync(join(images, `${index}.png`), 'no image');
    writeFileSync(join(images, `a ${index}.svg`), '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>');
  }

  const json = await upload('--plan', '--json');
  const text = await upload('--plan');

  const plan = JSON.parse(json.stdout) as { notices: string[]; refused: { file: string }[] };
  expect(plan.refused.map(({ file }) => file)).toEqual([0, 1, 2, 3, 4, 5, 6].map((index) => `${index}.png`));
  expect(plan.notices.slice(0, 6).map((notice) => notice.replace(/^a \d.*nothing of that.*/, 'active'))).toEqual([
    ...Array.from({ length: 5 }, () => 'active'),
    'and 2 more hold active parts (upload --plan --json names all)',
  ]);
  expect(plan.notices.filter((notice) => notice.includes('percent-encoded'))).toHaveLength(1);
  expect(text.stdout).toContain('and 2 more files not sent');
});
