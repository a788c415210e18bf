import { demand, enterBucket } from './access.js';
import { checkIfMatch } from './conditions.js';
import type { Bucket, ObjectVersion } from './model.js';
import { versionIdOf } from './object-read.js';
import { addDeleteMarker, findCurrent, findVersion, removeVersion } from './object-rows.js';
import { type Ask, emptyAnswer, headerOf, type S3Operation } from './s3-operation.js';

/** What to delete, and on what condition. */
export interface Deletion {
  /** The whole key. */
  readonly key: string;
  /** A version to remove for good; without one the current object goes, or is hidden where versions are kept. */
  readonly versionId: string | undefined;
  /** An ETag the current object must have, or `*`. */
  readonly ifMatch: string | undefined;
}

/** What a deletion did. */
export interface Deleted {
  /** The delete marker it made; absent when it made none. */
  readonly marker?: ObjectVersion;
  /** The version it removed, when one was named; absent when that was not there, and without a version id. */
  readonly removed?: ObjectVersion;
}

/**
 * Deletes an object, or hides it behind a delete marker, or removes one version. Deleting what is not there succeeds.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
 */
export const DeleteObject: S3Operation = {
  name: 'DeleteObject',
  fidelity: 'documented',
  source: 'S3 API Reference, DeleteObject; S3 User Guide, deleting object versions',
  mutating: true,
  method: 'DELETE',
  scope: 'object',
  run(ask) {
    const bucket = enterBucket(ask);
    const versionId = versionIdOf(ask);
    const done = deleteOne(ask, bucket, { key: ask.key, versionId, ifMatch: headerOf(ask, 'if-match') });
    const named = done.marker?.versionId ?? versionId;
    const isMarker = done.marker !== undefined || done.removed?.deleteMarker === true;
    return emptyAnswer(204, {
      ...(isMarker ? { 'x-amz-delete-marker': 'true' } : {}),
      ...(named === undefined || bucket.versioning === undefined ? {} : { 'x-amz-version-id': named }),
    });
  },
};

/** Does one deletion. @throws {S3Error} AccessDenied, PreconditionFailed, NoSuchKey for a condition on nothing. */
export function deleteOne(ask: Ask, bucket: Bucket, { key, versionId, ifMatch }: Deletion): Deleted {
  const { store } = ask.call;
  const action = versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
  demand(ask, bucket, { action, key, context: versionId === undefined ? {} : { 's3:VersionId': versionId } });
  if (ifMatch !== undefined && ifMatch !== '*') demand(ask, bucket, { action: 's3:GetObject', key });
  checkIfMatch(ifMatch, key, findCurrent(store, bucket.name, key));
  if (versionId === undefined && bucket.versioning !== undefined) {
    return { marker: addDeleteMarker(ask.call, bucket, key) };
  }
  const removed = findVersion(store, bucket.name, key, versionId ?? 'null');
  if (removed === undefined) return {};
  removeVersion(store, bucket, removed);
  return { removed };
}
