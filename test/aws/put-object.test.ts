import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { HeadObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { crc32Of, longBody } from '../../src/aws/long-body.js';
import { createPut } from '../../src/aws/put-object.js';
import type { ObjectToPut } from '../../src/aws/s3.js';
import { AwsError } from '../../src/errors.js';

const BODY = Buffer.from('an image');
const IMAGE: ObjectToPut = {
  key: 'a.png',
  body: BODY,
  contentType: 'image/png',
  headers: {},
  sha256: createHash('sha256').update(BODY).digest('hex'),
};
const RIGHT = crc32Of(BODY);
const WRONG = crc32Of(Buffer.from('another image'));

interface Answer {
  readonly status?: number;
  readonly etag: string;
  /** Checksum that S3 names; absent: none. */
  readonly checksum?: string;
}

/** The put of a client whose puts are answered in turn; `isKnown`: it has learned where the bucket is. */
async function putter(answers: readonly Answer[], isKnown: boolean, image = IMAGE) {
  const sent: Readonly<Record<string, string>>[] = [];
  const handler = {
    async handle(request: { readonly method: string; readonly headers: Readonly<Record<string, string>> }) {
      const head = { 'x-amz-request-id': 'R1', etag: '"e0"' };
      if (request.method === 'HEAD') return { response: { statusCode: 200, headers: head, body: Readable.from([]) } };
      const { status = 200, etag, checksum } = answers[sent.length] ?? { etag: 'none is left' };
      sent.push(request.headers);
      const named = checksum === undefined ? {} : { 'x-amz-checksum-crc32': checksum };
      return {
        response: { statusCode: status, headers: { ...head, etag: `"${etag}"`, ...named }, body: Readable.from([]) },
      };
    },
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  const requestHandler = handler as unknown as NonNullable<S3ClientConfig['requestHandler']>;
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example-secret' };
  const client = new S3Client({ region: 'eu-west-1', credentials, maxAttempts: 1, requestHandler });
  onTestFinished(() => client.destroy());
  const put = createPut(client, '000000000000');
  if (isKnown) await client.send(new HeadObjectCommand({ Bucket: 'some-bucket', Key: 'any' }));
  const conditions = () => sent.map((headers) => [headers['if-match'], headers['if-none-match']]);
  return { put: (isOneOfMany = false) => put('some-bucket', image, 'nothing', isOneOfMany), conditions };
}

const IN_PIECES: ObjectToPut = { ...IMAGE, body: longBody(() => [BODY.subarray(0, 3), BODY.subarray(3)]) };

describe.each([
  ['the short way', true, IMAGE],
  ['the short way, in pieces', true, IN_PIECES],
  ['the SDK', false, IMAGE],
  ['the SDK, which takes no pieces', false, IN_PIECES],
])('put() by %s', (_way, isKnown, image) => {
  it('answers the ETag when S3 names the checksum of what was sent, or none', async () => {
    const named = await putter([{ etag: 'e1', checksum: RIGHT }], isKnown, image);
    const unnamed = await putter([{ etag: 'e1' }], isKnown, image);

    expect(await named.put()).toMatchObject({ ETag: '"e1"' });
    expect(await unnamed.put()).toMatchObject({ ETag: '"e1"' });
  });

  it('sends the bytes once more, in the place of those that S3 got wrong', async () => {
    const { put, conditions } = await putter(
      [
        { etag: 'bad', checksum: WRONG },
        { etag: 'good', checksum: RIGHT },
      ],
      isKnown,
      image,
    );

    expect(await put()).toMatchObject({ ETag: '"good"' });

    expect(conditions()).toEqual([
      [undefined, '*'],
      ['"bad"', undefined],
    ]);
  });

  it('fails when S3 gets them wrong again', async () => {
    const { put, conditions } = await putter(
      [
        { etag: 'bad', checksum: WRONG },
        { etag: 'worse', checksum: WRONG },
      ],
      isKnown,
      image,
    );

    await expect(put()).rejects.toMatchObject({
      code: 'AWS',
      failure: { operation: 'PutObject', awsCode: 'BadDigest' },
    });

    expect(conditions()).toHaveLength(2);
  });
});

describe('put() when S3 asks for less', () => {
  it('is left to the patience of the SDK', async () => {
    const { put, conditions } = await putter(
      [
        { status: 503, etag: '' },
        { etag: 'e1', checksum: RIGHT },
      ],
      true,
    );

    expect(await put()).toMatchObject({ ETag: '"e1"' });

    expect(conditions()).toHaveLength(2);
  });

  it('is told at once to who sends many', async () => {
    const { put, conditions } = await putter([{ status: 503, etag: '' }], true);

    const error: unknown = await put(true).catch((failure: unknown) => failure);

    expect(error).toBeInstanceOf(AwsError);
    expect(error).toMatchObject({ failure: { awsCode: 'SlowDown', status: 503 } });
    expect(conditions()).toHaveLength(1);
  });
});
