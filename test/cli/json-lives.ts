import type { CommandResults } from '../../src/index.js';

/** The commands that print a document. */
export type Name = keyof CommandResults;

/** One run of a command with `--json`. */
export interface Run {
  readonly name: Name;
  /** What is typed behind it; `{secret}` and `{id}` stand for what the document before had, `{account}` for any before. */
  readonly argv: string;
  readonly exitCode: number;
  /** What the document must be, as a type that the package exports; 'FailureDocument' for an error alone. */
  readonly type: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A file of the folder to change before, and what it then holds; undefined: it goes. */
  readonly file?: readonly [name: string, text: string | undefined];
}

const yes = (name: Name, argv: string, type: string, more: Partial<Run> = {}): Run => ({
  ...{ name, argv, type, exitCode: 0 },
  ...more,
});

/** A run that fails with nothing achieved, unless `type` says what. */
const no = (name: Name, argv: string, exitCode: number, type = '', more: Partial<Run> = {}): Run => ({
  ...{ name, argv, exitCode, type: type === '' ? 'FailureDocument' : `${type} & FailureDocument` },
  ...more,
});

const CONFIG = `version: 1
name: holiday
region: eu-west-1
cache: { sizeGb: 0.5 }
mounts:
  - { path: /open, source: ./images, access: public }
  - { path: /keys, source: ./images, access: api-key }
  - { path: /users, source: ./images, access: { cognito: { mfa: none } } }
`;

const NO_AWS = { PIXGATE_TARGET: 'aws', AWS_ACCESS_KEY_ID: 'AKIA0000000000000009', AWS_SECRET_ACCESS_KEY: 'x/none' };
/** The name of a file that no disk takes, as shows only when it is written. */
const TOO_LONG = 'x'.repeat(300);
const FLAGS = '--source images --access public --region eu-west-1';

/** Before there is a config file. */
const FRESH: readonly Run[] = [
  yes('list', '', 'ListDocument'),
  yes('init', `--plan ${FLAGS}`, 'Plan'),
  yes('up', `--plan ${FLAGS}`, 'Plan'),
  yes('teardown', '--expired --yes', 'SweepDocument'),
  yes('completion', 'bash', 'CompletionDocument'),
  yes('demo', '', 'UpDocument'),
  no('completion', 'fish', 2),
  no('demo', '--target aws', 2),
  no('demo', `--report ${TOO_LONG}`, 2, 'UpDocument'),
  no('init', '', 2),
  no('list', '--region us-esat-1', 2),
  no('list', '--bogus', 2),
  no('list', '--region eu-west-1 --endpoint-url http://127.0.0.1:9', 4, '', { env: NO_AWS }),
  no('local', '--port 0', 2),
  no('list', '--region eu-west-1 --profile nobody', 2, '', { env: NO_AWS }),
  no('teardown', '', 2),
  yes('teardown', '--all --yes', 'SweepDocument'),
  no('wire', '', 2, '', { file: ['pixgate.yaml', 'version: 1\nnmae: x\n'] }),
];

/** From a config file to a gateway that serves. */
const RISE: readonly Run[] = [
  no('test', '', 3, '', { file: ['pixgate.yaml', CONFIG] }),
  no('logs', '', 3),
  no('flush', '', 3),
  no('access', '', 3),
  no('status', '--check', 1, 'Status'),
  no('init', '', 2),
  yes('init', '--plan', 'Plan'),
  yes('init', '--yes', 'ApplyResult'),
  yes('upload', '--plan', 'Plan'),
  no('upload', '--plan --check', 1, 'Plan'),
  no('upload', '--yes', 2, 'ApplyResult', { file: ['images/bad.png', 'no image'] }),
  yes('upload', '--yes', 'ApplyResult', { file: ['images/bad.png', undefined] }),
  no('upload', 'nowhere --yes', 2),
  yes('wire', '--plan', 'Plan'),
  no('wire', '--plan --check', 1, 'Plan'),
  no('wire', '', 2),
  yes('wire', '--yes', 'ApplyResult'),
  yes('wire', '--plan --check', 'Plan'),
];

/** What a gateway that serves is asked for. */
const USE: readonly Run[] = [
  yes('status', '--check', 'Status'),
  yes('list', '', 'ListDocument'),
  yes('test', '', 'Report'),
  no('test', `--report ${TOO_LONG}`, 2, 'Report'),
  no('test', '--sample 0', 2),
  yes('flush', '/open/kite.svg', 'FlushResult'),
  yes('flush', '', 'FlushResult'),
  no('flush', '/elsewhere', 2),
  yes('logs', '--since 1h', 'LogsResult'),
  no('logs', '--follow', 2),
  yes('access', '', 'AccessResult'),
  yes('access', 'key add ci', 'SecretDocument'),
  yes('access', 'key show ci --reveal', 'SecretDocument'),
  yes('access', 'key rotate ci --out key.txt', 'SecretDocument'),
  yes('access', 'key delete {id}', 'DeletedDocument'),
  yes('access', 'key list', 'KeysDocument'),
  no('access', 'key show nobody --reveal', 2),
  no('access', 'keys', 2),
  yes('access', 'user add ann --reveal', 'SecretDocument'),
  yes('access', 'login ann --reveal', 'SecretDocument', {
    env: { PIXGATE_PASSWORD: '{secret}', PIXGATE_NEW_PASSWORD: 'Correct-Horse-9-Staple' },
  }),
  yes('access', 'user reset ann --reveal', 'SecretDocument'),
  yes('access', 'user list', 'UsersDocument'),
  yes('access', 'user delete ann', 'DeletedDocument'),
  no('access', 'user reset ann --reveal', 2),
];

const BENT = CONFIG.replace('cache:', 'throttle: { rate: 7 }\ncache:');

/** What differs, and how all of it goes. */
const FALL: readonly Run[] = [
  no('status', '--check', 1, 'Status', { file: ['pixgate.yaml', BENT] }),
  no('test', '', 1, 'Report'),
  no('up', '--plan --check', 1, 'Plan'),
  yes('up', '--yes', 'UpDocument'),
  no('up', `--yes --junit ${TOO_LONG}`, 2, 'UpDocument'),
  no('up', '--yes', 2, 'UpDocument', { file: ['images/bad.png', 'no image'] }),
  yes('teardown', '--all --plan', 'SweepDocument'),
  no('teardown', '', 2),
  yes('teardown', '--plan', 'Plan'),
  yes('teardown', '--yes', 'ApplyResult'),
  yes('init', '--yes', 'ApplyResult'),
  no('teardown', '--all --yes', 2),
  yes('teardown', '--all --yes --confirm {account}', 'SweepDocument'),
  no('up', '--yes', 2, '', { file: ['images/kite.svg', undefined] }),
  no('wire', '--yes', 6, '', { file: ['.pixgate/state', 'no ledgers'] }),
];

/** The life of an environment, told in documents only. */
export const LIFE: readonly Run[] = [...FRESH, ...RISE, ...USE, ...FALL];
