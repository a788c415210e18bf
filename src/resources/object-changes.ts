import type { StoredHeaders } from '../aws/s3.js';
import type { Change } from '../model/plan.js';
import type { LocalFolder } from './local-images.js';
import type { ObjectsHave, ObjectsWant, Work } from './objects-work.js';
import type { Row } from './rows.js';

/** The lists of work as a person reads them in a plan. */
export function changesOf(want: ObjectsWant, have: ObjectsHave | undefined, work: Work): Change[] {
  const { put, headers, remove, former } = work;
  const digestOf = (key: string): string | undefined => digestThere(have?.rows.get(key));
  // As long as it gets, from the start: one that grows leaves its former selves behind.
  const changes = new Array<Change>(put.length + headers.length + former.size + remove.length);
  let length = 0;
  const add = (change: Change): void => {
    changes[length++] = change;
  };
  const fresh = freshIn(want.folder.images);
  for (const { number, key, sha256 } of put) {
    const from = digestOf(key);
    add(from === undefined ? fresh(number) : { path: `put ${key}`, from, to: sha256 });
  }
  for (const image of headers) {
    const row = have?.rows.get(image.key);
    const stored = row?.headers ?? row?.entry;
    const from = stored === undefined ? undefined : flat(stored);
    add({ path: `headers ${image.key}`, from, to: flat(image) });
  }
  const from = 'below a prefix that the mount had before';
  for (const key of former.keys()) add({ path: `former ${key}`, from, to: undefined });
  for (const key of remove) add({ path: `remove ${key}`, from: digestOf(key), to: undefined });
  const fault = want.folder.images.size > 0 && changes.length === 0 ? listFault(want, have) : undefined;
  return fault === undefined ? changes : [{ path: 'manifest', from: fault, to: 'complete' }];
}

/** What gives the change of an image that is new, by its number; the same one each time. */
type FreshChanges = (number: number) => Change;

const FRESH = new WeakMap<object, FreshChanges>();

/** There may be as many of these changes as there are images, so each holds a number and nothing that the folder tells. */
function freshIn(images: LocalFolder['images']): FreshChanges {
  const known = FRESH.get(images);
  if (known !== undefined) return known;
  class FreshChange implements Change {
    declare readonly path: string;
    declare readonly to: string | undefined;
    readonly #number: number;

    /** Of their own, so that a copy of a change has them, and shared, so that they cost no memory. */
    static readonly #fields: PropertyDescriptorMap & ThisType<FreshChange> = {
      path: {
        enumerable: true,
        get() {
          return `put ${images.keyAt(this.#number)}`;
        },
      },
      to: {
        enumerable: true,
        get() {
          return images.at(this.#number)?.sha256;
        },
      },
    };

    constructor(number: number) {
      this.#number = number;
      Object.defineProperties(this, FreshChange.#fields);
    }
  }
  const made = new Array<Change | undefined>(images.size);
  const fresh = (number: number): Change => {
    const change = made[number] ?? new FreshChange(number);
    made[number] = change;
    return change;
  };
  FRESH.set(images, fresh);
  return fresh;
}

function flat({ contentType, headers }: StoredHeaders): Record<string, string> {
  return { 'Content-Type': contentType, ...headers };
}

/** SHA-256 of what is there, and where nobody tells it, the ETag. */
function digestThere(row: Row | undefined): string | undefined {
  const { there, entry, headers } = row ?? {};
  return (entry?.etag === there?.etag ? entry?.sha256 : headers?.sha256) ?? there?.etag;
}

/** What is wrong with our list where every object is right; undefined when nothing is. */
function listFault({ folder }: ObjectsWant, have: ObjectsHave | undefined): string | undefined {
  if (have?.list === undefined) return 'missing';
  if (!have.list.complete) return 'unfinished';
  const rows = [...have.rows.values()];
  return rows.some(({ key, entry, there }) => folder.images.has(key) && entry?.etag !== there?.etag)
    ? 'out of date'
    : undefined;
}
