import type { WireResponse } from '../operation.js';
import { allows, enterBucket, missingKey } from './access.js';
import { isNotModified } from './conditions.js';
import { demandKey } from './encryption.js';
import { accessDenied, invalidArgument, invalidRequest, S3Error } from './error.js';
import type { Bucket, ObjectVersion } from './model.js';
import { findNewest, findVersion } from './object-rows.js';
import { STORED_HEADERS } from './object-traits.js';
import { checksumHeaders, storedHeaders, versionHeader } from './object-write.js';
import { type ByteRange, toByteRange } from './range.js';
import { type Ask, emptyAnswer, headerOf } from './s3-operation.js';

/** Storage classes whose objects must be restored before they can be read. */
const ARCHIVED: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE'];

/** What AWS answers as the type of an object that was stored without one. */
const DEFAULT_TYPE = 'binary/octet-stream';

/** What a GET and a HEAD of one object have in common. */
export interface ObjectRead {
  /** The answer but for the object's bytes. */
  readonly answer: WireResponse;
  /** The object. */
  readonly version: ObjectVersion;
  /** Which of its bytes to send; undefined for none, as in a 304. */
  readonly range: ByteRange | undefined;
}

/**
 * Finds the object a GET or HEAD asks for, and heads the answer.
 *
 * @throws {S3Error} with the answers S3 has for what is missing, forbidden, archived, changed or out of range.
 */
export function readObject(ask: Ask): ObjectRead {
  const bucket = enterBucket(ask);
  const version = findRead(ask, bucket, 's3:GetObject');
  demandKey(ask, bucket, version.encryption, 'kms:Decrypt');
  if (ask.wire.method === 'GET' && ARCHIVED.includes(version.storageClass)) {
    throw new S3Error(403, 'InvalidObjectState', "The operation is not valid for the object's storage class", {
      StorageClass: version.storageClass,
    });
  }
  const headers = objectHeaders(ask, bucket, version);
  if (isNotModified(ask, version)) {
    const bare = Object.entries(headers).filter(([name]) => !name.startsWith('Content-'));
    return { answer: emptyAnswer(304, Object.fromEntries(bare)), version, range: undefined };
  }
  const part = toByteRange(headerOf(ask, 'range'), version.size);
  const range = part ?? { first: 0, last: version.size - 1 };
  const length = { 'accept-ranges': 'bytes', 'Content-Length': String(range.last - range.first + 1) };
  if (part === undefined) {
    const checksum = headerOf(ask, 'x-amz-checksum-mode') === 'ENABLED' ? checksumHeaders(version) : {};
    return { answer: { ...emptyAnswer(200), headers: { ...headers, ...checksum, ...length } }, version, range };
  }
  const contentRange = `bytes ${range.first}-${range.last}/${version.size}`;
  const partial = { ...headers, ...length, 'Content-Range': contentRange };
  return { answer: { ...emptyAnswer(206), headers: partial }, version, range };
}

/**
 * The version a request may read: the one it names, else the current one.
 *
 * @throws {S3Error} AccessDenied; NoSuchKey or NoSuchVersion for whoever may list the bucket; MethodNotAllowed for a
 * delete marker asked for by its id.
 */
export function findRead(ask: Ask, bucket: Bucket, action: string): ObjectVersion {
  const versionId = versionIdOf(ask);
  const context = versionId === undefined ? {} : { 's3:VersionId': versionId };
  const name = versionId === undefined ? action : action.replace(/(Tagging)?$/, 'Version$1');
  if (!allows(ask, bucket, { action: name, key: ask.key, context })) throw accessDenied();
  if (versionId === undefined) return findCurrentRead(ask, bucket);
  const version = findVersion(ask.call.store, bucket.name, ask.key, versionId);
  if (version === undefined) {
    const details = { Key: ask.key, VersionId: versionId };
    throw new S3Error(404, 'NoSuchVersion', 'The specified version does not exist.', details);
  }
  if (!version.deleteMarker) return version;
  throw new S3Error(
    405,
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    { Method: ask.wire.method, ResourceType: 'DeleteMarker' },
    { Allow: 'DELETE', 'x-amz-delete-marker': 'true', ...lastModified(version), ...versionHeader(bucket, version) },
  );
}

/** The version id of a request, if it names one. @throws {S3Error} InvalidArgument for what cannot be one. */
export function versionIdOf(ask: Ask): string | undefined {
  const versionId = ask.query.get('versionId');
  if (versionId === undefined || versionId === 'null' || /^[\w.-]{32}$/.test(versionId)) return versionId;
  const message = versionId === '' ? 'Version id cannot be the empty string' : 'Invalid version id specified';
  throw invalidArgument(message, 'versionId', versionId);
}

function findCurrentRead(ask: Ask, bucket: Bucket): ObjectVersion {
  const newest = findNewest(ask.call.store, bucket.name, ask.key);
  if (newest === undefined) throw missingKey(ask, bucket, ask.key);
  if (!newest.deleteMarker) return newest;
  throw missingKey(ask, bucket, ask.key, { 'x-amz-delete-marker': 'true', ...versionHeader(bucket, newest) });
}

function objectHeaders(ask: Ask, bucket: Bucket, version: ObjectVersion): Record<string, string> {
  const headers: Record<string, string> = {
    ...lastModified(version),
    ETag: `"${version.etag}"`,
    ...storedHeaders(bucket, version),
    'Content-Type': DEFAULT_TYPE,
  };
  for (const [name, value] of Object.entries(version.headers)) headers[STORED_HEADERS.get(name) ?? name] = value;
  if (version.storageClass !== 'STANDARD') headers['x-amz-storage-class'] = version.storageClass;
  if (version.tags.length > 0) headers['x-amz-tagging-count'] = String(version.tags.length);
  return { ...headers, ...overrides(ask) };
}

/** Headers that a signed request asks to have in place of the stored ones. */
function overrides(ask: Ask): Record<string, string> {
  const chosen: Record<string, string> = {};
  for (const name of STORED_HEADERS.values()) {
    const value = name.startsWith('x-') ? undefined : ask.query.get(`response-${name.toLowerCase()}`);
    if (value !== undefined) chosen[name] = value;
  }
  if (Object.keys(chosen).length > 0 && ask.call.caller.kind === 'anonymous') {
    throw invalidRequest('Request specific response headers cannot be used for anonymous GET requests.');
  }
  return chosen;
}

function lastModified(version: ObjectVersion): Record<string, string> {
  return { 'Last-Modified': new Date(version.modifiedMs).toUTCString() };
}
