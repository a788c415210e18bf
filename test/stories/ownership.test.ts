import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
  APIGatewayClient,
  CreateBasePathMappingCommand,
  CreateDomainNameCommand,
  CreateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { clientConfig } from '../../src/aws/access.js';
import type { S3 } from '../../src/aws/s3.js';
import type { Config } from '../../src/config/config.js';
import { type FoundManifest, findManifest, putManifest } from '../../src/resources/manifest.js';
import { ownTags } from '../../src/resources/ownership.js';
import { API_GATEWAY_TRUST } from '../../src/resources/policies.js';
import { targetOn } from '../../src/targets/local.js';
import { changing, newWorld, REGION, type Weather, type World } from './world.js';

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

/** Calls of API Gateway that the product has no verb for. */
const consoleOf = ({ emulator }: World): APIGatewayClient =>
  new APIGatewayClient(clientConfig(targetOn(emulator, REGION, 4510).access));

const bucketIn = (region: string) => ({ name: 'auto', create: true, prefix: 'images/', versioning: false, region });

/** Somebody gives the stage of an API a usage plan. */
async function putInUsagePlan(world: World): Promise<void> {
  const apiStages = [{ apiId: await apiOf(world), stage: 'dev' }];
  await consoleOf(world).send(new CreateUsagePlanCommand({ name: 'partners', apiStages, tags: { team: 'web' } }));
}

const DOMAIN = 'images.example.com';

/** Somebody leads base paths of a domain to APIs, or to a stage of them. */
async function mapDomain(
  world: World,
  mappings: readonly { basePath: string; restApiId: string; stage?: string }[],
): Promise<void> {
  const client = consoleOf(world);
  await client.send(
    new CreateDomainNameCommand({
      domainName: DOMAIN,
      regionalCertificateArn: 'arn:aws:acm:eu-west-1:000000000000:certificate/1',
      endpointConfiguration: { types: ['REGIONAL'] },
    }),
  );
  for (const mapping of mappings)
    await client.send(new CreateBasePathMappingCommand({ domainName: DOMAIN, ...mapping }));
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
    what: 'an object of others in our bucket, of the file name of an image of ours',
    happens: async (world) =>
      (await world.aws()).s3.putObject(await bucketOf(world), image('originals-2019/aurora.avif')),
    meets: { teardown: 'FOREIGN_OBJECTS' },
  },
  {
    what: 'an object that others put in place of an image in our bucket',
    happens: async (world) => (await world.aws()).s3.putObject(await bucketOf(world), image('images/aurora.avif')),
    meets: { teardown: 'FOREIGN_OBJECTS' },
  },
  {
    what: 'a resource policy of others on our API',
    happens: async (world) => {
      const { apiGateway } = await world.aws();
      const theirs = {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 'execute-api:Invoke',
            Resource: 'execute-api:/*',
            Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
          },
        ],
      };
      await apiGateway.patchApi(await apiOf(world), [
        { op: 'replace', path: '/policy', value: JSON.stringify(theirs) },
      ]);
    },
    meets: { teardown: 'FOREIGN_POLICY' },
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
  {
    what: 'a usage plan that names our stage',
    happens: putInUsagePlan,
    meets: { teardown: 'FOREIGN_USAGE_PLAN' },
  },
  {
    what: 'a domain mapping',
    happens: async (world) => mapDomain(world, [{ basePath: 'pics', restApiId: await apiOf(world) }]),
    meets: { teardown: 'FOREIGN_DOMAIN' },
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

  it('and names our API stays with --including-foreign: of a plan and a domain goes only what leads to us', async () => {
    const world = newWorld();
    await world.run('up');
    const [ours, { apiGateway }] = [await apiOf(world), await world.aws()];
    const reading = await apiGateway.findGateway(ours);
    if (reading === undefined) throw new Error('no API');
    const theirs = await apiGateway.createApi({ ...reading.gateway.settings, name: 'theirs' }, {});
    await putInUsagePlan(world);
    await mapDomain(world, [
      { basePath: '', restApiId: ours },
      { basePath: 'a', restApiId: theirs },
      { basePath: 'pics', restApiId: ours, stage: 'dev' },
    ]);
    const rows = () =>
      Object.fromEntries(
        Object.entries(world.everything()).filter(([key]) => /^apigateway\/(usage|domain|basepath)/.test(key)),
      );
    const before = rows();

    const gone = await world.run('teardown', undefined, { includingForeign: true });

    expect(gone.left).toEqual([]);
    expect((await apiGateway.listApis()).map(({ id }) => id)).toEqual([theirs]);
    const expected = Object.entries(before)
      .filter(([, row]) => (row as { restApiId?: string }).restApiId !== ours)
      .map(([key, row]) => [key, 'apiStages' in (row as object) ? { ...(row as object), apiStages: [] } : row]);
    expect(Object.keys(before)).toHaveLength(5);
    expect(rows()).toEqual(Object.fromEntries(expected));
    expect(expected).toHaveLength(3);
    const notes = world.events.flatMap((event) => (event.type === 'note' ? [event.text] : []));
    expect(notes.filter((note) => note.startsWith(`domain ${DOMAIN} `))).toEqual([
      `domain ${DOMAIN} does not lead to it any more (base path (none))`,
      `domain ${DOMAIN} does not lead to it any more (base path pics)`,
    ]);
  });

  it('and may not be looked for does not keep teardown from taking all that is ours', async () => {
    const denied: Awaited<ReturnType<Weather>> = {
      status: 403,
      headers: { 'x-amzn-ErrorType': 'AccessDeniedException', 'x-amzn-RequestId': '1' },
      body: Buffer.from('{"message":"User is not authorized to perform: apigateway:GET"}'),
    };
    const world = newWorld(async (request, handle) =>
      /^\/(usageplans|domainnames)/.test(request.path) ? denied : handle(request),
    );
    await world.run('up');

    const gone = await world.run('teardown');

    expect(gone.left).toEqual([]);
    expect(await (await world.aws()).apiGateway.listApis()).toEqual([]);
  });

  it('is asked for with one call each when an API of ours goes, and else only plans and keys are, which may be ours', async () => {
    const world = newWorld();
    const looks = (): unknown[] =>
      world.calls
        .map(({ operation = '' }) => operation)
        .filter((operation) => /UsagePlan|ApiKey|DomainName|BasePath/.test(operation));
    await world.run('init');
    await world.plan('teardown');
    const without = looks();
    await world.run('up');
    world.calls.length = 0;

    await world.plan('teardown');

    expect(without).toEqual(['GetUsagePlans', 'GetApiKeys']);
    expect(looks()).toEqual(['GetUsagePlans', 'GetApiKeys', 'GetUsagePlans', 'GetDomainNames']);
  });

  it('and only shows after CreateBucket said 200 for it, as in us-east-1: refused, and stays as it is', async () => {
    let created = false;
    const world = newWorld(async (request, handle) => {
      created ||= request.method === 'PUT' && request.path === '/' && request.query === '';
      if (request.method === 'HEAD' && !created) return { status: 404, headers: {}, body: new Uint8Array() };
      return handle(request);
    });
    const config = world.config({}, { bucket: bucketIn('us-east-1') });
    created = true;
    await world.run('init', config);
    const s3 = (await world.aws()).s3In('us-east-1');
    const bucket = await bucketOf(world);
    for (const { key, versionId } of await s3.listVersions(bucket, '')) await s3.deleteObject(bucket, key, versionId);
    await s3.deleteBucket(bucket);
    await s3.createBucket(bucket, {}, 'account-regional');
    await s3.putObject(bucket, image('images/aurora.avif'));
    const before = world.everything();
    created = false;

    const refusal: unknown = await world.run('init', config).catch((error: unknown) => error);

    expect(refusal).toMatchObject({ code: 'NOT_OURS' });
    expect(created).toBe(true);
    expect(world.everything()).toEqual(before);
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

const THEIRS = 'their-bucket';

/** The config of a mount of an adopted bucket. */
const adopting = (world: World, change: Partial<Config> = {}, prefix = 'pics/'): Config =>
  world.config(change, {
    bucket: { name: THEIRS, create: false, prefix, versioning: false, region: 'eu-west-1' },
  });

const outcomeOf = (run: Promise<unknown>): Promise<unknown> => run.catch((error: unknown) => error);

async function findList(s3: S3, key: string): Promise<{ key: string; list: FoundManifest }> {
  const list = await findManifest(s3, THEIRS, key);
  if (list === undefined) throw new Error(`there is no list at ${key}`);
  return { key, list };
}

describe('an adopted bucket that two environments use', () => {
  const twoStages = async () => {
    const world = newWorld();
    const { s3 } = await world.aws();
    await s3.createBucket(THEIRS, {});
    const [prod, dev] = [adopting(world, { stage: 'prod' }), adopting(world, { stage: 'dev' })];
    await world.run('up', prod);
    return { world, s3, prod, dev };
  };

  it('below one prefix refuses the second, even of the same bytes, and its teardown takes nothing of the first', async () => {
    const { world, prod, dev } = await twoStages();
    const before = world.everything();

    const refusal = await outcomeOf(world.run('up', dev));
    const gone = await world.run('teardown', dev);

    expect(refusal).toMatchObject({
      code: 'OBJECT_NOT_OURS',
      message: expect.stringMatching(
        /^Cannot send "[^"]+" to bucket "their-bucket": environment "holiday", stage "prod", in eu-west-1 sends that one, and \d+ such in all\.$/,
      ),
    });
    expect(gone.left).toEqual([]);
    expect(world.everything()).toEqual(before);
    rmSync(path.join(world.folder, '.pixgate'), { recursive: true });
    expect((await world.run('upload', prod)).changed).toBe(0);
    expect((await world.verify(prod)).failed).toBe(0);
    expect((await world.run('teardown', prod)).left).toEqual([]);
  });

  it('and whose lists name the same objects keeps them until the last of the two is gone', async () => {
    const { world, s3, prod, dev } = await twoStages();
    const own = adopting(world, { stage: 'dev' }, 'dev/');
    await world.run('up', own);
    const listOf = (stage: string) => findList(s3, `.pixgate/holiday.${stage}.eu-west-1.images.ndjson`);
    const { key, list } = await listOf('dev');
    const place = { bucket: THEIRS, key, replaced: { etag: list.listEtag } };
    const { objects } = (await listOf('prod')).list;
    await putManifest(s3, place, { ...list, prefix: 'pics/', gone: [] }, () => objects);

    const gone = await world.run('teardown', dev);

    expect(gone.left).toEqual([]);
    expect((await s3.listObjects(THEIRS, '.pixgate/')).map((is) => is.key)).not.toContain(key);
    expect((await world.verify(prod)).failed).toBe(0);
    await world.run('teardown', prod);
    expect(await s3.listObjects(THEIRS, 'pics/')).toEqual([]);
  });

  it('of one name and stage in two Regions keeps a list for each', async () => {
    const world = newWorld();
    const { s3 } = await world.aws();
    await s3.createBucket(THEIRS, {});
    const here = adopting(world, {}, 'here/');
    const there = adopting(world, { region: 'us-east-1' }, 'there/');

    await world.run('upload', here);
    await world.run('upload', there);

    expect((await s3.listObjects(THEIRS, '.pixgate/')).map(({ key }) => key)).toEqual([
      '.pixgate/holiday.dev.eu-west-1.images.ndjson',
      '.pixgate/holiday.dev.us-east-1.images.ndjson',
    ]);
    await world.run('teardown', there);
    expect(await s3.listObjects(THEIRS, 'there/')).toEqual([]);
    expect((await world.run('upload', here)).upload?.unchanged).toBeGreaterThan(0);
    await world.run('teardown', here);
    expect(await s3.listObjects(THEIRS, '')).toEqual([]);
  });

  it('of one name, stage and Region refuses the installation that did not write the list, and lets it take nothing', async () => {
    const { world, s3, prod } = await twoStages();
    const key = '.pixgate/holiday.prod.eu-west-1.images.ndjson';
    const { list } = await findList(s3, key);
    const place = { bucket: THEIRS, key, replaced: { etag: list.listEtag } };
    await putManifest(s3, place, { ...list, token: 'another-token' }, () => list.objects);
    const before = await s3.listObjects(THEIRS, '');

    const refusal = await outcomeOf(world.run('upload', prod));
    await world.run('teardown', prod);

    expect(refusal).toMatchObject({
      code: 'NOT_OURS',
      message: `Cannot use bucket "${THEIRS}" for /images: installation another-token keeps the list of what it sent at "${key}".`,
    });
    expect(await s3.listObjects(THEIRS, '')).toEqual(before);
  });
});

describe('an adopted bucket in which others write over images of ours', () => {
  const key = 'pics/aurora.avif';
  const life = async (versioning: 'Enabled' | 'Off', theirs: (ours: Uint8Array) => Uint8Array) => {
    const world = newWorld();
    const { s3 } = await world.aws();
    await s3.createBucket(THEIRS, {});
    if (versioning === 'Enabled') await s3.settings.write(THEIRS, 'versioning', 'Enabled');
    const config = adopting(world);
    await world.run('up', config);
    await world.emulator.clock.sleep(5000);
    const ours = (await s3.findObject(THEIRS, key))?.bytes ?? new Uint8Array();
    const body = theirs(ours);
    await s3.putObject(THEIRS, { key, body, contentType: 'image/avif', headers: {} });
    await world.emulator.clock.sleep(5000);
    return { world, s3, config, ours, body: Buffer.from(body) };
  };
  const read = async (s3: S3) => Buffer.from((await s3.findObject(THEIRS, key))?.bytes ?? []);

  it.each([
    ['Off', 'of other bytes', () => Buffer.from('theirs')],
    ['Off', 'of the same bytes', (ours: Uint8Array) => ours],
    ['Enabled', 'of other bytes', () => Buffer.from('theirs')],
    ['Enabled', 'of the same bytes', (ours: Uint8Array) => ours],
  ] as const)(
    'with versioning %s, %s: upload refuses, and teardown leaves theirs',
    async (versioning, _what, theirs) => {
      const { world, s3, config, body } = await life(versioning, theirs);

      const refusal = await outcomeOf(world.run('upload', config));
      const gone = await world.run('teardown', config);

      expect(refusal).toMatchObject({ code: 'OBJECT_NOT_OURS', message: expect.stringContaining('and 1 such in all') });
      expect(gone.left).toEqual([]);
      expect(await read(s3)).toEqual(body);
      expect((await s3.listVersions(THEIRS, '')).map((version) => version.key)).toEqual([key]);
    },
  );

  it('prunes none of the same bytes that they put there', async () => {
    const { world, s3, config, body } = await life('Off', (ours) => ours);
    rmSync(path.join(world.folder, 'images', 'aurora.avif'));

    await world.run('upload', config, { prune: true });

    expect(await read(s3)).toEqual(body);
  });

  it('with versions of ours above and below theirs uncovers theirs: no marker of ours hides it', async () => {
    const { world, s3, config, ours, body } = await life('Enabled', () => Buffer.from('theirs'));
    // As when it is put between our last look and our call.
    await s3.putObject(THEIRS, { key, body: ours, contentType: 'image/avif', headers: {}, sha256: 'a'.repeat(64) });

    const gone = await world.run('teardown', config);

    expect(gone.left).toEqual([]);
    expect(await read(s3)).toEqual(body);
    expect((await s3.listVersions(THEIRS, '')).map(({ isMarker }) => isMarker)).toEqual([false]);
  });
});

describe('an adopted bucket with several versions of each image', () => {
  it('is asked for many of them at once at teardown, and for no more than 16', async () => {
    const heads = { now: 0, most: 0 };
    const world = newWorld(async (request, handle) => {
      if (request.method !== 'HEAD' || !request.path.includes('pics/')) return handle(request);
      heads.now += 1;
      heads.most = Math.max(heads.most, heads.now);
      const answer = await handle(request);
      heads.now -= 1;
      return answer;
    });
    const { s3 } = await world.aws();
    await s3.createBucket(THEIRS, {});
    await s3.settings.write(THEIRS, 'versioning', 'Enabled');
    const config = adopting(world);
    await world.run('up', config);
    const [mount] = config.mounts;
    await world.run('upload', { ...config, mounts: mount === undefined ? [] : [{ ...mount, upload: [] }] });
    heads.most = 0;

    await world.run('teardown', config);

    expect(heads.most).toBeGreaterThan(1);
    expect(heads.most).toBeLessThanOrEqual(16);
    expect(await s3.listVersions(THEIRS, '')).toEqual([]);
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
