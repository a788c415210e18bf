import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Fault, withFaults } from '../../src/emulator/faults.js';
import { createEmulator, type Emulator, putUser, serve } from '../../src/emulator/index.js';
import type { Plan } from '../../src/model/plan.js';
import { CONFIG, home, REGION } from './aws-home.js';
import { commands } from './commands.js';
import { ROWS } from './credentials-rows.js';
import { runCommand, type Seen } from './run-command.js';

/** Another endpoint than AWS's that nothing listens at, for what must fail before any call. */
const NOWHERE = 'http://127.0.0.1:9';

/** What a person reads, on one line. */
function textOf({ stderr }: Seen): string {
  return stderr.replace(/\s+/g, ' ').trim();
}

/** Nothing was made, and nothing of ours is on disk. */
async function expectNothingMade({ stdout, stderr }: Seen, project: string): Promise<void> {
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/^ +at /m);
  expect((await readdir(project)).sort()).toEqual(['images', 'pixgate.yaml']);
}

test.each(ROWS)('$what is told apart, with what to type', async ({ profile, files, tokens, exitCode, says }) => {
  const { project, env, shown } = await home(files, tokens);
  const flags = ['--endpoint-url', NOWHERE];

  const byFlag = await runCommand(
    commands.wire,
    [...flags, ...(profile === undefined ? [] : ['--profile', profile])],
    project,
    env,
  );
  const byVariable = await runCommand(commands.list, ['--region', REGION, ...flags], project, {
    ...env,
    ...(profile === undefined ? {} : { AWS_PROFILE: profile }),
  });

  for (const seen of [byFlag, byVariable]) {
    expect(seen.exitCode).toBe(exitCode);
    for (const part of says(shown)) expect(textOf(seen)).toContain(part);
    await expectNothingMade(seen, project);
  }
});

test('a profile that does not exist is no reason to take the keys of the environment instead', async () => {
  const { project, env } = await home();
  const keys = { AWS_ACCESS_KEY_ID: 'AKIA0000000000000009', AWS_SECRET_ACCESS_KEY: 'other/not-a-secret' };

  const seen = await runCommand(commands.wire, ['--profile', 'ghost', '--endpoint-url', NOWHERE], project, {
    ...env,
    ...keys,
  });

  expect(seen.exitCode).toBe(2);
  expect(textOf(seen)).toContain('there is no profile "ghost"');
});

test.each<[string, readonly string[], Record<string, string>, string]>([
  [
    'no region',
    [],
    {},
    '--region must be given, since neither the config file, AWS_REGION nor profile "default" names one',
  ],
  [
    'no region in a profile',
    ['--profile', 'process'],
    {},
    '--region must be given, since neither the config file, AWS_REGION nor profile "process" names one',
  ],
  [
    'a profile with a typo',
    ['--profile', 'typo'],
    {},
    'The region of profile "typo" must be an AWS Region (did you mean us-east-1?): got "us-esat-1".',
  ],
  ['a region with a typo', ['--region', 'us-esat-1'], {}, 'must be an AWS Region (did you mean us-east-1?)'],
  [
    'a variable with a typo',
    [],
    { AWS_REGION: 'us-esat-1' },
    'AWS_REGION must be an AWS Region (did you mean us-east-1',
  ],
])('%s is a usage error', async (_what, argv, more, says) => {
  const { project, env } = await home();
  await writeFile(join(project, 'pixgate.yaml'), CONFIG.replace(`region: ${REGION}\n`, ''));

  const seen = await runCommand(commands.wire, argv, project, { ...env, ...more });

  expect(seen.exitCode).toBe(2);
  expect(textOf(seen)).toContain(says);
  await expectNothingMade(seen, project);
});

test.each<[string, readonly string[], Record<string, string>, string, string]>([
  ['endpoint_url of a profile', ['--profile', 'elsewhere'], {}, 'http://elsewhere.example', 'endpoint_url in '],
  ['endpoint_url of AWS_PROFILE', [], { AWS_PROFILE: 'elsewhere' }, 'http://elsewhere.example', 'endpoint_url in '],
  [
    'endpoint_url of one service',
    ['--profile', 's3elsewhere'],
    {},
    'http://s3.elsewhere.example',
    's3.endpoint_url in ',
  ],
  ['endpoint_url of the default profile', [], { AWS_PROFILE: '' }, 'http://default.example', 'endpoint_url in '],
  ['endpoint_url of it beside another', ['--profile', 'bare'], {}, 'http://default.example', 'endpoint_url in '],
  ['AWS_ENDPOINT_URL_S3', [], { AWS_ENDPOINT_URL_S3: 'http://x.example' }, 'http://x.example', 'AWS_ENDPOINT_URL_S3'],
])('%s is refused before any call: nobody typed it', async (_what, argv, more, url, where) => {
  const { project, env } = await home();

  const seen = await runCommand(commands.wire, argv, project, { ...env, ...more });

  expect(seen.exitCode).toBe(3);
  expect(textOf(seen)).toContain(`Cannot send credentials to "${url}", as ${where}`);
  expect(textOf(seen)).toContain(`Try this: add --endpoint-url ${url} if that is meant`);
  await expectNothingMade(seen, project);
});

test('the region of the profile is taken where nothing else names one', async () => {
  const { project, env } = await home();
  await writeFile(join(project, 'pixgate.yaml'), CONFIG.replace(`region: ${REGION}\n`, ''));

  const seen = await runCommand(commands.wire, ['--profile', 'bare', '--endpoint-url', NOWHERE], project, env);

  // It goes on to the credentials, which the profile does not hold.
  expect(seen.exitCode).toBe(4);
  expect(textOf(seen)).toContain('profile "bare" holds no credentials');
});

/** An account behind a port, with an operator who may do what `allow` says, and a project with one image. */
async function account({ faults = [], allow = '*' }: { faults?: readonly Fault[]; allow?: string } = {}) {
  const emulator: Emulator = createEmulator({ seed: 'credentials' });
  const operator = { name: 'ann', accessKeyId: 'AKIA0000000000000001', secretAccessKey: 'ann/not-a-secret' };
  const policy = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: allow, Resource: '*' } };
  const { accountId } = emulator;
  putUser(emulator.store, { accountId, ...operator, policies: { p: JSON.stringify(policy) } }, Date.now());
  const server = await serve(withFaults(emulator, faults), { port: 0 });
  onTestFinished(async () => {
    await server.close();
    emulator.close();
  });
  const { project, env } = await home({
    config: '',
    credentials: `[ann]\naws_access_key_id = ${operator.accessKeyId}\naws_secret_access_key = ${operator.secretAccessKey}\n`,
  });
  await writeFile(join(project, 'images', 'a.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const run = (command: keyof typeof commands, argv: readonly string[], more: Record<string, string> = {}) =>
    runCommand(commands[command], [...argv, '--endpoint-url', server.url], project, {
      ...env,
      AWS_PROFILE: 'ann',
      ...more,
    });
  return { project, env, run, accountId, url: server.url };
}

test('a token that expires in the middle says how far it came, and the same command goes on', async () => {
  const { run } = await account({ faults: [{ kind: 'expired-token', operation: 'CreateRestApi' }] });
  await run('init', ['--yes']);

  const stopped = await run('wire', ['--yes']);
  const again = await run('wire', ['--plan', '--json']);

  expect(stopped.exitCode).toBe(4);
  expect(textOf(stopped)).toMatch(
    /the AWS credentials have expired\. Stopped after step [1-9]\d* of [1-9]\d*; nothing is lost\. Try this: renew them and run the same command again/,
  );
  const { steps } = JSON.parse(again.stdout) as Plan;
  const kept = steps.filter(({ action }) => action === 'keep').length;
  expect(again.exitCode).toBe(0);
  expect([kept > 0, kept < steps.length]).toEqual([true, true]);
});

test.each([
  ['s3:*', 'apigateway:GET'],
  ['apigateway:*', 'iam:GetRole'],
])('AccessDenied to one who may %s names action, ARN and the line for a policy', async (allow, denied) => {
  const { run } = await account({ allow });

  const seen = await run('init', ['--yes']);

  expect(seen.exitCode).toBe(4);
  const [, action, resource] =
    /add \{"Effect":"Allow","Action":"([\w:]+)","Resource":"(arn:aws:[^"]+)"\} to a policy of yours/.exec(
      textOf(seen),
    ) ?? [];
  const [said = ''] = textOf(seen).split('Try this:');
  expect(action).toBe(denied);
  expect(said).toContain(`is not authorized to perform: ${action} on resource: ${resource}`);
});

test.each([
  [14, 'slow'],
  [-14, 'fast'],
])('a clock that is wrong by %i minutes is told, and the command works', async (minutes, word) => {
  const skew: Fault = { kind: 'clock-skew', skewMs: minutes * 60_000, times: Number.POSITIVE_INFINITY };
  const { run } = await account({ faults: [skew] });

  const seen = await run('init', ['--plan']);

  expect(seen.exitCode).toBe(0);
  expect(`${seen.stdout}${seen.stderr}`).toContain(`This machine's clock is 14 minutes ${word}`);
});

test('credentials of another account than the one in the state are refused, whatever is to be done', async () => {
  const { run, project, accountId } = await account();
  await run('init', ['--yes']);
  const [file = ''] = await readdir(join(project, '.pixgate', 'state'));
  const other = createEmulator({ settings: { accountId: '999988887777' } });
  const server = await serve(other, { port: 0 });
  onTestFinished(async () => {
    await server.close();
    other.close();
  });
  const { accessKeyId, secretAccessKey } = other.credentials;
  const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };

  for (const command of ['init', 'wire', 'status', 'teardown'] as const) {
    const seen = await runCommand(commands[command], ['--endpoint-url', server.url], project, env);

    expect(seen).toMatchObject({ exitCode: 3, stdout: '' });
    expect(textOf(seen)).toContain(
      `Cannot use these credentials for "holiday", stage "dev": the state in this folder is for account ${accountId}, and you are 999988887777.`,
    );
    expect(await readdir(join(project, '.pixgate', 'state'))).toEqual([file]);
  }
});

test('AWS_ENDPOINT_URL, which is seen in no command, is said aloud', async () => {
  const { project, env, url } = await account();

  const seen = await runCommand(commands.list, ['--region', REGION], project, {
    ...env,
    AWS_PROFILE: 'ann',
    AWS_ENDPOINT_URL: url,
  });
  const asked = await runCommand(commands.list, ['--region', REGION], project, {
    ...env,
    AWS_PROFILE: 'ann',
    PIXGATE_ENDPOINT_URL: url,
  });

  expect(seen.exitCode).toBe(0);
  expect(seen.stderr).toContain(`Calls go to ${url}, as AWS_ENDPOINT_URL says.`);
  expect(asked.exitCode).toBe(0);
  expect(asked.stderr).not.toContain('Calls go to');
});
