import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ConfigAsk, findConfigPath, loadConfig } from '../../src/config/load.js';
import { ConfigError, PixgateError, UsageError } from '../../src/errors.js';
import { asNobody, tempFolder } from '../files/temp-folder.js';

const FILE = `version: 1
name: holiday
region: eu-west-1
stage: dev
tags: { team: web, cost: low }
mounts:
  - { path: /images, source: ./images, access: public }
`;

async function complaintOf(ask: ConfigAsk): Promise<PixgateError> {
  const outcome = await loadConfig(ask).catch((error: unknown) => error);
  if (outcome instanceof PixgateError) return outcome;
  throw new Error(`not refused as it should: ${String(outcome)}`);
}

describe('loadConfig() with a file', () => {
  it('fills in every default', async () => {
    const cwd = await tempFolder({
      'Été 2026!/pixgate.yaml': 'version: 1\nmounts:\n  - { path: /pics, source: ./x, access: public }\n',
    });
    const folder = join(cwd, 'Été 2026!');

    const config = await loadConfig({ cwd: folder, env: { AWS_REGION: 'eu-west-3' }, flags: {} });

    expect(config).toEqual({
      version: 1,
      name: 'ete-2026',
      region: 'eu-west-3',
      stage: 'dev',
      endpoint: 'regional',
      logs: { level: 'error', access: true, retentionDays: 30 },
      throttle: { rate: 500, burst: 1000 },
      cors: { origin: '*' },
      tracing: false,
      tags: {},
      mounts: [
        {
          id: 'pics',
          path: '/pics',
          bucket: { name: 'auto', create: true, prefix: 'pics/', versioning: false },
          source: join(folder, 'x'),
          access: { kind: 'public' },
          headers: {},
          upload: [{ match: '**/*', headers: { 'Cache-Control': 'public, max-age=300' } }],
        },
      ],
      concurrency: 256,
      file: join(folder, 'pixgate.yaml'),
      directory: folder,
    });
  });

  it.each(['inside', 'follow'] as const)('takes over that links are to be %s', async (links) => {
    const cwd = await tempFolder({ 'pixgate.yaml': FILE.replace('access: public', `access: public, links: ${links}`) });

    const config = await loadConfig({ cwd, env: {}, flags: {} });

    expect(config.mounts[0]?.links).toBe(links);
  });

  it('refuses links that are to be anything else', async () => {
    const cwd = await tempFolder({ 'pixgate.yaml': FILE.replace('access: public', 'access: public, links: outside') });

    const complaint = await complaintOf({ cwd, env: {}, flags: {} });

    expect(complaint.message).toContain('mounts[0].links must be inside or follow: got "outside".');
  });

  it('takes a security policy over, and holds it against an endpoint that a flag changes', async () => {
    const cwd = await tempFolder({ 'pixgate.yaml': `${FILE}securityPolicy: SecurityPolicy_TLS13_1_3_2025_09\n` });

    const config = await loadConfig({ cwd, env: {}, flags: {} });

    expect(config.securityPolicy).toBe('SecurityPolicy_TLS13_1_3_2025_09');
    await expect(loadConfig({ cwd, env: {}, flags: { endpoint: 'edge' } })).rejects.toThrow(
      'Cannot use these flags together: securityPolicy must end in _EDGE for an edge endpoint: got "SecurityPolicy_TLS13_1_3_2025_09".',
    );
  });

  it.each([
    ['the flag', { 'no-logs': true }, {}, { level: 'off', access: false, retentionDays: 7 }, ['--no-logs']],
    ['its twin', {}, { PIXGATE_NO_LOGS: '1' }, { level: 'off', access: false, retentionDays: 7 }, ['PIXGATE_NO_LOGS']],
    [
      'the flag beside flags that say the same',
      { 'no-logs': true, 'log-level': 'off', 'access-log': false },
      {},
      { level: 'off', access: false, retentionDays: 7 },
      ['--log-level', '--access-log', '--no-logs'],
    ],
    [
      'nothing that says no to it',
      { 'log-level': 'error' },
      { PIXGATE_NO_LOGS: '0' },
      { level: 'error', access: true, retentionDays: 7 },
      ['--log-level'],
    ],
  ])('turns both logs off by %s', async (_, flags, env, logs, overrides) => {
    const cwd = await tempFolder({ 'pixgate.yaml': `${FILE}logs: { level: info, retentionDays: 7 }\n` });

    const config = await loadConfig({ cwd, env, flags });

    expect(config.logs).toEqual(logs);
    expect(config.overrides).toEqual(overrides);
  });

  it.each([
    ['a level', { 'no-logs': true, 'log-level': 'info' }, {}, '--no-logs must not be given together with --log-level.'],
    [
      'an access log by its variable',
      { 'no-logs': true },
      { PIXGATE_ACCESS_LOG: 'yes' },
      '--no-logs must not be given together with PIXGATE_ACCESS_LOG.',
    ],
  ])('refuses no logs together with %s', async (_, flags, env, message) => {
    const cwd = await tempFolder({ 'pixgate.yaml': FILE });

    const error = await complaintOf({ cwd, env, flags });

    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toBe(message);
  });

  it('freezes the config to the bottom', async () => {
    const cwd = await tempFolder({ 'pixgate.yaml': FILE });

    const config = await loadConfig({ cwd, env: {}, flags: {} });

    const isFrozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isFrozen));
    expect(isFrozen(config)).toBe(true);
  });

  it.each([
    ['flag', { stage: 'flagged' }, { PIXGATE_STAGE: 'env' }, FILE, 'flagged'],
    ['environment', {}, { PIXGATE_STAGE: 'env' }, FILE, 'env'],
    ['file', {}, {}, FILE, 'dev'],
    ['default', {}, {}, FILE.replace('stage: dev\n', ''), 'dev'],
  ])('takes the %s when nothing before it speaks', async (_, flags, env, file, stage) => {
    const cwd = await tempFolder({ 'pixgate.yaml': file });

    expect((await loadConfig({ cwd, env, flags })).stage).toBe(stage);
  });

  it.each([
    [
      'the flag before all',
      { region: 'us-east-1' },
      { PIXGATE_REGION: 'us-west-2', AWS_REGION: 'us-east-2' },
      FILE,
      'us-east-1',
    ],
    ['PIXGATE_REGION before the file', {}, { PIXGATE_REGION: 'us-west-2', AWS_REGION: 'us-east-2' }, FILE, 'us-west-2'],
    ['the file before AWS_REGION', {}, { AWS_REGION: 'us-east-2' }, FILE, 'eu-west-1'],
    ['AWS_REGION', {}, { AWS_REGION: 'us-east-2', AWS_DEFAULT_REGION: 'us-west-1' }, '', 'us-east-2'],
    ['AWS_DEFAULT_REGION', {}, { AWS_REGION: '', AWS_DEFAULT_REGION: 'us-west-1' }, '', 'us-west-1'],
    ['us-east-1 for the local target', { target: 'local' }, {}, '', 'us-east-1'],
    ['us-east-1 for the local target of the environment', {}, { PIXGATE_TARGET: 'local' }, '', 'us-east-1'],
  ])('takes as region %s', async (_, flags, env, file, region) => {
    const cwd = await tempFolder({ 'pixgate.yaml': file === '' ? FILE.replace('region: eu-west-1\n', '') : file });

    expect((await loadConfig({ cwd, env, flags })).region).toBe(region);
  });

  it('lays flags over the single mount, a source being relative to the working folder', async () => {
    const cwd = await tempFolder({ 'conf/pixgate.yaml': FILE });
    const flags = {
      config: 'conf/pixgate.yaml',
      source: './pics',
      mount: '/photos',
      bucket: 'my-pics',
      versioning: true,
    };

    const config = await loadConfig({ cwd, env: {}, flags });

    expect(config.mounts[0]).toMatchObject({
      id: 'photos',
      path: '/photos',
      source: join(cwd, 'pics'),
      bucket: { name: 'my-pics', create: true, prefix: 'photos/', versioning: true },
    });
    expect(config.directory).toBe(join(cwd, 'conf'));
  });

  it('takes a path by flag or variable without its slash', async () => {
    const cwd = await tempFolder({ 'pixgate.yaml': FILE });

    const byFlag = await loadConfig({ cwd, env: {}, flags: { mount: 'pics' } });
    const byVariable = await loadConfig({ cwd, env: { PIXGATE_MOUNT: 'pics' }, flags: {} });

    expect([byFlag, byVariable].map(({ mounts }) => mounts[0]?.path)).toEqual(['/pics', '/pics']);
  });

  it('adds tags by flag to those of the file', async () => {
    const cwd = await tempFolder({ 'pixgate.yaml': FILE });

    const config = await loadConfig({ cwd, env: {}, flags: { tag: ['team=ops', 'a=b=c'] } });

    expect(config.tags).toEqual({ team: 'ops', cost: 'low', a: 'b=c' });
  });

  it('drops the bucket of the file, and that it is not ours, when a flag says auto', async () => {
    const bucket = 'bucket: { name: theirs, create: false }';
    const cwd = await tempFolder({ 'pixgate.yaml': FILE.replace('access', `${bucket}, access`) });

    const config = await loadConfig({ cwd, env: {}, flags: { bucket: 'auto' } });

    expect(config.mounts[0]?.bucket).toMatchObject({ name: 'auto', create: true });
  });

  it.each([
    ['expires: 2h\n', {}, {}, { expires: '2h' }],
    ['expires: 2h\n', { expires: '365d' }, {}, { expires: '365d', renewal: '365d' }],
    ['expires: 2h\n', { expires: 'never' }, {}, { renewal: 'never' }],
    ['', {}, { PIXGATE_EXPIRES: '1m' }, { expires: '1m', renewal: '1m' }],
    ['', {}, {}, {}],
  ])('takes the lease of %j, %j and %j, which no later run undoes', async (line, flags, env, expected) => {
    const cwd = await tempFolder({ 'pixgate.yaml': `${FILE}${line}` });

    const { expires, renewal, overrides } = await loadConfig({ cwd, env, flags });

    expect(JSON.parse(JSON.stringify({ expires, renewal, overrides }))).toEqual(expected);
  });

  it('turns the cache and CORS of the file off with none', async () => {
    const cwd = await tempFolder({
      'pixgate.yaml': `${FILE}cache: { sizeGb: 0.5 }\ncors: { origin: 'https://a.com' }\n`,
    });

    const config = await loadConfig({ cwd, env: {}, flags: { 'cache-size': 'none', cors: 'none' } });

    expect(config).not.toHaveProperty('cache');
    expect(config).not.toHaveProperty('cors');
  });

  it('refuses flags for a mount where the file has two, naming the flag or the variable', async () => {
    const cwd = await tempFolder({ 'pixgate.yaml': `${FILE}  - { path: /more, source: ./more, access: public }\n` });

    const byFlag = await complaintOf({ cwd, env: {}, flags: { source: './x' } });
    const byVariable = await complaintOf({ cwd, env: { PIXGATE_PREFIX: '' }, flags: {} });

    expect(byFlag.message).toBe('--source must not be given where pixgate.yaml has 2 mounts: got "./x".');
    expect(byVariable.message).toBe('PIXGATE_PREFIX must not be given where pixgate.yaml has 2 mounts: got "".');
  });

  it.each([
    ['eu-west-1', '{}', undefined],
    ['me-south-1', '{}', undefined],
    ['me-south-1', '{ namespace: global }', 'global'],
    ['eu-west-1', '{ name: my-pics }', undefined],
    ['eu-west-1', '{ name: p-123456789012-eu-west-1-an }', 'account-regional'],
    ['eu-west-1', '{ name: p-123456789012-eu-west-1-an, create: false }', undefined],
  ])('writes out the namespace of a bucket where it is not the usual one: %s %s', async (region, bucket, namespace) => {
    const file = FILE.replace('eu-west-1', region).replace('access', `bucket: ${bucket}, access`);
    const cwd = await tempFolder({ 'pixgate.yaml': file });

    const config = await loadConfig({ cwd, env: {}, flags: {} });

    expect(config.mounts[0]?.bucket.namespace).toBe(namespace);
  });

  it('refuses a key of another Region than the one that a variable names', async () => {
    const key = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd';
    const file = FILE.replace('region: eu-west-1\n', '').replace(
      'access',
      `bucket: { encryption: { kms: ${key} } }, access`,
    );
    const cwd = await tempFolder({ 'pixgate.yaml': file });

    const complaint = await complaintOf({ cwd, env: { AWS_REGION: 'eu-west-1' }, flags: {} });

    expect(complaint.message).toContain(
      'mounts[0].bucket.encryption must name a key of eu-west-1, where the bucket is',
    );
  });

  it('refuses a region by flag that the bucket of the file does not lie in', async () => {
    const bucket = 'bucket: { name: p-123456789012-eu-west-1-an, create: false }';
    const cwd = await tempFolder({ 'pixgate.yaml': FILE.replace('access', `${bucket}, access`) });

    const error = await complaintOf({ cwd, env: {}, flags: { region: 'us-east-1' } });

    expect(error.message).toBe(
      'Cannot use these flags together: mounts[0].bucket.name must be of us-east-1, the region above: got "p-123456789012-eu-west-1-an".',
    );
  });
});

describe('loadConfig() and files it cannot use', () => {
  it('takes a byte order mark and CRLF', async () => {
    const cwd = await tempFolder({ 'pixgate.yaml': `\uFEFF${FILE.replaceAll('\n', '\r\n')}` });

    expect((await loadConfig({ cwd, env: {}, flags: {} })).name).toBe('holiday');
  });

  it('says where a file is missing, and what makes one', async () => {
    const cwd = await tempFolder();

    const unnamed = await complaintOf({ cwd, env: {}, flags: {} });
    const named = await complaintOf({
      cwd,
      env: { PIXGATE_CONFIG: 'conf/p.yaml' },
      flags: { source: '.', access: 'public' },
    });

    expect(unnamed).toBeInstanceOf(ConfigError);
    expect(unnamed.message).toBe(`Cannot read pixgate.yaml: there is no such file in "${cwd}".`);
    expect(unnamed.suggestions[0]).toBe('pixgate init');
    expect(named.message).toBe('Cannot read conf/p.yaml: there is no such file.');
  });

  it('refuses a folder', async () => {
    const cwd = await tempFolder();
    await mkdir(join(cwd, 'pixgate.yaml'));

    expect((await complaintOf({ cwd, env: {}, flags: {} })).message).toBe('Cannot read pixgate.yaml: it is a folder.');
  });

  it('refuses what permissions forbid', async () => {
    const cwd = await tempFolder({ 'pixgate.yaml': FILE });
    await chmod(join(cwd, 'pixgate.yaml'), 0o000);

    const error = await asNobody(() => complaintOf({ cwd, env: {}, flags: {} }));

    expect(error.message).toBe('Cannot read pixgate.yaml: permission was denied.');
  });

  it.each([
    ['50 MB', 'x'.repeat(50_000_000), 'it is larger than 1 MiB: got 50000000 bytes.'],
    ['UTF-16', Buffer.from(FILE, 'utf16le').fill(0xff, 0, 2), 'it is not UTF-8 text.'],
    ['nothing', '', 'it is empty.'],
  ])('refuses %s in less than a second', async (_, content, reason) => {
    const cwd = await tempFolder({ 'pixgate.yaml': content });
    const started = performance.now();

    const error = await complaintOf({ cwd, env: {}, flags: {} });

    expect(error.message).toBe(`Cannot read pixgate.yaml: ${reason}`);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('loadConfig() without a file', () => {
  it('makes a config from flags alone', async () => {
    const cwd = await tempFolder();
    const flags = { source: './imgs', region: 'eu-west-1', access: 'public', name: 'quick', 'cache-size': '0.5' };

    const config = await loadConfig({ cwd, env: { PIXGATE_CACHE_TTL: '60', PIXGATE_TAG: 'a=1,b=2' }, flags });

    expect(config).toMatchObject({
      name: 'quick',
      directory: cwd,
      cache: { sizeGb: 0.5, ttlSeconds: 60 },
      tags: { a: '1', b: '2' },
      mounts: [{ path: '/images', source: join(cwd, 'imgs'), bucket: { name: 'auto', prefix: 'images/' } }],
    });
    expect(config).not.toHaveProperty('file');
  });

  it.each([
    [
      'access',
      { source: './imgs', region: 'eu-west-1' },
      '--access must be written out: public, and everybody who knows an address can read the image, or iam, api-key or cognito.',
    ],
    [
      'region',
      { source: './imgs', access: 'public' },
      '--region must be given, since neither the config file nor AWS_REGION names one: it is missing.',
    ],
    [
      'a size for the cache',
      { source: '.', access: 'public', region: 'eu-west-1', 'cache-ttl': 60 },
      '--cache-ttl must come with --cache-size, which makes a cache: got 60.',
    ],
  ])('refuses to guess %s', async (_, flags, message) => {
    const cwd = await tempFolder();

    const error = await complaintOf({ cwd, env: {}, flags });

    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toBe(message);
  });

  it.each([
    [
      'name',
      'A',
      '--name must be 2 to 32 of a-z, 0-9 and "-", beginning and ending with a letter or a digit: got "A".',
    ],
    ['region', '', '--region must be an AWS Region such as eu-west-1: got "".'],
    ['region', 'us-esat-1', '--region must be an AWS Region (did you mean us-east-1?): got "us-esat-1".'],
    ['region', 'evil.com/', '--region must be an AWS Region such as eu-west-1: got "evil.com/".'],
    ['stage', 'a b', '--stage must be 1 to 128 of A-Z, a-z, 0-9, "-" and "_": got "a b".'],
    ['endpoint', 'private', '--endpoint must be regional or edge: got "private".'],
    ['source', '', '--source must be a folder such as ./images: got "".'],
    ['mount', 'a/b', '--mount must be one segment such as /images: got "a/b".'],
    ['mount', 'ping', '--mount must not be /ping or /sping, which API Gateway keeps for itself: got "ping".'],
    ['bucket', 'A', '--bucket must have 3 to 63 characters: got "A".'],
    ['prefix', 'a', '--prefix must end in "/": got "a".'],
    ['versioning', 'maybe', '--versioning must be true or false: got "maybe".'],
    [
      'access',
      'password',
      '--access must be written out: public (everybody who knows an address can read the image), iam, api-key, cognito or lambda: got "password".',
    ],
    ['cache-size', '0.7', '--cache-size must be none or one of 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237: got "0.7".'],
    ['cache-ttl', '-1', '--cache-ttl must be a whole number from 1 to 3600: got "-1".'],
    ['cache-ttl', '3601', '--cache-ttl must be a whole number from 1 to 3600: got "3601".'],
    ['cache-ttl', '1e3', '--cache-ttl must be a whole number from 1 to 3600: got "1e3".'],
    ['cache-ttl', '', '--cache-ttl must be a whole number from 1 to 3600: got "".'],
    ['cache-ttl', 'NaN', '--cache-ttl must be a whole number from 1 to 3600: got "NaN".'],
    ['cache-ttl', '300.5', '--cache-ttl must be a whole number from 1 to 3600: got "300.5".'],
    ['cache-ttl', Number.NaN, '--cache-ttl must be a whole number from 1 to 3600: got NaN.'],
    ['log-level', 'debug', '--log-level must be off, error or info: got "debug".'],
    ['access-log', '2', '--access-log must be true or false: got "2".'],
    ['log-retention', '29', '--log-retention must be one of 1, 3, 5'],
    ['throttle-rate', '0', '--throttle-rate must be a number from 1 to 100000: got "0".'],
    ['throttle-burst', '1.5', '--throttle-burst must be a whole number from 1 to 100000: got "1.5".'],
    ['cors', 'null', '--cors must be "*", one origin such as https://example.com, or none: got "null".'],
    ['tracing', '', '--tracing must be true or false: got "".'],
    ['concurrency', '257', '--concurrency must be a whole number from 1 to 256: got "257".'],
    ['tag', ['team'], '--tag must be name=value: got "team".'],
    ['tag', ['__proto__=x'], '--tag must be name=value: got "__proto__=x".'],
    ['tag', ['=x'], '--tag must be name=value: got "=x".'],
    ['tag', ['aws:x=y'], '--tag must not begin with aws: or pixgate:, which are taken: got ["aws:x=y"].'],
    [
      'expires',
      '2 hours',
      '--expires must be never or a duration from 1m to 365d, such as 30m, 2h or 7d: got "2 hours".',
    ],
    ['expires', '0m', '--expires must be never or a duration from 1m to 365d'],
    ['expires', '366d', '--expires must be never or a duration from 1m to 365d'],
    ['config', '', '--config must be a file such as pixgate.yaml: got "".'],
  ])('refuses --%s %j', async (flag, value, message) => {
    const cwd = await tempFolder();

    const error = await complaintOf({
      cwd,
      env: {},
      flags: { source: '.', access: 'public', region: 'eu-west-1', [flag]: value },
    });

    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain(message);
  });

  it('names the variable that a wrong value came from', async () => {
    const cwd = await tempFolder({ 'pixgate.yaml': FILE.replace('region: eu-west-1\n', '') });

    const twin = await complaintOf({ cwd, env: { PIXGATE_CACHE_SIZE: '1' }, flags: {} });
    const aws = await complaintOf({ cwd, env: { AWS_REGION: 'evil.com/' }, flags: {} });

    expect(twin.message).toContain('PIXGATE_CACHE_SIZE must be none or one of');
    expect(aws.message).toBe('AWS_REGION must be an AWS Region such as eu-west-1: got "evil.com/".');
  });
});

describe('findConfigPath()', () => {
  it.each([
    [{}, {}, { path: '/proj/pixgate.yaml', shown: 'pixgate.yaml', named: false }],
    [{}, { PIXGATE_CONFIG: '/etc/p.yaml' }, { path: '/etc/p.yaml', shown: '/etc/p.yaml', named: true }],
    [{ config: '../p.yaml' }, { PIXGATE_CONFIG: '/etc/p.yaml' }, { path: '/p.yaml', shown: '../p.yaml', named: true }],
  ])('finds it from flags %j and environment %j', (flags, env, path) => {
    expect(findConfigPath({ cwd: '/proj', flags, env })).toEqual(path);
  });
});
