import pLimit from 'p-limit';
import type { S3 } from '../aws/s3.js';
import { MANIFEST_FOLDER, manifestStart, ownerOfManifest } from './names.js';
import type { Environment } from './resource.js';

/** How many lists are read at once. */
const READERS = 8;

/** What we sent under one key. */
export interface ManifestEntry {
  /** ETag that S3 gave to it, without quotes; the MD5 of its bytes until it is sent, and for good without KMS. */
  readonly etag: string;
  /** SHA-256 of its bytes, lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The list of what we uploaded to a mount, kept in the bucket outside the served prefix. */
export interface Manifest {
  readonly version: 1;
  /** Installation that wrote it. */
  readonly token: string;
  /** false from before the first object is sent until the last one is: then entries may be promises. */
  readonly complete: boolean;
  /** What the keys of the objects begin with. */
  readonly prefix: string;
  /** By key below the prefix. */
  readonly objects: Readonly<Record<string, ManifestEntry>>;
  /** Keys below the prefix that we deleted, of which a bucket with versioning keeps what we sent; only where it is not ours. */
  readonly gone?: readonly string[];
  /** What was sent below another prefix and is still to be removed; only in an unfinished list. */
  readonly former?: readonly FormerList[];
}

/** What was sent below a prefix that the mount had before. */
export type FormerList = Pick<Manifest, 'prefix' | 'complete' | 'objects' | 'gone'>;

/** A manifest as it was read. */
export interface FoundManifest extends Manifest {
  /** When it was written, in milliseconds since 1970, whole seconds. */
  readonly writtenMs: number;
}

/** Reads a manifest; undefined when there is none, or none that can be understood. */
export async function findManifest(s3: S3, bucket: string, key: string): Promise<FoundManifest | undefined> {
  const found = await s3.findObject(bucket, key);
  if (found === undefined) return undefined;
  try {
    const manifest = JSON.parse(Buffer.from(found.bytes).toString('utf8')) as Manifest | null;
    const isOne = manifest?.version === 1 && typeof manifest.prefix === 'string' && manifest.objects instanceof Object;
    return isOne ? { ...manifest, writtenMs: found.modifiedMs } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Every whole key that a list names: with its ETag, where that is more than a promise. */
export function keysOnList({ former = [], ...list }: Manifest): Map<string, string | undefined> {
  const keysOf = ({ prefix, complete, objects, gone = [] }: FormerList) => [
    ...gone.map((key) => [prefix + key, undefined] as const),
    ...Object.entries(objects).map(([key, { etag }]) => [prefix + key, complete ? etag : undefined] as const),
  ];
  return new Map([...former, list].flatMap(keysOf));
}

/** What the lists in a bucket say of each whole key that any of them names. */
export interface ListedKeys {
  /** What this environment sent: with ETags, where they are more than promises. */
  readonly ours: ReadonlyMap<string, string | undefined>;
  /** What other environments sent, and their lists: whose it is, in words. */
  readonly others: ReadonlyMap<string, string>;
  /** How many lists of this environment there are, without those that cannot be understood. */
  readonly lists: number;
}

/** Reads all lists in a bucket. What several environments name counts as the others' too. */
export async function readListedKeys(s3: S3, bucket: string, environment: Environment): Promise<ListedKeys> {
  const start = manifestStart(environment);
  const limit = pLimit(READERS);
  const keys = (await s3.listObjects(bucket, MANIFEST_FOLDER)).map(({ key }) => key);
  const found = await Promise.all(
    keys
      .filter((key) => key.endsWith('.json'))
      .map((key) => limit(async () => [key, await findManifest(s3, bucket, key)] as const)),
  );
  const ours = new Map<string, string | undefined>();
  const others = new Map<string, string>();
  let lists = 0;
  for (const [key, list] of found) {
    const isAtHome = key.startsWith(start);
    if (isAtHome && list?.token === environment.token) {
      lists += 1;
      for (const [name, etag] of keysOnList(list)) ours.set(name, etag);
    } else if (list !== undefined || !isAtHome) {
      const whose = isAtHome && list !== undefined ? `installation ${list.token}` : ownerOfManifest(key);
      for (const name of [key, ...(list === undefined ? [] : keysOnList(list).keys())]) others.set(name, whose);
    }
  }
  return { ours, others, lists };
}

/** Writes a manifest whole. */
export async function putManifest(s3: S3, bucket: string, key: string, manifest: Manifest): Promise<void> {
  const body = Buffer.from(JSON.stringify(manifest));
  await s3.putObject(bucket, { key, body, contentType: 'application/json', headers: { 'Cache-Control': 'no-store' } });
}
