import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newWorld } from '../stories/world.js';

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

test('listObjects() answers the same in one piece and in any pieces, each object once and in order', async () => {
  const { s3 } = await newWorld().aws();
  await s3.createBucket('pixgate-splits', {});
  const names = ['a', 'b!', 'b/1', 'b/2', 'bé', 'c', 'c\u{1f600}', 'c\uffee', 'd', 'e'].map((name) => `images/${name}`);
  for (const key of [...names, 'other/x'])
    await s3.putObject('pixgate-splits', { key, body: Buffer.from('x'), contentType: 'image/png', headers: {} });
  const whole = (await s3.listObjects('pixgate-splits', 'images/')).map(({ key }) => key);

  await fc.assert(
    fc.asyncProperty(fc.subarray([...names, 'images/', 'images/bb', 'images/zz']), async (places) => {
      const splits = [...places].sort(byBytes);
      const parts = await s3.listObjects('pixgate-splits', 'images/', splits);
      expect(parts.map(({ key }) => key)).toEqual(whole);
    }),
    { numRuns: 40 },
  );
  expect(whole).toEqual([...names].sort(byBytes));
});
