import type { Tags } from '../aws/iam.js';
import type { PoolClientSettings } from '../aws/user-pool-client-settings.js';
import type { PoolSettings } from '../aws/user-pool-settings.js';
import type { PoolMfa } from '../aws/user-pools.js';
import type { CognitoAccess, Config } from '../config/config.js';
import { AwsError } from '../errors.js';
import type { Json } from '../model/json.js';
import type { Change } from '../model/plan.js';
import { appear } from './appear.js';
import { poolClientName, poolName } from './names.js';
import { diffTags, ownTags } from './ownership.js';
import {
  findOwnClients,
  findOwnPools,
  lookAtPool,
  type PoolHave,
  type PoolMemo,
  type PoolSeeker,
  rememberedPool,
} from './pool-sight.js';
import type { Environment, Memo, Resource, World } from './resource.js';
import { unlessOutOfReach } from './things.js';

/** The user pool as it is wanted. */
export interface PoolWant {
  readonly name: string;
  /** Whether a mount asks for it. A pool that none asks for any more stays as it is, since users are in it. */
  readonly wanted: boolean;
  readonly settings: PoolSettings;
  readonly mfa: PoolMfa;
  readonly clientName: string;
  readonly client: PoolClientSettings;
  readonly tags: Tags;
}

/** Only an administrator makes users and gives new passwords. */
const SETTINGS: PoolSettings = {
  selfSignUp: false,
  passwordLength: 12,
  passwordClasses: ['Lowercase', 'Numbers', 'Symbols', 'Uppercase'],
  temporaryPasswordDays: 7,
  recovery: ['admin_only'],
  // Teardown has to be able to delete it.
  deletionProtection: false,
};

/** People sign in with a password from the terminal, and no secret of the client's is kept anywhere. */
const CLIENT: PoolClientSettings = {
  flows: ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_PASSWORD_AUTH'],
  tellsUnknownUsers: false,
  tokenRevocation: true,
  idTokenMinutes: 60,
  accessTokenMinutes: 60,
  refreshTokenMinutes: 24 * 60,
  oauth: false,
};

const MFA: Readonly<Record<NonNullable<CognitoAccess['mfa']>, PoolMfa>> = {
  required: { mode: 'ON', authenticator: true },
  optional: { mode: 'OPTIONAL', authenticator: true },
  none: { mode: 'OFF', authenticator: false },
};

/** What the mounts of a config ask of the pool that pixgate makes, all the same; undefined when none asks for one. */
export function poolAccess({ mounts }: Pick<Config, 'mounts'>): CognitoAccess | undefined {
  const accesses = mounts.map(({ access }) => access);
  return accesses.filter((is) => is.kind === 'cognito').find(({ userPoolArn }) => userPoolArn === undefined);
}

/** Whether an environment may have a pool: its config asks for one, or the ledger remembers one. */
export function mayHavePool(config: Pick<Config, 'mounts'>, memo: Memo | undefined): boolean {
  return poolAccess(config) !== undefined || rememberedPool(memo) !== undefined;
}

/** Finds the pool of an environment by its tags, with its app client; undefined until both are made. */
export async function findPool(
  world: PoolSeeker,
): Promise<{ readonly id: string; readonly arn: string; readonly clientId: string } | undefined> {
  const [pool] = await findOwnPools(world);
  const [client] = pool === undefined ? [] : await findOwnClients(world, pool.id);
  return pool === undefined || client === undefined ? undefined : { id: pool.id, arn: pool.arn, clientId: client.id };
}

/** The user pool that pixgate makes, with one app client. */
export function poolResource(environment: Environment): Resource<PoolWant, PoolHave> {
  return {
    address: 'pool',
    needs: [],
    desire: (config) => {
      const access = poolAccess(config);
      return {
        name: poolName(environment),
        wanted: access !== undefined,
        settings: SETTINGS,
        mfa: MFA[access?.mfa ?? 'optional'],
        clientName: poolClientName(environment),
        client: CLIENT,
        tags: config.tags,
      };
    },
    label: (want) => want.name,
    observe,
    diff,
    converge,
    async remove({ aws: { userPools } }, { pool, twins }) {
      for (const { id, name, settings } of [...twins, pool]) {
        if (settings.deletionProtection)
          await userPools.updatePool(id, name, { ...settings, deletionProtection: false });
        await userPools.deletePool(id);
      }
    },
    remember: ({ pool: { id, arn }, client }): Json => ({ id, arn, clientId: client?.id ?? null }) satisfies PoolMemo,
  };
}

/** Without a mount that asks for it, the pool is looked for only by whoever has made one, or takes everything away. */
async function observe(world: World, want: PoolWant, memo?: Memo): Promise<PoolHave | undefined> {
  const remembered = rememberedPool(memo);
  if (want.wanted || remembered !== undefined) return lookAtPool(world, remembered);
  return world.removing ? unlessOutOfReach(lookAtPool(world, undefined)) : undefined;
}

function diff(want: PoolWant, have: PoolHave | undefined): readonly Change[] {
  if (!want.wanted) return [];
  const { pool, mfa, client, twins = [], clientTwins = [] } = have ?? {};
  const twin = (path: string, from: string): Change => ({ path, from, to: undefined });
  return [
    ...(pool === undefined || pool.name === want.name ? [] : [{ path: 'name', from: pool.name, to: want.name }]),
    ...diffFields('settings', want.settings, pool?.settings),
    ...diffFields('', { mfa: sayMfa(want.mfa) }, mfa === undefined ? undefined : { mfa: sayMfa(mfa) }),
    ...diffFields('client', want.client, client?.settings),
    ...(pool === undefined ? [] : diffTags(want.tags, pool.tags)),
    ...twins.map(({ id }) => twin(`twin ${id}`, 'a second user pool with the same token, without users')),
    ...clientTwins.map((id) => twin(`clientTwin ${id}`, 'a second app client of the same name')),
  ];
}

function diffFields<T extends object>(at: string, want: T, have: T | undefined): Change[] {
  const wanted = Object.entries(want) as [keyof T & string, Json][];
  return wanted.flatMap(([name, to]): Change[] => {
    const from = have?.[name] as Json | undefined;
    const path = at === '' ? name : `${at}.${name}`;
    return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ path, from, to }];
  });
}

/** MFA in one word, by AWS's. Without MFA it does not matter which factors there would be. */
function sayMfa({ mode, authenticator }: PoolMfa): string {
  return mode === 'OFF' || authenticator ? mode : `${mode}, without authenticators`;
}

async function converge(world: World, want: PoolWant, have: PoolHave | undefined): Promise<PoolHave> {
  const { userPools } = world.aws;
  for (const { id } of have?.twins ?? []) await userPools.deletePool(id);
  const now = have ?? (await create(world, want));
  const { id, arn, name, settings, tags } = now.pool;
  if (diffTags(want.tags, tags).length > 0) await userPools.tagPool(arn, want.tags);
  let { mfa } = now;
  if (name !== want.name || diffFields('', want.settings, settings).length > 0) {
    await userPools.updatePool(id, want.name, want.settings);
    // AWS: whether that call leaves MFA as it is, its page does not tell. (Cognito API Reference, "UpdateUserPool")
    mfa = (await userPools.findMfa(id)) ?? mfa;
  }
  if (sayMfa(mfa) !== sayMfa(want.mfa)) await userPools.setMfa(id, want.mfa);
  await convergeClient(world, want, now);
  return appear(world, `user pool "${want.name}" with its app client`, async () => {
    const made = await lookAtPool(world, { id, ...(now.client === undefined ? {} : { clientId: now.client.id }) });
    return made?.client === undefined ? undefined : made;
  });
}

/** Makes the pool. When the reply is lost, the tags tell whether it was made; it is never sent again blind. */
async function create(world: World, want: PoolWant): Promise<PoolHave> {
  const { aws, environment } = world;
  const make = async (): Promise<string> => {
    try {
      return await aws.userPools.createPool(want.name, want.settings, ownTags(environment, want.tags));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const [made] = await findOwnPools(world);
      if (made === undefined) throw error;
      world.say({ text: `the reply was lost, and the user pool was made: ${made.id}` });
      return made.id;
    }
  };
  const id = await make();
  return appear(world, `user pool "${want.name}"`, () => lookAtPool(world, { id }));
}

async function convergeClient(world: World, want: PoolWant, { pool, client, clientTwins }: PoolHave): Promise<void> {
  const { userPools } = world.aws;
  for (const twin of clientTwins) await userPools.deleteClient(pool.id, twin);
  if (client !== undefined) {
    if (diffFields('', want.client, client.settings).length > 0)
      await userPools.updateClient(pool.id, client.id, want.client);
    return;
  }
  try {
    await userPools.createClient(pool.id, want.clientName, want.client);
  } catch (error) {
    if (!(error instanceof AwsError) || (await findOwnClients(world, pool.id)).length === 0) throw error;
    world.say({ text: 'the reply was lost, and the app client was made' });
  }
}
