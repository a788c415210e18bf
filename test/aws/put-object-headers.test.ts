import { expect, onTestFinished, test } from 'vitest';
import { openAws, openSts } from '../../src/aws/aws.js';
import { createEmulator, type WireRequest } from '../../src/emulator/index.js';
import { targetOn } from '../../src/targets/local.js';

const BUCKET = 'copy-bucket';
const NEW = { contentType: 'image/png', headers: { 'Cache-Control': 'no-cache' } };

/** A bucket with one object, and what is sent to it. */
async function bucketWithImage(onCopy: (put: (body: string) => Promise<string>) => Promise<void> = async () => {}) {
  const emulator = createEmulator();
  onTestFinished(() => emulator.close());
  const copies: WireRequest[] = [];
  const handle = async (request: WireRequest) => {
    if (request.headers['x-amz-copy-source'] !== undefined) {
      copies.push(request);
      await onCopy(put);
    }
    return emulator.handle(request);
  };
  const { access } = targetOn({ ...emulator, handle }, 'eu-west-1', 4566);
  const { s3 } = openAws(access, await openSts(access).getIdentity());
  const put = (body: string) =>
    s3.putObject(BUCKET, { key: 'a.png', body: Buffer.from(body), contentType: 'image/png', headers: {} });
  await s3.createBucket(BUCKET, {});
  const etag = await put('an image');
  return {
    s3,
    etag,
    copies,
    body: async () => Buffer.from((await s3.findObject(BUCKET, 'a.png'))?.bytes ?? []).toString(),
  };
}

test('putObjectHeaders() names the object that was seen as the one it copies and as the one it replaces', async () => {
  const { s3, etag, copies } = await bucketWithImage();

  expect(await s3.putObjectHeaders(BUCKET, 'a.png', NEW, etag)).toBe(etag);

  const [{ headers } = { headers: {} }] = copies;
  expect(headers).toMatchObject({ 'x-amz-copy-source-if-match': `"${etag}"`, 'if-match': `"${etag}"` });
  expect(await s3.findObjectHeaders(BUCKET, 'a.png')).toMatchObject(NEW);
});

test('putObjectHeaders() leaves alone what somebody put there meanwhile', async () => {
  const { s3, etag, body } = await bucketWithImage(async (put) => void (await put('somebody else’s image')));

  expect(await s3.putObjectHeaders(BUCKET, 'a.png', NEW, etag)).toBeUndefined();

  expect(await body()).toBe('somebody else’s image');
});
