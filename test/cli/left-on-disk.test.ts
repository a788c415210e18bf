import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createEmulator, serve as listen } from '../../src/emulator/index.js';
import { bin, sit } from './sit.js';
import { emptyFolder } from './small-disk.js';

const samples = fileURLToPath(new URL('../../samples', import.meta.url));
const UP = 'up --source images --access public --region eu-west-1 --yes --name';

/** Runs a line of the built command on the local cloud. */
function pixgate(line: string, cwd: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...line.split(' ')], {
    cwd,
    env: { ...process.env, PIXGATE_TARGET: 'local' },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function folderWithImages(): string {
  const folder = emptyFolder();
  cpSync(samples, join(folder, 'images'), { recursive: true });
  return folder;
}

/** Serves the local cloud of a folder until it is told to stop. */
async function serve(cwd: string): Promise<{ stop(): Promise<void> }> {
  const child = spawn(process.execPath, [bin, 'local', '--port', '4571'], { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return {
    async stop() {
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}

test.each(['list', 'up --plan --source images --access public', 'teardown --expired --yes', 'status --name holiday'])(
  '%s makes nothing, so it leaves nothing',
  (line) => {
    const folder = folderWithImages();

    pixgate(line, folder);

    expect(readdirSync(folder)).toEqual(['images']);
  },
);

test.each(['key add ci', 'key delete ci'])('access %s, when it is refused, leaves nothing', (words) => {
  const folder = folderWithImages();
  writeFileSync(
    join(folder, 'pixgate.yaml'),
    'version: 1\nname: holiday\nregion: eu-west-1\nmounts:\n  - { path: /m, source: ./images, access: api-key }\n',
  );

  const { status } = pixgate(`access ${words}`, folder);

  expect([2, 3]).toContain(status);
  expect(readdirSync(folder)).toEqual(['images', 'pixgate.yaml']);
});

test('with the last environment of the local cloud go all bytes that it held', () => {
  const folder = folderWithImages();
  pixgate(`${UP} one --config one.yaml --cache-size 0.5`, folder);
  pixgate(`${UP} two --config two.yaml`, folder);

  const first = pixgate('teardown --config one.yaml --yes', folder);
  const other = pixgate('test --config two.yaml', folder);
  const second = pixgate('teardown --config two.yaml --yes', folder);

  expect([first.status, other.status, second.status]).toEqual([0, 0, 0]);
  expect(readdirSync(folder).sort()).toEqual(['images', 'one.yaml', 'two.yaml']);
});

test('the local cloud stays while it is served, and goes with its server when it holds nothing', async () => {
  const folder = folderWithImages();
  const server = await serve(folder);

  const up = pixgate(`${UP} holiday`, folder);
  const down = pixgate('teardown --yes', folder);
  const served = existsSync(join(folder, '.pixgate', 'local', 'account.db'));
  const again = pixgate('up --yes', folder);
  const last = pixgate('teardown --yes', folder);
  await server.stop();

  expect([up.status, down.status, served, again.status, last.status]).toEqual([0, 0, true, 0, 0]);
  expect(down.stderr).toMatch(
    /\nStill here: pixgate\.yaml, and \.pixgate, which another process has open, such as\s+a running pixgate local, and which goes with that\.\n$/,
  );
  expect(readdirSync(folder)).toEqual(['images', 'pixgate.yaml']);
});

test('teardown says what stays on the disk, and what to do with it', () => {
  const folder = folderWithImages();
  pixgate(`${UP} one --config one.yaml`, folder);
  pixgate(`${UP} two --config two.yaml`, folder);

  const first = pixgate('teardown --config one.yaml --yes', folder);
  const second = pixgate('teardown --config two.yaml --yes --target local', folder);
  const third = pixgate('teardown --name three --stage dev --region eu-west-1 --yes', folder);

  const ends = [first, second, third].map(({ stderr }) => stderr.trimEnd().split('\n').slice(-2));
  expect(ends).toEqual([
    [
      'Still here: one.yaml, and .pixgate, which holds what other environments need.',
      'Next: pixgate list --config one.yaml',
    ],
    [
      expect.stringContaining('bucket/images'),
      'Still here: two.yaml. Delete it when you are done; pixgate up --config two.yaml --target local makes everything again.',
    ],
    [expect.anything(), 'Next: pixgate list --region eu-west-1 --stage dev --name three'],
  ]);
});

test('a teardown on AWS leaves the config file alone', async () => {
  const folder = folderWithImages();
  const emulator = createEmulator();
  const server = await listen(emulator, { port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    await server.close();
    emulator.close();
  });
  const { accessKeyId, secretAccessKey } = emulator.credentials;
  const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_ENDPOINT_URL: server.url };
  const flags = ['--source', 'images', '--access', 'public', '--region', 'eu-west-1', '--name', 'holiday'];

  const made = await sit(folder, ['init', ...flags, '--yes'], [], 80, env);
  const down = await sit(folder, ['teardown', '--yes'], [], 80, env);

  expect([made.exitCode, down.exitCode]).toEqual([0, 0]);
  expect(readdirSync(folder)).toEqual(['images', 'pixgate.yaml']);
}, 60_000);

test('what somebody keeps below .pixgate stays', () => {
  const folder = folderWithImages();
  pixgate(`${UP} holiday`, folder);
  writeFileSync(join(folder, '.pixgate', 'notes.txt'), 'mine');

  pixgate('teardown --yes', folder);

  expect(readdirSync(join(folder, '.pixgate')).sort()).toEqual(['.gitignore', 'notes.txt']);
});

test('a chosen pace is a setting, so the local cloud that has one stays', async () => {
  const folder = folderWithImages();
  const child = spawn(process.execPath, [bin, 'local', '--port', '4572', '--pace', 'aws'], { cwd: folder });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  await once(child, 'exit');

  expect(existsSync(join(folder, '.pixgate', 'local', 'account.db'))).toBe(true);
});
