import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { renderHtmlReport, renderJunit } from '../../src/checks/index.js';
import { codeOf } from '../../src/emulator/totp.js';
import { newWorld, type World } from './world.js';

/** All that somebody may get to see: events, results, errors, reports, the project's folder, and the gateway's logs. */
function visible(world: World, ...said: unknown[]): string {
  const files = readdirSync(path.join(world.folder, '.pixgate'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'));
  const { store } = world.emulator;
  const logs = store.tables().filter((table) => /^logs\//.test(table));
  const lines = logs.flatMap((table) => store.list(table).map(({ value }) => JSON.stringify(value)));
  // Of an error JSON shows nothing; of all else it shows everything.
  const texts = [...world.events, ...said].map((is) =>
    is instanceof Error ? `${inspect(is, { depth: Infinity })}${JSON.stringify(is)}` : JSON.stringify(is),
  );
  return [...files, ...lines, ...texts].join('\n');
}

it('keys, passwords, seeds, codes and tokens are in no log, ledger, report, event or error', async () => {
  const world = newWorld();
  const [mount] = world.config().mounts;
  if (mount === undefined) throw new Error('the config has no mount');
  const at = (name: string, access: typeof mount.access) => ({
    ...mount,
    ...{ id: name, path: `/${name}`, access, include: ['*.{gif,ico}'] },
    bucket: { ...mount.bucket, prefix: `${name}/` },
  });
  const config = world.config({
    logs: { level: 'info', access: true, retentionDays: 30 },
    mounts: [
      at('keys', { kind: 'api-key', throttle: { rate: 500, burst: 1000 } }),
      at('members', { kind: 'cognito', mfa: 'required' }),
    ],
  });
  const secrets = new Map<string, string>();
  const plant = (name: string, secret: string): string => {
    secrets.set(name, secret);
    return secret;
  };
  await world.run('up', config);
  const project = await world.open(config);
  const { clock } = world.emulator;

  const made = await project.keys.add('ci');
  const apiKey = plant('API key', await project.keys.reveal(made.id));
  plant('first API key', await project.keys.reveal('default'));
  const { temporaryPassword } = await project.users.add('ann');
  plant('temporary password', temporaryPassword);
  const password = plant('password', 'Correct-Horse-9-Staple');
  let seed = '';
  const code = () => codeOf(seed, Math.floor(clock.now() / 30_000));
  const ask = (first: string) => ({
    password: async () => first,
    newPassword: async () => password,
    code: async () => plant(`code ${secrets.size}`, code()),
    showSeed: async (given: string, uri: string) => {
      seed = plant('seed', given);
      plant('seed to scan', uri);
    },
  });
  const signedIn = await project.users.signIn('ann', ask(temporaryPassword), clock);
  plant('access token', signedIn.accessToken);
  const token = plant('ID token', signedIn.idToken);
  const wrong = await project.users
    .signIn('ann', ask(plant('wrong password', 'Wrong-Horse-9-Staple')), clock)
    .catch((is) => is);
  const report = await world.verify(config, { credentials: { apiKey, token } });
  const made2 = await world.verify(config, { makeCredentials: true });
  const status = await project.status();
  const logs = await project.logs();
  const torn = await world.run('teardown', config);
  // Six digits are found anywhere by chance.
  const telling = [...secrets].filter(([name]) => !name.startsWith('code'));

  const shown = visible(world, wrong, report, made2, status, logs, torn, renderHtmlReport(report), renderJunit(report));

  const found = telling.filter(([, secret]) => shown.includes(secret)).map(([name]) => name);
  process.stdout.write(`secrets: ${found.length} of ${telling.length} found\n`);

  expect(wrong).toBeInstanceOf(Error);
  expect([report.failed, made2.failed, torn.left]).toEqual([0, 0, []]);
  expect(telling.map(([name]) => name)).toHaveLength(9);
  expect(found).toEqual([]);
  // What is looked through is not empty: what is no secret is found in it.
  expect(shown).toContain('auth/members/token');
  expect(shown).toContain('Verifying Usage Plan');
});
