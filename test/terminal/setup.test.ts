import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as library from '../../src/index.js';
import { findPlace } from '../../src/terminal/place.js';
import { prepareSetup } from '../../src/terminal/setup.js';

async function folderWithImages(): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), 'pixgate-'));
  await mkdir(join(cwd, 'images'));
  return cwd;
}

const enough = { source: 'images', region: 'eu-west-1', access: 'public', name: 'holiday' };

test('prepareSetup() drafts a file that loads as the very config it was made from', async () => {
  const cwd = await folderWithImages();
  const flags = {
    ...enough,
    stage: 'prod',
    mount: '/photos',
    bucket: 'my-photos',
    'create-bucket': false,
    'cache-size': '1.6',
    'access-log': false,
    cors: 'none',
    tag: ['team=web'],
  };

  const { config, draft } = await prepareSetup({ cwd, env: {}, flags, canAsk: false, library });
  await library.writeConfig(draft?.path ?? '', draft?.text ?? '');
  const { file, ...written } = await library.loadConfig({ cwd, env: {}, flags: {} });

  expect(written).toEqual(config);
  expect(file).toBe(join(cwd, 'pixgate.yaml'));
  expect(config.mounts[0]?.bucket).toMatchObject({ name: 'my-photos', create: false });
});

test('prepareSetup() drafts a file with nothing in it that is the default anyway', async () => {
  const cwd = await folderWithImages();

  const { draft } = await prepareSetup({ cwd, env: {}, flags: enough, canAsk: false, library });

  const fields = draft?.text.split('\n').flatMap((line) => /^[ -]*(\w+):/.exec(line)?.[1] ?? []);
  expect(fields).toEqual(['version', 'name', 'region', 'stage', 'mounts', 'path', 'source', 'access']);
});

test('prepareSetup() writes nothing', async () => {
  const cwd = await folderWithImages();

  await prepareSetup({ cwd, env: {}, flags: enough, canAsk: false, library });

  expect(await readdir(cwd)).toEqual(['images']);
});

test('prepareSetup() takes the file that is there and asks nothing', async () => {
  const cwd = await folderWithImages();
  const { draft } = await prepareSetup({ cwd, env: {}, flags: enough, canAsk: false, library });
  await writeFile(join(cwd, 'pixgate.yaml'), draft?.text ?? '');

  const setup = await prepareSetup({ cwd, env: {}, flags: { stage: 'other' }, canAsk: true, library });

  expect(setup.draft).toBeUndefined();
  expect(setup.config).toMatchObject({ name: 'holiday', stage: 'other' });
});

test('prepareSetup() hears variables where flags are silent', async () => {
  const cwd = await folderWithImages();
  const env = {
    PIXGATE_SOURCE: 'images',
    PIXGATE_ACCESS: 'public',
    AWS_REGION: 'eu-north-1',
    PIXGATE_CONFIG: 'p.yaml',
  };

  const { config, draft } = await prepareSetup({ cwd, env, flags: {}, canAsk: false, library });

  expect(config.region).toBe('eu-north-1');
  expect(draft?.path).toBe(join(cwd, 'p.yaml'));
});

test.each([
  [{}, 'Cannot make a config without --source, --access, --region: nobody can be asked here.'],
  [{ ...enough, region: undefined }, 'Cannot make a config without --region: nobody can be asked here.'],
  [{ target: 'local' }, 'Cannot make a config without --source, --access: nobody can be asked here.'],
  [{ ...enough, source: 'nope' }, 'Cannot use --source "nope": there is no such folder.'],
  [{ ...enough, region: 'us-esat-1' }, '--region must be an AWS Region (did you mean us-east-1?): got "us-esat-1".'],
  [{ ...enough, 'create-bucket': false }, '--no-create-bucket must come with --bucket and the name of the bucket'],
])('prepareSetup() refuses %j with a sentence that names the flag', async (flags, message) => {
  const cwd = await folderWithImages();

  const act = prepareSetup({ cwd, env: {}, flags, canAsk: false, library });

  await expect(act).rejects.toThrow(message);
});

test('findPlace() needs no config file', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'pixgate-'));

  const place = await findPlace({ cwd, env: {}, flags: { target: 'local' }, library });

  expect(place).toEqual({ directory: cwd, region: 'us-east-1' });
});

test('findPlace() takes the Region of the config file', async () => {
  const cwd = await folderWithImages();
  const { draft } = await prepareSetup({ cwd, env: {}, flags: enough, canAsk: false, library });
  await writeFile(join(cwd, 'other.yaml'), draft?.text ?? '');

  const place = await findPlace({ cwd, env: {}, flags: { config: 'other.yaml' }, library });

  expect(place).toEqual({ directory: cwd, region: 'eu-west-1' });
});

test('findPlace() complains of a missing Region on AWS', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'pixgate-'));

  const act = findPlace({ cwd, env: {}, flags: {}, library });

  await expect(act).rejects.toThrow('--region must be given');
});
