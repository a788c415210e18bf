import { cp, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { fileWatch } from '../secrets.js';
import { commands } from './commands.js';
import { runCommand } from './run-command.js';

const samples = fileURLToPath(new URL('../../samples', import.meta.url));

const bug = vi.hoisted(() => ({ isPlanted: false }));

/** Has each function of a desk break once it has its answer: with all that was at hand in the error, and none of it in its message. */
const breaking = vi.hoisted(
  () =>
    <T extends object>(desk: T): T =>
      new Proxy(desk, {
        get:
          (target, name) =>
          async (...args: unknown[]) => {
            const answer: unknown = await Reflect.apply(Reflect.get(target, name) as () => unknown, target, args);
            if (bug.isPlanted) throw Object.assign(new TypeError('answer.parts is not iterable'), { answer, args });
            return answer;
          },
      }),
);

vi.mock('../../src/project/key-desk.js', async (original) => {
  const { openKeyDesk } = await original<typeof import('../../src/project/key-desk.js')>();
  return { openKeyDesk: (...args: Parameters<typeof openKeyDesk>) => breaking(openKeyDesk(...args)) };
});

vi.mock('../../src/project/user-desk.js', async (original) => {
  const { openUserDesk } = await original<typeof import('../../src/project/user-desk.js')>();
  return { openUserDesk: (...args: Parameters<typeof openUserDesk>) => breaking(openUserDesk(...args)) };
});

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
  bug.isPlanted = true;
  const before = await readdir(folder);

  for (const words of [
    'access login ann --out token.txt --verbose',
    'access user add bob --out new.txt --verbose --json',
    'access user reset ann --out new.txt --verbose',
    'access key show default --out key.txt --verbose --json',
    'access key add ci --verbose',
    'access key rotate default --out key.txt --verbose --json',
    'test --make-credentials --verbose',
  ]) {
    const seen = await run(words, env);
    expect([words, seen.exitCode]).toEqual([words, 70]);
    const { stack } = words.endsWith('--json') ? JSON.parse(seen.stdout).error : { stack: seen.stderr };
    expect(stack).toMatch(/answer\.parts is not iterable[\s\S]*\n +at /);
  }

  expect(fileWatch.count()).toBeGreaterThan(5);
  expect(fileWatch.found()).toEqual([]);
  expect(await readdir(folder)).toEqual(before);
});
