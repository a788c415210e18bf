import { cp, mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { learnAccount } from '../secrets.js';
import { commands } from './commands.js';
import { runCommand } from './run-command.js';
import { sit } from './sit.js';

const samples = fileURLToPath(new URL('../../samples', import.meta.url));
const LOCAL = ['--target', 'local'];

/** A folder with a gateway of these mounts on the local cloud. */
async function gateway(...accesses: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-'));
  await mkdir(join(folder, 'images'));
  await cp(join(samples, 'kite.svg'), join(folder, 'images', 'kite.svg'));
  const mounts = accesses.map((access, n) => `  - { path: /m${n}, source: ./images, access: ${access} }\n`).join('');
  await writeFile(join(folder, 'pixgate.yaml'), `version: 1\nname: holiday\nregion: eu-west-1\nmounts:\n${mounts}`);
  const seen = await runCommand(commands.up, [...LOCAL, '--yes', '--quiet'], folder);
  expect(seen.exitCode).toBe(0);
  return folder;
}

function access(folder: string, words: string, env: Record<string, string> = {}) {
  learnAccount(folder);
  return runCommand(commands.access, [...words.split(' ').filter(Boolean), ...LOCAL], folder, env);
}

/** An API key as AWS makes them. */
const VALUE = /\b[A-Za-z0-9]{40}\b/;

test('access tells for each mount how it is called, and no secret', async () => {
  const folder = await gateway('public', 'iam', 'api-key', '{ cognito: { mfa: none } }');

  const { stdout, stderr, exitCode } = await access(folder, '');

  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^\/m0: public\n {2}Everybody who knows an address\.\n/);
  for (const text of ['/m1: iam', '--aws-sigv4 aws:amz:eu-west-1:execute-api', '/m2: api-key', '"$PIXGATE_API_KEY"'])
    expect(stdout).toContain(text);
  expect(stdout).toContain('/m3: cognito\n  Whoever signed in to the user pool, by its ID token.');
  expect(stdout).toMatch(/"Resource": \[\n +"arn:aws:execute-api:eu-west-1:000000000000:\w{10}\/dev\/GET\/m1\/\*",/);
  expect(stdout).not.toMatch(VALUE);
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
    /^Next: pixgate (local {3}# serves these addresses until Ctrl-C|test --target local)$/,
  );
});

test('up leads to access where a mount is closed, and access says how to come by the key and the token', async () => {
  const folder = await gateway('api-key', '{ cognito: { mfa: none } }');
  const told = async () => (await access(folder, '')).stdout;

  const up = await runCommand(commands.up, [...LOCAL, '--yes'], folder);
  const first = await told();
  await access(folder, 'key add ci');
  await access(folder, 'key rotate ci');
  await access(folder, 'key delete default');
  await access(folder, 'user add ann --reveal');
  const shared = await told();
  const { keys } = JSON.parse((await access(folder, 'key list --json')).stdout) as { keys: { id: string }[] };
  for (const { id } of keys) await access(folder, `key delete ${id}`);
  const none = await access(folder, '--json');

  expect(up.stderr.trimEnd().split('\n').at(-1)).toBe('Next: pixgate access --target local');
  expect(first).toContain(
    '\n  the key, for PIXGATE_API_KEY\n  pixgate access key show default --reveal --target local\n\n  curl\n',
  );
  expect(first).toContain(
    '\n  the token, for PIXGATE_TOKEN\n  pixgate access user add NAME --reveal --target local\n  pixgate access login NAME --reveal --target local\n\n  curl\n',
  );
  expect(keys).toHaveLength(2);
  expect(shared).toContain(`\n  pixgate access key show ${keys[0]?.id} --reveal --target local\n`);
  expect(shared).toContain('\n  pixgate access login ann --reveal --target local\n');
  expect(JSON.parse(none.stdout)).toMatchObject({
    mounts: [{ secretFrom: ['pixgate access key add NAME --reveal --target local'] }, {}],
  });
});

test('access key lists, adds, shows, rotates and deletes keys, and shows values only when it is asked to', async () => {
  const folder = await gateway('api-key');

  const added = await access(folder, 'key add ci');
  const shown = await access(folder, 'key show ci --reveal');
  const written = await access(folder, 'key rotate ci --out key.txt');
  const ambiguous = await access(folder, 'key delete ci');
  const listed = await access(folder, 'key list --json');
  const { keys } = JSON.parse(listed.stdout) as { keys: { id: string; name: string; enabled: boolean }[] };
  const deleted = await access(folder, `key delete ${keys[1]?.id}`);
  const left = await access(folder, 'key list');

  expect([added, written, listed, deleted].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
  expect(added.stdout).toMatch(/^✓ key added: ci \(\w{10}\)\n {2}AWS takes up to two minutes to know it\.\n$/);
  expect(shown.stdout).toMatch(/^✓ key shown: ci\n {2}[A-Za-z0-9]{40}\n$/);
  expect(written.stdout).toContain('written to key.txt, which only you may read\n');
  expect(written.stdout).toContain('works until: pixgate access key delete ID --target local\n');
  expect(await readFile(join(folder, 'key.txt'), 'utf8')).toMatch(/^[A-Za-z0-9]{40}\n$/);
  expect((await stat(join(folder, 'key.txt'))).mode & 0o777).toBe(0o600);
  expect(ambiguous).toMatchObject({ exitCode: 2, stdout: '' });
  expect(ambiguous.stderr).toContain('Cannot use key "ci": several keys are called so: give an id.');
  expect(keys.map(({ name, enabled }) => [name, enabled])).toEqual([
    ['default', true],
    ['ci', true],
    ['ci', true],
  ]);
  expect(left.stdout.match(/\bci\b/g)).toHaveLength(1);
  for (const { stdout, stderr } of [added, written, ambiguous, listed, deleted, left])
    expect(stdout + stderr).not.toMatch(VALUE);
});

test('access key list does not say that a key works once no mount asks for one', async () => {
  const folder = await gateway('api-key');
  const file = join(folder, 'pixgate.yaml');

  const before = await access(folder, 'key list');
  await writeFile(file, (await readFile(file, 'utf8')).replace('api-key', 'public'));
  const after = await access(folder, 'key list');
  const json = await access(folder, 'key list --json');

  expect(before.stdout).toMatch(/^ *default +\w{10} +works +\d/m);
  expect(after.stdout).toMatch(/^ *default +\w{10} +no mount asks for it +\d/m);
  expect(JSON.parse(json.stdout)).toMatchObject({ keys: [{ name: 'default', enabled: true, asked: false }] });
});

test('access user and login lead from a new user to a token that opens the mount', async () => {
  const folder = await gateway('{ cognito: { mfa: none } }');

  const added = await access(folder, 'user add ann --reveal --json');
  const { secret } = JSON.parse(added.stdout) as { secret: string };
  const words = 'login ann --out token.txt';
  const missing = await access(folder, words, { PIXGATE_PASSWORD: secret });
  const token = await access(folder, words, {
    PIXGATE_PASSWORD: secret,
    PIXGATE_NEW_PASSWORD: 'Correct-Horse-9-Staple',
  });
  const PIXGATE_TOKEN = (await readFile(join(folder, 'token.txt'), 'utf8')).trim();
  const tested = await runCommand(commands.test, LOCAL, folder, { PIXGATE_TOKEN });
  const twice = await access(folder, 'user add ann --reveal');
  const unknown = await access(folder, 'user reset bob --reveal');
  const users = await access(folder, 'user list');
  const deleted = await access(folder, 'user delete ann');

  expect(missing).toMatchObject({ exitCode: 2 });
  expect(missing.stderr).toContain('PIXGATE_NEW_PASSWORD must be set, since nobody can be asked here: it is missing.');
  expect(token).toMatchObject({ exitCode: 0 });
  expect(token.stdout).toMatch(/^✓ signed in: ann\n {2}written to token\.txt, which only you may read\n$/);
  expect(tested.exitCode).toBe(0);
  expect(tested.stdout + tested.stderr).not.toMatch(/\d skipped/);
  expect(twice).toMatchObject({ exitCode: 3, stdout: '' });
  expect(twice.stderr).toContain('Cannot make user "ann": there is one of that name.');
  expect(unknown).toMatchObject({ exitCode: 2, stdout: '' });
  expect(users.stdout).toMatch(/ann +CONFIRMED/);
  expect([deleted.exitCode, (await access(folder, 'user list')).stdout]).toEqual([0, 'No users.\n']);
  for (const { stdout, stderr } of [missing, token, tested, users, deleted]) {
    for (const planted of [secret, 'Correct-Horse-9-Staple', PIXGATE_TOKEN])
      expect(stdout + stderr).not.toContain(planted);
  }
});

test('a first login that sets up an authenticator is refused before the password is replaced, unless seeds are shown', async () => {
  const folder = await gateway('{ cognito: { mfa: required } }');
  const added = await access(folder, 'user add ann --reveal --json');
  const { secret } = JSON.parse(added.stdout) as { secret: string };

  const env = { PIXGATE_PASSWORD: secret, PIXGATE_NEW_PASSWORD: 'Correct-Horse-9-Staple' };
  const unseen = await access(folder, 'login ann --out token.txt', env);
  const users = await access(folder, 'user list');

  expect(unseen).toMatchObject({ exitCode: 2, stdout: '' });
  expect(unseen.stderr).toContain('Cannot set up an authenticator unseen');
  expect(users.stdout).toContain('FORCE_CHANGE_PASSWORD');
  expect(await readdir(folder)).not.toContain('token.txt');
});

test.each([
  ['Esc', '\u001b'],
  ['Ctrl-C', '\u0003'],
])('%s at each question of a login ends with 130 and one sentence', async (_name, key) => {
  const folder = await gateway('{ cognito: { mfa: none } }');
  const added = await access(folder, 'user add ann --reveal --json');
  const { secret } = JSON.parse(added.stdout) as { secret: string };
  const login = ['access', 'login', 'ann', '--out', 'token.txt', ...LOCAL];

  const first = await sit(folder, login, [['Password', key]]);
  const second = await sit(folder, login, [
    ['Password', `${secret}\r`],
    ['A new password', key],
  ]);

  for (const { exitCode, text } of [first, second]) {
    expect(exitCode).toBe(130);
    expect(text.trimEnd().endsWith('\nCancelled: nothing was changed.')).toBe(true);
  }
  expect(await readdir(folder)).not.toContain('token.txt');
});

test.each([
  ['key show default', 2, 'Cannot give a secret away unasked: --reveal shows it'],
  ['key show nope --reveal', 2, 'Cannot use key "nope": there is no such key.'],
  ['key rotate nope', 2, 'Cannot rotate key "nope": there is no such key.'],
  ['key add default', 3, 'Cannot make key "default": there is one of that name.'],
  ['key add -x', 2, ''],
  ['key add a/b', 2, 'NAME must be 1 to 64 of A-Z'],
  ['key add', 2, 'There is no access "key add".'],
  ['keys', 2, 'There is no access "keys".'],
  ['key add x --out pixgate.yaml', 3, 'Cannot write pixgate.yaml: it is already there.'],
  ['key add x --out no/such/file', 2, 'Cannot write "no/such/file": there is no such folder.'],
  ['user list', 3, 'Cannot look after users of "holiday", stage "dev": it has no user pool of its own.'],
  ['key show default', 2, 'Try this: pixgate access key show default --reveal --target local\n'],
  ['key show default', 2, 'or: pixgate access key show default --out secret.txt --target local\n'],
  ['key add default', 3, 'Try this: pixgate access key rotate default --target local\n'],
  ['key rotate nope', 2, 'Try this: pixgate access key list --target local\n'],
  ['key shwo default', 2, 'or: pixgate access key show NAME --target local\n'],
  ['user add ann --reveal', 3, 'into pixgate.yaml, then pixgate wire --target local\n'],
])('access %s leaves with %i, says why, and makes nothing', async (words, exitCode, says) => {
  const folder = await gateway('api-key');
  const before = await readdir(folder);

  const seen = await access(folder, words);

  expect(seen).toMatchObject({ exitCode, stdout: '' });
  expect(seen.stderr).toContain(says);
  expect(seen.stderr).not.toMatch(VALUE);
  expect((await access(folder, 'key list')).stdout.trimEnd().split('\n')).toHaveLength(2);
  expect(await readdir(folder)).toEqual(before);
});
