import type { ListedObject, S3 } from '../aws/s3.js';
import type { MountConfig } from '../config/config.js';
import { RefusedError } from '../errors.js';
import { isInside } from '../files/scope.js';
import type { Digests } from './digests.js';
import { entriesAfter, goneAfter, keptRows } from './entries-after.js';
import { newEtagColumn } from './etag-column.js';
import { leftOf } from './former-lists.js';
import { ImageTable } from './image-table.js';
import { type LocalFolder, readLocalFolder } from './local-images.js';
import { lookAtObjects } from './look-at-objects.js';
import { type OpenList, openList, putManifest, readListedKeys } from './manifest.js';
import { bucketName, bucketRegion, manifestKey } from './names.js';
import { changesOf } from './object-changes.js';
import { type ObjectsHave, type ObjectsWant, workOf } from './objects-work.js';
import { PickedImages } from './picked-images.js';
import { refuseHalfMove, refuseStrangers, refuseTwins } from './refuse-objects.js';
import type { Environment, Resource, World } from './resource.js';
import { removeImages, sendImages } from './send-images.js';
import { chooseRoute } from './send-route.js';
import { newSentImages } from './sent-images.js';
import { withoutList } from './stray-objects.js';
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

const NO_IMAGES = new ImageTable('');

const NO_FOLDER: LocalFolder = { images: NO_IMAGES, refused: [], refusedKeys: new Set(), warnings: [] };

/** A bucket that holds nothing. */
const NOTHING: ObjectsHave = {
  rows: new Map(),
  fresh: new PickedImages(NO_IMAGES),
  etags: newEtagColumn(),
  seenMs: 0,
  online: { count: 0, bytes: 0 },
  strange: 0,
  listed: 0,
  list: undefined,
  listEtag: undefined,
  elsewhere: [],
  former: new Map(),
};

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
    (await readListedKeys(s3, bucket, is, listKey)).others;

  /** Our list. One of another installation under the same key is nothing that we take away, nor replace. */
  const openOwnList = async (s3: S3, world: World): Promise<OpenList | undefined> => {
    const list = await openList(s3, bucket, listKey);
    const token = list?.manifest?.token;
    if (token === undefined || token === world.environment.token) return list;
    await list?.manifest?.close();
    if (world.removing) return undefined;
    throw new RefusedError(
      `Cannot use bucket "${bucket}" for ${mount.path}: installation ${token} keeps the list of what it sent at "${listKey}".`,
      {
        code: 'NOT_OURS',
        suggestions: [
          'choose another name or stage in pixgate.yaml',
          'delete that list if nobody needs that installation any more',
        ],
      },
    );
  };

  /** Whether anything is there, without looking at it all. */
  const glance = async (s3: S3, list: OpenList | undefined): Promise<ObjectsHave | undefined> => {
    const { manifest } = list ?? {};
    await manifest?.close();
    if (manifest !== undefined) return { ...NOTHING, listed: manifest.count, list: manifest };
    for await (const page of s3.listObjectPages(bucket, prefix)) if (!page.isEmpty) return NOTHING;
    return undefined;
  };

  /** Looks at what is there, and unless it is to be taken away, refuses what would hurt somebody. */
  const lookAt = async (world: World, want: ObjectsWant): Promise<ObjectsHave | undefined> => {
    const s3 = s3Of(world);
    const { images } = want.folder;
    // A bucket of ours goes whole, whatever is in it.
    if (world.removing && mount.bucket.create) return glance(s3, await openOwnList(s3, world));
    const others = mount.bucket.create ? new Map<string, string>() : await findOthers(s3, world);
    const list = await openOwnList(s3, world);
    const { concurrency } = want;
    const options = { bucket, prefix, listKey, list, others, images, concurrency };
    const seen = await lookAtObjects(s3, options);
    const former = new Map<string, string | undefined>();
    for (const link of seen.elsewhere) for (const [key, etag] of await leftOf(s3, bucket, link)) former.set(key, etag);
    for (const key of former.keys()) {
      const isSent = key.startsWith(prefix) && images.has(key.slice(prefix.length));
      if (isSent || others.has(key)) former.delete(key);
    }
    const have = { ...seen, former };
    // Something lies where the list should, and does not tell: what we sent would be left behind without a word.
    const isLost = seen.list === undefined && seen.elsewhere.length === 0 && seen.strange > 0;
    if (world.removing && list !== undefined && isLost) throw withoutList(bucket, prefix);
    if (!world.removing) {
      refuseHalfMove(mount, { want, have });
      refuseTwins(mount, { want, have });
      if (!mount.bucket.create) refuseStrangers(`bucket "${bucket}"`, prefix, { want, have, others });
    }
    return list === undefined && have.rows.size === 0 && have.strange === 0 ? undefined : have;
  };

  return {
    address: `objects/${mount.id}`,
    needs: [`bucket/${mount.id}`],
    guarded: true,
    desire: async (config) => ({
      folder: options.readFolder ? await readFolder(mount, options) : NO_FOLDER,
      concurrency: config.concurrency,
      prune: options.prune,
      isWhole: options.paths === undefined,
    }),
    label: () => `s3://${bucket}/${prefix}`,
    observe: lookAt,
    diff: (want, have) => changesOf(want, have, workOf(want, have)),
    async converge(world, want, found) {
      const s3 = s3Of(world);
      const [work, have] = [workOf(want, found), found ?? NOTHING];
      const sent = newSentImages();
      const removed: string[] = [];
      const gone = goneAfter(want, have, mount.bucket.create);
      const writeList = (complete: boolean, listEtag: string | undefined): Promise<string> => {
        const replaced = listEtag === undefined ? 'nothing' : { etag: listEtag };
        const former = complete ? [] : have.elsewhere;
        const { token } = world.environment;
        const head = { token, complete, seenMs: have.seenMs, prefix, gone: [...gone], former };
        const entries = () => entriesAfter(want, have, { work, sent, removed: new Set(removed) });
        return putManifest(s3, { bucket, key: listKey, replaced }, head, entries);
      };
      // The list goes first: whatever a crash leaves behind is on it, and teardown knows it for ours.
      const promise = await writeList(false, have.listEtag);
      const seen = (key: string): ListedObject | undefined => have.rows.get(key)?.there;
      const to = { bucket, prefix, seen, concurrency: want.concurrency };
      const route = mount.bucket.acceleration === true && work.put.length > 0 ? await routeOf(world, s3) : s3;
      const failed = await sendImages(world, { ...to, s3: route, onSent: sent.add }, work);
      // Nothing goes before all that is wanted is there: it may be the only copy that anybody can see.
      if (failed.length === 0) {
        await removeImages(world, { ...to, s3 }, work.remove, (key, marker) => {
          removed.push(key);
          if (marker !== undefined && !mount.bucket.create) gone.add(key);
        });
        const writtenMs = mount.bucket.create ? Number.POSITIVE_INFINITY : 0;
        await takeBack(s3, bucket, { objects: work.former, writtenMs });
      }
      // What failed may be there or not: it stays a promise, and the next run looks.
      await writeList(failed.length === 0, promise);
      const listed = want.folder.images.size + keptRows(want, have).length - removed.length;
      return { ...have, listed, done: { ...work, remove: removed }, failed };
    },
    async remove(world, have) {
      await options.digests.forget(mount.id);
      // A bucket of ours goes whole.
      if (mount.bucket.create) return;
      const { gone = [], writtenMs = 0 } = have.list ?? {};
      const present = [...have.rows.values()].flatMap(({ key, entry }) =>
        entry === undefined ? [] : [[prefix + key, entry.promised === true ? undefined : entry.etag] as const],
      );
      const hidden = gone.map((key) => [prefix + key, undefined] as const);
      const ours = new Map([...have.former, ...hidden, ...present]);
      for (const key of await takeBack(s3Of(world), bucket, { objects: ours, writtenMs, listKey }))
        world.say({ text: `${JSON.stringify(key)} stays: somebody put another object in its place` });
    },
    ending: (have) => (have.list === undefined && have.former.size === 0 ? 'keep' : 'remove'),
    remember: (have) => ({ objects: have.listed }),
  };
}

/** Reads the files of a mount that are asked for. */
async function readFolder(mount: MountConfig, { paths, digests }: ObjectsOptions): Promise<LocalFolder> {
  const inside = await Promise.all(
    (paths ?? []).map(async (path) => ((await isInside(mount.source, path)) ? [path] : [])),
  );
  const only = paths === undefined ? {} : { only: inside.flat() };
  return readLocalFolder(mount, { digests: digests.of(mount.id), nowMs: digests.now(), ...only });
}
