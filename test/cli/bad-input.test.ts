import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from './commands.js';
import { runCommand } from './run-command.js';

const config = `version: 1
name: holiday
region: eu-west-1
mounts:
  - path: /images
    source: ./images
    access: public
`;

/** A folder with an empty folder of images and, unless told otherwise, a config. */
async function projectFolder(text: string | undefined = config): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-'));
  await mkdir(join(folder, 'images'));
  if (text !== '') await writeFile(join(folder, 'pixgate.yaml'), text);
  return folder;
}

type Row = [command: keyof typeof commands, argv: string[], says: string, env?: Record<string, string>];

const withConfig: Row[] = [
  ['wire', ['--bogus'], 'There is no flag --bogus.'],
  ['wire', ['--bogus', '--worse'], 'There is no flag --bogus, --worse.'],
  ['wire', ['-x'], 'There is no flag -x.'],
  ['wire', ['somewhere'], 'Unexpected argument: somewhere.'],
  ['wire', ['--stage'], 'Flag --stage expects a value.'],
  ['wire', ['--stage', 'a', '--stage', 'b'], '--stage must be given once: got it twice.'],
  ['wire', ['--stage', 'a b'], 'got "a b"'],
  ['wire', ['--stage', 'x'.repeat(129)], '--stage must be 1 to 128'],
  ['wire', ['--target', 'moon'], '--target must be aws or local: got "moon".'],
  ['wire', [], 'PIXGATE_TARGET must be aws or local: got "moon".', { PIXGATE_TARGET: 'moon' }],
  ['wire', ['--region', ''], 'got ""'],
  ['wire', ['--region', 'us-esat-1'], 'did you mean us-east-1?'],
  ['wire', ['--region', 'evil.com/'], 'got "evil.com/"'],
  ['wire', ['--endpoint-url', 'ftp://x'], 'got "ftp://x"'],
  ['wire', ['--endpoint-url', 'http://u:secret@x'], '--endpoint-url must hold no user name and no password'],
  ['wire', ['--cache-size', '0.7'], 'got "0.7"'],
  ['wire', ['--cache-size', '0.5', '--cache-ttl', '-1'], 'got "-1"'],
  ['wire', ['--cache-size', '0.5', '--cache-ttl', '3601'], '--cache-ttl must be a whole number from 1 to 3600'],
  ['wire', ['--cache-size', '0.5', '--cache-ttl', '1e3'], 'got "1e3"'],
  ['wire', ['--cache-size', '0.5', '--cache-ttl', '300.5'], 'got "300.5"'],
  ['wire', ['--cache-size', '0.5', '--cache-ttl', ''], 'got ""'],
  ['wire', ['--cache-size', '0.5', '--cache-ttl', 'NaN'], 'got "NaN"'],
  ['wire', ['--log-level', 'loud'], 'got "loud"'],
  ['wire', ['--log-retention', '31'], 'got "31"'],
  ['wire', ['--throttle-rate', '0'], 'got "0"'],
  ['wire', ['--cors', 'example.com'], 'got "example.com"'],
  ['wire', ['--name', 'UPPER'], 'got "UPPER"'],
  ['wire', ['--config', 'nope.yaml'], 'Cannot read nope.yaml: there is no such file'],
  ['wire', ['--config', 'images'], 'Cannot read images: it is a folder.'],
  ['wire', [], 'PIXGATE_YES must be one of 1, 0, true, false, yes, no: got "maybe".', { PIXGATE_YES: 'maybe' }],
  ['upload', ['--concurrency', '257'], 'got "257"'],
  ['upload', ['--concurrency', '0'], 'got "0"'],
  ['test', ['--sample', '0'], '--sample must be a whole number from 1 to 1000000: got "0".'],
  ['test', ['--sample', 'all'], 'got "all"'],
  ['test', ['--report', '/no/such/folder/r.html'], 'there is no such folder'],
  ['test', ['--junit', ''], '--junit must be the name of a file: got "".'],
  ['flush', ['/images/a.png', '/images/b.png'], 'Unexpected argument: /images/b.png.'],
  ['logs', ['--since', 'yesterday'], '--since must be a while such as 10m, 2h or 1d, or a moment'],
  ['logs', [], 'got "soon"', { PIXGATE_SINCE: 'soon' }],
  ['local', ['--port', '0'], '--port must be a whole number from 1 to 65535: got "0".'],
  ['local', ['--port', '65536'], 'got "65536"'],
  ['local', ['--port', 'http'], 'got "http"'],
  ['demo', ['--target', 'aws'], '--target must be local for a demo: got "aws".'],
  ['demo', ['--port', '-1'], 'got "-1"'],
];

const withoutConfig: Row[] = [
  ['init', [], 'Cannot make a config without --source, --access, --region: nobody can be asked here.'],
  ['up', ['--source', 'images', '--access', 'public'], 'Cannot make a config without --region'],
  ['up', ['--target', 'local'], 'Cannot make a config without --source, --access'],
  ['init', ['--source', 'nope', '--access', 'public', '--region', 'eu-west-1'], 'Cannot use --source "nope"'],
  [
    'init',
    ['--source', 'images', '--access', 'password', '--region', 'eu-west-1'],
    '--access must be written out: public',
  ],
  ['init', ['--source', 'images', '--access', 'public', '--region', 'eu-west-1', '--bucket', 'A_b'], '--bucket must'],
  [
    'init',
    ['--source', 'images', '--access', 'public', '--region', 'eu-west-1', '--mount', 'a/b'],
    '--mount must be one segment such as /images: got "a/b".',
  ],
  ['wire', ['--target', 'local'], 'Cannot read pixgate.yaml: there is no such file'],
  ['list', [], '--region must be given'],
];

test.each(withConfig)('%s %j is a usage error: %s', async (name, argv, says, env = {}) => {
  const folder = await projectFolder();

  const seen = await runCommand(commands[name], argv, folder, env);

  expect(seen).toMatchObject({ exitCode: 2, stdout: '' });
  expect(seen.stderr).toContain(says);
  expect(seen.stderr).not.toMatch(/^ +at /m);
  expect((await readdir(folder)).sort()).toEqual(['images', 'pixgate.yaml']);
});

test.each(withoutConfig)('%s %j in an empty folder is a usage error: %s', async (name, argv, says, env = {}) => {
  const folder = await projectFolder('');

  const seen = await runCommand(commands[name], argv, folder, env);

  expect(seen).toMatchObject({ exitCode: 2, stdout: '' });
  expect(seen.stderr).toContain(says);
  expect(seen.stderr).not.toMatch(/^ +at /m);
  expect(await readdir(folder)).toEqual(['images']);
});

test('wire with a fault in pixgate.yaml names file, line, field, rule and value', async () => {
  const folder = await projectFolder(config.replace('path: /images', 'path: images/x'));

  const seen = await runCommand(commands.wire, [], folder);

  expect(seen.exitCode).toBe(2);
  expect(seen.stderr).toContain(
    'Cannot read pixgate.yaml: line 5, mounts[0].path must be one segment such as /images: got "images/x".',
  );
});

test.each([
  [['--bogus', '--json'], {}],
  [['--bogus'], { PIXGATE_JSON: '1' }],
])('wire %j complains in one JSON document', async (argv, env) => {
  const folder = await projectFolder();

  const seen = await runCommand(commands.wire, argv, folder, env);

  expect(seen.exitCode).toBe(2);
  expect(JSON.parse(seen.stdout)).toEqual({
    error: { code: 'USAGE', message: 'There is no flag --bogus.', suggestions: ['add --help to see what there is'] },
  });
  expect(seen.stderr).toBe('');
});

test.each([
  [['--follow', '--json'], {}],
  [['--follow'], { PIXGATE_JSON: '1' }],
])('logs %j is refused in one JSON document, since following has no end', async (argv, env) => {
  const folder = await projectFolder();

  const seen = await runCommand(commands.logs, argv, folder, env);

  expect(seen.exitCode).toBe(2);
  expect(JSON.parse(seen.stdout).error).toMatchObject({
    code: 'USAGE',
    message: 'Cannot use --follow with --json: one document is printed, and following has no end.',
  });
});
