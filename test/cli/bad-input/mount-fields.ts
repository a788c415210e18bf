import { access, GOOD, HEAD, MOUNT, ofMount, type Row } from './row.js';

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:viewers';
const POOL = 'arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbCdEfGhI';
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd';

/** A second mount beside the good one. */
function second(yaml: string, says: string, first = ''): Row {
  return ['wire', [], says, { config: `${GOOD}${first}  - { source: ./images, access: public, ${yaml} }\n` }];
}

/** Fields of a mount. */
const ofOneMount: readonly Row[] = [
  [
    'wire',
    [],
    'line 5, mounts[0].path must be one segment such as /images: got "images/x".',
    { config: GOOD.replace('/images', 'images/x') },
  ],
  [
    'wire',
    [],
    'mounts[0].path must be one segment such as /images: got "/..".',
    { config: GOOD.replace('/images', '/..') },
  ],
  [
    'wire',
    [],
    'mounts[0].path must be one segment such as /images: it is missing.',
    { config: GOOD.replace('path: /images\n    ', '') },
  ],
  [
    'wire',
    [],
    'mounts[0].source must be a folder such as ./images: got null.',
    { config: GOOD.replace('./images', '') },
  ],
  [
    'wire',
    [],
    'mounts[0].source must be a folder such as ./images: got "\\u001b[2J\\u{202e}".',
    { config: GOOD.replace('./images', '"\\x1b[2J\\u202e"') },
  ],
  ['wire', [], 'mounts[0].access must be written out: public', { config: GOOD.replace('    access: public\n', '') }],
  ofMount('cache: { ttlSeconds: 5 }', 'line 8, mounts[0].cache needs a cache above it'),
  ofMount('throttle: { rate: 0 }', 'line 8, mounts[0].throttle.rate must be a number from 1 to 100000: got 0.'),
  ofMount('headers: { X-A: 1 }', 'line 8, mounts[0].headers.X-A must be text (put it in quotes): got 1.'),
  ofMount(
    'headers: { X-A: "a\\r\\nb" }',
    'line 8, mounts[0].headers.X-A must not hold line breaks or control characters: got "a\\r\\nb".',
  ),
  ofMount('headers: { Content-Type: text/html }', 'line 8, mounts[0].headers.Content-Type must not be fixed'),
  ofMount('include: []', 'line 8, mounts[0].include must be a list of globs: got [].'),
  ofMount('include: "*.png"', 'line 8, mounts[0].include must be a list of globs: got "*.png".'),
  ofMount('exclude: ["/abs/*"]', 'line 8, mounts[0].exclude[0] must be a glob such as **/*.svg'),
  ofMount('exclude: ["[ab].png"]', 'line 8, mounts[0].exclude[0] must be a glob such as **/*.svg'),
  ofMount('svg: wran', 'line 8, mounts[0].svg must be allow, warn or refuse (did you mean warn?): got "wran".'),
  ofMount('links: folow', 'line 8, mounts[0].links must be inside or follow (did you mean follow?): got "folow".'),
  ofMount('upload: { match: "*" }', 'line 8, mounts[0].upload must be a list'),
  ofMount('upload: [{ headers: {} }]', 'line 8, mounts[0].upload[0].match must be a glob such as **/*.svg'),
  ofMount(
    'upload: [{ match: "**", headers: { Expires: tomorrow } }]',
    'mounts[0].upload[0].headers.Expires must be a date such as',
  ),
  ofMount(
    'upload: [{ match: "**", metadata: { A: b } }]',
    'mounts[0].upload[0].metadata.A must be named by up to 64 of a-z',
  ),
  ofMount('bucket: my-pics', 'line 8, mounts[0].bucket must be a set of fields: got "my-pics".'),
  ofMount('bucket: { create: no }', 'line 8, mounts[0].bucket.create must be true or false: got "no".'),
  ofMount(
    'bucket: { create: false }',
    'line 8, mounts[0].bucket.create must be true for a bucket named auto: got false.',
  ),
  ofMount('bucket: { prefix: images }', 'line 8, mounts[0].bucket.prefix must end in "/": got "images".'),
  ofMount(
    'bucket: { prefix: ../ }',
    'line 8, mounts[0].bucket.prefix must not hold a segment of dots only: got "../".',
  ),
  ofMount('bucket: { prefix: /abs/ }', 'line 8, mounts[0].bucket.prefix must not begin with "/": got "/abs/".'),
  ofMount(
    'bucket: { encryption: aes265 }',
    'line 8, mounts[0].bucket.encryption must be aes256 or { kms: "arn:…" }: got "aes265".',
  ),
  ofMount(
    'bucket: { encryption: { kms: my-key } }',
    'line 8, mounts[0].bucket.encryption.kms must be the ARN of a KMS key',
  ),
  ofMount(
    `bucket: { encryption: { kms: "${KEY.replace('eu-west-1', 'us-east-1')}" } }`,
    'must name a key of eu-west-1, where the bucket is',
  ),
  ofMount(
    'bucket: { namespace: globl }',
    'line 8, mounts[0].bucket.namespace must be account-regional or global (did you mean global?): got "globl".',
  ),
  ofMount('bucket: { namespace: account-regional, name: my-pics }', 'must be global for a name that does not end with'),
  ofMount(
    'bucket: { name: my.pics, acceleration: true }',
    'mounts[0].bucket.acceleration must be false for a bucket with a dot in its name: got true.',
  ),
  ofMount(
    'bucket: { region: eu-wst-1 }',
    'mounts[0].bucket.region must be an AWS Region (did you mean eu-west-1?): got "eu-wst-1".',
  ),
  ofMount('bucket: { versioning: 1 }', 'mounts[0].bucket.versioning must be true or false: got 1.'),
  second('path: /images', 'mounts[1].path must differ from the path of mounts[0]: got "/images".'),
  second('path: /Images', 'mounts[1].path must differ from the path of mounts[0]: got "/Images".'),
  second(
    'path: /b, bucket: { name: pics, prefix: images/ }',
    'mounts[1].bucket.prefix must not overlap with mounts[0]',
    '    bucket: { name: pics }\n',
  ),
  second(
    'path: /b, bucket: { name: pics }',
    'mounts[1].bucket.versioning must be as in mounts[0], which uses the same bucket',
    '    bucket: { name: pics, versioning: true }\n',
  ),
];

/** Kinds of access, and what they can be told. */
const kinds: readonly Row[] = [
  access('publik', 'line 7, mounts[0].access must be written out: public'),
  access('publik', '(did you mean public?): got "publik".'),
  access('apikey', '(did you mean api-key?): got "apikey".'),
  access('true', 'line 7, mounts[0].access must be written out: public'),
  access('[public]', 'got ["public"].'),
  access('{ public: {} }', 'line 7, mounts[0].access'),
  access('{ iam: {}, cognito: {} }', 'line 7, mounts[0].access must be written out: public'),
  access('{ password: { create: true } }', 'got {"password":{"create":true}}.'),
  access('lambda', 'must name a function, such as { lambda: { functionArn: "arn:…" } }: got "lambda".'),
  access('{ iam: ~ }', 'mounts[0].access.iam must be a set of fields: got null.'),
  access(
    '{ iam: { accounts: [111122223333] } }',
    'mounts[0].access.iam.accounts[0] must be the number of an account (put it in quotes): got 111122223333.',
  ),
  access('{ iam: { accounts: ["1111"] } }', 'twelve digits, in quotes: got "1111".'),
  access('{ iam: { accounts: [] } }', 'must be a list of 1 to 20 numbers of accounts: got [].'),
  access('{ iam: { roles: ["Viewer"] } }', 'mounts[0].access.iam.roles[0] must be the ARN of a role'),
  access(
    '{ iam: { sourceIps: ["203.0.113.0/33"] } }',
    'must be an address or a block such as 203.0.113.0/24: got "203.0.113.0/33".',
  ),
  access(
    '{ iam: { mfa: requried } }',
    'mounts[0].access.iam.mfa must be required or none (did you mean required?): got "requried".',
  ),
  access(
    '{ api-key: { quota: { limit: 0, per: day } } }',
    'quota.limit must be a whole number from 1 to 2147483647: got 0.',
  ),
  access(
    '{ api-key: { quota: { limit: 1, per: dya } } }',
    'quota.per must be day, week or month (did you mean day?): got "dya".',
  ),
  access(
    '{ api-key: { throttle: { rate: 0 } } }',
    'throttle.rate must be a number of requests a second from 0.1 to 10000: got 0.',
  ),
  access(
    '{ cognito: { userPoolArn: eu-west-1_a } }',
    'mounts[0].access.cognito.userPoolArn must be the ARN of a user pool, such as',
  ),
  access(
    '{ cognito: { mfa: optinal } }',
    'must be required, optional or none (did you mean optional?): got "optinal".',
  ),
  access('{ cognito: { scopes: [read] } }', 'scopes must come with userPoolArn'),
  access(
    `{ cognito: { userPoolArn: "${POOL}", mfa: none } }`,
    'mfa must be left out beside userPoolArn: the pool says: got "none".',
  ),
  access(
    `{ cognito: { userPoolArn: "${POOL}", create: true } }`,
    'create must be left out beside userPoolArn: got true.',
  ),
  access('{ lambda: {} }', 'functionArn must be the ARN of a function without a version'),
  access(`{ lambda: { functionArn: "${FUNCTION}:1" } }`, `: got "${FUNCTION}:1".`),
  access(
    `{ lambda: { functionArn: "${FUNCTION.replace('eu-west-1', 'us-east-1')}" } }`,
    'must name a function of eu-west-1, the region above',
  ),
  access(
    `{ lambda: { functionArn: "${FUNCTION}", type: tokn } }`,
    'must be token or request (did you mean token?): got "tokn".',
  ),
  access(
    `{ lambda: { functionArn: "${FUNCTION}", ttlSeconds: 3601 } }`,
    'ttlSeconds must be a whole number from 0 to 3600: got 3601.',
  ),
  access(
    `{ lambda: { functionArn: "${FUNCTION}", local: ./a.ts } }`,
    'local must be a file such as ./authorizer.mjs: got "./a.ts".',
  ),
  [
    'wire',
    [],
    'must not hold public or s-maxage where not everybody may read',
    { config: `${GOOD.replace('public', 'iam')}    headers: { Cache-Control: public }\n` },
  ],
  ['wire', [], 'line 7, mounts[0].access', { config: `${HEAD}${MOUNT.replace('public', '')}` }],
];

/** Fields of a mount with values that they do not take, and what its access is told. */
export const mountFields: readonly Row[] = [...ofOneMount, ...kinds];
