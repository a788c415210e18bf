/**
 * Finds keys that would be one file on some disk, though S3 keeps them apart: equal but for their case, or but for how
 * accents are composed (NFC and NFD).
 *
 * Each colliding key is named together with another one of its kind, so both sides can be refused whatever their order. Few
 * keys ever collide, so the keys are gone through twice, and only those whose hash is another's too are looked at closely.
 */
export function findCollisions(keys: readonly string[] | (() => Iterable<string>)): ReadonlyMap<string, string> {
  const again = typeof keys === 'function' ? keys : () => keys;
  const repeated = findRepeated(Int32Array.from(hashesOf(again())));
  return repeated.size === 0 ? new Map() : compareFolded(again(), repeated);
}

function* hashesOf(keys: Iterable<string>): Generator<number> {
  for (const key of keys) yield hashOf(fold(key));
}

/** ASCII is composed already. */
function fold(key: string): string {
  return (/^[\0-\x7f]*$/.test(key) ? key : key.normalize('NFC')).toLowerCase();
}

/** FNV-1a over halves of UTF-16, 32 bits: of 300,000 keys some ten pairs share one by chance. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

function findRepeated(hashes: Int32Array): ReadonlySet<number> {
  const sorted = hashes.sort();
  const repeated = new Set<number>();
  for (let at = 1; at < sorted.length; at++) {
    const hash = sorted[at];
    if (hash !== undefined && hash === sorted[at - 1]) repeated.add(hash);
  }
  return repeated;
}

function compareFolded(keys: Iterable<string>, hashes: ReadonlySet<number>): ReadonlyMap<string, string> {
  const seen = new Map<string, string>();
  const collisions = new Map<string, string>();
  for (const key of keys) {
    const folded = fold(key);
    if (!hashes.has(hashOf(folded))) continue;
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
