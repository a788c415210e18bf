import pLimit from 'p-limit';
import type { ListedObject, S3, StoredHeaders } from '../aws/s3.js';
import type { MountConfig } from '../config/config.js';
import { CancelledError, RefusedError } from '../errors.js';
import { readImage } from '../files/read-image.js';
import type { Change } from '../model/plan.js';
import { type DigestMemo, type LocalFolder, type LocalImage, readLocalFolder } from './local-images.js';
import {
  type FoundManifest,
  findManifest,
  type Manifest,
  type ManifestEntry,
  putManifest,
  readListedKeys,
} from './manifest.js';
import { bucketName, bucketRegion, manifestKey } from './names.js';
import type { Environment, Resource, World } from './resource.js';
import { takeBack } from './take-back.js';

/** The images of a mount as they are wanted. */
export interface ObjectsWant {
  readonly folder: LocalFolder;
  /** How many are sent at once. */
  readonly concurrency: number;
  /** Whether objects that we sent and whose files are gone are removed. */
  readonly prune: boolean;
}

/** The images of a mount as they are. */
export interface ObjectsHave {
  /** By key below the prefix. */
  readonly listing: ReadonlyMap<string, ListedObject>;
  readonly manifest: FoundManifest | undefined;
  /** Whole keys of what we sent below a prefix that the mount had before and what is left of it, with ETags where known. */
  readonly former: ReadonlyMap<string, string | undefined>;
  /** Stored headers, and digests where we sent them, of objects of which the manifest does not tell. */
  readonly headers: ReadonlyMap<string, StoredHeaders>;
  /** What the last converge did. */
  readonly done?: Work;
}

/** The lists of work, and what it comes to. */
export interface Work {
  readonly put: readonly LocalImage[];
  readonly headers: readonly LocalImage[];
  readonly remove: readonly string[];
  /** Whole keys below a former prefix, which go once everything is sent below the new one. */
  readonly former: ObjectsHave['former'];
}

/** How the objects of a mount are dealt with. */
export interface ObjectsOptions {
  readonly prune: boolean;
  /** false: the folder is not looked at, for a run that only takes away. */
  readonly readFolder: boolean;
}

const NO_FOLDER: LocalFolder = { images: new Map(), refused: [], refusedKeys: new Set(), warnings: [] };

/** The images of a mount: sent where they differ, each one whole or not at all. */
export function objectsResource(
  environment: Environment,
  mount: MountConfig,
  options: ObjectsOptions,
): Resource<ObjectsWant, ObjectsHave> {
  const bucket = bucketName(environment, mount);
  const { prefix } = mount.bucket;
  const listKey = manifestKey(environment, mount);
  const digests: DigestMemo = new Map();

  const s3Of = ({ aws }: World): S3 => aws.s3In(bucketRegion(environment, mount));

  const findOthers = async (s3: S3, { environment: is }: World): Promise<ReadonlyMap<string, string>> =>
    (await readListedKeys(s3, bucket, is)).others;

  /** Our list. One of another installation under the same key is nothing that we take away, nor replace. */
  const findOwnList = async (s3: S3, world: World): Promise<FoundManifest | undefined> => {
    const list = await findManifest(s3, bucket, listKey);
    if (list === undefined || list.token === world.environment.token) return list;
    if (world.removing) return undefined;
    throw new RefusedError(
      `Cannot use bucket "${bucket}" for ${mount.path}: installation ${list.token} keeps the list of what it sent at "${listKey}".`,
      {
        code: 'NOT_OURS',
        suggestions: [
          'choose another name or stage in pixgate.yaml',
          'or delete that list if nobody needs that installation any more',
        ],
      },
    );
  };

  const observe = async (world: World, want: ObjectsWant): Promise<ObjectsHave | undefined> => {
    const s3 = s3Of(world);
    const others = mount.bucket.create ? new Map<string, string>() : await findOthers(s3, world);
    const list = await findOwnList(s3, world);
    const moved = list !== undefined && list.prefix !== prefix;
    const written = moved ? undefined : withoutOthers(list, others);
    const former = await leftOf(s3, bucket, moved ? list : list?.former);
    for (const key of others.keys()) former.delete(key);
    const listed = (await s3.listObjects(bucket, prefix)).filter(({ key }) => key !== listKey);
    const listing = new Map(listed.map((object) => [object.key.slice(prefix.length), object]));
    const limit = pLimit(want.concurrency);
    const found = await Promise.all(
      untoldKeys(want, listing, written).map((key) =>
        limit(async () => [key, await s3.findObjectHeaders(bucket, prefix + key)] as const),
      ),
    );
    const headers = new Map(found.flatMap(([key, stored]) => (stored === undefined ? [] : [[key, stored] as const])));
    const have = { listing, former, manifest: settlePromises(written, listing, headers), headers };
    if (!mount.bucket.create) refuseStrangers(`bucket "${bucket}"`, prefix, { want, have, others });
    return list === undefined && listed.length === 0 ? undefined : have;
  };

  const send = async (s3: S3, image: LocalImage): Promise<ManifestEntry> => {
    const read = await readImage(image);
    if ('reason' in read)
      throw new RefusedError(`Cannot send "${image.path}": it ${read.reason}.`, { code: 'FILE_CHANGED' });
    const { contentType, headers } = image;
    const { bytes: body, sha256 } = read;
    const etag = await s3.putObject(bucket, { key: prefix + image.key, body, contentType, headers, sha256 });
    return { etag, sha256, sizeBytes: body.byteLength, contentType, headers };
  };

  return {
    address: `objects/${mount.id}`,
    needs: [`bucket/${mount.id}`],
    desire: async (config) => ({
      folder: options.readFolder ? await readLocalFolder(mount, digests) : NO_FOLDER,
      concurrency: config.concurrency,
      prune: options.prune,
    }),
    label: () => `s3://${bucket}/${prefix}`,
    observe,
    diff: (want, have) => changesOf(want, have, workOf(want, have)),
    async converge(world, want, have) {
      const s3 = s3Of(world);
      const work = workOf(want, have);
      const entries: Record<string, ManifestEntry> = { ...have?.manifest?.objects };
      const putting = new Set(work.put);
      for (const image of want.folder.images.values()) {
        const there = putting.has(image) ? undefined : have?.listing.get(image.key);
        entries[image.key] = { ...entryOf(image), ...(there === undefined ? {} : { etag: there.etag }) };
      }
      const list = await findOwnList(s3, world);
      const former = list === undefined || list.prefix === prefix ? list?.former : list;
      const gone = new Set(have?.manifest?.gone);
      for (const key of Object.keys(entries)) {
        if (want.folder.images.has(key)) gone.delete(key);
        else if (have?.listing.has(key) !== true) {
          delete entries[key];
          if (!mount.bucket.create) gone.add(key);
        }
      }
      const manifest = (complete: boolean): Manifest => ({
        version: 1,
        token: world.environment.token,
        complete,
        prefix,
        objects: { ...entries },
        ...(gone.size === 0 ? {} : { gone: [...gone] }),
        ...(complete || former === undefined ? {} : { former }),
      });
      // The list goes first: whatever a crash leaves behind is on it, and teardown knows it for ours.
      await putManifest(s3, bucket, listKey, manifest(false));
      const jobs = [
        ...work.put.map((image) => async () => {
          entries[image.key] = await send(s3, image);
          return image.sizeBytes;
        }),
        ...work.headers.map((image) => async () => {
          const etag = await s3.putObjectHeaders(bucket, prefix + image.key, image);
          entries[image.key] = { ...entryOf(image), etag };
          return 0;
        }),
      ];
      await runAll(world, jobs, work, want.concurrency);
      for (const key of work.remove) {
        const marker = await s3.deleteObject(bucket, prefix + key);
        delete entries[key];
        if (marker !== undefined && !mount.bucket.create) gone.add(key);
      }
      await takeBack(s3, bucket, {
        objects: work.former,
        writtenMs: mount.bucket.create ? Number.POSITIVE_INFINITY : 0,
      });
      await putManifest(s3, bucket, listKey, manifest(true));
      const now = await observe(world, want);
      return { listing: new Map(), former: new Map(), manifest: undefined, headers: new Map(), ...now, done: work };
    },
    async remove(world, have) {
      // A bucket of ours goes whole.
      if (mount.bucket.create) return;
      const { objects = {}, gone = [], writtenMs = 0 } = have.manifest ?? {};
      const present = Object.entries(objects).map(([key, { etag }]) => [prefix + key, etag] as const);
      const hidden = gone.map((key) => [prefix + key, undefined] as const);
      const ours = new Map([...have.former, ...hidden, ...present]);
      for (const key of await takeBack(s3Of(world), bucket, { objects: ours, writtenMs, listKey }))
        world.say({ text: `${JSON.stringify(key)} stays: somebody put another object in its place` });
    },
    ending: (have) => (have.manifest === undefined && have.former.size === 0 ? 'keep' : 'remove'),
    remember: (have) => ({ objects: Object.keys(have.manifest?.objects ?? {}).length }),
  };
}

/** What a list names and nobody replaced since, and what versions may be left of. */
async function leftOf(
  s3: S3,
  bucket: string,
  list: Pick<Manifest, 'prefix' | 'objects' | 'gone'> | undefined,
): Promise<Map<string, string | undefined>> {
  if (list === undefined) return new Map();
  const gone = (list.gone ?? []).map((key) => [list.prefix + key, undefined] as const);
  const listed = await s3.listObjects(bucket, list.prefix);
  const present = listed.filter(({ key, etag }) => list.objects[key.slice(list.prefix.length)]?.etag === etag);
  return new Map([...gone, ...present.map(({ key, etag }) => [key, etag] as const)]);
}

/** A list without what other environments say that they sent: it is left to them. */
function withoutOthers(
  list: FoundManifest | undefined,
  others: ReadonlyMap<string, string>,
): FoundManifest | undefined {
  if (list === undefined || others.size === 0) return list;
  const isOurs = (key: string): boolean => !others.has(list.prefix + key);
  const objects = Object.fromEntries(Object.entries(list.objects).filter(([key]) => isOurs(key)));
  return { ...list, objects, ...(list.gone === undefined ? {} : { gone: list.gone.filter(isOurs) }) };
}

function entryOf({ etag, sha256, sizeBytes, contentType, headers }: ManifestEntry): ManifestEntry {
  return { etag, sha256, sizeBytes, contentType, headers };
}

/**
 * Keys of objects of which only a HEAD can tell what they are: the manifest does not say, or says what was only promised,
 * or they were put after it was written, which changes headers without changing the ETag.
 */
function untoldKeys(want: ObjectsWant, listing: ObjectsHave['listing'], manifest: FoundManifest | undefined): string[] {
  const told = manifest?.complete === true ? manifest.objects : {};
  const isLater = (key: string): boolean => (listing.get(key)?.modifiedMs ?? 0) > (manifest?.writtenMs ?? 0);
  const keys = new Set([...want.folder.images.keys(), ...Object.keys(manifest?.objects ?? {})]);
  return [...keys].filter((key) => listing.has(key) && (told[key]?.etag !== listing.get(key)?.etag || isLater(key)));
}

/**
 * Puts what is there in place of what an unfinished manifest promised. Our digest on an object whose key is on the list
 * says that we sent it: before the crash, or in an earlier run.
 */
function settlePromises(
  manifest: FoundManifest | undefined,
  listing: ObjectsHave['listing'],
  headers: ObjectsHave['headers'],
): FoundManifest | undefined {
  if (manifest?.complete !== false) return manifest;
  const settled = Object.entries(manifest.objects).map(([key, entry]): [string, ManifestEntry] => {
    const [there, stored] = [listing.get(key), headers.get(key)];
    if (there === undefined || stored?.sha256 === undefined) return [key, entry];
    const { sha256, contentType, headers: kept } = stored;
    return [key, { etag: there.etag, sizeBytes: there.sizeBytes, sha256, contentType, headers: kept }];
  });
  return { ...manifest, objects: Object.fromEntries(settled) };
}

/** Whether an object holds the bytes of an image: by MD5, by what the manifest says of its ETag, or by its own digest. */
function holdsBytes(image: LocalImage, { listing, manifest, headers }: ObjectsHave): boolean {
  const there = listing.get(image.key);
  if (there === undefined) return false;
  const entry = manifest?.objects[image.key];
  const told = entry?.etag === there.etag && entry.sha256 === image.sha256;
  return there.etag === image.etag || told || headers.get(image.key)?.sha256 === image.sha256;
}

/** The three lists: what is sent, what gets other headers, what goes. */
function workOf(want: ObjectsWant, have: ObjectsHave | undefined): Work {
  const put: LocalImage[] = [];
  const headers: LocalImage[] = [];
  for (const image of want.folder.images.values()) {
    if (have === undefined || !holdsBytes(image, have)) put.push(image);
    else if (!sameHeaders(image, storedHeaders(image.key, have))) headers.push(image);
  }
  // A file that is broken today is no reason to take down what it was yesterday.
  const { images, refusedKeys } = want.folder;
  const gone = Object.keys(have?.manifest?.objects ?? {}).filter((key) => !images.has(key) && !refusedKeys.has(key));
  const remove = want.prune ? gone.filter((key) => have !== undefined && isStillOurs(key, have)) : [];
  return { put, headers, remove, former: have?.former ?? new Map() };
}

/** Whether what is on our list is there as we sent it. What was put later, of the very same bytes, has to carry our digest. */
function isStillOurs(key: string, { listing, manifest, headers }: ObjectsHave): boolean {
  const asked = headers.get(key);
  const isAsked = asked === undefined || asked.sha256 !== undefined;
  return isAsked && listing.get(key)?.etag === manifest?.objects[key]?.etag;
}

function storedHeaders(key: string, have: ObjectsHave): StoredHeaders | undefined {
  return have.headers.get(key) ?? have.manifest?.objects[key];
}

function sameHeaders(want: StoredHeaders, have: StoredHeaders | undefined): boolean {
  if (have === undefined || want.contentType !== have.contentType) return false;
  const names = new Set([...Object.keys(want.headers), ...Object.keys(have.headers)]);
  return [...names].every((name) => want.headers[name] === have.headers[name]);
}

function changesOf(want: ObjectsWant, have: ObjectsHave | undefined, work: Work): Change[] {
  const { put, headers, remove, former } = work;
  const flat = ({ contentType, headers: stored }: StoredHeaders) => ({ 'Content-Type': contentType, ...stored });
  const changes: Change[] = [
    ...put.map(({ key, etag }) => ({ path: `put ${key}`, from: have?.listing.get(key)?.etag, to: etag })),
    ...headers.map((image) => {
      const stored = have === undefined ? undefined : storedHeaders(image.key, have);
      return { path: `headers ${image.key}`, from: stored === undefined ? undefined : flat(stored), to: flat(image) };
    }),
    ...[...former.keys()].map((key) => ({
      path: `former ${key}`,
      from: 'below a prefix that the mount had before',
      to: undefined,
    })),
    ...remove.map((key) => ({ path: `remove ${key}`, from: have?.listing.get(key)?.etag, to: undefined })),
  ];
  const fault = want.folder.images.size > 0 && changes.length === 0 ? manifestFault(want, have) : undefined;
  return fault === undefined ? changes : [{ path: 'manifest', from: fault, to: 'complete' }];
}

/** What is wrong with a manifest where every object is right; undefined when nothing is. */
function manifestFault(want: ObjectsWant, have: ObjectsHave | undefined): string | undefined {
  if (have?.manifest === undefined) return 'missing';
  const { manifest, listing } = have;
  if (!manifest.complete) return 'unfinished';
  const stale = [...want.folder.images.keys()].some((key) => manifest.objects[key]?.etag !== listing.get(key)?.etag);
  return stale ? 'out of date' : undefined;
}

/**
 * Keeps somebody else's objects from being overwritten.
 *
 * @throws {RefusedError} when an adopted bucket holds another object under a key that is to be sent, or when another
 * environment sends it.
 */
function refuseStrangers(
  where: string,
  prefix: string,
  { want, have, others }: { want: ObjectsWant; have: ObjectsHave; others: ReadonlyMap<string, string> },
): void {
  const { images } = want.folder;
  const strangers = [...images.values()].filter((is) => others.has(prefix + is.key) || isReplaced(is, have));
  const [first] = strangers;
  if (first === undefined) return;
  const whose = others.get(prefix + first.key);
  const why = whose === undefined ? 'another object of that name is there' : `${whose} sends that one`;
  throw new RefusedError(`Cannot send "${first.key}" to ${where}: ${why}, and ${strangers.length} such in all.`, {
    code: 'OBJECT_NOT_OURS',
    suggestions: [
      `choose another prefix in pixgate.yaml, or ${whose === undefined ? 'remove the objects by hand' : 'take that one away first'}`,
    ],
  });
}

/** Whether what is there in place of an image is somebody else's. */
function isReplaced({ key, sha256 }: LocalImage, { listing, manifest, headers }: ObjectsHave): boolean {
  if (!listing.has(key)) return false;
  const stored = headers.get(key);
  // Even of the same bytes it is theirs: what we take for ours gets our headers, and goes with teardown.
  if (manifest?.objects[key] === undefined) return stored?.sha256 !== sha256;
  return stored !== undefined && stored.sha256 === undefined;
}

async function runAll(
  world: World,
  jobs: readonly (() => Promise<number>)[],
  work: Work,
  concurrency: number,
): Promise<void> {
  const limit = pLimit(concurrency);
  const bytesTotal = work.put.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let done = 0;
  let bytesDone = 0;
  const run = async (job: () => Promise<number>): Promise<void> => {
    if (world.signal.aborted) return;
    bytesDone += await job();
    done += 1;
    world.say({ type: 'progress', done, total: jobs.length, unit: 'files', bytesDone, bytesTotal });
  };
  const results = await Promise.allSettled(jobs.map((job) => limit(() => run(job))));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  if (world.signal.aborted && done < jobs.length) {
    throw new CancelledError(`Stopped as asked: ${done} of ${jobs.length} files are sent.`, {
      suggestions: ['run the same command again to send the rest'],
    });
  }
}
