import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  type DeleteObjectCommandOutput,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type AwsAccess, clientConfig } from './access.js';
import { createBucketSettings, type S3BucketSettings } from './bucket-settings.js';
import { readFailure } from './failure.js';
import type { Tags } from './iam.js';
import type { ListedObjects } from './listed-objects.js';
import type { Body } from './long-body.js';
import { nameDenied } from './name-denied.js';
import { type ObjectLines, readLines } from './object-lines.js';
import { listInParts } from './object-listing.js';
import { drain } from './pages.js';
import { bareTag, createPut } from './put-object.js';
import { createReadPage } from './read-page.js';
import { createSend, type Send, sent } from './sender.js';
import { DIGEST, META, toStored } from './stored-headers.js';
import type { Identity } from './sts.js';

/** What a look at a bucket name tells. */
export type BucketSighting =
  | { readonly kind: 'absent' }
  | { readonly kind: 'present' }
  /** It belongs to another account, or a policy shuts us out. */
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'elsewhere'; readonly region: string };

/** One object of a listing. */
export interface ListedObject {
  readonly key: string;
  /** Without quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  /** When it was last put, in milliseconds since 1970, whole seconds. */
  readonly modifiedMs: number;
  /** AWS's name of the class; absent for STANDARD, and where the listing does not tell. */
  readonly storageClass?: string;
}

/** One version or delete marker. */
export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
}

/** One version or delete marker of a listing. */
export interface ListedVersion extends ObjectVersion {
  readonly isMarker: boolean;
  readonly isLatest: boolean;
  readonly modifiedMs: number;
  /** Without quotes; empty for a delete marker. */
  readonly etag: string;
}

/** Headers that are stored with an object and come back with it. */
export interface StoredHeaders {
  readonly contentType: string;
  /** Cache-Control, Content-Disposition, Content-Language, Expires, and user metadata as `x-amz-meta-{name}`: by name, as sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** Digest of the bytes that we keep with what we send, since an ETag is one only without KMS; absent on what others sent. */
  readonly sha256?: string;
}

/** Headers of an object that is there. */
export interface FoundHeaders extends StoredHeaders {
  /** Without quotes. */
  readonly etag: string;
}

/** What a write may replace: nothing, or the object that has this ETag and no other. */
export type Replaced = 'nothing' | { readonly etag: string };

/** An object that was read. */
export interface FoundObject {
  readonly bytes: Uint8Array;
  /** When it was last put, in milliseconds since 1970, whole seconds. */
  readonly modifiedMs: number;
}

/** A bucket of a listing. */
export interface ListedBucket {
  readonly name: string;
  readonly region: string;
  readonly createdAtMs: number;
}

/** An object to be stored. */
export interface ObjectToPut extends StoredHeaders {
  readonly key: string;
  readonly body: Body;
}

/** The verbs of S3. Every call but CreateBucket and ListBuckets says which account must own the bucket. */
export interface S3 {
  readonly settings: S3BucketSettings;
  lookAtBucket(bucket: string): Promise<BucketSighting>;
  /** All buckets of the account, in whichever Region, whose names begin with `prefix`. */
  listBuckets(prefix: string): Promise<readonly ListedBucket[]>;
  /** Makes a bucket whose tags and object ownership travel in the call itself. @default namespace 'global' */
  createBucket(bucket: string, tags: Tags, namespace?: 'account-regional' | 'global'): Promise<void>;
  /** Undefined when there is no such bucket. */
  findBucketTags(bucket: string): Promise<Tags | undefined>;
  putBucketTags(bucket: string, tags: Tags): Promise<void>;
  /** All objects of `listObjectPages` at once. */
  listObjects(bucket: string, prefix: string, splits?: Iterable<string>): Promise<readonly ListedObject[]>;
  /**
   * Objects in the order of their keys' bytes, read up to four pages ahead from when the first is taken; none when there is
   * no such bucket. `splits` are whole keys in that order, one per 1,000 objects at best, between which is listed at the same
   * time. They may be out of date.
   */
  listObjectPages(bucket: string, prefix: string, splits?: Iterable<string>): AsyncIterable<ListedObjects>;
  /** Answers the ETag that S3 gave it, without quotes. */
  putObject(bucket: string, object: ObjectToPut): Promise<string>;
  /**
   * Puts an object in the place of what was seen there, and nothing else. Answers the ETag; undefined when something else is
   * there, which may be this very object, sent by a try whose answer was lost. `isOneOfMany`: when S3 asks for
   * fewer puts it is not tried again, which is for who knows how many there are. @default false
   *
   * @throws {AwsError} with status 503 or 429 when S3 asks for fewer puts.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
   */
  replaceObject(
    bucket: string,
    object: ObjectToPut,
    replaced: Replaced,
    isOneOfMany?: boolean,
  ): Promise<string | undefined>;
  /**
   * Replaces the stored headers of the object with this ETag, and sends no body. Answers the ETag, which changes with it under
   * KMS; undefined when another object is there, or none.
   */
  putObjectHeaders(bucket: string, key: string, stored: StoredHeaders, etag: string): Promise<string | undefined>;
  findObjectHeaders(bucket: string, key: string, versionId?: string): Promise<FoundHeaders | undefined>;
  findObject(bucket: string, key: string): Promise<FoundObject | undefined>;
  /**
   * The lines of an object's text, in flat memory; undefined when there is no such object. Only the first of them are read
   * when this resolves: the rest may fail as any call may, and does when the object is replaced meanwhile.
   */
  readObjectLines(bucket: string, key: string): Promise<ObjectLines | undefined>;
  /** Gone already is success. Answers the version id of the delete marker that hides the object now; undefined without one. */
  deleteObject(bucket: string, key: string, versionId?: string): Promise<string | undefined>;
  /** Deletes the object that has this ETag and no other; false when another one is there. Gone already is success. */
  deleteObjectAsSeen(bucket: string, key: string, etag: string): Promise<{ readonly marker?: string } | false>;
  /** Every version and delete marker of the keys that begin with `prefix`. */
  listVersions(bucket: string, prefix: string): Promise<readonly ListedVersion[]>;
  /** Up to 1,000 versions and delete markers. */
  listSomeVersions(bucket: string): Promise<readonly ObjectVersion[]>;
  /** Deletes up to 1,000 versions; answers those that S3 did not delete. */
  deleteVersions(bucket: string, versions: readonly ObjectVersion[]): Promise<readonly ObjectVersion[]>;
  /** Ends every multipart upload that was begun and not finished. */
  abortUploads(bucket: string): Promise<void>;
  /** Gone already is success. */
  deleteBucket(bucket: string): Promise<void>;
}

const STORED = {
  'Cache-Control': 'CacheControl',
  'Content-Disposition': 'ContentDisposition',
  'Content-Language': 'ContentLanguage',
  Expires: 'ExpiresString',
} as const;

const NO_BUCKET = ['NoSuchBucket'];
const NO_KEY = ['NoSuchKey', 'NotFound'];
/** A condition on what is there does not hold. */
const NOT_AS_SEEN = ['PreconditionFailed', 'NoSuchKey'];

/** S3 in the Region of `access`; `useAccelerateEndpoint`: through Transfer Acceleration, which knows no other endpoint. */
export function createS3(
  access: AwsAccess,
  { account, partition }: Pick<Identity, 'account' | 'partition'>,
  useAccelerateEndpoint = false,
): S3 {
  const forcePathStyle = access.endpointUrl !== undefined;
  const plain = new S3Client({ ...clientConfig(access), forcePathStyle, useAccelerateEndpoint });
  // AWS SDK: it copies every answer for a logger that is not there, which is a sixth of what a listing costs.
  plain.middlewareStack.remove('loggerMiddleware');
  const client = nameDenied(plain, partition);
  const put = createPut(client, account);
  const send: Send = createSend({ service: 'S3', region: access.region, clock: access.clock });
  const owned = (bucket: string) => ({ Bucket: bucket, ExpectedBucketOwner: account });
  const listObjectPages = (
    bucket: string,
    prefix: string,
    splits: Iterable<string> = [],
  ): AsyncIterable<ListedObjects> => {
    return listInParts(createReadPage(client, send, { ...owned(bucket), Prefix: prefix }), prefix, splits);
  };
  return {
    settings: createBucketSettings(client, send, account),
    async lookAtBucket(bucket) {
      try {
        await client.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: account }));
        return { kind: 'present' };
      } catch (error) {
        // AWS: HEAD has no body, so the SDK knows no code; the status and one header are all there is.
        const { status, bucketRegion } = readFailure(error);
        if (status === 404) return { kind: 'absent' };
        if (status === 403) return { kind: 'forbidden' };
        const elsewhere = bucketRegion !== undefined && bucketRegion !== access.region;
        if (elsewhere && (status === 301 || status === 400)) return { kind: 'elsewhere', region: bucketRegion };
        return sent(send('HeadBucket', () => Promise.reject(error)));
      }
    },
    async listBuckets(prefix) {
      const buckets = await drain(async (from) => {
        const input = { Prefix: prefix, ...(from === undefined ? {} : { ContinuationToken: from }) };
        const page = await sent(send('ListBuckets', () => client.send(new ListBucketsCommand(input))));
        return { items: page.Buckets ?? [], next: page.ContinuationToken };
      });
      return buckets
        .map(({ Name = '', BucketRegion = access.region, CreationDate }) => ({
          name: Name,
          region: BucketRegion,
          createdAtMs: CreationDate?.getTime() ?? 0,
        }))
        .filter(({ name }) => name.startsWith(prefix));
    },
    async createBucket(bucket, tags, namespace = 'global') {
      // AWS: us-east-1 refuses to be named, every other Region insists on it.
      const location = access.region === 'us-east-1' ? {} : { LocationConstraint: access.region as 'eu-west-1' };
      const input = {
        Bucket: bucket,
        ObjectOwnership: 'BucketOwnerEnforced' as const,
        CreateBucketConfiguration: { ...location, Tags: toList(tags) },
        ...(namespace === 'global' ? {} : { BucketNamespace: namespace }),
      };
      await send('CreateBucket', () => client.send(new CreateBucketCommand(input)), {
        made: ['BucketAlreadyOwnedByYou'],
      });
    },
    async findBucketTags(bucket) {
      const call = async () => {
        try {
          return await client.send(new GetBucketTaggingCommand(owned(bucket)));
        } catch (error) {
          if (readFailure(error).code === 'NoSuchTagSet') return { TagSet: [] };
          throw error;
        }
      };
      const found = await send('GetBucketTagging', call, { missing: NO_BUCKET });
      if (found === undefined) return undefined;
      return Object.fromEntries((found.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
    },
    async putBucketTags(bucket, tags) {
      const input = { ...owned(bucket), Tagging: { TagSet: toList(tags) } };
      await send('PutBucketTagging', () => client.send(new PutBucketTaggingCommand(input)));
    },
    async listObjects(bucket, prefix, splits) {
      const all: ListedObject[] = [];
      for await (const page of listObjectPages(bucket, prefix, splits)) all.push(...page);
      return all;
    },
    listObjectPages,
    async putObject(bucket, object) {
      const { ETag } = await sent(send('PutObject', () => put(bucket, object)));
      return bareTag(ETag);
    },
    async replaceObject(bucket, object, replaced, isOneOfMany) {
      const done = await send('PutObject', () => put(bucket, object, replaced, isOneOfMany), { missing: NOT_AS_SEEN });
      return done === undefined ? undefined : bareTag(done.ETag);
    },
    async putObjectHeaders(bucket, key, stored, etag) {
      const source = `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
      const input = {
        ...owned(bucket),
        Key: key,
        CopySource: source,
        ExpectedSourceBucketOwner: account,
        // Either guard names the object that was seen. The first keeps us from copying what somebody put there before S3
        // reads it, the second from writing over what they put there while S3 copies.
        CopySourceIfMatch: `"${etag}"`,
        IfMatch: `"${etag}"`,
        MetadataDirective: 'REPLACE' as const,
        ...toStored(stored),
      };
      const copied = await send('CopyObject', () => client.send(new CopyObjectCommand(input)), {
        missing: NOT_AS_SEEN,
      });
      return copied === undefined ? undefined : bareTag(copied.CopyObjectResult?.ETag);
    },
    async findObjectHeaders(bucket, key, versionId) {
      const input = { ...owned(bucket), Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) };
      const found = await send('HeadObject', () => client.send(new HeadObjectCommand(input)), {
        missing: [...NO_KEY, ...NO_BUCKET],
      });
      if (found === undefined) return undefined;
      const headers: Record<string, string> = {};
      for (const [name, field] of Object.entries(STORED)) {
        const value = found[field];
        if (value !== undefined) headers[name] = value;
      }
      const { [DIGEST]: sha256, ...metadata } = found.Metadata ?? {};
      for (const [name, value] of Object.entries(metadata)) headers[META + name] = value;
      const what = { contentType: found.ContentType ?? '', headers, etag: bareTag(found.ETag) };
      return sha256 === undefined ? what : { ...what, sha256 };
    },
    async findObject(bucket, key) {
      const input = { ...owned(bucket), Key: key };
      // The body belongs to the call: it may break off as well.
      const call = async () => {
        const { Body, LastModified, $metadata } = await client.send(new GetObjectCommand(input));
        const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
        return { $metadata, bytes, modifiedMs: LastModified?.getTime() ?? 0 };
      };
      const found = await send('GetObject', call, { missing: [...NO_KEY, ...NO_BUCKET] });
      return found === undefined ? undefined : { bytes: found.bytes, modifiedMs: found.modifiedMs };
    },
    readObjectLines: (bucket, key) =>
      readLines(client, send, { ...owned(bucket), Key: key }, [...NO_KEY, ...NO_BUCKET]),
    async deleteObject(bucket, key, versionId) {
      const input = { ...owned(bucket), Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) };
      const deleted = await send('DeleteObject', () => client.send(new DeleteObjectCommand(input)), {
        missing: [...NO_KEY, ...NO_BUCKET],
      });
      return versionId === undefined && deleted?.DeleteMarker === true ? deleted.VersionId : undefined;
    },
    async deleteObjectAsSeen(bucket, key, etag) {
      const input = { ...owned(bucket), Key: key, IfMatch: `"${etag}"` };
      const call = async (): Promise<Partial<DeleteObjectCommandOutput>> => {
        try {
          return await client.send(new DeleteObjectCommand(input));
        } catch (error) {
          if ([...NO_KEY, ...NO_BUCKET].includes(readFailure(error).code)) return {};
          throw error;
        }
      };
      const deleted = await send('DeleteObject', call, { missing: NOT_AS_SEEN });
      if (deleted === undefined) return false;
      const { DeleteMarker, VersionId } = deleted;
      return DeleteMarker === true && VersionId !== undefined ? { marker: VersionId } : {};
    },
    async listVersions(bucket, prefix) {
      return drain(async (from) => {
        const [key, id] = from === undefined ? [] : (JSON.parse(from) as [string, string]);
        const input = {
          ...owned(bucket),
          Prefix: prefix,
          ...(key === undefined || id === undefined ? {} : { KeyMarker: key, VersionIdMarker: id }),
        };
        const page = await send('ListObjectVersions', () => client.send(new ListObjectVersionsCommand(input)), {
          missing: NO_BUCKET,
        });
        const markers = (page?.DeleteMarkers ?? []).map((marker) => ({ ...marker, ETag: '', isMarker: true }));
        const versions = (page?.Versions ?? []).map((version) => ({ ...version, isMarker: false }));
        const items = [...versions, ...markers].map(
          ({ Key = '', VersionId = 'null', IsLatest = false, LastModified, ETag, isMarker }): ListedVersion => ({
            key: Key,
            versionId: VersionId,
            isMarker,
            isLatest: IsLatest,
            modifiedMs: LastModified?.getTime() ?? 0,
            etag: bareTag(ETag),
          }),
        );
        const next =
          page?.IsTruncated === true ? JSON.stringify([page.NextKeyMarker, page.NextVersionIdMarker]) : undefined;
        return { items, next };
      });
    },
    async listSomeVersions(bucket) {
      const page = await send('ListObjectVersions', () => client.send(new ListObjectVersionsCommand(owned(bucket))), {
        missing: NO_BUCKET,
      });
      return [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])].map(({ Key = '', VersionId = 'null' }) => ({
        key: Key,
        versionId: VersionId,
      }));
    },
    async deleteVersions(bucket, versions) {
      const Objects = versions.map(({ key, versionId }) => ({ Key: key, VersionId: versionId }));
      const input = { ...owned(bucket), Delete: { Objects, Quiet: true } };
      // AWS: a control character in a key breaks the XML of the whole call, so the caller deletes one by one instead.
      const result = await send('DeleteObjects', () => client.send(new DeleteObjectsCommand(input)), {
        missing: [...NO_BUCKET, 'MalformedXML'],
      });
      if (result === undefined) return versions;
      return (result.Errors ?? []).map(({ Key = '', VersionId = 'null' }) => ({ key: Key, versionId: VersionId }));
    },
    async abortUploads(bucket) {
      const uploads = await drain(async (from) => {
        const [key, id] = from === undefined ? [] : (JSON.parse(from) as [string, string]);
        const input = {
          ...owned(bucket),
          ...(key === undefined || id === undefined ? {} : { KeyMarker: key, UploadIdMarker: id }),
        };
        const page = await send('ListMultipartUploads', () => client.send(new ListMultipartUploadsCommand(input)), {
          missing: NO_BUCKET,
        });
        const next =
          page?.IsTruncated === true ? JSON.stringify([page.NextKeyMarker, page.NextUploadIdMarker]) : undefined;
        return { items: page?.Uploads ?? [], next };
      });
      for (const { Key = '', UploadId = '' } of uploads) {
        const input = { ...owned(bucket), Key, UploadId };
        await send('AbortMultipartUpload', () => client.send(new AbortMultipartUploadCommand(input)), {
          missing: ['NoSuchUpload', ...NO_BUCKET],
        });
      }
    },
    async deleteBucket(bucket) {
      await send('DeleteBucket', () => client.send(new DeleteBucketCommand(owned(bucket))), { missing: NO_BUCKET });
    },
  };
}

function toList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
