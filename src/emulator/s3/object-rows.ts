import type { Call } from '../operation.js';
import type { Row, Store } from '../store.js';
import { checksumOf, md5Hex } from './checksum.js';
import type { Bucket, Checksum, ObjectTraits, ObjectVersion } from './model.js';
import { BEHIND_ALL, rowOfVersion, rowsOfKey, rowsOfPrefix } from './row-key.js';
import { nowInSeconds } from './s3-operation.js';

const OBJECTS = 's3/object';

const FIRST_BATCH = 8;
const LARGEST_BATCH = 1024;

/** What a new version is made of; the rest follows from the bucket and the moment. */
export interface NewVersion extends ObjectTraits {
  /** The whole key. */
  readonly key: string;
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** Taken over as it is; otherwise computed by `algorithm`. */
  readonly checksum: Checksum | { readonly algorithm: string };
  /** Taken over as it is, for what was put in parts. @default the MD5 of the bytes */
  readonly etag?: string;
}

/** Which versions a walk passes, in order of key and then from new to old. */
export interface Walk {
  /** Only keys that begin with this. */
  readonly prefix: string;
  /** A row to begin behind; '' to begin at the first. */
  readonly after: string;
}

/** Whether anything at all is in a bucket, delete markers included. */
export function hasRows(store: Store, bucket: string): boolean {
  return store.list(OBJECTS, { prefix: rowsOfPrefix(bucket, ''), limit: 1 }).length > 0;
}

/** The newest version of a key, which may be a delete marker. */
export function findNewest(store: Store, bucket: string, key: string): ObjectVersion | undefined {
  return store.list<ObjectVersion>(OBJECTS, { prefix: rowsOfKey(bucket, key), limit: 1 })[0]?.value;
}

/** The object a key reads as; undefined when there is none, or a delete marker hides it. */
export function findCurrent(store: Store, bucket: string, key: string): ObjectVersion | undefined {
  const newest = findNewest(store, bucket, key);
  return newest?.deleteMarker === true ? undefined : newest;
}

/** One version of a key by its id. */
export function findVersion(store: Store, bucket: string, key: string, versionId: string): ObjectVersion | undefined {
  if (versionId !== 'null') {
    const version = store.get<ObjectVersion>(OBJECTS, rowOfVersion(bucket, key, sequenceOf(versionId)));
    return version?.versionId === versionId ? version : undefined;
  }
  for (const { value } of walkRows(store, rowsOfKey(bucket, key), '')) {
    if (value.versionId === versionId) return value;
  }
  return undefined;
}

/** The place of a version among those of its key, by its id, even when it is gone; NaN for `null` and foreign ids. */
export function sequenceOf(versionId: string): number {
  return /^[a-z0-9]{20}\d{12}$/.test(versionId) ? Number(versionId.slice(20)) : Number.NaN;
}

/** Passes the versions of a bucket without ever loading more than a batch of them. */
export function walkVersions(store: Store, bucket: string, { prefix, after }: Walk): Generator<Row<ObjectVersion>> {
  return walkRows(store, rowsOfPrefix(bucket, prefix), after);
}

/** Stores an object as the newest version of its key, replacing what the bucket's versioning does not keep. */
export function addVersion(call: Call, bucket: Bucket, draft: NewVersion): ObjectVersion {
  const { bytes, checksum, etag, ...traits } = draft;
  const bodyId = `s3/${call.newUuid()}`;
  call.store.putBody(bodyId, bytes);
  return addRow(call, bucket, {
    ...traits,
    deleteMarker: false,
    // AWS: an ETag is an MD5 only without KMS. (S3 API Reference, Object)
    etag: etag ?? (traits.encryption.algorithm === 'AES256' ? md5Hex(bytes) : md5Hex(Buffer.from(bodyId))),
    size: bytes.byteLength,
    bodyId,
    checksum:
      'value' in checksum
        ? checksum
        : { algorithm: checksum.algorithm, value: checksumOf(checksum.algorithm, bytes), type: 'FULL_OBJECT' },
  });
}

/** Hides a key behind a delete marker. */
export function addDeleteMarker(call: Call, bucket: Bucket, key: string): ObjectVersion {
  const encryption = { algorithm: 'AES256', bucketKey: false };
  const nothing = { headers: {}, storageClass: 'STANDARD', encryption, tags: [], etag: '', size: 0, bodyId: '' };
  return addRow(call, bucket, { ...nothing, key, deleteMarker: true });
}

/** Writes a version again with other tags; nothing else of a version can change. */
export function replaceTags(store: Store, bucket: Bucket, version: ObjectVersion, tags: ObjectVersion['tags']): void {
  store.put(OBJECTS, rowOfVersion(bucket.name, version.key, version.sequence), { ...version, tags });
}

/** Removes one version for good, with its bytes. */
export function removeVersion(store: Store, bucket: Bucket, version: ObjectVersion): void {
  store.delete(OBJECTS, rowOfVersion(bucket.name, version.key, version.sequence));
  if (version.bodyId !== '') store.deleteBody(version.bodyId);
}

/** The bytes of a version. */
export function bytesOf(store: Store, version: ObjectVersion): Buffer {
  return store.getBody(version.bodyId) ?? Buffer.alloc(0);
}

/** A row behind every version of `key`. */
export function behindKey(bucket: string, key: string): string {
  return rowsOfKey(bucket, key) + BEHIND_ALL;
}

/** A row behind every key that begins with `prefix`. */
export function behindPrefix(bucket: string, prefix: string): string {
  return rowsOfPrefix(bucket, prefix) + BEHIND_ALL;
}

function addRow(
  call: Call,
  bucket: Bucket,
  content: Omit<ObjectVersion, 'sequence' | 'versionId' | 'modifiedMs'>,
): ObjectVersion {
  const { store } = call;
  const newest = findNewest(store, bucket.name, content.key);
  const keepsOld = bucket.versioning === 'Enabled';
  if (!keepsOld) {
    const replaced = newest?.versionId === 'null' ? newest : findVersion(store, bucket.name, content.key, 'null');
    if (replaced !== undefined) removeVersion(store, bucket, replaced);
  }
  const sequence = (newest?.sequence ?? 0) + 1;
  const version: ObjectVersion = {
    ...content,
    sequence,
    versionId: keepsOld ? call.newId(20) + String(sequence).padStart(12, '0') : 'null',
    modifiedMs: nowInSeconds(call),
  };
  store.put(OBJECTS, rowOfVersion(bucket.name, version.key, version.sequence), version);
  return version;
}

function* walkRows(store: Store, prefix: string, after: string): Generator<Row<ObjectVersion>> {
  // The store compares `after` with `prefix` by UTF-16; rows sort by UTF-8, which differs beyond the basic plane.
  let behind = after !== '' && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) > 0 ? after : undefined;
  if (behind !== undefined && !behind.startsWith(prefix)) return;
  for (let limit = FIRST_BATCH; ; limit = Math.min(limit * 4, LARGEST_BATCH)) {
    const rows = store.list<ObjectVersion>(OBJECTS, {
      prefix,
      limit,
      ...(behind === undefined ? {} : { after: behind }),
    });
    yield* rows;
    behind = rows.at(-1)?.key;
    if (rows.length < limit) return;
  }
}
