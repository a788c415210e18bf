import type { Row } from '../store.js';
import type { XmlSource } from '../wire/rest-xml.js';
import { invalidArgument } from './error.js';
import type { Bucket, ObjectVersion } from './model.js';
import { behindPrefix, walkVersions } from './object-rows.js';
import { ownerOf } from './owner.js';
import type { Ask } from './s3-operation.js';
import { isoTime } from './s3-operation.js';

/** What a listing lists. */
export interface Scan {
  /** Only keys that begin with this. */
  readonly prefix: string;
  /** Keys that share what comes before the next of these behind the prefix are rolled into one; '' for none. */
  readonly delimiter: string;
  /** A row to begin behind; '' for the beginning. */
  readonly after: string;
  /** Most entries; common prefixes count. */
  readonly items: number;
  /** Which versions count as entries. @default all */
  readonly keep?: (row: Row<ObjectVersion>) => boolean;
}

/** A page of a listing. */
export interface Page {
  /** In order of key, newest version first. */
  readonly versions: readonly ObjectVersion[];
  /** In order. */
  readonly commonPrefixes: readonly string[];
  /** The last entry, behind which the next page begins; absent on the last page. */
  readonly next?: Position;
}

/** The last entry of a page. */
export interface Position {
  /** The key, or the common prefix. */
  readonly name: string;
  /** The version; absent for a common prefix. */
  readonly versionId?: string;
}

/** Lists a page, reading little more of the bucket than it answers. */
export function scan(ask: Ask, bucket: Bucket, { prefix, delimiter, after, items, keep }: Scan): Page {
  const versions: ObjectVersion[] = [];
  const commonPrefixes: string[] = [];
  let last: Position = { name: '' };
  const walkFrom = (row: string) => walkVersions(ask.call.store, bucket.name, { prefix, after: row });
  for (let rows = walkFrom(after), step = rows.next(); !step.done && items > 0; step = rows.next()) {
    const row = step.value;
    if (keep?.(row) === false) continue;
    if (versions.length + commonPrefixes.length === items) return { versions, commonPrefixes, next: last };
    const common = commonPrefixOf(row.value.key, prefix, delimiter);
    if (common === undefined) {
      versions.push(row.value);
      last = { name: row.value.key, versionId: row.value.versionId };
    } else {
      commonPrefixes.push(common);
      last = { name: common };
      rows = walkFrom(behindPrefix(bucket.name, common));
    }
  }
  return { versions, commonPrefixes };
}

/** Lets through what reads as an object: the newest version of each key, unless it is a delete marker. */
export function currentOnly(): (row: Row<ObjectVersion>) => boolean {
  let lastKey: string | undefined;
  return ({ value }) => {
    const isNewest = value.key !== lastKey;
    lastKey = value.key;
    return isNewest && !value.deleteMarker;
  };
}

/** The part of a key that a delimiter rolls up; undefined when the key stands for itself. */
export function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at === -1 ? undefined : key.slice(0, at + delimiter.length);
}

/** How names are written: as they are, or percent-encoded for `encoding-type=url`. @throws {S3Error} InvalidArgument */
export function nameEncoder(ask: Ask): (name: string) => string {
  const type = ask.query.get('encoding-type');
  if (type === undefined || type === '') return (name) => name;
  if (type !== 'url') throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', type);
  return encodeName;
}

/** The condition keys that a listing's permission can hang on. */
export function listContext(ask: Ask): Record<string, string> {
  return {
    's3:prefix': ask.query.get('prefix') ?? '',
    's3:delimiter': ask.query.get('delimiter') ?? '',
    's3:max-keys': ask.query.get('max-keys') ?? '1000',
  };
}

/** What a listing says of one stored object. */
export function entryOf(version: ObjectVersion, owner: string | undefined, encode: (name: string) => string) {
  return {
    Key: encode(version.key),
    LastModified: isoTime(version.modifiedMs),
    ETag: `"${version.etag}"`,
    ChecksumAlgorithm: version.checksum?.algorithm,
    ChecksumType: version.checksum?.type,
    Size: version.size,
    Owner: owner === undefined ? undefined : ownerOf(owner),
    StorageClass: version.storageClass,
  } satisfies XmlSource;
}

/** As Java's URLEncoder does, but for the slash: a space becomes `+`. */
function encodeName(name: string): string {
  return encodeURIComponent(name)
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/');
}
