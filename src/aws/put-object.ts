import { PutObjectCommand, type PutObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';
import { AwsError } from '../errors.js';
import { createFastPut } from './fast-put.js';
import { crc32Of, wholeOf } from './long-body.js';
import type { ObjectToPut, Replaced } from './s3.js';
import { toStored } from './stored-headers.js';

/** What is told of an object that S3 has stored. */
export interface Stored {
  /** In quotes, as S3 writes it. */
  readonly ETag?: string | undefined;
}

/**
 * Puts an object, in the place of `replaced` and nothing else where that is given: the short way when it can be gone, and
 * through the SDK otherwise. S3's checksum is compared with that of what was sent; when it differs the object is sent again.
 *
 * When S3 asks for fewer puts the SDK waits and tries again, or, of one of many, who sends them all is told at once.
 *
 * @throws {AwsError} when S3 keeps other bytes twice, or asks for less of one of many; what the SDK throws otherwise.
 */
export type Put = (bucket: string, object: ObjectToPut, replaced?: Replaced, isOneOfMany?: boolean) => Promise<Stored>;

/** Makes the put of one client, into buckets of the account `owner`. */
export function createPut(client: S3Client, owner: string): Put {
  const fastPut = createFastPut(client, owner);
  const putBySdk = async (bucket: string, object: ObjectToPut, replaced: Replaced | undefined) => {
    const stored = await client.send(new PutObjectCommand(toInput(bucket, object, owner, replaced)));
    // A store that names no such checksum is believed, as it is by the short way.
    const isIntact = stored.ChecksumCRC32 === undefined || stored.ChecksumCRC32 === crc32Of(object.body);
    return { stored, isIntact };
  };
  return async (bucket, object, replaced, isOneOfMany = false) => {
    const fast = await fastPut({ bucket, object, replaced });
    if (fast === 'slow' && isOneOfMany) throw asksForLess();
    const first =
      fast === undefined || fast === 'slow'
        ? await putBySdk(bucket, object, replaced)
        : { stored: { ETag: `"${fast.etag}"` }, isIntact: fast.isIntact };
    if (first.isIntact) return first.stored;
    // S3 has kept other bytes than were sent, so they are sent once more in their place.
    const again = await putBySdk(bucket, object, { etag: bareTag(first.stored.ETag) });
    if (again.isIntact) return again.stored;
    throw new AwsError('S3 stored other bytes than were sent, twice, by the checksums of its answers.', {
      ...PUT,
      awsCode: 'BadDigest',
    });
  };
}

const PUT = { service: 'S3', operation: 'PutObject' } as const;

function asksForLess(): AwsError {
  return new AwsError('Cannot call S3 PutObject: S3 asks to slow down.', { ...PUT, awsCode: 'SlowDown', status: 503 });
}

function toInput(
  bucket: string,
  { key, body, ...stored }: ObjectToPut,
  owner: string,
  replaced: Replaced | undefined,
): PutObjectCommandInput {
  const condition = replaced === 'nothing' ? { IfNoneMatch: '*' } : { IfMatch: `"${replaced?.etag}"` };
  return {
    Bucket: bucket,
    ExpectedBucketOwner: owner,
    Key: key,
    Body: wholeOf(body),
    ContentLength: body.byteLength,
    ...toStored(stored),
    ...(replaced === undefined ? {} : condition),
  };
}

/** An ETag without its quotes. */
export function bareTag(etag = ''): string {
  return etag.replaceAll('"', '');
}
