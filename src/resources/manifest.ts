import type { S3 } from '../aws/s3.js';

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
  readonly former?: Pick<Manifest, 'prefix' | 'objects' | 'gone'>;
}

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
    const manifest = JSON.parse(Buffer.from(found.bytes).toString('utf8')) as Manifest;
    const isOne = manifest.version === 1 && typeof manifest.prefix === 'string';
    return isOne ? { ...manifest, writtenMs: found.modifiedMs } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Writes a manifest whole. */
export async function putManifest(s3: S3, bucket: string, key: string, manifest: Manifest): Promise<void> {
  const body = Buffer.from(JSON.stringify(manifest));
  await s3.putObject(bucket, { key, body, contentType: 'application/json', headers: { 'Cache-Control': 'no-store' } });
}
