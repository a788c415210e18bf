import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Aws } from '../../src/aws/aws.js';
import type { Config, MountConfig } from '../../src/config/config.js';
import { AwsError, RefusedError } from '../../src/errors.js';
import { changing, newWorld, REGION, type Weather, type World } from './world.js';

const ELSEWHERE = 'us-east-1';
const THEIRS = 'their-bucket';

/** A key of the world's account; the local cloud has no KMS, only what policies say of one. */
const keyOf = (world: World): string =>
  `arn:aws:kms:${ELSEWHERE}:${world.emulator.accountId}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** A mount with a folder of its own below the world's, holding the first few samples. */
function mountOf(world: World, id: string, change: Partial<MountConfig> = {}): MountConfig {
  const [first] = world.config().mounts;
  if (first === undefined) throw new Error('the world has no mount');
  const source = path.join(world.folder, id);
  const samples = path.join(world.folder, 'images');
  mkdirSync(source, { recursive: true });
  const files = readdirSync(samples, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { name } of files.slice(0, 3)) cpSync(path.join(samples, name), path.join(source, name));
  const bucket = { name: 'auto', create: true, prefix: `${id}/`, versioning: false };
  return { ...first, id, path: `/${id}`, source, ...change, bucket: { ...bucket, ...change.bucket } };
}

const bucketOf = (change: Partial<MountConfig['bucket']>): MountConfig['bucket'] => ({
  name: 'auto',
  create: true,
  prefix: 'images/',
  versioning: false,
  ...change,
});

/** An own bucket, an adopted one with a prefix, and one under a KMS key in another Region. */
function threeMounts(world: World): Config {
  const adopted = bucketOf({ name: THEIRS, create: false, prefix: 'public/pics/' });
  const kms = bucketOf({ prefix: 'kms/', region: ELSEWHERE, encryption: { kms: keyOf(world) } });
  return world.config({
    mounts: [
      mountOf(world, 'own'),
      mountOf(world, 'adopted', { bucket: adopted }),
      mountOf(world, 'kms', { bucket: kms }),
    ],
  });
}

/** Somebody's bucket, with objects beside the prefix and below it. */
async function makeTheirs({ s3 }: Aws): Promise<void> {
  await s3.createBucket(THEIRS, { team: 'web', cost: 'low' });
  for (const key of ['private/plan.txt', 'public/index.html', 'public/pics/theirs.png', 'public/pics/old/a b.png']) {
    const body = Buffer.from(`theirs: ${key}`);
    await s3.putObject(THEIRS, { key, body, contentType: 'image/png', headers: { 'Cache-Control': 'no-cache' } });
  }
}

const failures = (report: Awaited<ReturnType<World['verify']>>) =>
  report.results.filter(({ status }) => status === 'failed').map(({ title, got, cause }) => [title, got, cause]);

describe('three mounts: an own bucket, an adopted one, and one under a KMS key in another Region', () => {
  it('come up, verify, change by one header, and go away; the adopted bucket is byte for byte as before', async () => {
    const world = newWorld();
    const aws = await world.aws();
    await makeTheirs(aws);
    await aws.s3.settings.write(THEIRS, 'versioning', 'Enabled');
    const before = world.everything();
    const config = threeMounts(world);

    await world.run('up', config);
    const report = await world.verify(config);
    world.calls.length = 0;
    const again = await world.run('up', config);
    const changedAgain = changing(world.calls);
    const [own, ...others] = config.mounts;
    if (own === undefined) throw new Error('no first mount');
    const changed = { ...config, mounts: [{ ...own, headers: { 'X-Frame-Options': 'DENY' } }, ...others] };
    const plan = await world.plan('wire', changed);
    await world.run('wire', changed);
    const reportOfChange = await world.verify(changed);
    const gone = await world.run('teardown', changed);

    expect(failures(report)).toEqual([]);
    expect(report.inconclusive).toBe(0);
    expect([again.changed, changedAgain]).toEqual([0, []]);
    const touched = plan.steps.flatMap(({ address, action, changes }) =>
      action === 'keep' ? [] : changes.map((change) => `${address} ${change.path}`),
    );
    const ofHeader = /^api routes\.(GET|HEAD) \/own\/\{key\+\}\.replies\.\d{3}\.headers\.X-Frame-Options$/;
    expect(touched.filter((is) => !ofHeader.test(is))).toEqual(['stage deployment']);
    expect(touched.length).toBeGreaterThan(10);
    expect(failures(reportOfChange)).toEqual([]);
    expect(gone.left).toEqual([]);
    expect(world.everything()).toEqual(before);
  });

  it('are found and taken away without the ledger, by their tags', async () => {
    const world = newWorld();
    await makeTheirs(await world.aws());
    const before = world.everything();
    const config = threeMounts(world);
    await world.run('up', config);
    rmSync(path.join(world.folder, '.pixgate'), { recursive: true });

    const gone = await world.run('teardown', config);

    expect(gone.left).toEqual([]);
    expect(world.everything()).toEqual(before);
  });

  it('are taken away where the config no longer names them, in whichever Region they lie', async () => {
    const world = newWorld();
    await makeTheirs(await world.aws());
    const config = threeMounts(world);
    const { mounts } = config;
    const others = { ...config, mounts: mounts.filter(({ id }) => id === 'own') };
    const buckets = async () => (await (await world.aws()).s3.listBuckets('pixgate-')).map(({ region }) => region);
    await world.run('up', config);
    const made = await buckets();

    const gone = await world.run('teardown', others);

    expect([made, await buckets(), gone.left]).toEqual([[ELSEWHERE, REGION], [], []]);
  });

  it('lie in their Regions, under names that nobody else can take', async () => {
    const world = newWorld();
    await makeTheirs(await world.aws());

    await world.run('up', threeMounts(world));

    const buckets = await (await world.aws()).s3.listBuckets('pixgate-');
    const account = world.emulator.accountId;
    expect(
      buckets.map(({ name, region }) => [region, name.replace(/^pixgate-holiday-(.*)-[0-9a-f]{6}(-\d{12}-)/, '$1$2')]),
    ).toEqual([
      [ELSEWHERE, `dev-kms-${account}-${ELSEWHERE}-an`],
      [REGION, `dev-own-${account}-${REGION}-an`],
    ]);
  });
});

describe('a bucket under a KMS key', () => {
  const kmsOnly = (world: World): Config => {
    const bucket = bucketOf({ prefix: 'kms/', region: ELSEWHERE, encryption: { kms: keyOf(world) } });
    return world.config({ mounts: [mountOf(world, 'kms', { bucket })] });
  };
  const madeBucket = async (world: World): Promise<string> =>
    (await (await world.aws()).s3.listBuckets('pixgate-'))[0]?.name ?? '';

  it('sends a changed header without the bytes, and keeps the digest that tells the image', async () => {
    const world = newWorld();
    const config = kmsOnly(world);
    await world.run('up', config);
    const [mount] = config.mounts;
    if (mount === undefined) throw new Error('no mount');
    const upload = [{ match: '**/*', headers: { 'Cache-Control': 'no-store' } }];

    const result = await world.run('upload', { ...config, mounts: [{ ...mount, upload }] });

    const s3 = (await world.aws()).s3In(ELSEWHERE);
    const bucket = await madeBucket(world);
    const stored = await Promise.all(
      readdirSync(mount.source).map((key) => s3.findObjectHeaders(bucket, `kms/${key}`)),
    );
    expect([result.upload?.sent, result.upload?.headersUpdated]).toEqual([0, 3]);
    for (const object of stored) {
      expect(object?.headers).toEqual({ 'Cache-Control': 'no-store' });
      expect(object?.sha256).toMatch(/^[0-9a-f]{64}$/);
    }
    const again = await world.run('upload', { ...config, mounts: [{ ...mount, upload }] });
    expect(again.changed).toBe(0);
  });

  it('sends nothing again when the list of what was sent is gone', async () => {
    const world = newWorld();
    const config = kmsOnly(world);
    await world.run('up', config);
    const s3 = (await world.aws()).s3In(ELSEWHERE);
    const [list] = await s3.listObjects(await madeBucket(world), '.pixgate/');
    await s3.deleteObject(await madeBucket(world), list?.key ?? 'none');

    const result = await world.run('upload', config);
    const again = await world.run('upload', config);

    expect([result.upload?.sent, result.upload?.unchanged, again.changed]).toEqual([0, 3, 0]);
  });

  it('whose role may not decrypt fails the test, which names what is missing', async () => {
    const world = newWorld();
    const config = kmsOnly(world);
    await world.run('up', config);
    const { iam } = await world.aws();
    const [role = ''] = (await iam.listRoles('/pixgate/')).map(({ name }) => name).filter((name) => /-kms-/.test(name));
    const policy = JSON.parse((await iam.findRolePolicy(role, 'read-images')) ?? '{}');
    const Statement = policy.Statement.filter(({ Action }: { Action: string }) => Action !== 'kms:Decrypt');
    await iam.putRolePolicy(role, 'read-images', JSON.stringify({ ...policy, Statement }));

    const report = await world.verify(config);

    const failed = report.results.filter(({ status }) => status === 'failed');
    const images = failed.filter(({ group }) => group === 'bytes');
    const control = failed.find(({ id }) => id.includes('role/kms/policy'));
    expect(images.length).toBeGreaterThan(0);
    expect(images.filter(({ cause }) => !cause?.includes('kms:Decrypt'))).toEqual([]);
    expect(control?.got).toMatch(/^policy\.kms:Decrypt is absent, wanted /);
    await world.run('wire', config);
    expect(failures(await world.verify(config))).toEqual([]);
  });
});

describe('an adopted bucket under a KMS key', () => {
  it('after an upload that broke off gets nothing sent twice, and teardown leaves what it held before', async () => {
    const world = newWorld();
    const aws = await world.aws();
    const s3 = aws.s3In(ELSEWHERE);
    await s3.createBucket(THEIRS, {});
    await s3.settings.write(THEIRS, 'encryption', { algorithm: 'aws:kms', kmsKey: keyOf(world), bucketKey: true });
    const theirs = { key: 'kms/theirs.png', body: Buffer.from('theirs'), contentType: 'image/png', headers: {} };
    await s3.putObject(THEIRS, theirs);
    const before = world.everything();
    const bucket = bucketOf({
      name: THEIRS,
      create: false,
      prefix: 'kms/',
      region: ELSEWHERE,
      encryption: { kms: keyOf(world) },
    });
    const config = world.config({ mounts: [mountOf(world, 'kms', { bucket })], concurrency: 1 });

    const project = await world.open(config);
    const stop = new AbortController();
    const broken = project.apply(
      await project.plan('upload'),
      (event) => {
        if (event.type === 'progress') stop.abort();
      },
      stop.signal,
    );
    await expect(broken).rejects.toMatchObject({ code: 'CANCELLED' });
    const rest = await world.run('upload', config);
    const resumed = rest.upload;

    const secondStop = await breakOffAfterOne(world, config);
    const gone = await world.run('teardown', config);

    expect([resumed?.sent, resumed?.unchanged]).toEqual([2, 1]);
    expect(secondStop).toBe('CANCELLED');
    expect(gone.left).toEqual([]);
    expect(world.everything()).toEqual(before);
  });
});

/** Changes every image, and breaks the upload off after the first one. Answers the code of the complaint. */
async function breakOffAfterOne(world: World, config: Config): Promise<string | undefined> {
  const [mount] = config.mounts;
  if (mount === undefined) return undefined;
  const upload = [{ match: '**/*', headers: { 'Cache-Control': 'no-store' } }];
  const project = await world.open({ ...config, mounts: [{ ...mount, upload }] });
  const stop = new AbortController();
  const listener = (event: { type: string }): void => {
    if (event.type === 'progress') stop.abort();
  };
  const outcome: unknown = await project
    .apply(await project.plan('upload'), listener, stop.signal)
    .catch((error: unknown) => error);
  return (outcome as { code?: string }).code;
}

describe('an adopted bucket', () => {
  it('of another Region is refused with the field that says so, and nothing is changed', async () => {
    const world = newWorld();
    await (await world.aws()).s3In(ELSEWHERE).createBucket(THEIRS, {});
    world.calls.length = 0;
    const bucket = bucketOf({ name: THEIRS, create: false });

    const refusal: unknown = await world.run('up', world.config({}, { bucket })).catch((error: unknown) => error);

    expect(refusal).toMatchObject({
      code: 'BUCKET_NOT_USABLE',
      message: `Cannot use bucket "${THEIRS}": it is in ${ELSEWHERE}, not in ${REGION}.`,
      suggestions: [`set bucket.region to ${ELSEWHERE} in pixgate.yaml`],
    });
    expect(changing(world.calls)).toEqual([]);
  });

  it('that does not exist is refused with where it would be made', async () => {
    const world = newWorld();
    const bucket = bucketOf({ name: THEIRS, create: false, region: ELSEWHERE });

    const refusal: unknown = await world.run('up', world.config({}, { bucket })).catch((error: unknown) => error);

    expect(refusal).toMatchObject({
      code: 'BUCKET_NOT_USABLE',
      suggestions: ['check bucket.name in pixgate.yaml', `have it made in ${ELSEWHERE}: set bucket.create to true`],
    });
    expect(changing(world.calls)).toEqual([]);
  });

  it('that holds one of the images already, put there by somebody else, is refused: teardown would delete it', async () => {
    const world = newWorld();
    const { s3 } = await world.aws();
    await s3.createBucket(THEIRS, {});
    const config = world.config({
      mounts: [mountOf(world, 'own', { bucket: bucketOf({ name: THEIRS, create: false, prefix: 'own/' }) })],
    });
    const [file = ''] = readdirSync(path.join(world.folder, 'own'));
    const body = readFileSync(path.join(world.folder, 'own', file));
    await s3.putObject(THEIRS, { key: `own/${file}`, body, contentType: 'image/png', headers: {} });
    world.calls.length = 0;

    await expect(world.run('up', config)).rejects.toMatchObject({ code: 'OBJECT_NOT_OURS' });

    expect(changing(world.calls)).toEqual([]);
  });
});

describe('an adopted bucket that keeps versions', () => {
  const life = async (world: World, versioning: 'Enabled' | 'Suspended') => {
    const { s3 } = await world.aws();
    await makeTheirs(await world.aws());
    const at = (prefix: string) =>
      world.config({ mounts: [mountOf(world, 'pics', { bucket: bucketOf({ name: THEIRS, create: false, prefix }) })] });
    const config = at('pics/');
    const source = config.mounts[0]?.source ?? '';
    const [first = '', second = '', third = ''] = readdirSync(source);
    // One image was theirs once, of the very bytes that are sent now, and they deleted it.
    await s3.settings.write(THEIRS, 'versioning', 'Enabled');
    const body = readFileSync(path.join(source, first));
    await s3.putObject(THEIRS, { key: `pics/${first}`, body, contentType: 'image/png', headers: {} });
    await world.emulator.clock.sleep(5000);
    if (versioning === 'Suspended') await s3.settings.write(THEIRS, 'versioning', 'Off');
    await s3.deleteObject(THEIRS, `pics/${first}`);
    await world.emulator.clock.sleep(5000);
    const before = { all: world.everything(), versions: await s3.listVersions(THEIRS, '') };

    await world.run('up', config);
    const bytes = readFileSync(path.join(source, third));
    rmSync(path.join(source, third));
    const [mount] = config.mounts;
    if (mount === undefined) throw new Error('no mount');
    const headers = { 'Cache-Control': 'no-store' };
    const changed = { ...config, mounts: [{ ...mount, upload: [{ match: '**/*', headers }] }] };
    await world.run('upload', changed, { prune: true });
    writeFileSync(path.join(source, second), bytes);
    await world.run('upload', changed, { prune: true });
    writeFileSync(path.join(source, second), 'no image any more');
    await world.run('upload', changed, { prune: true });
    const kept = await s3.listVersions(THEIRS, 'pics/');
    await world.run('up', at('moved/'));
    const gone = await world.run('teardown', at('moved/'));
    return { before, gone, kept, after: { all: world.everything(), versions: await s3.listVersions(THEIRS, '') } };
  };

  it('is byte for byte as before, whatever was sent, changed, pruned and moved', async () => {
    const { before, gone, kept, after } = await life(newWorld(), 'Enabled');

    // What is only broken in the folder is not gone from it.
    expect(kept.find(({ key, isLatest }) => key.includes('blue') && isLatest)?.isMarker).toBe(false);
    // Until teardown nothing that was ever there is lost, so whoever keeps versions can go back.
    expect(kept.length).toBeGreaterThan(6);
    expect(gone.left).toEqual([]);
    expect(after.all).toEqual(before.all);
  });

  it('and is suspended holds what it held, and what its owner had deleted stays deleted', async () => {
    const { before, gone, after } = await life(newWorld(), 'Suspended');

    const told = (versions: typeof before.versions) => versions.map(({ modifiedMs: _, ...is }) => is);
    expect(gone.left).toEqual([]);
    expect(told(after.versions)).toEqual(told(before.versions));
  });
});

describe('an own bucket', () => {
  it('in a Region known to have no account-regional names is refused before CreateBucket is tried, and made under a global name', async () => {
    const world = newWorld();
    const before = world.everything();
    const config = (namespace?: 'global') =>
      world.config({}, { bucket: bucketOf({ region: 'me-south-1', ...(namespace && { namespace }) }) });

    const refusal: unknown = await world.run('init', config()).catch((error: unknown) => error);
    const tried = changing(world.calls);
    const after = world.everything();
    const result = await world.run('init', config('global'));

    expect(refusal).toBeInstanceOf(RefusedError);
    expect(refusal).toMatchObject({
      code: 'NAMESPACE_NOT_AVAILABLE',
      message: 'Cannot give the bucket of /images an account-regional name in me-south-1: the Region has none.',
      suggestions: ['set bucket.namespace to global in pixgate.yaml'],
      mount: '/images',
      region: 'me-south-1',
    });
    expect(tried).toEqual([]);
    expect(after).toEqual(before);
    expect(result.steps.map(({ label }) => label)).toEqual([
      expect.stringMatching(/^pixgate-holiday-dev-images-[0-9a-f]{6}$/),
    ]);
  });

  it('that S3 refuses an account-regional name is told as such, and goes on under a global one', async () => {
    const world = newWorld(refusingNamespaces('InvalidNamespaceHeader'));
    const config = (namespace?: 'global') =>
      world.config({}, { bucket: bucketOf({ ...(namespace && { namespace }) }) });

    const refusal: unknown = await world.run('up', config()).catch((error: unknown) => error);
    const { s3 } = await world.aws();
    const made = await s3.listBuckets('');
    const result = await world.run('up', config('global'));
    const again = await world.run('up', config('global'));
    const gone = await world.run('teardown', config('global'));

    expect(refusal).toBeInstanceOf(AwsError);
    expect(refusal).toMatchObject({
      code: 'NAMESPACE_NOT_AVAILABLE',
      message: expect.stringMatching(
        /^Cannot give the bucket of \/images an account-regional name in eu-west-1: S3 answered InvalidNamespaceHeader/,
      ),
      failure: { awsCode: 'InvalidNamespaceHeader' },
      suggestions: ['set bucket.namespace to global in pixgate.yaml'],
      mount: '/images',
    });
    expect(made).toEqual([]);
    expect(result.steps[0]?.label).toMatch(/^pixgate-holiday-dev-images-[0-9a-f]{6}$/);
    expect(again.changed).toBe(0);
    expect(gone.left).toEqual([]);
  });

  it.each(['BucketAlreadyExists', 'AccessDenied', 'InvalidArgument'])(
    'that S3 refuses by %s is not taken for one that needs a global name, whatever the message speaks of',
    async (code) => {
      const world = newWorld(refusingNamespaces(code));

      const refusal: unknown = await world.run('init').catch((error: unknown) => error);

      expect(refusal).toMatchObject({ failure: { awsCode: code } });
      expect(refusal).not.toMatchObject({ code: 'NAMESPACE_NOT_AVAILABLE' });
    },
  );

  it('whose written name ends in -an is refused there without a word of namespaces, which could not help', async () => {
    const world = newWorld();
    const bucket = bucketOf({ name: 'pics-000000000000-me-south-1-an', region: 'me-south-1' });
    const config = world.config({}, { bucket: { ...bucket, namespace: 'account-regional' } });

    const refusal: unknown = await world.run('init', config).catch((error: unknown) => error);

    expect(refusal).toMatchObject({
      code: 'NAMESPACE_NOT_AVAILABLE',
      suggestions: ['choose a bucket.name in pixgate.yaml that does not end with -an'],
    });
    expect(refusal).not.toHaveProperty('mount');
  });

  it('with a global name goes by teardown although the config lost the field and its Region has no other names', async () => {
    const world = newWorld();
    const before = world.everything();
    const bucket = bucketOf({ region: 'me-south-1' });
    await world.run('init', world.config({}, { bucket: { ...bucket, namespace: 'global' } }));

    const gone = await world.run('teardown', world.config({}, { bucket }));

    expect(gone.left).toEqual([]);
    expect(world.everything()).toEqual(before);
  });
});

/** A cloud whose S3 refuses every account-regional name by this code, in words that speak of namespaces. */
function refusingNamespaces(code: string): Weather {
  return async (request, handle) => {
    const refused = request.method === 'PUT' && request.headers['x-amz-bucket-namespace'] === 'account-regional';
    if (!refused) return handle(request);
    const body = Buffer.from(`<Error><Code>${code}</Code><Message>The bucket namespace is shared.</Message></Error>`);
    return { status: 400, headers: { 'content-type': 'application/xml' }, body };
  };
}

describe('two mounts of one bucket', () => {
  it.each([true, false])('with disjoint prefixes come up, verify and go away; made by pixgate: %s', async (create) => {
    const world = newWorld();
    if (!create) await makeTheirs(await world.aws());
    const before = world.everything();
    const shared = (prefix: string) => ({ bucket: bucketOf({ name: THEIRS, create, prefix }) });
    const config = world.config({
      mounts: [mountOf(world, 'one', shared('one/')), mountOf(world, 'two', shared('two/deep/'))],
    });

    await world.run('up', config);
    const report = await world.verify(config);
    const again = await world.run('up', config);
    const gone = await world.run('teardown', config);

    expect(failures(report)).toEqual([]);
    expect(again.changed).toBe(0);
    expect(gone.left).toEqual([]);
    expect(world.everything()).toEqual(before);
  });
});

describe('what reviews found', () => {
  it('two stages over one adopted bucket and prefix leave each other alone', async () => {
    const world = newWorld();
    const { s3 } = await world.aws();
    await s3.createBucket('their-bucket', { team: 'web' });
    const before = world.everything();
    const bucket = { name: 'their-bucket', create: false, versioning: false } as const;
    const dev = world.config({ stage: 'dev' }, { bucket: { ...bucket, prefix: 'dev/' } });
    const prod = world.config({ stage: 'prod' }, { bucket: { ...bucket, prefix: 'prod/' } });
    await world.run('up', dev);
    await world.run('up', prod);

    await world.run('teardown', dev);

    expect((await world.verify(prod)).failed).toBe(0);
    expect((await world.run('teardown', prod)).left).toEqual([]);
    expect(world.everything()).toEqual(before);
  });

  it('a changed prefix takes its images along, in an adopted bucket and in an own one', async () => {
    for (const bucket of [
      { name: 'their-bucket', create: false },
      { name: 'auto', create: true },
    ]) {
      const world = newWorld();
      if (!bucket.create) await (await world.aws()).s3.createBucket(bucket.name, {});
      const before = world.everything();
      const at = (prefix: string) => world.config({}, { bucket: { ...bucket, prefix, versioning: false } });
      await world.run('up', at('a/'));

      await world.run('up', at('b/'));

      const [name = bucket.name] = (await (await world.aws()).s3.listBuckets('pixgate-')).map((is) => is.name);
      expect(await (await world.aws()).s3.listObjects(bucket.create ? name : bucket.name, 'a/')).toEqual([]);
      expect((await world.verify(at('b/'))).failed).toBe(0);
      expect((await world.run('teardown', at('b/'))).left).toEqual([]);
      expect(world.everything()).toEqual(before);
    }
  });
});
