import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { ListedObjects, liftObjects } from './listed-objects.js';
import type { ReadPage } from './object-listing.js';
import type { Send } from './sender.js';

/** The answer of a call as it came. */
interface RawAnswer {
  readonly statusCode: number;
  body: unknown;
}

const NO_OBJECTS = new ListedObjects(Buffer.alloc(0));

/** Reads pages of the keys of a bucket that begin with `prefix`; there is nothing in a bucket that is not there. */
export function createReadPage(
  client: S3Client,
  send: Send,
  input: { readonly Bucket: string; readonly ExpectedBucketOwner: string; readonly Prefix: string },
): ReadPage {
  return async ({ after, token }, abortSignal) => {
    const command = new ListObjectsV2Command({ ...input, StartAfter: after, ContinuationToken: token });
    const objectsOf = liftFrom(command);
    const call = async () => {
      const page = await client.send(command, { abortSignal });
      // S3 puts each object into a plain <Contents>: what the SDK still finds, or an answer of nothing, is another's.
      const isListing = page.Contents === undefined && (page.KeyCount ?? page.IsTruncated) !== undefined;
      if (!isListing) throw new SyntaxError('this is no listing of S3');
      return page;
    };
    const page = await send('ListObjectsV2', call, { missing: ['NoSuchBucket'] });
    return { items: page === undefined ? NO_OBJECTS : objectsOf(), next: page?.NextContinuationToken };
  };
}

/**
 * Has the SDK read all of an answer but its objects, which it would make into a tree first, and then into far more than
 * anybody asks for: two thirds of what a listing costs. Answers what gives the objects once the answer is there.
 */
function liftFrom(command: ListObjectsV2Command): () => ListedObjects {
  let objects = NO_OBJECTS;
  command.middlewareStack.add(
    (next) => async (args) => {
      const answered = await next(args);
      const response = answered.response as RawAnswer;
      if (response.statusCode !== 200) return answered;
      const xml = await bytesOf(response.body);
      const apart = liftObjects(xml);
      response.body = apart?.rest ?? xml;
      objects = apart?.objects ?? NO_OBJECTS;
      return answered;
    },
    { step: 'deserialize', priority: 'low', name: 'liftObjects' },
  );
  return () => objects;
}

async function bytesOf(body: unknown): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body as AsyncIterable<Uint8Array>) pieces.push(piece);
  return Buffer.concat(pieces);
}
