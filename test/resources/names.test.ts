import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasAccountRegionalNames } from '../../src/config/bucket-name.js';
import type { BucketConfig, MountConfig } from '../../src/config/config.js';
import {
  accessLogGroup,
  apiName,
  bucketName,
  bucketNamespace,
  bucketRegion,
  executionLogGroup,
  lacksNamespace,
  loggingRoleName,
  manifestKey,
  mountsOfManifests,
  ownerOfManifest,
  roleArn,
  roleName,
} from '../../src/resources/names.js';

const PLACE = { account: '123456789012', partition: 'aws', region: 'eu-west-1', name: 'holiday', stage: 'dev' };

function mount(id: string, bucket: Partial<BucketConfig> = {}): MountConfig {
  return {
    id,
    path: `/${id}`,
    bucket: { name: 'auto', create: true, prefix: `${id}/`, versioning: false, ...bucket },
    source: '/nowhere',
    access: { kind: 'public' },
    headers: {},
    upload: [],
  };
}

const place = fc.record({
  account: fc.stringMatching(/^\d{12}$/),
  partition: fc.constant('aws'),
  region: fc.constantFrom('eu-west-1', 'ap-southeast-2'),
  name: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,30}[a-z0-9]$/),
  stage: fc.stringMatching(/^[A-Za-z0-9_-]{1,128}$/),
});
const mountId = fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/);

test('bucketName() takes the name of the config', () => {
  expect(bucketName(PLACE, mount('images', { name: 'my.own-bucket' }))).toBe('my.own-bucket');
});

test('bucketName() tells environment and mount, then a hash of the whole, then whose namespace it is in', () => {
  expect(bucketName(PLACE, mount('images'))).toMatch(
    /^pixgate-holiday-dev-images-[0-9a-f]{6}-123456789012-eu-west-1-an$/,
  );
});

test('bucketName() ends in the hash where the namespace is global', () => {
  expect(bucketName(PLACE, mount('images', { namespace: 'global' }))).toMatch(
    /^pixgate-holiday-dev-images-[0-9a-f]{6}$/,
  );
});

test('bucketName() ends in the Region of the bucket, not of the API', () => {
  const region = 'ap-southeast-2';

  expect(bucketName(PLACE, mount('images', { region }))).toMatch(/-123456789012-ap-southeast-2-an$/);
  expect([bucketRegion(PLACE, mount('images')), bucketRegion(PLACE, mount('images', { region }))]).toEqual([
    'eu-west-1',
    region,
  ]);
});

test.each([
  ['account-regional', /^pixgate-holiday-my-stagex{6}-[0-9a-f]{6}-123456789012-eu-west-1-an$/],
  ['global', /^pixgate-holiday-my-stagex{32}-[0-9a-f]{6}$/],
] as const)('bucketName() of a long or odd stage keeps the hash and whatever follows it: %s', (namespace, name) => {
  const place = { ...PLACE, stage: `My_Stage${'x'.repeat(120)}` };

  expect(bucketName(place, mount('images', { namespace }))).toMatch(name);
});

test.each<[string, Partial<BucketConfig>, 'account-regional' | 'global']>([
  ['a name that pixgate chooses', {}, 'account-regional'],
  ['a name of the config', { name: 'my-bucket' }, 'global'],
  ['what the config says', { namespace: 'global' }, 'global'],
  ['what the config says of its name', { name: 'x-1-an', namespace: 'account-regional' }, 'account-regional'],
])('bucketNamespace() goes by %s', (_what, bucket, namespace) => {
  expect(bucketNamespace(mount('images', bucket))).toBe(namespace);
});

test.each(['eu-west-1', 'us-gov-west-1', 'me-south-1', 'me-central-1', 'me-central-2'])(
  'lacksNamespace() knows %s as the config does, and asks only for a name of the account alone',
  (region) => {
    expect(lacksNamespace(region, mount('images'))).toBe(!hasAccountRegionalNames(region));
    expect(lacksNamespace(region, mount('images', { namespace: 'global' }))).toBe(false);
  },
);

test('bucketName() is a name that S3 takes, whatever the environment', () => {
  fc.assert(
    fc.property(place, mountId, (where, id) => {
      const name = bucketName(where, mount(id));

      // Amazon S3 User Guide, "General purpose bucket naming rules".
      expect(name).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
      expect(name).not.toMatch(/^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3|--table-s3)$/);
      expect(name.endsWith(`-${where.account}-${where.region}-an`)).toBe(true);
    }),
  );
});

test('roleName() is a name that IAM takes, whatever the environment', () => {
  fc.assert(
    fc.property(place, mountId, (where, id) => {
      expect(roleName(where, mount(id))).toMatch(/^pixgate-[a-z0-9-]{1,56}$/);
    }),
  );
});

test.each([
  ['account', { account: '210987654321' }],
  ['Region', { region: 'us-east-1' }],
  ['name', { name: 'work' }],
  ['stage', { stage: 'prod' }],
  ['stage that differs only in case', { stage: 'DEV' }],
])('bucketName() and roleName() differ in another %s', (_what, other) => {
  const elsewhere = { ...PLACE, ...other };

  expect(bucketName(elsewhere, mount('images'))).not.toBe(bucketName(PLACE, mount('images')));
  expect(roleName(elsewhere, mount('images'))).not.toBe(roleName(PLACE, mount('images')));
});

test('bucketName() and roleName() differ where the parts of a name are split elsewhere', () => {
  const one = { ...PLACE, name: 'a-b', stage: 'c' };
  const two = { ...PLACE, name: 'a', stage: 'b-c' };

  expect(bucketName(one, mount('images'))).not.toBe(bucketName(two, mount('images')));
  expect(roleName(one, mount('images'))).not.toBe(roleName(two, mount('images')));
});

test('bucketName() and roleName() differ from mount to mount, even where only their ends differ', () => {
  const ids = ['images', 'Images', `${'m'.repeat(63)}a`, `${'m'.repeat(63)}b`];

  expect(new Set(ids.map((id) => bucketName(PLACE, mount(id)))).size).toBe(ids.length);
  expect(new Set(ids.map((id) => roleName(PLACE, mount(id)))).size).toBe(ids.length);
});

test('bucketName() and roleName() are the same every time', () => {
  expect(bucketName({ ...PLACE }, mount('images'))).toBe(bucketName(PLACE, mount('images')));
  expect(roleName({ ...PLACE }, mount('images'))).toBe(roleName(PLACE, mount('images')));
});

test.each([
  ['aws', 'arn:aws:iam::123456789012:role/pixgate/r'],
  ['aws-cn', 'arn:aws-cn:iam::123456789012:role/pixgate/r'],
])('roleArn() follows from the name in the partition %s', (partition, arn) => {
  expect(roleArn({ ...PLACE, partition }, 'r')).toBe(arn);
});

test('apiName() and the other names that need no hash say what they belong to', () => {
  expect(loggingRoleName('eu-west-1')).toBe('pixgate-logging-eu-west-1');
  expect(apiName(PLACE)).toBe('holiday-dev');
  expect(accessLogGroup(PLACE)).toBe('/pixgate/holiday/dev/access');
  expect(executionLogGroup('a1b2c3', 'dev')).toBe('API-Gateway-Execution-Logs_a1b2c3/dev');
  expect(manifestKey(PLACE, mount('images'))).toBe('.pixgate/holiday.dev.eu-west-1.images.ndjson');
});

test('mountsOfManifests() tells the lists of one environment from those of its namesakes', () => {
  const keys = ['eu-west-1.images', 'eu-west-1.pics', 'us-east-1.images'].map(
    (is) => `.pixgate/holiday.dev.${is}.ndjson`,
  );

  const mounts = mountsOfManifests(PLACE, [
    ...keys,
    '.pixgate/holiday.prod.eu-west-1.images.ndjson',
    '.pixgate/notes.txt',
  ]);

  expect([...mounts]).toEqual([
    ['images', '.pixgate/holiday.dev.eu-west-1.images.ndjson'],
    ['pics', '.pixgate/holiday.dev.eu-west-1.pics.ndjson'],
  ]);
});

test.each([
  ['.pixgate/holiday.prod.us-east-1.images.ndjson', 'environment "holiday", stage "prod", in us-east-1'],
  ['.pixgate/list.json', 'another environment of pixgate'],
])('ownerOfManifest() says whose %s is', (key, words) => {
  expect(ownerOfManifest(key)).toBe(words);
});
