import { preconditionFailed, S3Error } from './error.js';
import type { ObjectVersion } from './model.js';
import { type Ask, headerOf } from './s3-operation.js';

/** The four headers that make a read depend on the object's state. */
interface Conditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
  readonly ifUnmodifiedSince: string | undefined;
}

/**
 * Whether a read may answer 304 instead of the object.
 *
 * A tag outranks a date: If-Unmodified-Since counts only without If-Match, If-Modified-Since only without If-None-Match.
 *
 * @throws {S3Error} PreconditionFailed
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function isNotModified(ask: Ask, version: ObjectVersion): boolean {
  return judge(ask, version, readConditions(ask, '')) !== undefined;
}

/** Holds the `x-amz-copy-source-if-…` headers against the source. @throws {S3Error} PreconditionFailed */
export function checkCopySource(ask: Ask, version: ObjectVersion): void {
  const prefix = 'x-amz-copy-source-';
  const failed = judge(ask, version, readConditions(ask, prefix), prefix);
  if (failed !== undefined) throw preconditionFailed(prefix + failed);
}

/**
 * Holds If-Match and If-None-Match against the object that a write would replace or remove.
 *
 * @throws {S3Error} PreconditionFailed; NoSuchKey for If-Match without an object; 501 for what S3 does not take either.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWrite(ask: Ask, current: ObjectVersion | undefined): void {
  const ifMatch = headerOf(ask, 'if-match');
  const ifNoneMatch = headerOf(ask, 'if-none-match');
  if (ifNoneMatch !== undefined && (ifNoneMatch !== '*' || ifMatch !== undefined)) {
    throw new S3Error(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented', {
      Header: 'If-None-Match',
    });
  }
  if (ifNoneMatch !== undefined && current !== undefined) throw preconditionFailed('If-None-Match');
  checkIfMatch(ifMatch, ask.key, current);
}

/** Holds one expected ETag, or `*` for "is there", against an object. @throws {S3Error} as `checkWrite`. */
export function checkIfMatch(ifMatch: string | undefined, key: string, current: ObjectVersion | undefined): void {
  if (ifMatch === undefined) return;
  if (current === undefined) {
    throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key });
  }
  if (!matches(ifMatch, current)) throw preconditionFailed('If-Match');
}

function readConditions(ask: Ask, prefix: string): Conditions {
  return {
    ifMatch: headerOf(ask, `${prefix}if-match`),
    ifNoneMatch: headerOf(ask, `${prefix}if-none-match`),
    ifModifiedSince: headerOf(ask, `${prefix}if-modified-since`),
    ifUnmodifiedSince: headerOf(ask, `${prefix}if-unmodified-since`),
  };
}

/** The condition that asks for a 304, if one does. @throws {S3Error} PreconditionFailed */
function judge(ask: Ask, version: ObjectVersion, conditions: Conditions, prefix = ''): string | undefined {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, version)) throw preconditionFailed(named(prefix, 'If-Match'));
  } else if (
    ifUnmodifiedSince !== undefined &&
    version.modifiedMs > toMs(ifUnmodifiedSince, Number.POSITIVE_INFINITY)
  ) {
    throw preconditionFailed(named(prefix, 'If-Unmodified-Since'));
  }
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, version) ? 'If-None-Match' : undefined;
  if (ifModifiedSince === undefined) return undefined;
  const since = toMs(ifModifiedSince, Number.NEGATIVE_INFINITY);
  // AWS: a date in the future is taken as no condition. (LocalStack, recorded tests of S3: conditional reads)
  return since >= version.modifiedMs && since <= ask.call.now() ? 'If-Modified-Since' : undefined;
}

function named(prefix: string, header: string): string {
  return prefix === '' ? header : prefix + header;
}

function matches(expected: string, version: ObjectVersion): boolean {
  return expected.split(',').some((tag) => {
    const bare = tag
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return bare === '*' || bare === version.etag;
  });
}

/** An unreadable date is no condition. */
function toMs(date: string, otherwise: number): number {
  const ms = Date.parse(date);
  return Number.isNaN(ms) ? otherwise : ms;
}
