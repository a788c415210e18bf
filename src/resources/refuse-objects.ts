import type { MountConfig } from '../config/config.js';
import { RefusedError, UsageError } from '../errors.js';
import { findCollisions } from '../files/collisions.js';
import { printable } from '../files/printable.js';
import { isInside } from '../files/scope.js';
import { isRefusedKey, isReplaced, type ObjectsHave, type ObjectsWant } from './objects-work.js';

/**
 * Keeps a move to another prefix whole: what is online below the former one goes when all is sent, and only then.
 *
 * @throws {RefusedError} for a move that would leave images out.
 */
export function refuseHalfMove(mount: MountConfig, { want, have }: { want: ObjectsWant; have: ObjectsHave }): void {
  if (have.former.size === 0) return;
  const move = `Cannot move the images of ${mount.path} to prefix "${mount.bucket.prefix}"`;
  if (!want.isWhole) {
    throw new RefusedError(`${move} by PATH: those that are left out would go offline.`, {
      code: 'MOVE_IN_PARTS',
      suggestions: ['pixgate upload  moves all of them'],
    });
  }
  const online = have.elsewhere.flatMap(({ objects }) => [...objects.keys()]);
  const lost = online.find((key) => isRefusedKey(want.folder, key));
  if (lost === undefined) return;
  throw new RefusedError(`${move}: "${lost}" is online and cannot be sent as its file is now.`, {
    code: 'MOVE_IN_PARTS',
    suggestions: ['mend the file, or remove it', `set bucket.prefix of ${mount.path} back`],
  });
}

/**
 * Keeps keys apart that are one file on some disks, also from images that a PATH leaves out.
 *
 * @throws {RefusedError} naming both.
 */
export function refuseTwins({ path }: MountConfig, { want, have }: { want: ObjectsWant; have: ObjectsHave }): void {
  if (want.isWhole) return;
  const { images, covers = () => true } = want.folder;
  const sent = [...have.rows.values()].filter(({ entry }) => entry !== undefined);
  const others = sent.map(({ key }) => key).filter((key) => !covers(key));
  const twins = findCollisions([...images.keys(), ...others]);
  for (const key of images.keys()) {
    const twin = twins.get(key);
    if (twin === undefined) continue;
    throw new RefusedError(
      `Cannot send "${printable(key)}" to ${path}: it differs from "${printable(twin)}", which is online, only in case or in the form of its letters.`,
      { code: 'KEY_COLLISION', suggestions: ['rename one of the two'] },
    );
  }
}

/**
 * Keeps somebody else's objects from being overwritten.
 *
 * @throws {RefusedError} when an adopted bucket holds another object under a key that is to be sent, or when another
 * environment sends it.
 */
export function refuseStrangers(
  where: string,
  prefix: string,
  { want, have, others }: { want: ObjectsWant; have: ObjectsHave; others: ReadonlyMap<string, string> },
): void {
  const { images } = want.folder;
  const strangers = [...images.keys()].filter((key) => {
    const image = have.rows.has(key) ? images.get(key) : undefined;
    return others.has(prefix + key) || (image !== undefined && isReplaced(image, have.rows.get(key)));
  });
  const [first] = strangers;
  if (first === undefined) return;
  const whose = others.get(prefix + first);
  const why = whose === undefined ? 'another object of that name is there' : `${whose} sends that one`;
  throw new RefusedError(`Cannot send "${first}" to ${where}: ${why}, and ${strangers.length} such in all.`, {
    code: 'OBJECT_NOT_OURS',
    suggestions: [
      `choose another prefix in pixgate.yaml, or ${whose === undefined ? 'remove the objects by hand' : 'take that one away first'}`,
    ],
  });
}

/** Keeps the paths of an upload to what mounts hold. @throws {UsageError} for a path that lies in the folder of no mount. */
export async function refusePathsOutside(mounts: readonly MountConfig[], paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const inside = await Promise.all(mounts.map(({ source }) => isInside(source, path)));
    if (inside.includes(true)) continue;
    const sources = mounts.map(({ source }) => source).join(', ');
    throw new UsageError(`PATH must be in the folder of a mount: got ${JSON.stringify(path)}.`, {
      suggestions: [`name files or folders at or below ${sources}`],
    });
  }
}
