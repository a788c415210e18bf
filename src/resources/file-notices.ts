import { checkKey } from '../files/check-key.js';
import { findCollisions } from '../files/collisions.js';
import { printable } from '../files/printable.js';
import type { Address, Plan, Step } from '../model/plan.js';
import { UNDER_OUR_POLICY } from './local-images.js';
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
      const putting = putKeys(steps.find((step) => step.address === address));
      return { address, want: want as ObjectsWant, have: known.get(address) as ObjectsHave | undefined, putting };
    });
  // The same file may be in two mounts.
  const whose = (address: Address): string => (mounts.length > 1 ? `${address}: ` : '');
  const warnings = mounts.flatMap(({ address, want }) =>
    want.folder.warnings.filter((text) => isCached || !SIZE_WARNING.test(text)).map((text) => whose(address) + text),
  );
  const bytes = mounts
    .filter(({ putting }) => putting.length > 0)
    .map(({ address, want: { folder }, putting }) => [
      address,
      putting.reduce((sum, key) => sum + (folder.images.get(key)?.sizeBytes ?? 0), 0),
    ]);
  return {
    warnings,
    harmful: cut(warnings.filter((text) => !SIZE_WARNING.test(text))),
    harmless: [
      ...cut(warnings.filter((text) => SIZE_WARNING.test(text))),
      ...nameNotices(mounts.flatMap(({ putting }) => putting)),
      ...mounts.flatMap(({ want, have }) => [...stuckNotices(want, have), ...goneNotices(want, have)]),
      ...mounts.flatMap(({ want }) => want.folder.notices ?? []),
    ],
    refused: mounts.flatMap(({ want }) => want.folder.refused),
    leftOut: mounts.reduce((sum, { want }) => sum + (want.folder.leftOut ?? 0), 0),
    bytesToSend: bytes.length === 0 ? undefined : Object.fromEntries(bytes),
  };
}

function putKeys(step: Step | undefined): string[] {
  const puts = step?.changes.filter(({ path }) => path.startsWith('put ')) ?? [];
  return puts.map(({ path }) => path.slice('put '.length));
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
function nameNotices(keys: readonly string[]): string[] {
  const odd = keys.flatMap((key) => {
    const verdict = checkKey(key);
    return verdict.ok && verdict.warning !== undefined ? [`${printable(key)}: ${verdict.warning}`] : [];
  });
  const [first] = odd;
  if (first === undefined) return [];
  return [odd.length === 1 ? first : `${odd.length} images have names that need care, such as ${first}`];
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
