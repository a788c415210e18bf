import type { Tags } from '../aws/iam.js';
import type { Change } from '../model/plan.js';
import { isOurs, TAG } from './ownership.js';
import type { Environment, Resource } from './resource.js';
import { findThings, type Thing } from './things.js';

/** What the tags of an environment's things say of its end. */
export interface Lease {
  /** When it ends: ISO 8601 to the second, in UTC; absent when it does not. */
  readonly until?: string;
  /** Things whose tag says nothing that can be read, as after an edit by hand; the environment then counts as not expired. */
  readonly unreadable: readonly { readonly thing: string; readonly value: string }[];
}

/**
 * Reads the end of an environment from its things. Where a renewal was broken off they disagree: the latest end counts,
 * and none at all is the latest.
 */
export function readLease(things: readonly Pick<Thing, 'label' | 'tags'>[]): Lease {
  // Who lost all of its tags says nothing of the lease either.
  const tagged = things.filter(({ tags }) => tags[TAG.token] !== undefined);
  const said = tagged.map(({ label, tags }) => ({ thing: label, value: tags[TAG.expires] }));
  const ends = said.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const unreadable = said.flatMap(({ thing, value }) =>
    value === undefined || isInstant(value) ? [] : [{ thing, value }],
  );
  // Of one shape, instants sort as texts do.
  const latest = [...ends].filter(isInstant).sort().at(-1);
  return { ...(latest === undefined || ends.length < said.length ? {} : { until: latest }), unreadable };
}

/** Whether the lease was over at a moment, given in milliseconds since 1970. */
export function isOver({ until, unreadable }: Lease, nowMs: number): boolean {
  return until !== undefined && unreadable.length === 0 && Date.parse(until) <= nowMs;
}

/** Writes a moment as the tag holds it: ISO 8601 to the second, in UTC; a begun second counts whole. */
export function toInstant(ms: number): string {
  return new Date(Math.ceil(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

function isInstant(text: string): boolean {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN;
  // A day such as 30 February is read as another one.
  return !Number.isNaN(ms) && toInstant(ms) === text;
}

/** The lease of all things of an environment that exist; what is made later gets it from the call that makes it. */
export function leaseResource(environment: Environment): Resource<string | undefined, readonly Thing[]> {
  const { expires } = environment;
  return {
    address: 'lease',
    needs: [],
    desire: () => expires,
    label: (until) => (until === undefined ? 'none: the environment stays' : `until ${until}`),
    observe: async ({ aws, environment: { region } }) => {
      const ours = await findThings(aws, region, { lenient: true, only: (tags) => isOurs(tags, environment) });
      return ours.length === 0 ? undefined : ours;
    },
    diff: diffLease,
    async converge(_world, until, have = []) {
      for (const thing of have) if (thing.tags[TAG.expires] !== until) await thing.retag(TAG.expires, until);
      return have.map((thing): Thing => ({ ...thing, tags: withLease(thing.tags, until) }));
    },
    // It goes with the things that carry it.
    remove: () => Promise.resolve(),
    remember: (have) => ({ things: have.length }),
  };
}

/** What of the things' tags differs from the lease they are to have. */
export function diffLease(until: string | undefined, have: readonly Thing[] | undefined = []): Change[] {
  return have
    .filter(({ tags }) => tags[TAG.expires] !== until)
    .map(({ kind, tags }) => ({ path: `${kind} ${TAG.expires}`, from: tags[TAG.expires], to: until }));
}

function withLease(tags: Tags, until: string | undefined): Tags {
  const { [TAG.expires]: _former, ...others } = tags;
  return until === undefined ? others : { ...others, [TAG.expires]: until };
}
