import pLimit from 'p-limit';
import type { S3 } from '../aws/s3.js';
import type { MountConfig } from '../config/config.js';
import { RefusedError } from '../errors.js';
import { isInside } from '../files/scope.js';
import type { Digests } from './digests.js';
import { leftOf, partLists } from './former-lists.js';
import { type LocalFolder, readLocalFolder } from './local-images.js';
import {
  type FoundManifest,
  findManifest,
  type Manifest,
  type ManifestEntry,
  putManifest,
  readListedKeys,
} from './manifest.js';
import { bucketName, bucketRegion, manifestKey } from './names.js';
import {
  changesOf,
  type ObjectsHave,
  type ObjectsWant,
  settlePromises,
  splitsOf,
  untoldKeys,
  workOf,
} from './objects-work.js';
import { refuseHalfMove, refuseStrangers, refuseTwins } from './refuse-objects.js';
import type { Environment, Resource, World } from './resource.js';
import { removeImages, sendImages } from './send-images.js';
import { chooseRoute } from './send-route.js';
import { takeBack } from './take-back.js';

/** How the objects of a mount are dealt with. */
export interface ObjectsOptions {
  readonly prune: boolean;
  /** false: the folder is not looked at, for a run that only takes away. */
  readonly readFolder: boolean;
  /** Absolute paths: only files at or below them are looked at, in the mounts they lie in. @default all files */
  readonly paths?: readonly string[] | undefined;
  readonly digests: Digests;
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

  const s3Of = ({ aws }: World): S3 => aws.s3In(bucketRegion(environment, mount));

  /** S3 by the way that is faster for what is sent. Copies and all else go the plain way: they are small. */
  const routeOf = (world: World, s3: S3): Promise<S3> => {
    const region = bucketRegion(environment, mount);
    const accelerated = world.aws.acceleratedS3In(region);
    const now = (): number => world.clock.now();
    return chooseRoute({ plain: s3, accelerated, bucket, region, now, say: (text) => world.say({ text }) });
  };

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
          'delete that list if nobody needs that installation any more',
        ],
      },
    );
  };

  /** Looks at what is there, and unless it is only to be told, refuses what would hurt somebody. */
  const lookAt = async (world: World, want: ObjectsWant, refuses: boolean): Promise<ObjectsHave | undefined> => {
    const s3 = s3Of(world);
    const others = mount.bucket.create ? new Map<string, string>() : await findOthers(s3, world);
    const list = await findOwnList(s3, world);
    const { here, elsewhere } = partLists(list, prefix);
    const written = withoutOthers(here, others);
    const former = new Map<string, string | undefined>();
    for (const link of elsewhere) for (const [key, etag] of await leftOf(s3, bucket, link)) former.set(key, etag);
    for (const key of [...others.keys(), ...[...want.folder.images.keys()].map((key) => prefix + key)])
      former.delete(key);
    const listed = (await s3.listObjects(bucket, prefix, splitsOf(want.folder, prefix))).filter(
      ({ key }) => key !== listKey,
    );
    const listing = new Map(listed.map((object) => [object.key.slice(prefix.length), object]));
    const limit = pLimit(want.concurrency);
    const found = await Promise.all(
      untoldKeys(want, listing, written).map((key) =>
        limit(async () => [key, await s3.findObjectHeaders(bucket, prefix + key)] as const),
      ),
    );
    const headers = new Map(found.flatMap(([key, stored]) => (stored === undefined ? [] : [[key, stored] as const])));
    const have = { listing, former, manifest: settlePromises(written, listing, headers), headers };
    if (refuses) {
      refuseHalfMove(mount, elsewhere, { want, have });
      refuseTwins(mount, { want, have });
      if (!mount.bucket.create) refuseStrangers(`bucket "${bucket}"`, prefix, { want, have, others });
    }
    return list === undefined && listed.length === 0 ? undefined : have;
  };

  return {
    address: `objects/${mount.id}`,
    needs: [`bucket/${mount.id}`],
    desire: async (config) => ({
      folder: options.readFolder ? await readFolder(mount, options) : NO_FOLDER,
      concurrency: config.concurrency,
      prune: options.prune,
      isWhole: options.paths === undefined,
    }),
    label: () => `s3://${bucket}/${prefix}`,
    observe: (world, want) => lookAt(world, want, !world.removing),
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
      const former = partLists(await findOwnList(s3, world), prefix).elsewhere;
      const gone = new Set(have?.manifest?.gone);
      for (const key of Object.keys(entries)) {
        const stored = have?.headers.get(key);
        if (want.folder.images.has(key)) gone.delete(key);
        else if (stored !== undefined && stored.sha256 === undefined) delete entries[key];
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
        ...(complete || former.length === 0 ? {} : { former }),
      });
      // The list goes first: whatever a crash leaves behind is on it, and teardown knows it for ours.
      await putManifest(s3, bucket, listKey, manifest(false));
      const to = { bucket, prefix, listing: have?.listing ?? new Map(), concurrency: want.concurrency };
      const onSent = (key: string, entry: ManifestEntry): void => {
        entries[key] = entry;
      };
      const route = mount.bucket.acceleration === true && work.put.length > 0 ? await routeOf(world, s3) : s3;
      const failed = await sendImages(world, { ...to, s3: route, onSent }, work);
      const removed: string[] = [];
      // Nothing goes before all that is wanted is there: it may be the only copy that anybody can see.
      if (failed.length === 0) {
        await removeImages(world, { ...to, s3 }, work.remove, (key, marker) => {
          removed.push(key);
          delete entries[key];
          if (marker !== undefined && !mount.bucket.create) gone.add(key);
        });
        const writtenMs = mount.bucket.create ? Number.POSITIVE_INFINITY : 0;
        await takeBack(s3, bucket, { objects: work.former, writtenMs });
      }
      // What failed may be there or not: a list that is not complete says so, and the next run looks.
      await putManifest(s3, bucket, listKey, manifest(failed.length === 0));
      const now = await lookAt(world, want, false);
      const none = { listing: new Map(), former: new Map(), manifest: undefined, headers: new Map() };
      return { ...none, ...now, done: { ...work, remove: removed }, failed };
    },
    async remove(world, have) {
      await options.digests.forget(mount.id);
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

/** Reads the files of a mount that are asked for. */
async function readFolder(mount: MountConfig, { paths, digests }: ObjectsOptions): Promise<LocalFolder> {
  const inside = await Promise.all(
    (paths ?? []).map(async (path) => ((await isInside(mount.source, path)) ? [path] : [])),
  );
  const memo = await digests.of(mount.id);
  const only = paths === undefined ? {} : { only: inside.flat() };
  const folder = await readLocalFolder(mount, { memo, nowMs: digests.now(), ...only });
  await digests.save(mount.id);
  return folder;
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
