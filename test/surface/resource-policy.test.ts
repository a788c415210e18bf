import { expect, test } from 'vitest';
import type { Config, IamAccess, MountConfig } from '../../src/config/config.js';
import { isOwnPolicy, resourcePolicy } from '../../src/surface/resource-policy.js';

const IMAGES: MountConfig = {
  id: 'images',
  path: '/images',
  bucket: { name: 'auto', create: true, prefix: 'images/', versioning: false },
  source: '/nowhere',
  access: { kind: 'public' },
  headers: {},
  upload: [],
};

const CONFIG: Config = {
  version: 1,
  name: 'holiday',
  region: 'eu-west-1',
  stage: 'dev',
  endpoint: 'regional',
  logs: { level: 'error', access: true, retentionDays: 30 },
  throttle: { rate: 100, burst: 200 },
  cors: { origin: '*' },
  tracing: false,
  tags: {},
  mounts: [IMAGES],
  concurrency: 16,
  directory: '/nowhere',
};

const closed = (asks: Omit<IamAccess, 'kind'> = {}, path = '/me'): MountConfig => ({
  ...IMAGES,
  id: path.slice(1),
  path,
  access: { kind: 'iam', ...asks },
});

/** The statements for an open and a closed mount, without the seal. */
function statements(asks: Omit<IamAccess, 'kind'>): unknown[] {
  const text = resourcePolicy({ ...CONFIG, mounts: [IMAGES, closed(asks)] }, 'aws');
  const { Statement } = JSON.parse(text) as { Statement: { Sid?: string }[] };
  return Statement.map(({ Sid: _sid, ...statement }) => statement);
}

const ENCODED = ['execute-api:/*${?}*', 'execute-api:/*%3F*', 'execute-api:/*%3f*'];
const invoke = { Action: 'execute-api:Invoke' } as const;
const OPEN = {
  ...invoke,
  Effect: 'Allow',
  Principal: '*',
  Resource: ['GET/images', 'HEAD/images', 'OPTIONS/images', 'OPTIONS/me'].map((is) => `execute-api:/dev/${is}/*`),
};
const CLOSED = ['execute-api:/dev/GET/me/*', 'execute-api:/dev/HEAD/me/*'];
const SPELLINGS = ['GET/%*', 'GET/m%*', 'HEAD/%*', 'HEAD/m%*'].map((is) => `execute-api:/dev/${is}`);
const nobody = (...others: string[]) => ({
  ...invoke,
  Effect: 'Deny',
  Principal: '*',
  Resource: [...ENCODED, ...others],
});
const unless = (Condition: object) => ({ ...invoke, Condition, Effect: 'Deny', Principal: '*', Resource: CLOSED });

test('resourcePolicy() of open mounts allows everything but encoded question marks', () => {
  const { Statement } = JSON.parse(resourcePolicy(CONFIG, 'aws'));

  expect(Statement).toEqual([
    { ...OPEN, Resource: 'execute-api:/*', Sid: expect.stringMatching(/^Pixgate[0-9a-f]{16}$/) },
    nobody(),
  ]);
});

test.each<[string, Omit<IamAccess, 'kind'>, unknown[]]>([
  ['asks nothing more', {}, [OPEN, nobody()]],
  [
    'asks for MFA',
    { mfa: 'required' },
    [OPEN, nobody(...SPELLINGS), unless({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } })],
  ],
  [
    'lists addresses',
    { sourceIps: ['203.0.113.0/24', '192.0.2.7'] },
    [OPEN, nobody(...SPELLINGS), unless({ NotIpAddress: { 'aws:SourceIp': ['192.0.2.7', '203.0.113.0/24'] } })],
  ],
  [
    'lists an account',
    { accounts: ['111122223333'] },
    [
      OPEN,
      nobody(...SPELLINGS),
      { ...invoke, Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Resource: CLOSED },
      unless({ ArnNotLike: { 'aws:PrincipalArn': ['arn:aws:iam::111122223333:*', 'arn:aws:sts::111122223333:*'] } }),
    ],
  ],
  [
    'lists a role',
    { roles: ['arn:aws:iam::111122223333:role/view/*'] },
    [
      OPEN,
      nobody(...SPELLINGS),
      { ...invoke, Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Resource: CLOSED },
      unless({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/view/*' } }),
    ],
  ],
])('resourcePolicy() beside a closed mount that %s', (_what, asks, expected) => {
  expect(statements(asks)).toEqual(expected);
});

test('resourcePolicy() allows nothing that a mount for IAM callers serves to everybody', () => {
  const text = resourcePolicy({ ...CONFIG, mounts: [closed({}, '/a'), closed({}, '/b')] }, 'aws');

  expect(JSON.parse(text).Statement[0].Resource).toEqual([
    'execute-api:/dev/OPTIONS/a/*',
    'execute-api:/dev/OPTIONS/b/*',
  ]);
});

test('resourcePolicy() refuses what is longer than API Gateway takes', () => {
  const sourceIps = Array.from({ length: 20 }, (_, n) => `2001:db8:aaaa:bbbb:cccc:dddd:${n}::/112`);
  const mounts = Array.from({ length: 12 }, (_, n) => closed({ sourceIps }, `/closed-${n}`));

  expect(() => resourcePolicy({ ...CONFIG, mounts }, 'aws')).toThrow(
    /^Cannot make the API's resource policy: it has about \d+ characters, and API Gateway takes 8192\.$/,
  );
});

test.each([
  ['an open mount', CONFIG],
  ['closed mounts', { ...CONFIG, mounts: [closed({ mfa: 'required' }), closed({ accounts: ['111122223333'] }, '/b')] }],
])('isOwnPolicy() knows the policy of %s, and none that somebody changed', (_what, config: Config) => {
  const text = resourcePolicy(config, 'aws');

  expect(isOwnPolicy(text)).toBe(true);
  expect(isOwnPolicy(text.replace('"Deny"', '"Allow"'))).toBe(false);
  expect(isOwnPolicy(text.replace('/dev/', '/prod/').replace('%3f', '%3g'))).toBe(false);
});

test.each(['{}', '{"Statement":{}}', '{"Statement":[]}', '{"Statement":[{"Effect":"Allow"}]}'])(
  "isOwnPolicy() takes %s for somebody else's",
  (text) => {
    expect(isOwnPolicy(text)).toBe(false);
  },
);
