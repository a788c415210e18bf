import { StringDecoder } from 'node:string_decoder';
import { GetObjectCommand, type GetObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';
import { readFailure } from './failure.js';
import { type Send, sent } from './sender.js';

/** The text of an object, read as it is taken. */
export interface ObjectLines {
  /**
   * Lines without their line feeds, in batches; may be taken once. A piece that is cut from a line keeps the text of its
   * whole batch in memory, about 64 KiB, as long as it is kept itself.
   */
  readonly lines: AsyncIterable<readonly string[]>;
  /** Without quotes. */
  readonly etag: string;
  /** When the object was last put, in milliseconds since 1970, whole seconds. */
  readonly modifiedMs: number;
}

/** Some bytes of an object, and what is known of the whole. */
interface Stretch extends Pick<ObjectLines, 'etag' | 'modifiedMs'> {
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
}

/** Of which two are held at once. */
const STRETCH_BYTES = 512 * 1024;
const BATCH_BYTES = 64 * 1024;

/**
 * Reads an object's lines by ranges of 512 KiB, one ahead of whoever takes them; undefined when `missing` says that there is
 * no such object. No connection is held open meanwhile: S3 would hang up on a slow taker, and one that leaves would leave
 * it behind.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/range-get-olap.html
 */
export async function readLines(
  client: S3Client,
  send: Send,
  input: GetObjectCommandInput,
  missing: readonly string[],
): Promise<ObjectLines | undefined> {
  const read = async (more: Partial<GetObjectCommandInput>, abortSignal?: AbortSignal) => {
    const command = new GetObjectCommand({ ...input, ...more });
    const found = await client.send(command, abortSignal === undefined ? {} : { abortSignal });
    // The body belongs to the call: it may break off as well.
    const bytes = (await found.Body?.transformToByteArray()) ?? new Uint8Array();
    const [, size = bytes.byteLength] = /\/(\d+)$/.exec(found.ContentRange ?? '') ?? [];
    const etag = found.ETag?.replaceAll('"', '') ?? '';
    const modifiedMs = found.LastModified?.getTime() ?? 0;
    return { $metadata: found.$metadata, bytes, sizeBytes: Number(size), etag, modifiedMs };
  };
  const readFirst = () =>
    read({ Range: rangeFrom(0) }).catch((error: unknown) => {
      // AWS: an empty object has no range of bytes at all. (S3 API Reference, "GetObject")
      if (readFailure(error).code === 'InvalidRange') return read({});
      throw error;
    });
  const first = await send('GetObject', readFirst, { missing });
  if (first === undefined) return undefined;
  const readOn = (from: number, signal: AbortSignal) =>
    // What took the object's place meanwhile has other lines.
    sent(send('GetObject', () => read({ Range: rangeFrom(from), IfMatch: `"${first.etag}"` }, signal)));
  return { lines: linesOf(bytesOf(first, readOn)), etag: first.etag, modifiedMs: first.modifiedMs };
}

function rangeFrom(first: number): string {
  return `bytes=${first}-${first + STRETCH_BYTES - 1}`;
}

async function* bytesOf(
  first: Stretch,
  readOn: (from: number, signal: AbortSignal) => Promise<Stretch>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const stop = new AbortController();
  try {
    let { bytes } = first;
    for (let end = bytes.byteLength; end < first.sizeBytes; end += bytes.byteLength) {
      const next = readOn(end, stop.signal);
      // Nobody waits for it when the taker has left.
      next.catch(() => {});
      yield bytes;
      ({ bytes } = await next);
    }
    yield bytes;
  } finally {
    stop.abort();
  }
}

async function* linesOf(stretches: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[], void, undefined> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const bytes of stretches) {
    for (let at = 0; at < bytes.byteLength; at += BATCH_BYTES) {
      const text = decoder.write(bytes.subarray(at, at + BATCH_BYTES));
      const end = text.lastIndexOf('\n');
      if (end === -1) {
        rest += text;
        continue;
      }
      yield (rest + text.slice(0, end)).split('\n');
      rest = text.slice(end + 1);
    }
  }
  rest += decoder.end();
  if (rest !== '') yield [rest];
}
