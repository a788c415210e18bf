import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { changing, newWorld } from './world.js';

const BROWSER = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('up', () => {
  it('goes from nothing to images that are served to the byte, whatever the Accept', async () => {
    const world = newWorld();

    const result = await world.run('up');

    expect(result.urls?.length).toBeGreaterThan(10);
    for (const { key, url } of result.urls ?? []) {
      const original = sha256(readFileSync(path.join(world.folder, 'images', key)));
      for (const headers of [
        {},
        { Accept: '*/*' },
        { Accept: 'image/png' },
        { Accept: BROWSER },
        { Accept: 'text/html' },
      ]) {
        const answer = await world.get(url, headers);
        expect([key, answer.status, sha256(answer.body)]).toEqual([key, 200, original]);
      }
    }
  });

  it('is verified by every check', async () => {
    const world = newWorld();
    await world.run('up');

    const report = await world.verify();

    expect(report.results.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(report.inconclusive).toBe(0);
    expect(report.passed).toBeGreaterThan(60);
  });

  it('run again sends no call that changes anything', async () => {
    const world = newWorld();
    await world.run('up');
    world.calls.length = 0;

    const again = await world.run('up');

    expect(again.changed).toBe(0);
    expect(changing(world.calls)).toEqual([]);
  });

  it('in four phases leaves the same account as in one', async () => {
    const whole = newWorld();
    await whole.run('up');
    const phased = newWorld();

    for (const phase of ['init', 'upload', 'wire'] as const) await phased.run(phase);

    expect(Object.keys(phased.everything()).length).toBe(Object.keys(whole.everything()).length);
    expect((await phased.verify()).failed).toBe(0);
  });
});

describe('plan and test', () => {
  it('change nothing, neither in the account nor on disk', async () => {
    const world = newWorld();
    for (const phase of ['up', 'init', 'teardown'] as const) await world.plan(phase);
    expect(changing(world.calls)).toEqual([]);
    await world.run('up');
    const before = world.everything();
    world.calls.length = 0;

    for (const phase of ['up', 'init', 'upload', 'wire', 'teardown'] as const) await world.plan(phase);
    await world.verify();

    expect(changing(world.calls)).toEqual([]);
    // What was asked of the served API is in its logs, as it should be.
    const withoutLogs = (all: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(all).filter(([key]) => !key.startsWith('logs/')));
    expect(withoutLogs(world.everything())).toEqual(withoutLogs(before));
  });
});

describe('teardown', () => {
  it('gives the account back as it was before', async () => {
    const world = newWorld();
    const before = world.everything();
    await world.run('up');
    await world.verify();

    const result = await world.run('teardown');

    expect(result.left).toEqual([]);
    expect(world.everything()).toEqual(before);
  });

  it('works without the ledger, by the tags', async () => {
    const world = newWorld();
    const before = world.everything();
    const { rmSync } = await import('node:fs');
    await world.run('up');
    rmSync(path.join(world.folder, '.pixgate'), { recursive: true });

    const result = await world.run('teardown');

    expect(result.left).toEqual([]);
    expect(world.everything()).toEqual(before);
  });

  it('run twice, and before anything was made, has nothing to do', async () => {
    const world = newWorld();

    const never = await world.run('teardown');
    await world.run('up');
    await world.run('teardown');
    const twice = await world.run('teardown');

    expect([never.changed, never.left, twice.changed, twice.left]).toEqual([0, [], 0, []]);
  });

  it('leaves an adopted bucket as it was, with everything in it', async () => {
    const world = newWorld();
    const { s3 } = await world.aws();
    await s3.createBucket('their-bucket', { team: 'web' });
    await s3.putObject('their-bucket', {
      key: 'images/theirs.png',
      body: Buffer.from('theirs'),
      contentType: 'image/png',
      headers: {},
    });
    const before = world.everything();
    const config = world.config(
      {},
      { bucket: { name: 'their-bucket', create: false, prefix: 'images/', versioning: false } },
    );

    await world.run('up', config);
    const during = await world.verify(config);
    const result = await world.run('teardown', config);

    expect(during.failed).toBe(0);
    expect(result.left).toEqual([]);
    expect(world.everything()).toEqual(before);
  });

  it('refuses while the bucket holds objects of others, and deletes nothing', async () => {
    const world = newWorld();
    await world.run('up');
    const [bucket = ''] = (await (await world.aws()).s3.listBuckets('pixgate-')).map(({ name }) => name);
    await (await world.aws()).s3.putObject(bucket, {
      key: 'theirs.txt',
      body: Buffer.from('x'),
      contentType: 'text/plain',
      headers: {},
    });
    world.calls.length = 0;

    await expect(world.run('teardown')).rejects.toMatchObject({ code: 'FOREIGN_OBJECTS' });

    expect(changing(world.calls)).toEqual([]);
    expect((await world.run('teardown', undefined, { includingForeign: true })).left).toEqual([]);
  });
});

describe('the source folder', () => {
  it('that is missing, empty or holds no image is refused before anything is made', async () => {
    const world = newWorld();
    const { mkdirSync, writeFileSync } = await import('node:fs');
    mkdirSync(path.join(world.folder, 'empty'));
    mkdirSync(path.join(world.folder, 'texts'));
    writeFileSync(path.join(world.folder, 'texts', 'a.txt'), 'hello');

    for (const source of ['missing', 'empty', 'texts']) {
      const config = world.config({}, { source: path.join(world.folder, source) });
      await expect(world.run('up', config), source).rejects.toThrow(/Cannot (upload from|read)/);
    }

    expect(changing(world.calls)).toEqual([]);
  });
});
