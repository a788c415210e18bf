import type { Row } from './row.js';

const LOCAL = ['--target', 'local'];

/** The config of the gateway that these rows are about: one mount behind keys, one behind a user pool. */
export const ACCOUNT = `version: 1
name: holiday
region: eu-west-1
cache: { sizeGb: 0.5 }
mounts:
  - { path: /images, source: ./images, access: api-key }
  - { path: /pool, source: ./images, access: cognito }
  - { path: /open, source: ./images, access: public }
`;

function of(command: Row[0], argv: readonly string[], says: string, around: Row[3] = {}): Row {
  return [command, [...LOCAL, ...argv], says, around];
}

const UNASKED = 'Cannot give a secret away unasked: --reveal shows it, --out FILE writes it to a file of yours.';
const APPROVAL = 'Cannot ask for approval: this is not a terminal, and --yes was not given.';
const SWEEP = 'Cannot ask for approval: off a terminal --all needs both --yes and --confirm.';
const shown = { isShown: true };

/** What is asked of a gateway that exists on the local cloud, and must leave it as it is. */
export const account: readonly Row[] = [
  of('wire', ['--throttle-rate', '7'], APPROVAL, { ...shown, suggests: 'add --yes' }),
  of('up', ['--throttle-rate', '7'], APPROVAL, { ...shown, suggests: 'add --yes' }),
  of('teardown', [], APPROVAL, { ...shown, suggests: 'add --yes' }),
  of('teardown', ['--all'], SWEEP, { ...shown, suggests: 'add --yes --confirm' }),
  of('teardown', ['--all', '--yes'], SWEEP, shown),
  of('teardown', ['--all', '--confirm', '000000000000'], SWEEP, shown),
  of(
    'teardown',
    ['--all', '--yes', '--confirm', '123'],
    '--confirm must be the account that is meant: got "123".',
    shown,
  ),
  of('teardown', ['--all', '--yes', '--confirm', ''], '--confirm must be the account that is meant: got "".', shown),
  of('upload', ['nowhere', '--yes'], 'nowhere"'),
  of('upload', ['..', '--yes'], 'PATH must be in the folder of a mount: got "/'),
  of('upload', ['pixgate.yaml', '--yes'], 'PATH must be in the folder of a mount: got "/'),
  of('upload', ['/etc/passwd', '--yes'], 'PATH must be in the folder of a mount: got "/etc/passwd".'),
  of('upload', ['--yes', '--', '-rf'], '/-rf"'),
  of('upload', ['', '--yes'], 'PATH must be a file or a folder of a mount: got "".'),
  of('flush', ['https://evil.example/images/a.png'], 'got "https://evil.example/images/a.png".'),
  of('flush', ['/elsewhere/a.png'], 'PATH must name an image below'),
  of('flush', ['/open'], 'got "/open".'),
  of('flush', ['/open/'], 'got "/open/".'),
  of('flush', ['/open/a.png?x=1'], 'PATH must be without a query: got "/open/a.png?x=1".'),
  of('flush', [''], 'got "".'),
  of('flush', ['a\nb'], 'got "a\\nb".'),
  of('access', ['key', 'show', 'ci'], UNASKED, { suggests: 'pixgate access key show ci --reveal' }),
  of('access', ['key', 'show', 'ci', '--reveal'], '"ci"'),
  of('access', ['key', 'rotate', 'ci'], 'Cannot rotate key "ci": there is no such key.'),
  of('access', ['key', 'delete', 'ci'], '"ci"'),
  of('access', ['key', 'add', 'default'], '"default"', { exit: 3 }),
  of('access', ['key', 'add', ''], '""'),
  of('access', ['key', 'add', 'a\u001b[2J'], 'a\\u001b[2J'),
  of('access', ['key', 'add', 'ci', '--out', ''], '--out must be the name of a file: got "".'),
  of('access', ['key', 'add', 'ci', '--out', 'pixgate.yaml'], 'Cannot write pixgate.yaml: it is already there.', {
    exit: 3,
  }),
  of(
    'access',
    ['key', 'add', 'ci', '--out', 'no/such/key.txt'],
    'Cannot write "no/such/key.txt": there is no such folder.',
  ),
  of('access', ['key', 'add', 'ci', '--out', 'images'], 'Cannot write images: it is already there.', { exit: 3 }),
  of('access', ['user', 'add', 'ann'], UNASKED, { suggests: 'pixgate access user add ann --reveal' }),
  of('access', ['user', 'add', '', '--reveal'], '""'),
  of('access', ['user', 'add', 'a b', '--reveal'], '"a b"'),
  of('access', ['user', 'reset', 'ann', '--reveal'], '"ann"'),
  of('access', ['user', 'delete', 'ann'], '"ann"'),
  of('access', ['login', 'ann'], UNASKED, { suggests: 'pixgate access login ann --reveal' }),
  of('access', ['login', 'ann', '--reveal'], 'PIXGATE_PASSWORD'),
];
