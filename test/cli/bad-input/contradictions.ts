import { GOOD, HEAD, MOUNT, type Row } from './row.js';

const LOCAL = ['--target', 'local'];
const URL = ['--endpoint-url', 'http://127.0.0.1:4510'];
const TWO = `${GOOD}  - { path: /b, source: ./images, access: public }\n`;
const init = ['--source', 'images', '--access', 'public', '--region', 'eu-west-1'];

/** Words that go together with no other of those given. */
export const contradictions: readonly Row[] = [
  ['wire', [...LOCAL, ...URL], '--endpoint-url must not be given for the local target: got "http://127.0.0.1:4510".'],
  ['list', [...LOCAL, ...URL], '--endpoint-url must not be given for the local target: got "http://127.0.0.1:4510".'],
  ['demo', URL, '--endpoint-url must not be given to pixgate '],
  ['local', URL, '--endpoint-url must not be given to pixgate '],
  [
    'wire',
    LOCAL,
    'PIXGATE_ENDPOINT_URL must not be given for the local target: got "http://127.0.0.1:4510".',
    { env: { PIXGATE_ENDPOINT_URL: 'http://127.0.0.1:4510' } },
  ],
  [
    'wire',
    URL,
    '--endpoint-url must not be given for the local target: got "http://127.0.0.1:4510".',
    { env: { PIXGATE_TARGET: 'local' } },
  ],
  ['local', ['--target', 'aws'], '--target must be local for pixgate local: got "aws".'],
  [
    'test',
    ['--report', 'a.html', '--junit', './a.html'],
    '--junit must be another file than --report: got "./a.html".',
  ],
  ['wire', ['--no-logs', '--log-level', 'info'], '--no-logs must not be given together with --log-level.'],
  ['wire', ['--no-logs', '--access-log'], '--no-logs must not be given together with --access-log.'],
  [
    'wire',
    ['--no-logs'],
    '--no-logs must not be given together with PIXGATE_LOG_LEVEL.',
    { env: { PIXGATE_LOG_LEVEL: 'error' } },
  ],
  ['wire', ['--check'], '--check must go with --plan'],
  ['up', ['--check'], '--check must go with --plan'],
  ['upload', ['--check', '--yes'], '--check must go with --plan'],
  [
    'wire',
    ['--cache-size', 'none', '--cache-ttl', '60'],
    '--cache-ttl must not be given where --cache-size is none: got 60.',
  ],
  ['teardown', ['--expired', '--all'], '--expired must not be given together with --all'],
  ['teardown', ['--confirm', '000000000000'], '--confirm must go with --all, which it confirms: got "000000000000".'],
  ['teardown', ['--all', '--stage', 'dev'], '--stage must not be given together with --all'],
  ['teardown', ['--all', '--name', 'holiday'], '--name must not be given together with --all'],
  ['teardown', ['--expired', '--keep-bucket'], '--keep-bucket must not be given together with --expired'],
  ['teardown', ['--all'], 'PIXGATE_STAGE must not be given together with --all', { env: { PIXGATE_STAGE: 'dev' } }],
  ['init', [...init, '--no-create-bucket'], '--no-create-bucket must come with --bucket', { config: null }],
  [
    'init',
    [...init, '--bucket', 'auto', '--no-create-bucket'],
    '--no-create-bucket must come with --bucket',
    { config: null },
  ],
  ...(['source', 'access'] as const).map(
    (flag): Row => [
      flag === 'source' ? 'upload' : 'up',
      [`--${flag}`, flag === 'source' ? 'images' : 'public'],
      `--${flag} must not be given where pixgate.yaml has 2 mounts`,
      { config: TWO },
    ],
  ),
  [
    'up',
    ['--bucket', 'my-pics'],
    '--bucket must not be given where pixgate.yaml has 2 mounts: got "my-pics".',
    { config: TWO },
  ],
  ['up', ['--mount', '/c'], '--mount must not be given where pixgate.yaml has 2 mounts: got "/c".', { config: TWO }],
  ['up', ['--prefix', 'c/'], '--prefix must not be given where pixgate.yaml has 2 mounts: got "c/".', { config: TWO }],
  [
    'up',
    ['--versioning'],
    '--versioning must not be given where pixgate.yaml has 2 mounts: got true.',
    { config: TWO },
  ],
  ['up', ['--bucket', 'p-111122223333-us-east-1-an'], 'must be of eu-west-1'],
  [
    'wire',
    ['--endpoint', 'edge'],
    'must end in _EDGE for an edge endpoint',
    { config: `${HEAD}securityPolicy: SecurityPolicy_TLS13_1_3_2025_09\n${MOUNT}` },
  ],
  [
    'wire',
    ['--cache-size', 'none'],
    'needs a cache above it',
    { config: `${HEAD}cache: { sizeGb: 0.5 }\n${GOOD.slice(HEAD.length)}    cache: { ttlSeconds: 5 }\n` },
  ],
  [
    'wire',
    ['--region', 'us-east-1'],
    'must name a key of us-east-1',
    { config: `${GOOD}    bucket: { encryption: { kms: "arn:aws:kms:eu-west-1:111122223333:key/1234abcd" } }\n` },
  ],
];
