import type { Store } from '../store.js';
import { S3Error } from './error.js';
import type { Part, Upload } from './model.js';
import { rowsOfKey, rowsOfPrefix } from './row-key.js';
import type { Ask } from './s3-operation.js';

const UPLOADS = 's3/upload';
const PARTS = 's3/part';

/** The highest part number. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const MAX_PART_NUMBER = 10_000;

/** Remembers an upload that was begun. */
export function saveUpload(store: Store, upload: Upload): void {
  store.put(UPLOADS, rowOfUpload(upload), upload);
}

/** The upload a request names. @throws {S3Error} NoSuchUpload */
export function getUpload(ask: Ask): Upload {
  const id = ask.query.get('uploadId') ?? '';
  // Ids never hold other characters, and the store's keys must not.
  const isPossible = /^[\w.-]+$/.test(id);
  const upload = isPossible ? ask.call.store.get<Upload>(UPLOADS, rowsOfKey(ask.bucketName, ask.key) + id) : undefined;
  if (upload !== undefined) return upload;
  throw new S3Error(
    404,
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: id },
  );
}

/** The unfinished uploads of a bucket to keys that begin with `prefix`, by key and then by time. */
export function listUploads(store: Store, bucket: string, prefix: string): Upload[] {
  return store.list<Upload>(UPLOADS, { prefix: rowsOfPrefix(bucket, prefix) }).map(({ value }) => value);
}

/** The parts of an upload by number, or those behind a number. */
export function listParts(store: Store, uploadId: string, after = 0, limit = MAX_PART_NUMBER): Part[] {
  const range = { prefix: `${uploadId}/`, after: rowOfPart(uploadId, after), limit };
  return store.list<Part>(PARTS, range).map(({ value }) => value);
}

/** Stores a part with its bytes, in place of an earlier one of the same number. */
export function savePart(store: Store, uploadId: string, part: Part, bytes: Uint8Array): void {
  const row = rowOfPart(uploadId, part.number);
  const earlier = store.get<Part>(PARTS, row);
  if (earlier !== undefined) store.deleteBody(earlier.bodyId);
  store.putBody(part.bodyId, bytes);
  store.put(PARTS, row, part);
}

/** Forgets an upload, with all of its parts and their bytes. */
export function dropUpload(store: Store, upload: Upload): void {
  for (const part of listParts(store, upload.id)) {
    store.deleteBody(part.bodyId);
    store.delete(PARTS, rowOfPart(upload.id, part.number));
  }
  store.delete(UPLOADS, rowOfUpload(upload));
}

/** Forgets all uploads of a bucket that is going. */
export function dropUploads(store: Store, bucket: string): void {
  for (const upload of listUploads(store, bucket, '')) dropUpload(store, upload);
}

function rowOfUpload({ bucket, key, id }: Upload): string {
  return rowsOfKey(bucket, key) + id;
}

function rowOfPart(uploadId: string, number: number): string {
  return `${uploadId}/${String(number).padStart(5, '0')}`;
}
