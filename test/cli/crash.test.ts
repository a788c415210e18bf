import { promises } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { fileWatch, learnAccount } from '../secrets.js';
import { commands } from './commands.js';
import { runCommand } from './run-command.js';

const samples = fileURLToPath(new URL('../../samples', import.meta.url));

/** Has this machine break as a bug of ours would whenever a secret is written to a file: with the secret in the error. */
function plantBug(): void {
  const { writeFile } = promises;
  const put = (value: typeof writeFile) => {
    promises.writeFile = value;
    syncBuiltinESMExports();
  };
  onTestFinished(() => put(writeFile));
  put(async (file, data, options) => {
    const isSecret = String(file).startsWith('secret') && data !== '';
    if (isSecret) fileWatch.add(String(data).trim(), 'a file that was asked for');
    if (isSecret)
      throw Object.assign(new TypeError('answer.parts is not iterable'), { data, cause: new Error(String(data)) });
    return writeFile(file, data, options);
  });
}

test('where pixgate itself breaks it leaves with 70, and no stack, document or file holds a secret that was at hand', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-'));
  await mkdir(join(folder, 'images'));
  await cp(join(samples, 'kite.svg'), join(folder, 'images', 'kite.svg'));
  const mounts = ['{ cognito: { mfa: none } }', 'api-key'].map(
    (kind, n) => `  - { path: /m${n}, source: ./images, access: ${kind} }\n`,
  );
  await writeFile(
    join(folder, 'pixgate.yaml'),
    `version: 1\nname: holiday\nregion: eu-west-1\nmounts:\n${mounts.join('')}`,
  );
  const run = (words: string, env = {}) => {
    const [id = '', ...argv] = words.split(' ');
    return runCommand(commands[id as keyof typeof commands], [...argv, '--target', 'local'], folder, env);
  };
  await run('up --yes --quiet');
  const { stdout } = await run('access user add ann --reveal --json');
  const { secret } = JSON.parse(stdout) as { secret: string };
  const env = { PIXGATE_PASSWORD: secret, PIXGATE_NEW_PASSWORD: 'Correct-Horse-9-Staple' };
  learnAccount(folder);
  plantBug();
  const before = await readdir(folder);

  for (const words of [
    'login ann --verbose',
    'user add bob --verbose --json',
    'user reset bob --verbose',
    'key show default --verbose --json',
    'key add ci --verbose',
    'key rotate ci --verbose --json',
  ]) {
    const seen = await run(`access ${words} --out secret.txt`, env);
    expect([words, seen.exitCode]).toEqual([words, 70]);
    const { stack } = words.endsWith('--json') ? JSON.parse(seen.stdout).error : { stack: seen.stderr };
    expect(stack).toMatch(/answer\.parts is not iterable[\s\S]*\n +at /);
  }

  expect(fileWatch.count()).toBeGreaterThan(5);
  expect(fileWatch.found()).toEqual([]);
  expect(await readdir(folder)).toEqual(before);
});
