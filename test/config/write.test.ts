import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { type ConfigAnswers, renderConfig, writeConfig } from '../../src/config/write.js';
import { RefusedError, UsageError } from '../../src/errors.js';
import { tempFolder } from '../files/temp-folder.js';

const ANSWERS: ConfigAnswers = { name: 'holiday', region: 'eu-west-1', source: './images', access: 'public' };

/** Arbitrary answers, such as flags could give them too. */
const someAnswers: fc.Arbitrary<ConfigAnswers> = fc.record(
  {
    name: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,30}[a-z0-9]$/),
    region: fc.constantFrom('eu-west-1', 'us-east-1', 'eusc-de-east-1'),
    source: fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((text) => /^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$/.test(text)),
    access: fc.constant('public' as const),
    stage: fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/),
    endpoint: fc.constantFrom('regional' as const, 'edge' as const),
    mount: fc.stringMatching(/^\/[A-Za-z0-9_-]{1,20}$/).filter((path) => path !== '/ping' && path !== '/sping'),
    bucket: fc.constantFrom('auto', 'my-bucket', '1.2.3'),
    prefix: fc.constantFrom('', 'a/', 'a/b/', '0/', 'null/'),
    versioning: fc.boolean(),
    cacheSizeGb: fc.constantFrom(0.5, 237, 'none' as const),
    logLevel: fc.constantFrom('off' as const, 'error' as const, 'info' as const),
    accessLog: fc.boolean(),
    noLogs: fc.boolean(),
    logRetentionDays: fc.constantFrom(1, 3653),
    throttleRate: fc.integer({ min: 1, max: 100_000 }),
    throttleBurst: fc.integer({ min: 1, max: 100_000 }),
    cors: fc.constantFrom('*', 'none', 'https://a.example:8443'),
    tracing: fc.boolean(),
    concurrency: fc.integer({ min: 1, max: 64 }),
    tags: fc.dictionary(
      fc.stringMatching(/^[a-z:=@ -]{1,9}$/).filter((name) => !/^(aws|pixgate):/.test(name)),
      fc.stringMatching(/^[\w .:=@-]{0,9}$/),
    ),
  },
  { requiredKeys: ['name', 'region', 'source', 'access'], noNullPrototype: true },
);

describe('renderConfig()', () => {
  it('writes the essentials, and why they are there', () => {
    expect(renderConfig(ANSWERS)).toMatchInlineSnapshot(`
      "# What pixgate builds. Run  pixgate up  after a change: only what differs is touched.
      version: 1
      name: holiday   # the root of every name that is made
      region: eu-west-1
      stage: dev   # part of the address
      # cache: { sizeGb: 0.5, ttlSeconds: 300 }   # a stage cache, billed by the hour
      mounts:
        - path: /images   # served at /images/{key}
          source: ./images   # the folder of images
          access: public   # everybody who knows an address can read the image
      "
    `);
  });

  it('writes whatever differs from the defaults', () => {
    const text = renderConfig({
      ...ANSWERS,
      bucket: 'someone-elses',
      create: false,
      prefix: '',
      cacheSizeGb: 0.5,
      cors: '*',
      logRetentionDays: 7,
      tags: { team: 'web: front', 'on call': 'yes' },
    });

    expect(text).toMatchInlineSnapshot(`
      "# What pixgate builds. Run  pixgate up  after a change: only what differs is touched.
      version: 1
      name: holiday   # the root of every name that is made
      region: eu-west-1
      stage: dev   # part of the address
      cache: { sizeGb: 0.5 }   # billed by the hour
      logs: { retentionDays: 7 }   # level is off, error or info
      cors: { origin: '*' }   # '*', one origin, or none
      tags: { team: 'web: front', on call: yes }
      mounts:
        - path: /images   # served at /images/{key}
          bucket: { name: someone-elses, create: false, prefix: '' }   # create: false uses a bucket that exists
          source: ./images   # the folder of images
          access: public   # everybody who knows an address can read the image
      "
    `);
  });

  it('is read back as the answers it was made of', async () => {
    const cwd = await tempFolder();
    await fc.assert(
      fc.asyncProperty(someAnswers, async (answers) => {
        await writeConfig(join(cwd, 'pixgate.yaml'), renderConfig(answers), { overwrite: true });

        const config = await loadConfig({ cwd, env: {}, flags: {} });

        const { cacheSizeGb = 'none', cors = '*', tags = {} } = answers;
        expect(config).toMatchObject({
          name: answers.name,
          region: answers.region,
          stage: answers.stage ?? 'dev',
          endpoint: answers.endpoint ?? 'regional',
          logs: {
            level: answers.noLogs === true ? 'off' : (answers.logLevel ?? 'error'),
            access: answers.noLogs === true ? false : (answers.accessLog ?? true),
            retentionDays: answers.logRetentionDays ?? 30,
          },
          throttle: { rate: answers.throttleRate ?? 500, burst: answers.throttleBurst ?? 1000 },
          tracing: answers.tracing ?? false,
          concurrency: answers.concurrency ?? 256,
        });
        expect(config.tags).toEqual(tags);
        expect(config.cache).toEqual(cacheSizeGb === 'none' ? undefined : { sizeGb: cacheSizeGb, ttlSeconds: 300 });
        expect(config.cors).toEqual(cors === 'none' ? undefined : { origin: cors });
        const { mount = '/images', prefix = `${mount.slice(1)}/`, bucket = 'auto', versioning = false } = answers;
        expect(config.mounts[0]).toMatchObject({
          path: mount,
          bucket: { name: bucket, create: true, prefix, versioning },
        });
        expect(config.mounts[0]?.source).toBe(resolve(cwd, answers.source));
      }),
      { numRuns: 200 },
    );
  });
});

describe('writeConfig()', () => {
  it('writes the file and leaves nothing beside it', async () => {
    const folder = await tempFolder();

    await writeConfig(join(folder, 'pixgate.yaml'), 'version: 1\n');

    expect(await readFile(join(folder, 'pixgate.yaml'), 'utf8')).toBe('version: 1\n');
    expect(await readdir(folder)).toEqual(['pixgate.yaml']);
  });

  it('sweeps what a crash left between writing and renaming, and nothing that is young or not ours', async () => {
    const folder = await tempFolder();
    const id = '12345678-1234-1234-1234-123456789abc';
    const names = [`.pixgate.yaml.${id}.tmp`, '.pixgate.yaml.mine.tmp', `.other.yaml.${id}.tmp`];
    const young = `.pixgate.yaml.${id.replace('1', '0')}.tmp`;
    for (const name of [...names, young]) await writeFile(join(folder, name), '');
    for (const name of names) await utimes(join(folder, name), 0, 0);

    await writeConfig(join(folder, 'pixgate.yaml'), 'version: 1\n');

    expect((await readdir(folder)).sort()).toEqual([young, ...names.slice(1), 'pixgate.yaml'].sort());
  });

  it('refuses to replace a file, and leaves it as it was', async () => {
    const folder = await tempFolder({ 'pixgate.yaml': 'mine' });

    const error = await writeConfig(join(folder, 'pixgate.yaml'), 'yours').catch((caught: unknown) => caught);

    expect(error).toBeInstanceOf(RefusedError);
    expect(String(error)).toContain('it is already there.');
    expect(await readFile(join(folder, 'pixgate.yaml'), 'utf8')).toBe('mine');
    expect(await readdir(folder)).toEqual(['pixgate.yaml']);
  });

  it('replaces a file when told to', async () => {
    const folder = await tempFolder({ 'pixgate.yaml': 'mine' });

    await writeConfig(join(folder, 'pixgate.yaml'), 'yours', { overwrite: true });

    expect(await readFile(join(folder, 'pixgate.yaml'), 'utf8')).toBe('yours');
    expect(await readdir(folder)).toEqual(['pixgate.yaml']);
  });

  it('lets one of two writers win, and tells the other', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'pixgate.yaml');

    const outcomes = await Promise.allSettled(['one', 'two'].map((text) => writeConfig(path, text)));

    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(lost).toHaveLength(1);
    expect(lost[0]?.reason).toBeInstanceOf(RefusedError);
    expect(await readdir(folder)).toEqual(['pixgate.yaml']);
  });

  it('refuses a folder that is not there', async () => {
    const folder = await tempFolder();

    const error = await writeConfig(join(folder, 'no', 'pixgate.yaml'), 'x').catch((caught: unknown) => caught);

    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain('the system answered ENOENT.');
  });
});
