import type { ListedApi } from '../aws/api-gateway.js';
import type { GatewayReading } from '../aws/gateway-reader.js';
import type { Tags } from '../aws/iam.js';
import { AwsError, RefusedError, WaitError } from '../errors.js';
import type { Gateway, GatewayMethod } from '../model/gateway.js';
import type { Change } from '../model/plan.js';
import { OWN_POOL } from '../surface/access.js';
import { diffSurface } from '../surface/diff.js';
import { type MountPlace, surfaceFromConfig } from '../surface/from-config.js';
import { fromGateway, toGateway } from '../surface/gateway.js';
import type { Surface } from '../surface/surface.js';
import { syncGateway } from './gateway-sync.js';
import { apiName, bucketName, bucketRegion, roleArn, roleName } from './names.js';
import { diffTags, isOurs, ownTags } from './ownership.js';
import { findPool } from './pool.js';
import type { Environment, Memo, Resource, World } from './resource.js';

/** The REST API as it is wanted. */
export interface ApiWant {
  readonly surface: Surface;
  readonly tags: Tags;
  /** Which TLS it takes; undefined: whatever AWS chooses. Not in the drawing, since only the call that makes an API takes it. */
  readonly securityPolicy: string | undefined;
}

/** The REST API as it is. */
export interface ApiHave {
  readonly id: string;
  readonly reading: GatewayReading;
  /** ARN of the user pool that pixgate made, where the drawing asks for it. */
  readonly pool?: string;
  /** Further APIs with our token, made by calls whose replies were lost. */
  readonly twins: readonly string[];
}

/** The drawing of the API of an environment. */
export function surfaceOf(environment: Environment, config: Parameters<typeof surfaceFromConfig>[0]): Surface {
  const places = config.mounts.map((mount): [string, MountPlace] => {
    const role = roleArn(environment, roleName(environment, mount));
    return [
      mount.id,
      { bucket: bucketName(environment, mount), region: bucketRegion(environment, mount), roleArn: role },
    ];
  });
  return surfaceFromConfig(config, apiName(config), environment.partition, Object.fromEntries(places));
}

/** The REST API: its draft, which nobody sees until the stage deploys it. */
export function apiResource(environment: Environment): Resource<ApiWant, ApiHave> {
  return {
    address: 'api',
    needs: [],
    desire: (config) => ({
      surface: surfaceOf(environment, config),
      tags: config.tags,
      securityPolicy: config.securityPolicy,
    }),
    label: (want) => want.surface.name,
    async observe(world, want, memo) {
      const have = await observe(world, memo);
      const pool = have === undefined ? undefined : await poolOf(world, want);
      return have === undefined || pool === undefined ? have : { ...have, pool };
    },
    diff: (want, have) => [
      ...diffSurface(have === undefined ? undefined : fromGateway(gatewayOf(have)), want.surface),
      ...diffSecurityPolicy(want, have),
      ...(have === undefined ? [] : diffTags(want.tags, have.reading.tags)),
      ...(have?.twins ?? []).map(
        (id): Change => ({
          path: `twin ${id}`,
          from: 'a second API with the same token, without a stage',
          to: undefined,
        }),
      ),
    ],
    async converge(world, want, have) {
      const { apiGateway } = world.aws;
      for (const twin of have?.twins ?? []) await apiGateway.deleteApi(twin);
      const pool = await poolOf(world, want);
      const wanted = withPool(toGateway(want.surface), pool);
      const id = have?.id ?? (await create(world, want));
      const reading = have?.reading ?? (await demand(world, id)).reading;
      if (diffTags(want.tags, reading.tags).length > 0) await apiGateway.tagApi(id, want.tags);
      await syncGateway(world, id, wanted, reading);
      const made = await demand(world, id);
      demandCacheKeys(want, made);
      return pool === undefined ? made : { ...made, pool };
    },
    remove: (world, have) => removeApi(world, have),
    remember: (have) => ({ id: have.id }),
  };
}

/**
 * What there is to choose for an API that is not there yet.
 *
 * @throws {RefusedError} when the API is there and has another policy than the config names.
 */
function diffSecurityPolicy({ surface, securityPolicy: to }: ApiWant, have: ApiHave | undefined): Change[] {
  if (to === undefined) return [];
  if (have === undefined) return [{ path: 'securityPolicy', from: undefined, to }];
  const { securityPolicy: from = "AWS's default" } = have.reading;
  if (from === to) return [];
  throw new RefusedError(
    `Cannot give API "${surface.name}" the security policy ${to}: it has ${from}, and pixgate chooses one only when it makes an API.`,
    {
      code: 'SECURITY_POLICY_FIXED',
      suggestions: [
        'make the API anew, at a new address: pixgate teardown --keep-bucket, then pixgate wire',
        'remove securityPolicy from pixgate.yaml: the API then stays as it is',
      ],
    },
  );
}

/** ARN of our own user pool, where the drawing asks for it and it is there. */
async function poolOf(world: World, { surface }: ApiWant): Promise<string | undefined> {
  const asks = Object.values(surface.authorizers).some(({ providerArns }) => providerArns.includes(OWN_POOL));
  return asks ? (await findPool(world))?.arn : undefined;
}

/** The API with the ARN of our pool where the drawing has its name. */
function withPool(gateway: Gateway, pool: string | undefined): Gateway {
  return pool === undefined ? gateway : renamePool(gateway, OWN_POOL, pool);
}

/** The API as it was read, with the name that our pool has in drawings in place of its ARN. */
export function gatewayOf({ reading, pool }: ApiHave): Gateway {
  return pool === undefined ? reading.gateway : renamePool(reading.gateway, pool, OWN_POOL);
}

function renamePool(gateway: Gateway, from: string, to: string): Gateway {
  const authorizers = Object.entries(gateway.authorizers).map(([name, is]) => [
    name,
    { ...is, providerArns: is.providerArns.map((arn) => (arn === from ? to : arn)).sort() },
  ]);
  return { ...gateway, authorizers: Object.fromEntries(authorizers) };
}

/**
 * Reads the cache keys back: other tools have lost them on the way, and without them one image is served for all paths.
 * Nothing is deployed yet.
 *
 * @throws {WaitError} naming the methods whose keys are not what was sent.
 */
function demandCacheKeys(want: ApiWant, { reading }: ApiHave): void {
  const wanted = toGateway(want.surface).resources;
  const keysOf = (method: GatewayMethod | undefined): string =>
    (method?.integration?.cacheKeyParameters ?? []).join(' ');
  const lost = Object.entries(wanted).flatMap(([path, { methods }]) =>
    Object.entries(methods)
      .filter(([verb, method]) => keysOf(method) !== keysOf(reading.gateway.resources[path]?.methods[verb]))
      .map(([verb]) => `${verb} ${path}`),
  );
  if (lost.length === 0) return;
  throw new WaitError(
    `Cannot deploy the API: API Gateway keeps other cache keys than it was sent for ${lost.join(', ')}.`,
    {
      code: 'CACHE_KEYS_LOST',
      suggestions: ['run the same command again; nothing is live yet'],
    },
  );
}

async function removeApi({ aws }: World, { id, twins }: ApiHave): Promise<void> {
  for (const each of [...twins, id]) await aws.apiGateway.deleteApi(each);
}

/**
 * Finds the API by its tags: names are not unique, and an id from the ledger proves nothing.
 *
 * @throws {RefusedError} when another API with our tags serves something: somebody copied them.
 */
async function observe({ aws, environment, removing }: World, memo: Memo | undefined): Promise<ApiHave | undefined> {
  const ours = (await aws.apiGateway.listApis()).filter((api) => isOurs(api.tags, environment));
  const chosen = choose(ours, (memo?.settled as { id?: string } | undefined)?.id);
  if (chosen === undefined) return undefined;
  for (const { id, name } of removing ? [] : ours.filter((api) => api.id !== chosen.id)) {
    // What a lost reply left behind never came to a stage.
    if ((await aws.apiGateway.listStages(id)).length === 0) continue;
    throw new RefusedError(
      `Cannot tell which API is ours: "${name}" (${id}) carries our tags too, and serves a stage.`,
      {
        code: 'TAGS_COPIED',
        suggestions: [`remove the tags that begin with pixgate: from API ${id}`],
      },
    );
  }
  const reading = await aws.apiGateway.findGateway(chosen.id);
  if (reading === undefined) return undefined;
  return { id: chosen.id, reading, twins: ours.filter((api) => api.id !== chosen.id).map((api) => api.id) };
}

/** The one that the ledger names, else the oldest. */
function choose(apis: readonly ListedApi[], remembered: string | undefined): ListedApi | undefined {
  const oldestFirst = [...apis].sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));
  return oldestFirst.find((api) => api.id === remembered) ?? oldestFirst[0];
}

/** Makes the API. When the reply is lost, the tags tell whether it was made; it is never sent again blind. */
async function create(world: World, want: ApiWant): Promise<string> {
  const { aws, environment } = world;
  try {
    const { settings } = toGateway(want.surface);
    return await aws.apiGateway.createApi(settings, ownTags(environment, want.tags), want.securityPolicy);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const made = choose(
      (await aws.apiGateway.listApis()).filter((api) => isOurs(api.tags, environment)),
      undefined,
    );
    if (made === undefined) throw error;
    world.say({ text: `the reply was lost, and the API was made: ${made.id}` });
    return made.id;
  }
}

async function demand({ aws }: World, id: string): Promise<ApiHave> {
  const reading = await aws.apiGateway.findGateway(id);
  if (reading === undefined) throw new Error(`API ${id} disappeared while it was made`);
  return { id, reading, twins: [] };
}
