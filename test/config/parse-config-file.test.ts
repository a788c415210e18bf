import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfigFile } from '../../src/config/parse-config-file.js';
import { ConfigError } from '../../src/errors.js';

const MOUNT = `mounts:
  - path: /images
    source: ./images
    access: public
`;
const GOOD = `version: 1
name: holiday
${MOUNT}`;

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:viewers';
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

function complaintAbout(text: string): ConfigError {
  try {
    parseConfigFile(text, 'pixgate.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('parseConfigFile()', () => {
  it('takes the whole example of the handbook', () => {
    const file = parseConfigFile(
      `version: 1
name: holiday
region: eu-west-1
stage: dev
endpoint: regional
cache: { sizeGb: 0.5, ttlSeconds: 300 }
logs: { level: error, access: true, retentionDays: 30 }
throttle: { rate: 100, burst: 200 }
cors: { origin: '*' }
tracing: false
tags: { team: web }
mounts:
  - path: /images
    bucket: { name: auto, create: true, prefix: images/, versioning: false }
    source: ./images
    access: public
    headers: { Content-Security-Policy: "default-src 'none'; style-src 'unsafe-inline'; sandbox" }
    upload:
      - { match: '**/*', headers: { Cache-Control: 'public, max-age=300' } }
      - { match: '**/*.svg', headers: { Cache-Control: no-store, Expires: 'Wed, 21 Oct 2026 07:28:00 GMT' } }
  - path: /private
    bucket: { name: someone-elses-bucket, create: false }
    source: ../private
    access: public
`,
      'pixgate.yaml',
    );

    expect(file.cache).toEqual({ sizeGb: 0.5, ttlSeconds: 300 });
    expect(file.mounts[0]?.upload?.[1]).toEqual({
      match: '**/*.svg',
      headers: { 'Cache-Control': 'no-store', Expires: 'Wed, 21 Oct 2026 07:28:00 GMT' },
    });
    expect(file.mounts[1]?.bucket).toEqual({ name: 'someone-elses-bucket', create: false });
  });

  it.each([
    ['CRLF', GOOD.replaceAll('\n', '\r\n')],
    ['comments and a document mark', `# mine\n---\n${GOOD}`],
    ['an anchor used twice', `version: 1\nmounts:\n  - &m { path: /a, source: ./x, access: public }\n`],
  ])('takes %s', (_, text) => {
    expect(parseConfigFile(text, 'pixgate.yaml').version).toBe(1);
  });

  it('names file, line, column, field, rule and value', () => {
    const error = complaintAbout(GOOD.replace('/images', 'images/x'));

    expect(error.message).toBe(
      'Cannot read pixgate.yaml: line 4, mounts[0].path must be one segment such as /images: got "images/x".',
    );
    expect(error.place).toEqual({
      file: 'pixgate.yaml',
      line: 4,
      column: 11,
      field: 'mounts[0].path',
      rule: 'must be one segment such as /images',
      value: '"images/x"',
    });
    expect(error.code).toBe('CONFIG');
  });

  it.each([
    ['empty', '', 'it is empty.'],
    ['only comments', '# nothing\n', 'it is empty.'],
    ['a word', 'hello', 'line 1, the file must be a set of fields such as "name: holiday": got "hello".'],
    ['a list', '- a', 'line 1, the file must be a set of fields such as "name: holiday": got ["a"].'],
    ['a tab', 'version: 1\nlogs:\n\tlevel: off\n', 'line 3, a tab stands where YAML wants spaces.'],
    ['a duplicate', `${GOOD}name: twice\n`, 'line 7, name is written twice.'],
    ['no YAML', 'version: [1\n', 'line 2, the text is not YAML:'],
    ['a list without an end', 'version: [1\n', 'line 2, the text is not YAML: a "[" has no "]".'],
    ['an alias of nothing', 'version: 1\nname: *nobody\n', 'line 2, there is no anchor for the alias *nobody.'],
    [
      'a typing error',
      `${GOOD}endpoint: reginal\n`,
      'must be regional or edge (did you mean regional?): got "reginal".',
    ],
    ['two documents', `${GOOD}---\nname: b\n`, 'line 7, the text is not YAML:'],
    ['a tag of another language', 'version: !!js/function x\n', 'line 1, the text is not YAML:'],
    ['__proto__', `__proto__: { a: 1 }\n${GOOD}`, 'line 1, __proto__ is not a known field.'],
    ['__proto__ inside', `${GOOD}tags:\n  __proto__: x\n`, 'line 8, __proto__ is not a known field.'],
    ['constructor', `${GOOD}constructor: x\n`, 'line 7, constructor is not a known field.'],
    ['an object as a name', `? { a: b }\n: c\n${GOOD}`, 'line 1, the text is not YAML:'],
    ['deep nesting', '['.repeat(50_000), 'line 1, the file is nested too deeply.'],
    ['no version', MOUNT, 'line 1, version must be 1: it is missing.'],
    ['a newer version', `new: 1\nversion: 2\n`, 'line 2, version must be 1; a newer pixgate wrote this file: got 2.'],
    ['a number as text', GOOD.replace('1', '"1"'), 'line 1, version must be 1: got "1".'],
    ['no mounts', 'version: 1\n', 'line 1, mounts must be a list with at least one mount: it is missing.'],
    ['an empty list', 'version: 1\nmounts: []\n', 'line 2, mounts must be a list with at least one mount: got [].'],
    [
      'text for a number',
      `${GOOD}throttle: { rate: "100" }\n`,
      'line 7, throttle.rate must be a number from 1 to 100000: got "100".',
    ],
    ['an empty field', `${GOOD}throttle:\n`, 'line 7, throttle must be a set of fields: got null.'],
    ['no number', `${GOOD}concurrency: .nan\n`, 'line 7, concurrency must be a whole number from 1 to 256: got NaN.'],
    [
      'a fraction',
      `${GOOD}cache: { sizeGb: 0.5, ttlSeconds: 300.5 }\n`,
      'line 7, cache.ttlSeconds must be a whole number from 1 to 3600: got 300.5.',
    ],
    ['a ttl of 3601', `${GOOD}cache: { sizeGb: 0.5, ttlSeconds: 3601 }\n`, 'from 1 to 3600: got 3601.'],
    [
      'a cache of 0.7',
      `${GOOD}cache: { sizeGb: 0.7 }\n`,
      'cache.sizeGb must be one of 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237: got 0.7.',
    ],
    [
      'a cache without size',
      `${GOOD}cache: { ttlSeconds: 60 }\n`,
      'line 7, cache.sizeGb must be one of 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237: it is missing.',
    ],
    ['29 days', `${GOOD}logs: { retentionDays: 29 }\n`, 'line 7, logs.retentionDays must be one of 1, 3, 5'],
    [
      'a security policy that is none',
      `${GOOD}securityPolicy: TLS_1_2\n`,
      'line 7, securityPolicy must be one of SecurityPolicy_TLS13_1_3_2025_09, SecurityPolicy_TLS13_1_3_FIPS_2025_09, ',
    ],
    [
      'a security policy of the edge without an edge',
      `${GOOD}securityPolicy: SecurityPolicy_TLS13_2025_EDGE\n`,
      'line 7, securityPolicy must not end in _EDGE for a regional endpoint: got "SecurityPolicy_TLS13_2025_EDGE".',
    ],
    [
      'a regional security policy on the edge',
      `${GOOD}endpoint: edge\nsecurityPolicy: SecurityPolicy_TLS13_1_3_2025_09\n`,
      'line 8, securityPolicy must end in _EDGE for an edge endpoint: got "SecurityPolicy_TLS13_1_3_2025_09".',
    ],
    ['a stage with a space', `${GOOD}stage: a b\n`, 'line 7, stage must be 1 to 128 of A-Z'],
    ['a stage of 129', `${GOOD}stage: ${'s'.repeat(129)}\n`, 'line 7, stage must be 1 to 128 of A-Z'],
    [
      'a region typed wrong',
      `${GOOD}region: us-esat-1\n`,
      'line 7, region must be an AWS Region (did you mean us-east-1?): got "us-esat-1".',
    ],
    [
      'a host as region',
      `${GOOD}region: evil.com/\n`,
      'line 7, region must be an AWS Region such as eu-west-1: got "evil.com/".',
    ],
    [
      'two origins',
      `${GOOD}cors: { origin: 'https://a.com,https://b.com' }\n`,
      'line 7, cors.origin must be "*", one origin',
    ],
    [
      'an origin with a path',
      `${GOOD}cors: { origin: 'https://a.com/' }\n`,
      'line 7, cors.origin must be "*", one origin',
    ],
    [
      'a tag that is a number',
      `${GOOD}tags: { build: 7 }\n`,
      'line 7, tags.build must be text (put it in quotes): got 7.',
    ],
    [
      'a tag of AWS',
      `${GOOD}tags: { 'aws:x': y }\n`,
      'must not begin with aws: or pixgate:, which are taken: got "y".',
    ],
    ['a name of one letter', GOOD.replace('holiday', 'h'), 'line 2, name must be 2 to 32 of a-z'],
    ['a name of 33', GOOD.replace('holiday', 'h'.repeat(33)), 'line 2, name must be 2 to 32 of a-z'],
    ['a name with capitals', GOOD.replace('holiday', 'Holiday'), 'line 2, name must be 2 to 32 of a-z'],
    [
      'no access',
      GOOD.replace('    access: public\n', ''),
      'line 4, mounts[0].access must be written out: public (everybody who knows an address can read the image), iam, api-key, cognito or lambda: it is missing.',
    ],
    ...(
      [
        ['iam: { acounts: ["111122223333"] }', '.iam.acounts is not a known field.'],
        [
          'iam: { accounts: [111122223333] }',
          '.iam.accounts[0] must be the number of an account (put it in quotes): got 111122223333.',
        ],
        [
          'iam: { accounts: ["1111"] }',
          '.iam.accounts[0] must be the number of an account: twelve digits, in quotes: got "1111".',
        ],
        ['iam: { accounts: [] }', '.iam.accounts must be a list of 1 to 20 numbers of accounts: got [].'],
        [
          'iam: { roles: ["Viewer"] }',
          '.iam.roles[0] must be the ARN of a role, such as arn:aws:iam::111122223333:role/Viewer: got "Viewer".',
        ],
        [
          'iam: { sourceIps: ["203.0.113.0/33"] }',
          '.iam.sourceIps[0] must be an address or a block such as 203.0.113.0/24: got "203.0.113.0/33".',
        ],
        [
          `iam: { mfa: required, roles: ["arn:aws:iam::111122223333:role/Viewer"] }`,
          '.iam.mfa must be left out beside roles, whose sessions never say that they began with MFA: got "required".',
        ],
        ['iam: { mfa: true }', '.iam.mfa must be required or none: got true.'],
        ['iam: ~', '.iam must be a set of fields: got null.'],
        ['public: {}', ' must be written out: public (everybody'],
      ] as const
    ).map(([access, sentence]): [string, string, string] => [
      `access ${access}`,
      GOOD.replace('public', `{ ${access} }`),
      `line 6, mounts[0].access${sentence}`,
    ]),
    [
      'a cache on the way that keeps what not everybody may see',
      `${GOOD.replace('public', 'iam')}    upload: [{ match: "**/*", headers: { Cache-Control: "public, max-age=60" } }]\n`,
      'mounts[0].upload[0].headers.Cache-Control must not hold public or s-maxage where not everybody may read: caches on the way would hand it on: got "public, max-age=60".',
    ],
    [
      'a number for a lease',
      `${GOOD}expires: 2\n`,
      'line 7, expires must be a duration from 1m to 365d, such as 30m, 2h or 7d: got 2.',
    ],
    [
      'a lease without end',
      `${GOOD}expires: never\n`,
      'line 7, expires must be a duration from 1m to 365d, such as 30m, 2h or 7d: got "never".',
    ],
    ...(
      [
        [
          'api-key: { quota: { limit: 0, per: day } }',
          '.api-key.quota.limit must be a whole number from 1 to 2147483647: got 0.',
        ],
        ['api-key: { quota: { limit: 1 } }', '.api-key.quota.per must be day, week or month: it is missing.'],
        [
          'api-key: { throttle: { rate: 0 } }',
          '.api-key.throttle.rate must be a number of requests a second from 0.1 to 10000: got 0.',
        ],
        ['cognito: { userPoolArn: eu-west-1_a }', '.cognito.userPoolArn must be the ARN of a user pool, such as'],
        ['cognito: { mfa: on }', '.cognito.mfa must be required, optional or none: got "on".'],
        [
          'cognito: { scopes: [read] }',
          '.cognito.scopes must come with userPoolArn: a pool that pixgate makes gives no such tokens: got ["read"].',
        ],
        ['lambda: {}', '.lambda.functionArn must be the ARN of a function without a version, such as'],
        [
          `lambda: { functionArn: "${FUNCTION}:1" }`,
          '.lambda.functionArn must be the ARN of a function without a version',
        ],
        [
          `lambda: { functionArn: "${FUNCTION}", identityHeaders: [A, B] }`,
          '.lambda.identityHeaders must be one header where type is token: got ["A","B"].',
        ],
        [
          `lambda: { functionArn: "${FUNCTION}", ttlSeconds: 3601 }`,
          '.lambda.ttlSeconds must be a whole number from 0 to 3600: got 3601.',
        ],
        [
          `lambda: { functionArn: "${FUNCTION}", local: ./a.ts }`,
          '.lambda.local must be a file such as ./authorizer.mjs: got "./a.ts".',
        ],
        ['iam: {}, cognito: {}', ' must be written out: public (everybody'],
      ] as const
    ).map(([access, sentence]): [string, string, string] => [
      `access ${access}`,
      GOOD.replace('public', `{ ${access} }`),
      `line 6, mounts[0].access${sentence}`,
    ]),
    [
      'access lambda by its name',
      GOOD.replace('public', 'lambda'),
      'line 6, mounts[0].access must name a function, such as { lambda: { functionArn: "arn:…" } }: got "lambda".',
    ],
    [
      'access by password',
      GOOD.replace('public', '{ password: { create: true } }'),
      'line 6, mounts[0].access must be written out: public (everybody who knows an address can read the image), iam, api-key, cognito or lambda: got {"password":{"create":true}}.',
    ],
    [
      'what a terminal would obey',
      GOOD.replace('./images', '"\\x1b[2J\\u202e\\x9b"'),
      'got "\\u001b[2J\\u{202e}\\u{9b}".',
    ],
  ])('refuses %s', (_, text, sentence) => {
    const error = complaintAbout(text);

    expect(error.message).toContain(`Cannot read pixgate.yaml: `);
    expect(error.message).toContain(sentence);
    expect(error.message).toMatch(/^[^\n]*\.$/);
  });

  it.each([
    ['nmae: x', 'nmae', 'did you mean name?'],
    ['throttel: { rate: 1 }', 'throttel', 'did you mean throttle?'],
    ['logs: { retention: 30 }', 'logs.retention', 'the fields known here are level, access, retentionDays'],
    ['logs: { retentionDay: 30 }', 'logs.retentionDay', 'did you mean retentionDays?'],
    ['lifetime: 2h', 'lifetime', 'the fields known here are version, name,'],
  ])('refuses the unknown field in "%s" and says what is known', (line, field, suggestion) => {
    const error = complaintAbout(`${GOOD}${line}\n`);

    expect(error.message).toBe(`Cannot read pixgate.yaml: line 7, ${field} is not a known field.`);
    expect(error.place.field).toBe(field);
    expect(error.suggestions[0]).toContain(suggestion);
  });

  it('refuses an unknown field inside a mount and says what is known there', () => {
    const error = complaintAbout(`${GOOD}    bucket: { website: false }\n    acces: public\n`);

    expect(error.message).toBe('Cannot read pixgate.yaml: line 7, mounts[0].bucket.website is not a known field.');
    expect(error.suggestions).toEqual([
      'the fields known here are name, create, prefix, versioning, acceleration, region, encryption, namespace',
    ]);
  });

  it.each([
    ['{ iam: { acounts: [] } }', 'mounts[0].access.iam.acounts', 'did you mean accounts?'],
    ['{ api-key: { throttle: { rat: 5 } } }', 'mounts[0].access.api-key.throttle.rat', 'did you mean rate?'],
    ['{ lambda: { functionArm: x } }', 'mounts[0].access.lambda.functionArm', 'did you mean functionArn?'],
  ])(
    'refuses the unknown field of access %s before what it should have been is missed',
    (access, field, suggestion) => {
      const error = complaintAbout(GOOD.replace('public', access));

      expect(error.message).toBe(`Cannot read pixgate.yaml: line 6, ${field} is not a known field.`);
      expect(error.suggestions).toEqual([suggestion]);
    },
  );

  it('refuses an unknown field beside a key, and says what is known there', () => {
    const error = complaintAbout(`${GOOD}    bucket: { encryption: { kms: "${KEY}", kmsKey: x } }\n`);

    expect(error.message).toContain('mounts[0].bucket.encryption.kmsKey is not a known field.');
    expect(error.suggestions).toEqual(['the fields known here are kms']);
  });

  it('never repeats the value of an unknown field, which may be a secret', () => {
    const error = complaintAbout(`${GOOD}secretAccessKey: wJalrXUtnFEMI\n`);

    expect(JSON.stringify([error.message, error.place, error.suggestions])).not.toContain('wJalr');
  });

  it('refuses aliases that multiply, in less than a second', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}*l${i}]`);
    const started = performance.now();

    const error = complaintAbout(`l0: &l0 [x, x]\n${levels.join('\n')}\n`);

    expect(error.message).toBe(
      'Cannot read pixgate.yaml: line 1, the aliases (*) of the file multiply beyond measure.',
    );
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('answers or complains, but never fails, whatever the text', () => {
    const lines = GOOD.split('\n');
    const damaged = fc
      .tuple(fc.nat(lines.length), fc.string({ unit: 'binary' }))
      .map(([at, line]) => lines.toSpliced(at, 1, line).join('\n'));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), damaged), (text) => {
        let outcome: unknown;
        try {
          outcome = parseConfigFile(text, 'pixgate.yaml').version;
        } catch (error) {
          outcome = error instanceof ConfigError ? 1 : error;
        }
        expect(outcome).toBe(1);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves the prototype of all objects alone', () => {
    complaintAbout(`__proto__: { polluted: yes }\n${GOOD}`);

    expect('polluted' in {}).toBe(false);
  });
});

describe('parseConfigFile(), several mounts', () => {
  const two = (first: string, second: string) =>
    `version: 1\nmounts:\n  - { source: ./a, access: public, ${first} }\n  - { source: ./b, access: public, ${second} }\n`;

  it.each([
    [
      'the same bucket and prefixes side by side',
      'path: /a, bucket: { name: shared-pics }',
      'path: /b, bucket: { name: shared-pics }',
    ],
    [
      'the same prefix in two buckets',
      'path: /a, bucket: { name: one-one, prefix: p/ }',
      'path: /b, bucket: { name: two-two, prefix: p/ }',
    ],
    ['the same prefix in two made buckets', 'path: /a, bucket: { prefix: p/ }', 'path: /b, bucket: { prefix: p/ }'],
  ])('takes %s', (_, first, second) => {
    expect(parseConfigFile(two(first, second), 'pixgate.yaml').mounts).toHaveLength(2);
  });

  it.each([
    ['one path twice', 'path: /a', 'path: /a', 'mounts[1].path must differ from the path of mounts[0]: got "/a".'],
    [
      'paths that differ in case',
      'path: /a',
      'path: /A',
      'mounts[1].path must differ from the path of mounts[0]: got "/A".',
    ],
    [
      'a prefix inside another',
      'path: /a, bucket: { name: shared, prefix: p/ }',
      'path: /b, bucket: { name: shared, prefix: p/q/ }',
      'mounts[1].bucket.prefix must not overlap with mounts[0]',
    ],
    [
      'a prefix around another',
      'path: /a, bucket: { name: shared, prefix: p/q/ }',
      'path: /b, bucket: { name: shared, prefix: p/ }',
      'mounts[1].bucket.prefix must not overlap with mounts[0]',
    ],
    [
      'no prefix beside another',
      "path: /a, bucket: { name: shared, prefix: '' }",
      'path: /b, bucket: { name: shared }',
      'mounts[1].bucket.prefix must not overlap with mounts[0]',
    ],
    [
      'auto without create',
      'path: /a',
      'path: /b, bucket: { create: false }',
      'mounts[1].bucket.create must be true for a bucket named auto: got false.',
    ],
    [
      'one bucket with versions and without',
      'path: /a, bucket: { name: shared, versioning: true }',
      'path: /b, bucket: { name: shared }',
      'mounts[1].bucket.versioning must be as in mounts[0], which uses the same bucket',
    ],
    [
      'one bucket with two encryptions',
      'path: /a, bucket: { name: shared }',
      `path: /b, bucket: { name: shared, encryption: { kms: ${KEY} } }`,
      'mounts[1].bucket.encryption must be as in mounts[0], which uses the same bucket',
    ],
  ])('refuses %s', (_, first, second, sentence) => {
    const error = complaintAbout(two(first, second));

    expect(error.message).toContain(`line 4, ${sentence}`);
  });

  it('refuses an account-regional bucket of another region', () => {
    const bucket = 'bucket: { name: pics-123456789012-us-east-1-an, create: false }';

    const error = complaintAbout(`region: eu-west-1\n${two('path: /a', `path: /b, ${bucket}`)}`);

    expect(error.message).toContain('mounts[1].bucket.name must be of eu-west-1, the region above');
  });
});

describe('parseConfigFile(), Region, key and namespace of a bucket', () => {
  const withBucket = (yaml: string) => `region: eu-west-1\n${GOOD}    bucket: ${yaml}\n`;

  it.each([
    ['a Region', '{ region: us-east-1 }'],
    ["S3's own keys", '{ encryption: aes256 }'],
    ['a key', `{ encryption: { kms: ${KEY} } }`],
    ['a key beside a Region', `{ region: us-east-1, encryption: { kms: ${KEY.replace('eu-west-1', 'us-east-1')} } }`],
    ['a key of a bucket that is only used', `{ name: theirs, create: false, encryption: { kms: ${KEY} } }`],
    ['a global name', '{ namespace: global }'],
    ['a name of the account alone', '{ namespace: account-regional }'],
    ['such a name, written out', '{ name: p-111122223333-eu-west-1-an, namespace: account-regional }'],
    ['such a name in the Region of the bucket', '{ name: p-111122223333-us-east-1-an, region: us-east-1 }'],
  ])('takes %s', (_, yaml) => {
    expect(parseConfigFile(withBucket(yaml), 'pixgate.yaml').mounts).toHaveLength(1);
  });

  it.each([
    [
      'a Region with a typing error',
      '{ region: eu-wst-1 }',
      'bucket.region must be an AWS Region (did you mean eu-west-1?)',
    ],
    ['another word', '{ encryption: sse }', 'bucket.encryption must be aes256 or { kms: "arn:…" }: got "sse".'],
    [
      'no ARN',
      '{ encryption: { kms: my-key } }',
      'bucket.encryption.kms must be the ARN of a KMS key, such as arn:aws:kms:',
    ],
    ['an alias', `{ encryption: { kms: ${KEY.replace('key/', 'alias/')} } }`, 'must be the ARN of a KMS key'],
    [
      'a field beside the key',
      `{ encryption: { kms: ${KEY}, bucketKey: true } }`,
      'bucket.encryption.bucketKey is not a known field',
    ],
    [
      'a key of another Region than the API',
      `{ encryption: { kms: ${KEY.replace('eu-west-1', 'us-east-1')} } }`,
      'bucket.encryption must name a key of eu-west-1, where the bucket is',
    ],
    [
      'a key of another Region than the bucket',
      `{ region: us-east-1, encryption: { kms: ${KEY} } }`,
      'bucket.encryption must name a key of us-east-1, where the bucket is',
    ],
    [
      'a name of another Region than the bucket',
      '{ name: p-111122223333-eu-west-1-an, region: us-east-1 }',
      "bucket.name must be of us-east-1, the bucket's region",
    ],
    ['another namespace', '{ namespace: mine }', 'bucket.namespace must be account-regional or global: got "mine".'],
    [
      'a namespace that the Region does not have',
      '{ region: me-south-1, namespace: account-regional }',
      'bucket.namespace must be global in me-south-1, which has no account-regional names',
    ],
    [
      'a namespace that the name is not of',
      '{ name: my-pics, namespace: account-regional }',
      'bucket.namespace must be global for a name that does not end with -{account}-{region}-an',
    ],
    [
      'the global namespace for a name that is not of it',
      '{ name: p-111122223333-eu-west-1-an, namespace: global }',
      'bucket.namespace must be account-regional for a name that ends with -an',
    ],
    [
      'a namespace for what is only used',
      '{ name: theirs, create: false, namespace: global }',
      'bucket.namespace must be left out for a bucket that is only used',
    ],
  ])('refuses %s', (_, yaml, sentence) => {
    const error = complaintAbout(withBucket(yaml));

    expect(error.message).toContain(sentence);
  });
});

describe('parseConfigFile(), headers', () => {
  const withHeaders = (yaml: string) => `${GOOD}    headers: ${yaml}\n`;

  it.each([
    ['a line break', '{ X-A: "a\\r\\nb" }', 'mounts[0].headers.X-A must not hold line breaks or control characters'],
    ['a tab', '{ X-A: "a\\tb" }', 'mounts[0].headers.X-A must not hold line breaks or control characters'],
    ['what is not Latin-1', '{ X-A: "€" }', 'mounts[0].headers.X-A must hold Latin-1 characters only'],
    ['nothing', "{ X-A: '' }", 'mounts[0].headers.X-A must not be empty'],
    ['a number', '{ X-A: 1 }', 'mounts[0].headers.X-A must be text (put it in quotes): got 1.'],
    ['a name with a space', '{ "X A": b }', 'mounts[0].headers."X A" must be named by a token such as X-Frame-Options'],
    ['a name with a line break', '{ "X\\nA": b }', 'must be named by a token such as X-Frame-Options'],
    ['Connection', '{ Connection: close }', 'must not be fixed: it belongs to the connection or to the image itself'],
    ['transfer-encoding', '{ transfer-encoding: chunked }', 'must not be fixed: it belongs to the connection'],
    ['Content-Length', "{ Content-Length: '1' }", 'must not be fixed: it belongs to the connection'],
    ['Content-Type', '{ Content-Type: text/html }', 'must not be fixed: it belongs to the connection'],
    ['x-amz-acl', '{ x-amz-acl: x }', 'must not be fixed: x-amz- and x-amzn- belong to AWS'],
    ['Server', '{ Server: x }', 'must not be fixed: API Gateway renames it'],
    ['one name in two cases', '{ X-A: a, x-a: b }', 'mounts[0].headers.x-a must be written once only: got "b".'],
  ])('refuses %s', (_, yaml, sentence) => {
    expect(complaintAbout(withHeaders(yaml)).message).toContain(sentence);
  });

  it.each([
    ['Content-Type', 'Content-Type: image/png', 'headers.Content-Type is not a known field.'],
    ['a name in lower case', 'cache-control: no-store', 'headers.cache-control is not a known field.'],
    ['an Expires that is no date', 'Expires: tomorrow', 'headers.Expires must be a date such as'],
    ['an Expires without GMT', "Expires: '2026-10-21'", 'headers.Expires must be a date such as'],
  ])('refuses to store %s', (_, header, sentence) => {
    const error = complaintAbout(`${GOOD}    upload: [{ match: '**/*', headers: { ${header} } }]\n`);

    expect(error.message).toContain(`line 7, mounts[0].upload[0].${sentence}`);
  });

  it.each(["''", '/a/*', "'[ab].png'", "'!x'", "'{a,{b,c}}'", "'{a'", "'a\\b'", "'(a|b)'", "'+(a)'"])(
    'refuses the glob %s',
    (glob) => {
      const error = complaintAbout(`${GOOD}    upload: [{ match: ${glob}, headers: {} }]\n`);

      expect(error.message).toContain('mounts[0].upload[0].match must be a glob such as **/*.svg');
    },
  );
});
