/**
 * Finds keys that would be one file on some disk, though S3 keeps them apart: equal but for their case, or but for how
 * accents are composed (NFC and NFD).
 *
 * Each colliding key is named together with another one of its kind, so both sides can be refused whatever their order.
 */
export function findCollisions(keys: Iterable<string>): ReadonlyMap<string, string> {
  const seen = new Map<string, string>();
  const collisions = new Map<string, string>();
  for (const key of keys) {
    const folded = key.normalize('NFC').toLowerCase();
    const earlier = seen.get(folded);
    if (earlier === undefined) {
      seen.set(folded, key);
    } else if (earlier !== key) {
      collisions.set(key, earlier);
      if (!collisions.has(earlier)) collisions.set(earlier, key);
    }
  }
  return collisions;
}
