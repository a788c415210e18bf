import { checkKey } from '../files/check-key.js';
import { findCollisions } from '../files/collisions.js';
import { printable } from '../files/printable.js';
import type { Address, Change, Plan, Step } from '../model/plan.js';
import { type LocalFolder, UNDER_OUR_POLICY } from './local-images.js';
import { goneKeys, isRefusedKey, type ObjectsHave, type ObjectsWant } from './objects-work.js';

/** What a plan says of files. */
export interface FileNotices {
  /** Sentences about images that could do harm, some of each kind. */
  readonly harmful: readonly string[];
  /** Sentences about drawbacks, some of each kind. */
  readonly harmless: readonly string[];
  /** All sentences about single images. */
  readonly warnings: readonly string[];
  /** Files that cannot be served, all of them. */
  readonly refused: NonNullable<Plan['refused']>;
  /** How many files are plainly no images. */
  readonly leftOut: number;
  /** Bytes to be sent, by address; undefined when none are. */
  readonly bytesToSend: Plan['bytesToSend'];
}

/** How many images of which the same is to be said are named one by one. */
const NAMED = 5;

// A file may have any name, so only the end of a sentence, which is never a name, tells what it is about.
const SIZE_WARNING = / is above 1 MiB: the stage cache never keeps it$/;
const KINDS: readonly (readonly [Pick<RegExp, 'test'>, string])[] = [
  [{ test: (text) => text.endsWith(UNDER_OUR_POLICY) }, 'hold active parts'],
  [/ carries \d+ bytes behind its end \([^)]*\)$/, 'carry data behind their end'],
  [SIZE_WARNING, 'are above 1 MiB'],
];

/** Says what a person should know of the files of all mounts before the steps are done. */
export function noticeFiles(
  steps: readonly Step[],
  wants: ReadonlyMap<Address, unknown>,
  known: ReadonlyMap<Address, unknown>,
  isCached: boolean,
): FileNotices {
  const mounts = [...wants]
    .filter(([address]) => address.startsWith('objects/'))
    .map(([address, want]) => {
      const { folder } = want as ObjectsWant;
      const puts = readPuts(steps.find((step) => step.address === address)?.changes ?? [], folder);
      return { address, want: want as ObjectsWant, have: known.get(address) as ObjectsHave | undefined, puts };
    });
  // The same file may be in two mounts.
  const whose = (address: Address): string => (mounts.length > 1 ? `${address}: ` : '');
  const warnings = mounts.flatMap(({ address, want }) =>
    want.folder.warnings.filter((text) => isCached || !SIZE_WARNING.test(text)).map((text) => whose(address) + text),
  );
  const bytes = mounts.filter(({ puts }) => puts.count > 0).map(({ address, puts }) => [address, puts.bytes]);
  return {
    warnings,
    harmful: cut(warnings.filter((text) => !SIZE_WARNING.test(text))),
    harmless: [
      ...cut(warnings.filter((text) => SIZE_WARNING.test(text))),
      ...nameNotices(mounts.map(({ puts }) => puts)),
      ...mounts.flatMap(({ want, have }) => [...stuckNotices(want, have), ...goneNotices(want, have)]),
      ...mounts.flatMap(({ want }) => want.folder.notices ?? []),
    ],
    refused: mounts.flatMap(({ want }) => want.folder.refused),
    leftOut: mounts.reduce((sum, { want }) => sum + (want.folder.leftOut ?? 0), 0),
    bytesToSend: bytes.length === 0 ? undefined : Object.fromEntries(bytes),
  };
}

/** What is about to be sent. */
interface Puts {
  count: number;
  bytes: number;
  /** Names that some clients could get wrong. */
  odd: number;
  /** What is to be said of the first of them. */
  firstOdd: string;
}

function readPuts(changes: readonly Change[], { images }: LocalFolder): Puts {
  const puts: Puts = { count: 0, bytes: 0, odd: 0, firstOdd: '' };
  for (const { path } of changes) {
    if (!path.startsWith('put ')) continue;
    const key = path.slice('put '.length);
    puts.count += 1;
    puts.bytes += images.get(key)?.sizeBytes ?? 0;
    const verdict = checkKey(key);
    if (!verdict.ok || verdict.warning === undefined) continue;
    if (puts.odd === 0) puts.firstOdd = `${printable(key)}: ${verdict.warning}`;
    puts.odd += 1;
  }
  return puts;
}

/** Names some images of each kind, and counts the rest of them. What is of no kind is told whole. */
function cut(warnings: readonly string[]): string[] {
  const rest = warnings.filter((text) => !KINDS.some(([ending]) => ending.test(text)));
  const kinds = KINDS.flatMap(([ending, what]) => {
    const same = warnings.filter((text) => ending.test(text));
    const more = same.length - NAMED;
    return more > 1 ? [...same.slice(0, NAMED), `and ${more} more ${what} (upload --plan --json names all)`] : same;
  });
  return [...rest, ...kinds];
}

/** One line for all names that some clients could get wrong, of the images that are about to be sent. */
function nameNotices(puts: readonly Puts[]): string[] {
  const count = puts.reduce((sum, { odd }) => sum + odd, 0);
  const first = puts.find(({ odd }) => odd > 0)?.firstOdd;
  if (first === undefined) return [];
  return [count === 1 ? first : `${count} images have names that need care, such as ${first}`];
}

/** Images that were sent, whose files cannot be served as they are now: no upload touches them, not even with --delete. */
function stuckNotices({ folder }: ObjectsWant, have: ObjectsHave | undefined): string[] {
  const stuck = [...(have?.rows.values() ?? [])].filter(
    ({ key, entry, there }) =>
      entry !== undefined && there !== undefined && !folder.images.has(key) && isRefusedKey(folder, key),
  );
  if (stuck.length === 0) return [];
  const some = namesOf(stuck.map(({ key }) => key));
  const isOne = stuck.length === 1;
  const [own, stays, files] = isOne ? ['has a file', 'it stays', 'file'] : ['have files', 'they stay', 'files'];
  const them = isOne ? 'it' : 'them';
  const way = `mend the ${files}, or remove ${them} and upload --delete takes ${them} down`;
  return [`${stuck.length} of the images online ${own} that cannot be sent now (${some}): ${stays} as before; ${way}.`];
}

/** Images that were sent, whose files are gone, and that stay online all the same. */
function goneNotices({ folder, prune }: ObjectsWant, have: ObjectsHave | undefined): string[] {
  const gone = goneKeys({ folder }, have);
  if (prune || gone.length === 0) return [];
  const [are, them] = gone.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const why = `${are} no longer in the folder, or ruled out by include, exclude or .pixgateignore`;
  const way = `upload --delete removes ${them}`;
  return [`${gone.length} of the images online ${why} (${namesOf(gone)}): ${way}.${respelledHint(folder, gone)}`];
}

/** Says of the first image that is gone and back under another case that both are online. */
function respelledHint({ images }: ObjectsWant['folder'], gone: readonly string[]): string {
  const all = function* (): Generator<string> {
    yield* images.keys();
    yield* gone;
  };
  const twins = findCollisions(all);
  for (const key of gone) {
    const twin = twins.get(key);
    if (twin !== undefined && images.has(twin))
      return ` ${printable(key)} is now spelled ${printable(twin)}: until then both are online.`;
  }
  return '';
}

function namesOf(keys: readonly string[]): string {
  return keys.slice(0, 3).map(printable).join(', ');
}
