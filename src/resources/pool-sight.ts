import type { UserPoolClient } from '../aws/user-pool-clients.js';
import type { PoolMfa, UserPool } from '../aws/user-pools.js';
import { RefusedError } from '../errors.js';
import { poolClientName, poolName } from './names.js';
import { isOurs } from './ownership.js';
import type { Memo, World } from './resource.js';

/** The user pool as it is. */
export interface PoolHave {
  readonly pool: UserPool;
  readonly mfa: PoolMfa;
  /** Undefined when it is missing. */
  readonly client: UserPoolClient | undefined;
  /** Further pools with our token, made by calls whose replies were lost. */
  readonly twins: readonly UserPool[];
  /** Ids of further app clients with our name, made alike. */
  readonly clientTwins: readonly string[];
}

/** Who looks for a pool. */
export type PoolSeeker = Pick<World, 'aws' | 'environment'>;

/** What the ledger keeps of the pool. */
export interface PoolMemo {
  readonly id: string;
  readonly arn: string;
  /** Null while it has none. */
  readonly clientId: string | null;
}

/** What the ledger remembers of the pool; a hint. */
export function rememberedPool(memo: Memo | undefined): Partial<PoolMemo> | undefined {
  return (memo?.settled ?? undefined) as Partial<PoolMemo> | undefined;
}

/**
 * Finds the pools that carry our tags by their name, and by the id that is remembered, ours first: the one that is
 * remembered, else the oldest. Names are not unique, so one of that name with other tags is somebody else's.
 */
export async function findOwnPools(
  { aws, environment }: PoolSeeker,
  remembered?: string,
): Promise<readonly UserPool[]> {
  const name = poolName(environment);
  const named = (await aws.userPools.listPools()).filter((pool) => pool.name === name).map(({ id }) => id);
  const pools: UserPool[] = [];
  for (const id of new Set([...(remembered === undefined ? [] : [remembered]), ...named])) {
    const pool = await aws.userPools.findPool(id);
    if (pool !== undefined && isOurs(pool.tags, environment)) pools.push(pool);
  }
  return oursFirst(pools, remembered);
}

/**
 * Looks at the pool of an environment.
 *
 * @throws {RefusedError} when another pool with our tags has users: somebody copied them.
 */
export async function lookAtPool(
  world: PoolSeeker & Pick<World, 'removing'>,
  remembered: Partial<PoolMemo> | undefined,
): Promise<PoolHave | undefined> {
  const { userPools } = world.aws;
  const [pool, ...twins] = await findOwnPools(world, remembered?.id);
  if (pool === undefined) return undefined;
  for (const { id, name } of world.removing ? [] : twins) {
    // What a lost reply left behind was never told to anybody.
    if ((await userPools.listUsers(id)).length === 0) continue;
    throw new RefusedError(
      `Cannot tell which user pool is ours: "${name}" (${id}) carries our tags too, and has users.`,
      {
        code: 'TAGS_COPIED',
        suggestions: [`remove the tags that begin with pixgate: from user pool ${id}`],
      },
    );
  }
  const mfa = await userPools.findMfa(pool.id);
  if (mfa === undefined) return undefined;
  const [client, ...further] = await findOwnClients(world, pool.id, remembered?.clientId ?? undefined);
  return { pool, mfa, client, twins, clientTwins: further.map(({ id }) => id) };
}

/**
 * Finds the app clients of our name in our pool, ours first. Clients have no tags; one with a secret is not of our making.
 */
export async function findOwnClients(
  { aws, environment }: PoolSeeker,
  poolId: string,
  remembered?: string,
): Promise<readonly UserPoolClient[]> {
  const name = poolClientName(environment);
  const clients: UserPoolClient[] = [];
  for (const { id } of (await aws.userPools.listClients(poolId)).filter((client) => client.name === name)) {
    const client = await aws.userPools.findClient(poolId, id);
    if (client !== undefined && !client.hasSecret) clients.push(client);
  }
  return oursFirst(clients, remembered);
}

function oursFirst<T extends { readonly id: string; readonly createdAtMs: number }>(
  things: readonly T[],
  remembered: string | undefined,
): readonly T[] {
  const rank = ({ id }: T): number => (id === remembered ? 0 : 1);
  return things.toSorted((a, b) => rank(a) - rank(b) || a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));
}
