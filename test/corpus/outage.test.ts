import { expect, it, vi } from 'vitest';
import { cloud } from '../../src/emulator/cloud.js';
import { faultsOf, type Gallery, openGallery } from './gallery.js';
import { get, HIDDEN, head, STORE_BUSY, STORE_FAILED, type Wanted } from './row.js';

const WAVES = '/dev/images/waves.png';

/** What S3 says when it is in trouble, telling all it knows. */
function s3Says(gallery: Gallery, status: number, code: string) {
  const xml = `<?xml version="1.0"?><Error><Code>${code}</Code><BucketName>${gallery.bucket}</BucketName></Error>`;
  const headers = { 'Content-Type': 'application/xml', Server: 'AmazonS3', 'x-amz-request-id': 'A1' };
  return { status, headers, body: Buffer.from(xml) };
}

const TROUBLES: readonly (readonly [status: number, code: string, wanted: Wanted])[] = [
  [204, 'NoContent', STORE_FAILED],
  [301, 'PermanentRedirect', STORE_FAILED],
  [307, 'TemporaryRedirect', STORE_FAILED],
  [403, 'SignatureDoesNotMatch', HIDDEN],
  [405, 'MethodNotAllowed', STORE_FAILED],
  [409, 'OperationAborted', STORE_FAILED],
  [429, 'TooManyRequests', STORE_BUSY],
  [500, 'InternalError', STORE_FAILED],
  [501, 'NotImplemented', STORE_FAILED],
  [503, 'SlowDown', STORE_BUSY],
];

it('the gateway answers in our shape whatever S3 says, and never with a 200', async () => {
  const gallery = await openGallery(({ cache: _, ...config }) => config);

  const faults: string[] = [];
  for (const [status, code, wanted] of TROUBLES) {
    vi.spyOn(cloud, 's3').mockReturnValue(s3Says(gallery, status, code));
    for (const request of [get(WAVES), get(WAVES, 'Accept: image/png'), head(WAVES), get(WAVES, 'Range: bytes=0-9')]) {
      const found = await faultsOf(gallery, request, wanted);
      if (found.length > 0) faults.push(`${status} ${code}, ${request}: ${found.join('; ')}`);
    }
  }

  expect(faults).toEqual([]);
});
