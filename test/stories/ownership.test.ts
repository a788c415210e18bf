import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownTags } from '../../src/resources/ownership.js';
import { API_GATEWAY_TRUST } from '../../src/resources/policies.js';
import { changing, newWorld, type World } from './world.js';

/** The ledgers of a world, with their text. */
function ledgers({ folder }: World): Record<string, string> {
  const state = path.join(folder, '.pixgate', 'state');
  mkdirSync(state, { recursive: true });
  return Object.fromEntries(readdirSync(state).map((name) => [name, readFileSync(path.join(state, name), 'utf8')]));
}

/** The tags of an environment of the same name that another installation made. */
const OTHERS = ownTags(
  {
    token: '11111111-2222-4333-8444-555555555555',
    target: 'local',
    account: '000000000000',
    partition: 'aws',
    region: 'eu-west-1',
    name: 'holiday',
    stage: 'dev',
    createdBy: 'bob@desk',
  },
  {},
);

const image = (key: string) => ({ key, body: Buffer.from(`theirs: ${key}`), contentType: 'image/png', headers: {} });

async function bucketOf(world: World): Promise<string> {
  const [bucket] = await (await world.aws()).s3.listBuckets('pixgate-');
  if (bucket === undefined) throw new Error('no bucket');
  return bucket.name;
}

async function apiOf(world: World): Promise<string> {
  const [api] = await (await world.aws()).apiGateway.listApis();
  if (api === undefined) throw new Error('no API');
  return api.id;
}

/** Puts a role in the place of ours. */
async function replaceRole(world: World, tags: Record<string, string>): Promise<void> {
  const { iam } = await world.aws();
  const role = (await iam.listRoles('/pixgate/')).find(({ name }) => name.includes('images'));
  if (role === undefined) throw new Error('no role');
  await iam.deleteRole(role.name);
  await iam.createRole({ name: role.name, path: '/pixgate/', description: '', trust: API_GATEWAY_TRUST, tags });
}

/** Puts a bucket in the place of ours. */
async function replaceBucket(world: World, tags: Record<string, string>): Promise<void> {
  const { s3 } = await world.aws();
  const bucket = await bucketOf(world);
  for (const { key, versionId } of await s3.listVersions(bucket, '')) await s3.deleteObject(bucket, key, versionId);
  await s3.deleteBucket(bucket);
  await s3.createBucket(bucket, tags, 'account-regional');
  await s3.putObject(bucket, image('images/aurora.avif'));
}

/** Changes what the local cloud has stored, as no call of ours could. */
function edit(world: World, table: string, change: (row: Record<string, unknown>) => Record<string, unknown>): void {
  const { store } = world.emulator;
  for (const { key, value } of store.list<Record<string, unknown>>(table)) store.put(table, key, change(value));
}

interface Row {
  readonly what: string;
  /** What was run before. @default up */
  readonly after?: 'init' | 'up';
  readonly happens: (world: World) => unknown;
  /** What is run then, and the code it ends with. */
  readonly meets: Readonly<Record<string, string>>;
}

const ROWS: readonly Row[] = [
  {
    what: 'a bucket of our name without tags, with files in it',
    after: 'init',
    happens: (world) => replaceBucket(world, {}),
    meets: { init: 'NOT_OURS', upload: 'NOT_OURS', up: 'NOT_OURS' },
  },
  {
    what: 'a bucket of our name that another installation made',
    after: 'init',
    happens: (world) => replaceBucket(world, OTHERS),
    meets: { init: 'NOT_OURS', upload: 'NOT_OURS', up: 'NOT_OURS' },
  },
  {
    what: 'our bucket, deleted and taken by another account between two commands',
    after: 'init',
    happens: (world) => edit(world, 's3/bucket', (row) => ({ ...row, owner: '999999999999' })),
    meets: { init: 'BUCKET_NOT_USABLE', upload: 'BUCKET_NOT_USABLE', up: 'BUCKET_NOT_USABLE' },
  },
  {
    what: 'a role of our name without tags',
    happens: (world) => replaceRole(world, { team: 'web' }),
    meets: { wire: 'NOT_OURS', up: 'NOT_OURS' },
  },
  {
    what: 'a role of our name that another installation made',
    happens: (world) => replaceRole(world, OTHERS),
    meets: { wire: 'NOT_OURS', up: 'NOT_OURS' },
  },
  {
    what: 'a log group of our name without tags',
    happens: async (world) => {
      const { logs } = await world.aws();
      const [group] = await logs.listGroups('/pixgate/');
      if (group === undefined) throw new Error('no group');
      await logs.deleteGroup(group.name);
      await logs.ensureGroup(group.name, { team: 'web' });
    },
    meets: { wire: 'NOT_OURS', up: 'NOT_OURS' },
  },
  {
    what: 'objects of others in our bucket',
    happens: async (world) => (await world.aws()).s3.putObject(await bucketOf(world), image('images/theirs.png')),
    meets: { teardown: 'FOREIGN_OBJECTS' },
  },
  {
    what: 'another stage of our API',
    happens: async (world) => {
      const { apiGateway } = await world.aws();
      const apiId = await apiOf(world);
      const deploymentId = await apiGateway.createDeployment(apiId, 'theirs');
      await apiGateway.createStage({
        apiId,
        stageName: 'theirs',
        deploymentId,
        cacheSizeGb: undefined,
        tracingEnabled: false,
        tags: {},
      });
    },
    meets: { teardown: 'FOREIGN_STAGE' },
  },
  {
    what: 'a web ACL before our stage',
    happens: (world) =>
      edit(world, 'apigateway/stage', (row) => ({
        ...row,
        webAclArn: 'arn:aws:wafv2:eu-west-1:000000000000:regional/webacl/theirs/1',
      })),
    meets: { teardown: 'FOREIGN_WEB_ACL' },
  },
];

describe('what is not ours', () => {
  it.each(ROWS)('$what: refused by name, and stays byte for byte', async ({ after = 'up', happens, meets }) => {
    const world = newWorld();
    await world.run(after);
    await happens(world);
    const before = { account: world.everything(), ledgers: ledgers(world) };
    world.calls.length = 0;

    const codes: Record<string, unknown> = {};
    for (const phase of Object.keys(meets)) {
      const outcome: unknown = await world.run(phase as 'init').catch((error: unknown) => error);
      codes[phase] = (outcome as { code?: string }).code;
    }

    expect(codes).toEqual(meets);
    expect(changing(world.calls)).toEqual([]);
    expect(world.everything()).toEqual(before.account);
    expect(ledgers(world)['local-000000000000-eu-west-1-holiday.dev.json']).toBe(
      before.ledgers['local-000000000000-eu-west-1-holiday.dev.json'],
    );
  });

  it('and has our name stays at teardown, which takes all that is ours', async () => {
    const world = newWorld();
    await world.run('up');
    await replaceRole(world, OTHERS);
    await replaceBucket(world, { team: 'web' });
    const { iam, s3, apiGateway } = await world.aws();
    const bucket = await bucketOf(world);
    const theirs = async () => [
      (await iam.listRoles('/pixgate/')).filter(({ name }) => name.includes('images')),
      await s3.findBucketTags(bucket),
      await s3.listVersions(bucket, ''),
      await s3.settings.read(bucket),
    ];
    const before = await theirs();

    const refusal: unknown = await world.run('teardown').catch((error: unknown) => error);

    expect(refusal).toMatchObject({
      code: 'NOT_OURS',
      message: expect.stringMatching(/^Cannot delete bucket\/images, role/),
    });
    expect(await theirs()).toEqual(before);
    expect(await apiGateway.listApis()).toEqual([]);
  });

  it('among five APIs, three of our name, stays: exactly ours goes', async () => {
    const world = newWorld();
    const { apiGateway } = await world.aws();
    await world.run('up');
    const ours = await apiOf(world);
    const reading = await apiGateway.findGateway(ours);
    if (reading === undefined) throw new Error('no API');
    const others = [
      { name: 'holiday-dev', tags: {} },
      { name: 'holiday-dev', tags: OTHERS },
      { name: 'another', tags: {} },
      { name: 'photos', tags: { team: 'web' } },
    ];
    for (const { name, tags } of others) await apiGateway.createApi({ ...reading.gateway.settings, name }, tags);
    const theirs = async () => (await apiGateway.listApis()).filter(({ id }) => id !== ours);
    const before = await theirs();

    const gone = await world.run('teardown');

    expect(gone.left).toEqual([]);
    expect(before.map(({ name }) => name).sort()).toEqual(['another', 'holiday-dev', 'holiday-dev', 'photos']);
    expect(await apiGateway.listApis()).toEqual(before);
  });

  it('and took the place of an image of ours in their bucket stays, and is named', async () => {
    const world = newWorld();
    const { s3 } = await world.aws();
    await s3.createBucket('their-bucket', {});
    const config = world.config(
      {},
      { bucket: { name: 'their-bucket', create: false, prefix: 'pics/', versioning: false } },
    );
    await world.run('up', config);
    await s3.putObject('their-bucket', image('pics/aurora.avif'));

    const gone = await world.run('teardown', config);

    expect(gone.left).toEqual([]);
    expect((await s3.listObjects('their-bucket', '')).map(({ key }) => key)).toEqual(['pics/aurora.avif']);
    const notes = world.events.flatMap((event) => (event.type === 'note' ? [event.text] : []));
    expect(notes).toContain('"pics/aurora.avif" stays: somebody put another object in its place');
  });

  it('is told by the token and not by what the ledger names: tags edited by hand are not ours to delete', async () => {
    const world = newWorld();
    await world.run('up');
    const retag = (row: Record<string, unknown>) => ({ ...row, tags: { ...(row['tags'] as object), ...OTHERS } });
    edit(world, 'apigateway/restapi', retag);
    edit(world, 'apigateway/stage', retag);
    const { apiGateway } = await world.aws();
    const before = await apiGateway.listApis();

    await world.run('teardown').catch(() => {});

    expect(await apiGateway.listApis()).toEqual(before);
    expect(before).toHaveLength(1);
  });
});

describe('a plan', () => {
  it.each(['init', 'upload', 'wire', 'up', 'teardown'] as const)(
    'of %s changes neither the account nor the ledger',
    async (phase) => {
      const world = newWorld();
      await world.run('up');
      const config = world.config({ throttle: { rate: 7, burst: 9 } });
      const before = { account: world.everything(), ledgers: ledgers(world) };
      world.calls.length = 0;

      const plan = await world.plan(phase, config);

      expect(plan.steps.length).toBeGreaterThan(0);
      expect(changing(world.calls)).toEqual([]);
      expect({ account: world.everything(), ledgers: ledgers(world) }).toEqual(before);
    },
  );
});
