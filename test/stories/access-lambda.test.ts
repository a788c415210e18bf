import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { LambdaAccess } from '../../src/config/config.js';
import { changing, newWorld, type World } from './world.js';

const FUNCTION = 'arn:aws:lambda:eu-west-1:000000000000:function:viewers';

/** The function as the account keeps it. */
const kept = (world: World) =>
  world.emulator.store.get<{ statements: { Sid: string }[] }>('lambda/function', 'eu-west-1/viewers');

const statements = (world: World) => kept(world)?.statements ?? [];

/** Each change of a function's policy makes another revision of it. */
const revision = (world: World) => ({ 'lambda/function: eu-west-1/viewers': kept(world) });

/** Lets in one token, for everything; throws what it is told to. */
const AUTHORIZER = `export default async ({ authorizationToken: token, methodArn }) => {
  if (token === 'break') throw new Error('out of order');
  if (token !== 'let-me-in') throw new Error('Unauthorized');
  const Resource = methodArn.split('/').slice(0, 2).join('/') + '/*';
  const Statement = [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource }];
  return { principalId: 'ann', policyDocument: { Version: '2012-10-17', Statement } };
};
`;

function accessOf(folder: string): LambdaAccess {
  const local = path.join(folder, 'authorizer.mjs');
  writeFileSync(local, AUTHORIZER);
  return {
    kind: 'lambda',
    functionArn: FUNCTION,
    type: 'token',
    identityHeaders: ['Authorization'],
    ttlSeconds: 300,
    local,
  };
}

it('a lambda mount lets in whom its function lets in, and nobody else, cold and warm', async () => {
  const world = newWorld();
  const config = world.config({}, { access: accessOf(world.folder) });

  await world.run('up', config);
  const { results } = await world.verify(config, { credentials: { identities: ['let-me-in'] } });
  const again = await world.run('wire', config);

  expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(results.flatMap(({ id, group }) => (group === 'auth' ? [id] : []))).toEqual(
    ['token', 'anonymous', 'nonsense'].map((name) => `auth/images/${name}`),
  );
  expect(again.changed).toBe(0);
});

it('teardown takes away the permission that wire gave, and no other of the function', async () => {
  const world = newWorld();
  const access = accessOf(world.folder);
  const config = world.config({}, { access });
  await (await world.open(config)).close();
  const { lambda } = await world.aws();
  const theirs = {
    sid: 'theirs',
    sourceArn: 'arn:aws:execute-api:eu-west-1:000000000000:abcdefghij/authorizers/abc123',
  };
  await lambda.addPermission(access.functionArn, theirs);
  const before = world.everything();

  await world.run('up', config);
  const made = statements(world).map(({ Sid }) => Sid);
  const { left } = await world.run('teardown', config);

  expect(made).toEqual(['theirs', expect.stringMatching(/^pixgate-.*-images$/)]);
  expect(left).toEqual([]);
  expect(statements(world).map(({ Sid }) => Sid)).toEqual(['theirs']);
  expect(world.everything()).toEqual({ ...before, ...revision(world) });
});

it.each<[string, (world: World) => Promise<void>]>([
  [
    'the permission is gone',
    async (world) => {
      const { lambda } = await world.aws();
      const [ours] = statements(world);
      await lambda.removePermission(FUNCTION, ours?.Sid ?? '');
    },
  ],
  [
    'the authorizer keeps answers for longer',
    async (world) => {
      const { apiGateway } = await world.aws();
      const [api] = await apiGateway.listApis();
      const reading = await apiGateway.findGateway(api?.id ?? '');
      const [[name, id] = ['', '']] = Object.entries(reading?.authorizerIds ?? {});
      const is = reading?.gateway.authorizers[name];
      if (is === undefined) throw new Error('there is no authorizer');
      await apiGateway.patchAuthorizer(api?.id ?? '', id, is, { ...is, ttlSeconds: 3600 });
    },
  ],
])('wire repairs it when %s, and the next run changes nothing', async (_what, spoil) => {
  const world = newWorld();
  const config = world.config({}, { access: accessOf(world.folder) });
  await world.run('up', config);
  await spoil(world);

  const standing = await (await world.open(config)).status();
  const { steps } = await world.plan('wire', config);
  await world.run('wire', config);
  const begun = world.calls.length;
  await world.run('wire', config);
  const { results } = await world.verify(config, { credentials: { identities: ['let-me-in'] } });

  expect(standing.drifted).toBe(1);
  expect(steps.some(({ action }) => action === 'update' || action === 'create')).toBe(true);
  expect(changing(world.calls.slice(begun))).toEqual([]);
  expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
});

it('another function gets the permission, and the former one loses it', async () => {
  const world = newWorld();
  const access = accessOf(world.folder);
  await world.run('up', world.config({}, { access }));
  const next = world.config({}, { access: { ...access, functionArn: `${FUNCTION}-2` } });

  await world.run('wire', next);
  const { lambda } = await world.aws();
  const [former] = statements(world);
  const { left } = await world.run('teardown', next);

  expect(former).toBeUndefined();
  expect(left).toEqual([]);
  expect(await lambda.findPermission(`${FUNCTION}-2`, 'anything')).toBeUndefined();
});

it('a function that breaks, or allows another path, lets nobody in, and breaking is kept by no cache', async () => {
  const world = newWorld();
  const access = accessOf(world.folder);
  writeFileSync(
    access.local ?? '',
    AUTHORIZER.replace("methodArn.split('/').slice(0, 2).join('/') + '/*'", "methodArn.replace(/[^/]*$/, 'orbit.gif')"),
  );
  const config = world.config({}, { access });
  await world.run('up', config);
  const { url } = await world.verify(config);
  const ask = (image: string, token?: string) =>
    world.get(`${url}/images/${image}`, token === undefined ? {} : { Authorization: token });

  const answers = [
    await ask('orbit.gif', 'let-me-in'),
    await ask('waves.png', 'let-me-in'),
    await ask('orbit.gif', 'break'),
    await ask('orbit.gif', 'someone'),
    await ask('orbit.gif'),
    await ask('orbit.gif', 'let-me-in'),
  ];

  expect(answers.map(({ status }) => status)).toEqual([200, 403, 500, 401, 401, 200]);
  expect(answers.slice(1, 5).map(({ body }) => JSON.parse(body.toString()).error)).toEqual([
    'Forbidden',
    'AuthorizerFailed',
    'Unauthorized',
    'Unauthorized',
  ]);
});

it.each([0, 300])(
  'whose right is withdrawn while the image is cached gets no byte once the answer, kept for %i s, has run out',
  async (ttlSeconds) => {
    const world = newWorld();
    const access: LambdaAccess = { ...accessOf(world.folder), ttlSeconds };
    const config = world.config({ cache: { sizeGb: 0.5, ttlSeconds: 3600 } }, { access });
    await world.run('up', config);
    const { url } = await (await world.open(config)).access();
    const ask = (method = 'GET') => world.get(`${url}/images/orbit.gif`, { Authorization: 'let-me-in' }, method);
    const warmed = [await ask(), await ask()];
    const file = path.join(world.folder, 'withdrawn.mjs');
    writeFileSync(file, AUTHORIZER.replace("Effect: 'Allow'", "Effect: 'Deny'"));
    world.emulator.putFunction({ name: 'viewers', region: 'eu-west-1', file });

    // AWS keeps what a function answered for as long as the authorizer says.
    const kept = await ask();
    await world.emulator.clock.sleep((ttlSeconds + 1) * 1000);
    const denied = [await ask(), await ask('HEAD')];

    expect(warmed.map(({ status }) => status)).toEqual([200, 200]);
    expect(kept.status).toBe(ttlSeconds === 0 ? 403 : 200);
    expect(denied.map(({ status }) => status)).toEqual([403, 403]);
    expect(denied.map(({ body }) => body.toString('latin1')).join('')).not.toContain('GIF8');
  },
);

it('asks with the whole request where the config says so', async () => {
  const world = newWorld();
  const access: LambdaAccess = { ...accessOf(world.folder), type: 'request', identityHeaders: ['X-Viewer', 'X-Team'] };
  writeFileSync(
    access.local ?? '',
    `export const handler = async ({ headers, methodArn }) => ({
      principalId: headers['x-viewer'],
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: headers['x-team'] === 'web' ? 'Allow' : 'Deny', Resource: methodArn }],
      },
    });`,
  );
  const config = world.config({}, { access });
  await world.run('up', config);
  const { url } = await world.verify(config);
  const ask = async (headers: Record<string, string>) => (await world.get(`${url}/images/orbit.gif`, headers)).status;

  expect(await ask({ 'X-Viewer': 'ann', 'X-Team': 'web' })).toBe(200);
  expect(await ask({ 'X-Viewer': 'ann', 'X-Team': 'sales' })).toBe(403);
  expect(await ask({ 'X-Viewer': 'ann' })).toBe(401);
});

it('the local cloud asks for a module that stands for the function', async () => {
  const world = newWorld();
  const { local: _local, ...access } = accessOf(world.folder);

  await expect(world.open(world.config({}, { access }))).rejects.toThrow(
    /^Cannot ask arn:aws:lambda:eu-west-1:000000000000:function:viewers in the local cloud: no module stands for it/,
  );
});

it('teardown takes away the permission of a function that no mount names any more', async () => {
  const world = newWorld();
  await world.run('up', world.config({}, { access: accessOf(world.folder) }));
  await world.run('wire', world.config({}, { access: { kind: 'iam' } }));
  const before = statements(world).length;

  const { left } = await world.run('teardown', world.config({}, { access: { kind: 'iam' } }));

  expect([before, statements(world), left]).toEqual([1, [], []]);
});
