import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './row.js';

const STAGE = '--stage must be 1 to 128 of A-Z, a-z, 0-9, "-" and "_"';
const TTL = '--cache-ttl must be a whole number from 1 to 3600';
const SIZE = '--cache-size must be none or one of 0.5, 1.6';
const NAME = '--name must be 2 to 32 of a-z, 0-9 and "-"';
const SINCE = '--since must be a while such as 10m, 2h or 1d, or a moment';
const size = ['--cache-size', '0.5'];
const long = 'x'.repeat(129);

/** A new config by flags, which one more flag spoils. */
function init(...argv: string[]): string[] {
  return ['--source', 'images', '--access', 'public', '--region', 'eu-west-1', '--yes', ...argv];
}

/** Flags with values that they do not take, and words that are no argument. */
export const values: readonly Row[] = [
  ['wire', ['--bogus', '--worse'], 'There is no flag --bogus, --worse.'],
  ['wire', ['--bogus=1'], 'There is no flag --bogus'],
  ['wire', ['-x'], 'There is no flag -x.'],
  ['wire', ['--no-yes'], 'There is no flag --no-yes.'],
  ['wire', ['--YES'], 'There is no flag --YES.', { suggests: 'did you mean --yes?' }],
  ['wire', ['--dry-run'], 'There is no flag --dry-run.', { suggests: 'did you mean --plan?' }],
  ['up', ['--dryrun'], 'There is no flag --dryrun.', { suggests: 'did you mean --plan?' }],
  ['wire', ['--stgae', 'dev'], 'There is no flag --stgae.', { suggests: 'did you mean --stage?' }],
  ['wire', ['--stgae=dev'], 'There is no flag --stgae.', { suggests: 'did you mean --stage?' }],
  ['wire', ['--cache-tll', '60'], 'There is no flag --cache-tll.', { suggests: 'did you mean --cache-ttl?' }],
  ['wire', ['--no-tracng'], 'There is no flag --no-tracng.', { suggests: 'did you mean --no-tracing?' }],
  ['upload', ['--prun'], 'There is no flag --prun.', { suggests: 'did you mean --prune?' }],
  ['teardown', ['--keep-buckets'], 'There is no flag --keep-buckets.', { suggests: 'did you mean --keep-bucket?' }],
  ['test', ['--reprot', 'r.html'], 'There is no flag --reprot.', { suggests: 'did you mean --report?' }],
  ['list', ['--force'], 'There is no flag --force.', { suggests: 'add --help to see what there is' }],
  ['wire', ['somewhere'], 'There is no argument to take "somewhere".'],
  ['wire', ['some', 'where'], 'There is no argument to take "some", "where".'],
  ['wire', ['--', '--yes'], 'There is no argument to take "--yes".'],
  ['wire', ['-5'], 'There is no argument to take "-5".'],
  ['wire', [''], 'There is no argument to take "".'],
  ['list', ['extra'], 'There is no argument to take "extra".'],
  ['demo', ['\u001b[2J'], 'There is no argument to take "\\u001b[2J".'],
  ['flush', ['/images/a.png', '/images/b.png'], 'There is no argument to take "/images/b.png".'],
  ['wire', ['--stage', 'a b'], `${STAGE}: got "a b".`],
  ['wire', ['--stage', ''], `${STAGE}: got "".`],
  ['wire', ['--stage', long], `${STAGE}: got "${'x'.repeat(79)}…`],
  ['wire', ['--stage', 'é'], `${STAGE}: got "é".`],
  ['wire', ['--stage', 'a/../b'], `${STAGE}: got "a/../b".`],
  ['wire', ['--stage', 'a\nb'], `${STAGE}: got "a\\nb".`],
  ['wire', ['--stage', '\u001b[2J'], `${STAGE}: got "\\u001b[2J".`],
  ['wire', ['--stage', '\u202egnp'], `${STAGE}: got "\\u{202e}gnp".`],
  ['wire', ['--name', 'UPPER'], `${NAME}, beginning and ending with a letter or a digit: got "UPPER".`],
  ['wire', ['--name', ''], 'got "".'],
  ['wire', ['--name', 'a'], `${NAME}, beginning and ending with a letter or a digit: got "a".`],
  ['wire', ['--name', 'a'.repeat(33)], NAME],
  ['wire', ['--name', '-ab'], 'got "-ab".'],
  ['wire', ['--name', 'ab-'], 'got "ab-".'],
  ['wire', ['--name', 'a_b'], 'got "a_b".'],
  ['wire', ['--name', '__proto__'], 'got "__proto__".'],
  ['wire', ['--target', 'moon'], '--target must be aws or local: got "moon".'],
  ['wire', ['--target', ''], '--target must be aws or local: got "".'],
  ['wire', ['--target', 'AWS'], '--target must be aws or local: got "AWS".'],
  ['wire', ['--profile', ''], '--profile must be the name of a profile: got "".'],
  ['wire', ['--profile', 'a\nb'], '--profile must be the name of a profile: got "a\\nb".'],
  ['wire', ['--cache-size', '0.7'], `${SIZE}, 6.1, 13.5, 28.4, 58.2, 118, 237: got "0.7".`],
  ...['', '-0.5', '0', '0,5', '0.5GB', '1e0', 'NaN', 'Infinity', 'big', ' 0.5'].map(
    (text): Row => ['wire', ['--cache-size', text], `: got ${JSON.stringify(text)}.`],
  ),
  ...['-1', '0', '3601', '1e3', '300.5', '', 'NaN', 'Infinity', '0x10', '５', ' 60', '60s', '99999999999999999999'].map(
    (text): Row => ['wire', [...size, '--cache-ttl', text], `${TTL}: got ${JSON.stringify(text)}.`],
  ),
  ['wire', ['--cache-ttl', '60'], '--cache-ttl must come with --cache-size, which makes a cache: got 60.'],
  ['wire', ['--log-level', 'loud'], '--log-level must be off, error or info: got "loud".'],
  ['wire', ['--log-level', ''], '--log-level must be off, error or info: got "".'],
  ['wire', ['--log-level', 'ERROR'], '--log-level must be off, error or info (did you mean error?): got "ERROR".'],
  ...['31', '0', '-1', '', '30d', '1e1'].map(
    (text): Row => ['wire', ['--log-retention', text], `--log-retention must be one of 1, 3, 5`],
  ),
  ...['0', '-1', '100001', '', 'NaN', '1e3', 'fast'].map(
    (text): Row => [
      'wire',
      ['--throttle-rate', text],
      `--throttle-rate must be a number from 1 to 100000: got ${JSON.stringify(text)}.`,
    ],
  ),
  ...['0', '-1', '100001', '', '1.5', '1e3'].map(
    (text): Row => [
      'wire',
      ['--throttle-burst', text],
      `--throttle-burst must be a whole number from 1 to 100000: got ${JSON.stringify(text)}.`,
    ],
  ),
  ...['example.com', '', 'https://a.com/', 'https://a.com,https://b.com', 'null', 'javascript:alert(1)', '**'].map(
    (text): Row => [
      'wire',
      ['--cors', text],
      `--cors must be "*", one origin such as https://example.com, or none: got ${JSON.stringify(text)}.`,
    ],
  ),
  ['wire', ['--endpoint', 'private'], '--endpoint must be regional or edge: got "private".'],
  ['wire', ['--endpoint', ''], '--endpoint must be regional or edge: got "".'],
  ...['', '2', '0h', '366d', '30s', '2 h', 'forever', '-1h', '1e3h'].map(
    (text): Row => [
      'wire',
      ['--expires', text],
      `--expires must be never or a duration from 1m to 365d, such as 30m, 2h or 7d: got ${JSON.stringify(text)}.`,
    ],
  ),
  ...['257', '0', '-1', '', '1.5', '1e2', 'NaN', 'many'].map(
    (text): Row => [
      'upload',
      ['--concurrency', text],
      `--concurrency must be a whole number from 1 to 256: got ${JSON.stringify(text)}.`,
    ],
  ),
  ['upload', ['--source', ''], '--source must be a folder such as ./images: got "".'],
  ['upload', ['--source', 'a\nb'], '--source must be a folder such as ./images: got "a\\nb".'],
  ...['0', '-1', '', 'all', '1.5', '1e3', 'NaN', '1000001', '9999999999'].map(
    (text): Row => [
      'test',
      ['--sample', text],
      `--sample must be a whole number from 1 to 1000000: got ${JSON.stringify(text)}.`,
    ],
  ),
  ['test', ['--report', '/no/such/folder/r.html'], 'Cannot write "/no/such/folder/r.html": there is no such folder.'],
  ['test', ['--junit', '/no/such/folder/j.xml'], 'Cannot write "/no/such/folder/j.xml": there is no such folder.'],
  ['test', ['--report', ''], '--report must be the name of a file: got "".'],
  ['test', ['--junit', ''], '--junit must be the name of a file: got "".'],
  ['test', ['--report', 'images'], 'Cannot write "images": it is a folder.'],
  ['test', ['--junit', 'images/'], 'Cannot write "images/": it is a folder.'],
  ['test', ['--report', 'pixgate.yaml/r.html'], 'Cannot write "pixgate.yaml/r.html": there is no such folder.'],
  ['up', ['--report', 'nowhere/r.html', '--yes'], 'Cannot write "nowhere/r.html": there is no such folder.'],
  ['demo', ['--junit', 'nowhere/j.xml'], 'Cannot write "nowhere/j.xml": there is no such folder.'],
  ...[
    'yesterday',
    '',
    '10',
    '0m',
    '-10m',
    '10w',
    '2026-02-31',
    '2026-13-01',
    '2026-01-01T25:00',
    '1e3m',
    '1000000000m',
  ].map(
    (text): Row => ['logs', ['--since', text], `${SINCE} such as 2026-11-23T01:02:03Z: got ${JSON.stringify(text)}.`],
  ),
  ...['0', '65536', 'http', '-1', '', '80.5', '1e3', ' 80'].map(
    (text): Row => [
      'local',
      ['--port', text],
      `--port must be a whole number from 1 to 65535: got ${JSON.stringify(text)}.`,
    ],
  ),
  ['demo', ['--port', '-1'], 'got "-1".'],
  ['local', ['--pace', 'slow'], '--pace must be aws or none: got "slow".'],
  ['local', ['--pace', ''], '--pace must be aws or none: got "".'],
  ['demo', ['--target', 'aws'], '--target must be local for pixgate demo: got "aws".'],
  ['demo', ['--sample', '0'], 'got "0".'],
  ...['team', '=web', '', '__proto__=x', 'aws:team=web', 'pixgate:x=y', 'team=we"b', `team=${'x'.repeat(257)}`].map(
    (text): Row => ['up', init('--tag', text), '--tag must', { config: null }],
  ),
  ...['a/b', 'ping', '..', '/', '/..', '/a b', '/ping', '', '/a/', `/${'a'.repeat(65)}`].map(
    (text): Row => ['init', init('--mount', text), `: got ${JSON.stringify(text)}`.slice(0, 60), { config: null }],
  ),
  ...['images', '/a/', 'a//b/', '../', 'a b/', './', `${'a'.repeat(257)}/`].map(
    (text): Row => ['init', init('--prefix', text), `: got ${JSON.stringify(text)}`.slice(0, 60), { config: null }],
  ),
  ...['password', '', 'PUBLIC', 'lambda', 'public,iam', 'constructor'].map(
    (text): Row => [
      'init',
      ['--source', 'images', '--region', 'eu-west-1', '--access', text],
      `: got ${JSON.stringify(text)}.`,
      { config: null },
    ],
  ),
  [
    'init',
    ['--source', 'nope', '--access', 'public', '--region', 'eu-west-1'],
    'Cannot use --source "nope"',
    { config: null },
  ],
  ['init', ['--source', '', '--access', 'public', '--region', 'eu-west-1'], '--source ""', { config: null }],
  [
    'init',
    ['--source', 'a.txt', '--access', 'public', '--region', 'eu-west-1'],
    'Cannot use --source "a.txt"',
    { config: null, prepare: (folder) => writeFileSync(join(folder, 'a.txt'), 'a') },
  ],
  ['completion', [], 'SHELL must be bash: it is missing.'],
  ['completion', ['fish'], 'SHELL must be bash: got "fish".'],
  ['completion', [''], 'SHELL must be bash: got "".'],
  ['completion', ['bash', 'zsh'], 'There is no argument to take "zsh".'],
  ['access', ['kye', 'list'], 'There is no access "kye list".'],
  ['access', ['key'], 'There is no access "key".', { suggests: 'pixgate access key list' }],
  ['access', ['key', 'add'], 'There is no access "key add".', { suggests: 'pixgate access key add NAME' }],
  ['access', ['key', 'list', 'all'], 'There is no access "key list all".'],
  ['access', ['__proto__'], 'There is no access "__proto__".'],
  ['access', [''], 'There is no access "".'],
  ['access', ['login', '\u001b[2J', 'x'], 'There is no access "login \\u001b[2J x".'],
];
