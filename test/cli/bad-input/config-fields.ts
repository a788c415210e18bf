import { access, field, GOOD, HEAD, ofMount, type Row } from './row.js';

const SECRET = 'wJalrXUtnFEMI';

/** Fields that nobody knows, with what was meant. */
const unknown: readonly Row[] = [
  field('nmae: x', 'line 4, nmae is not a known field.', { suggests: 'did you mean name?' }),
  field('throttel: { rate: 1 }', 'line 4, throttel is not a known field.', { suggests: 'did you mean throttle?' }),
  field('lifetime: 2h', 'line 4, lifetime is not a known field.', {
    suggests: 'the fields known here are version, name,',
  }),
  field('Region: eu-west-1', 'line 4, Region is not a known field.', { suggests: 'did you mean region?' }),
  field('endpointUrl: http://evil.example', 'line 4, endpointUrl is not a known field.'),
  field('profile: prod', 'line 4, profile is not a known field.'),
  field(`secretAccessKey: ${SECRET}`, 'line 4, secretAccessKey is not a known field.'),
  field('password: hunter2', 'line 4, password is not a known field.'),
  field(`aws_secret_access_key: ${SECRET}`, 'line 4, aws_secret_access_key is not a known field.'),
  field('cache: { sizeGb: 0.5, ttl: 60 }', 'line 4, cache.ttl is not a known field.'),
  field('logs: { retentionDay: 30 }', 'line 4, logs.retentionDay is not a known field.', {
    suggests: 'did you mean retentionDays?',
  }),
  field('cors: { orign: "*" }', 'line 4, cors.orign is not a known field.', { suggests: 'did you mean origin?' }),
  ofMount('acces: public', 'line 8, mounts[0].acces is not a known field.', { suggests: 'did you mean access?' }),
  ofMount('bucket: { nmae: x }', 'line 8, mounts[0].bucket.nmae is not a known field.', {
    suggests: 'did you mean name?',
  }),
  ofMount('"a\\u001b[2Jb": 1', 'line 8, mounts[0]."a\\u001b[2Jb" is not a known field.'),
  access('{ iam: { acounts: ["111122223333"] } }', 'mounts[0].access.iam.acounts is not a known field.', {
    suggests: 'did you mean accounts?',
  }),
  access('{ api-key: { throtle: {} } }', 'mounts[0].access.api-key.throtle is not a known field.', {
    suggests: 'did you mean throttle?',
  }),
  access('{ lambda: { functionArm: x } }', 'mounts[0].access.lambda.functionArm is not a known field.'),
];

/** Fields of the file itself, with values that they do not take. */
const ofFile: readonly Row[] = [
  field('stage: 1', 'line 4, stage must be 1 to 128 of A-Z, a-z, 0-9, "-" and "_": got 1.'),
  field('stage: [dev]', 'line 4, stage must be 1 to 128 of A-Z, a-z, 0-9, "-" and "_": got ["dev"].'),
  field('endpoint: reginal', 'line 4, endpoint must be regional or edge (did you mean regional?): got "reginal".'),
  field('endpoint: private', 'line 4, endpoint must be regional or edge: got "private".'),
  field('endpoint: true', 'line 4, endpoint must be regional or edge: got true.'),
  field('securityPolicy: TLS_1_2', 'line 4, securityPolicy must be one of SecurityPolicy_TLS13_1_3_2025_09, '),
  field(
    'securityPolicy: SecurityPolicy_TLS13_1_2_2021_6',
    '(did you mean SecurityPolicy_TLS13_1_2_2021_06?): got "SecurityPolicy_TLS13_1_2_2021_6".',
  ),
  field(
    'securityPolicy: SecurityPolicy_TLS13_2025_EDGE',
    'line 4, securityPolicy must not end in _EDGE for a regional endpoint',
  ),
  field('cache: 0.5', 'line 4, cache must be a set of fields: got 0.5.'),
  field('cache:', 'line 4, cache must be a set of fields: got null.'),
  field(
    'cache: { ttlSeconds: 60 }',
    'line 4, cache.sizeGb must be one of 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237: it is missing.',
  ),
  field(
    'cache: { sizeGb: "0.5" }',
    'line 4, cache.sizeGb must be one of 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237: got "0.5".',
  ),
  field('cache: { sizeGb: 0.7 }', '237: got 0.7.'),
  field(
    'cache: { sizeGb: 0.5, ttlSeconds: -1 }',
    'line 4, cache.ttlSeconds must be a whole number from 1 to 3600: got -1.',
  ),
  field(
    'cache: { sizeGb: 0.5, ttlSeconds: 1e9 }',
    'line 4, cache.ttlSeconds must be a whole number from 1 to 3600: got 1000000000.',
  ),
  field(
    'cache: { sizeGb: 0.5, ttlSeconds: .inf }',
    'line 4, cache.ttlSeconds must be a whole number from 1 to 3600: got ',
  ),
  field(
    'cache: { sizeGb: 0.5, reload: ignored }',
    'line 4, cache.reload must be ignore or forbid (did you mean ignore?): got "ignored".',
  ),
  field('logs: { level: eror }', 'line 4, logs.level must be off, error or info (did you mean error?): got "eror".'),
  field('logs: { level: debug }', 'line 4, logs.level must be off, error or info: got "debug".'),
  field('logs: { level: false }', 'line 4, logs.level must be off, error or info: got false.'),
  field('logs: { access: "yes" }', 'line 4, logs.access must be true or false: got "yes".'),
  field('logs: { retentionDays: 29 }', 'line 4, logs.retentionDays must be one of 1, 3, 5'),
  field('logs: off', 'line 4, logs must be a set of fields: got "off".'),
  field('throttle: { rate: "100" }', 'line 4, throttle.rate must be a number from 1 to 100000: got "100".'),
  field('throttle: { burst: 1.5 }', 'line 4, throttle.burst must be a whole number from 1 to 100000: got 1.5.'),
  field('cors: "*"', 'line 4, cors must be a set of fields: got "*".'),
  field('cors: { origin: "https://a.com, https://b.com" }', 'line 4, cors.origin must be "*", one origin'),
  field('cors: {}', 'line 4, cors.origin must be "*", one origin such as https://example.com, or none: it is missing.'),
  field('tracing: on', 'line 4, tracing must be true or false: got "on".'),
  field('metrics: 1', 'line 4, metrics must be true or false: got 1.'),
  field('tags: [team]', 'line 4, tags must be a set of names and values: got ["team"].'),
  field('tags: { build: 7 }', 'line 4, tags.build must be text (put it in quotes): got 7.'),
  field('tags: { "aws:x": y }', 'must not begin with aws: or pixgate:, which are taken: got "y".'),
  field('expires: 2', 'line 4, expires must be a duration from 1m to 365d, such as 30m, 2h or 7d: got 2.'),
  field('expires: never', 'line 4, expires must be a duration from 1m to 365d, such as 30m, 2h or 7d: got "never".'),
  field('concurrency: 0', 'line 4, concurrency must be a whole number from 1 to 256: got 0.'),
  field('concurrency: .nan', 'line 4, concurrency must be a whole number from 1 to 256: got NaN.'),
  ['wire', [], 'line 2, name must be 2 to 32 of a-z', { config: GOOD.replace('holiday', 'Holiday') }],
  ['wire', [], 'line 2, name must be 2 to 32 of a-z', { config: GOOD.replace('holiday', '12') }],
  ['wire', [], 'line 4, mounts must be a list with at least one mount: got [].', { config: `${HEAD}mounts: []\n` }],
  [
    'wire',
    [],
    'line 4, mounts must be a list with at least one mount: got {"path":"/images"}.',
    { config: `${HEAD}mounts: { path: /images }\n` },
  ],
  [
    'wire',
    [],
    'line 5, mounts[0] must be a set of fields: got "/images".',
    { config: `${HEAD}mounts:\n  - /images\n` },
  ],
];

/** Fields of the config, and unknown ones of its mounts, with values that they do not take. */
export const configFields: readonly Row[] = [...unknown, ...ofFile];
