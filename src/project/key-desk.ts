import { AwsError, RefusedError, UsageError } from '../errors.js';
import type { KeyInfo } from '../model/access.js';
import { findKeys, type KeysHave, type OwnKey } from '../resources/find-keys.js';
import { keyAccessOf } from '../resources/keys.js';
import { apiName } from '../resources/names.js';
import { isOurs, ownTags } from '../resources/ownership.js';
import type { Context } from './context.js';

/** Names of keys as people give them. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Manages the API keys of an environment. A key is called by its name or, where several share it, by AWS's id. */
export interface KeyDesk {
  /** All keys of the environment, oldest first; no values. */
  list(): Promise<readonly KeyInfo[]>;
  /**
   * Makes a key beside those that are there, so that callers can change over one by one.
   *
   * @throws {RefusedError} when there is no usage plan yet, or `unique` is true and the name is taken.
   */
  add(name: string, options?: { readonly unique?: boolean }): Promise<KeyInfo>;
  /** What callers send in `x-api-key`. @throws {UsageError} when no key, or more than one, is called so. */
  reveal(key: string): Promise<string>;
  /** Makes a key useless for good; AWS takes up to two minutes to know it. @throws {UsageError} when no key, or more than one, is called so. */
  remove(key: string): Promise<KeyInfo>;
}

/** Opens the desk. Whatever changes something holds the environment's lock. */
export function openKeyDesk(context: Context): KeyDesk {
  const { aws, config, environment, ledger } = context;
  const asked = keyAccessOf(config) !== undefined;
  const prefix = `${apiName(environment)}-`;
  const remembered = (): string | undefined =>
    (ledger.memo('keys')?.settled as { plan?: string | null } | undefined)?.plan ?? undefined;
  const look = () => findKeys({ aws, environment }, remembered());
  const nameOf = ({ name }: OwnKey): string => (name.startsWith(prefix) ? name.slice(prefix.length) : name);
  const info = (key: OwnKey): KeyInfo => ({
    id: key.id,
    name: nameOf(key),
    enabled: key.enabled && key.inPlan,
    asked,
    createdAt: new Date(key.createdAtMs).toISOString(),
  });
  const all = (have: KeysHave | undefined): readonly OwnKey[] =>
    [...(have?.key === undefined ? [] : [have.key]), ...(have?.others ?? [])].toSorted(
      (a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1),
    );
  const pick = async (key: string): Promise<OwnKey> => {
    const own = all(await look());
    const found = own.filter((is) => is.id === key || nameOf(is) === key);
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    const known = own.map((is) => `${nameOf(is)} (${is.id})`).join(', ');
    const why = found.length === 0 ? 'there is no such key' : 'several keys are called so: give an id';
    throw new UsageError(`Cannot use key ${JSON.stringify(key)}: ${why}.`, {
      code: 'KEY_UNKNOWN',
      suggestions: [known === '' ? 'pixgate wire  makes the first key' : `the keys are ${known}`],
    });
  };
  const locked = async <T>(work: () => Promise<T>): Promise<T> => {
    const unlock = await ledger.lock();
    return work().finally(unlock);
  };
  return {
    list: async () => all(await look()).map(info),
    add: (name, { unique = false } = {}) =>
      locked(async () => {
        if (!NAME.test(name))
          throw new UsageError(
            `NAME must be 1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-", beginning with a letter or a digit: got ${JSON.stringify(name)}.`,
          );
        const have = await look();
        if (have?.plan === undefined)
          throw new RefusedError(
            `Cannot make a key for "${environment.name}", stage "${environment.stage}": it has no usage plan.`,
            {
              code: 'NO_USAGE_PLAN',
              suggestions: ['write access: api-key for a mount into pixgate.yaml, then pixgate wire'],
            },
          );
        if (unique && all(have).some((is) => nameOf(is) === name))
          throw new RefusedError(`Cannot make key "${name}": there is one of that name.`, {
            code: 'KEY_EXISTS',
            suggestions: [`pixgate access key rotate ${name}`, 'choose another name'],
          });
        const before = new Set(all(have).map(({ id }) => id));
        const id = await create(context, `${prefix}${name}`, before);
        try {
          await aws.usagePlans.addKeyToPlan(have.plan.id, id);
        } catch (error) {
          // A key that opens nothing helps nobody.
          await aws.usagePlans.deleteKey(id);
          throw error;
        }
        const made = all(await look()).find((is) => is.id === id);
        return made === undefined
          ? { id, name, enabled: true, asked, createdAt: new Date(context.target.clock.now()).toISOString() }
          : info(made);
      }),
    async reveal(key) {
      const { id } = await pick(key);
      const value = await aws.usagePlans.findKeyValue(id);
      if (value !== undefined) return value;
      throw new UsageError(`Cannot show key ${JSON.stringify(key)}: it is gone.`, { code: 'KEY_UNKNOWN' });
    },
    remove: (key) =>
      locked(async () => {
        const going = await pick(key);
        await aws.usagePlans.deleteKey(going.id);
        return { ...info(going), enabled: false };
      }),
  };
}

/** Makes the key. The call is sent once; when its reply was lost, the tags tell what it made. */
async function create(
  { aws, environment, config }: Context,
  name: string,
  before: ReadonlySet<string>,
): Promise<string> {
  try {
    return await aws.usagePlans.createKey({ name, tags: ownTags(environment, config.tags) });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const keys = await aws.usagePlans.listKeys();
    const made = keys.find((is) => is.name === name && isOurs(is.tags, environment) && !before.has(is.id));
    if (made === undefined) throw error;
    return made.id;
  }
}
