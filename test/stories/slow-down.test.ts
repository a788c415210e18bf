import { cpSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/model/event.js';
import { newWorld, type Weather, type World } from './world.js';

const COUNT = 300;

const isImage = ({ method, path: where }: Parameters<Weather>[0]): boolean =>
  method === 'PUT' && where.includes('/images/copy-');

const SLOW_DOWN = {
  status: 503,
  headers: { 'x-amz-request-id': 'R' },
  body: Buffer.from('<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'),
};

/** A world with 300 images, whose S3 refuses the puts that `isRefused` says, by their number from 0 and by the key. */
function hastyWorld(isRefused: (put: number, key: string) => boolean) {
  let puts = 0;
  let refused = 0;
  const world: World = newWorld(async (request, handle) => {
    if (!isImage(request) || !isRefused(puts++, path.basename(request.path))) return handle(request);
    refused += 1;
    return SLOW_DOWN;
  });
  const image = path.join(world.folder, 'images', 'kite.svg');
  for (let n = 0; n < COUNT; n += 1) cpSync(image, path.join(world.folder, 'images', `copy-${n}.svg`));
  return { world, refused: () => refused };
}

const notes = (events: readonly Event[]): string[] =>
  events.flatMap((event) => (event.type === 'note' && event.text.startsWith('S3 asks') ? [event.text] : []));

describe('upload to a store that asks to slow down', () => {
  it('sends every file in the end, and says once what it does', async () => {
    const { world, refused } = hastyWorld((put) => put % 10 === 9);
    await world.run('init');

    const { upload } = await world.run('upload');
    const again = await world.run('upload');

    expect(upload).toMatchObject({ failed: [] });
    expect(upload?.sent).toBeGreaterThanOrEqual(COUNT);
    expect(refused()).toBeGreaterThan(20);
    expect(notes(world.events)).toEqual([
      expect.stringMatching(/^S3 asks to slow down: going on with about \d+ files a second$/),
    ]);
    expect(again.upload).toMatchObject({ sent: 0, failed: [] });
  });

  it('tells the number of all files last, though some were sent twice', async () => {
    const { world } = hastyWorld((put) => put < 8);
    await world.run('init');

    const { upload } = await world.run('upload');

    const told = world.events.flatMap((event) => (event.type === 'progress' ? [event] : []));
    expect(told.at(-1)).toMatchObject({ done: upload?.sent, total: upload?.sent });
  });

  it('ends when nothing gets through for two minutes, and the next run sends the rest', async () => {
    let isFull = true;
    const { world, refused } = hastyWorld((put) => isFull && put >= 100);
    await world.run('init');
    const start = world.emulator.clock.now();

    await expect(world.run('upload')).rejects.toMatchObject({
      code: 'AWS',
      message: 'Cannot call S3 PutObject: S3 asks to slow down.',
      failure: { awsCode: 'SlowDown' },
    });
    isFull = false;
    const tookMs = world.emulator.clock.now() - start;
    const { upload } = await world.run('upload');

    expect(tookMs).toBeGreaterThanOrEqual(120_000);
    expect(refused()).toBeLessThan(3_000);
    expect(upload).toMatchObject({ failed: [] });
    expect(upload?.sent).toBeLessThanOrEqual(COUNT - 90);
  });
});
