import type { Tags } from '../aws/iam.js';
import { RefusedError } from '../errors.js';
import type { Change } from '../model/plan.js';
import type { Environment } from './resource.js';

/** Tag keys that mark what we made, and for which environment. */
export const TAG = {
  token: 'pixgate:token',
  name: 'pixgate:name',
  stage: 'pixgate:stage',
  /** Roles are one for all Regions, environments are not. */
  region: 'pixgate:region',
  createdBy: 'pixgate:created-by',
  /** When the lease ends, as an ISO 8601 instant; absent on what is to stay. */
  expires: 'pixgate:expires',
} as const;

/** The tags that every create call carries: ownership first, then what the config adds. */
export function ownTags(environment: Environment, extra: Tags): Tags {
  const { token, name, stage, region, createdBy, expires } = environment;
  return {
    ...extra,
    [TAG.token]: token,
    [TAG.name]: name,
    [TAG.stage]: stage,
    [TAG.region]: region,
    ...(createdBy === '' ? {} : { [TAG.createdBy]: createdBy.replace(/[^\p{L}\p{N} _.:/=+\-@]/gu, '_').slice(0, 256) }),
    ...(expires === undefined ? {} : { [TAG.expires]: expires }),
  };
}

/** Whether the tags are those of this installation and environment. */
export function isOurs(tags: Tags, environment: Environment): boolean {
  return tags[TAG.token] === environment.token && isNamesake(tags, environment) && !isElsewhere(tags, environment);
}

/** Whether the tags are those of an environment of this name and stage in this Region, whichever installation made it. */
export function isOfPlace(tags: Tags, place: Pick<Environment, 'name' | 'stage' | 'region'>): boolean {
  return isNamesake(tags, place) && !isElsewhere(tags, place);
}

function isNamesake(tags: Tags, { name, stage }: Pick<Environment, 'name' | 'stage'>): boolean {
  return tags[TAG.name] === name && tags[TAG.stage] === stage;
}

/** Roles and bucket names are one for all Regions: the environment of the same name next door is another one. */
function isElsewhere(tags: Tags, { region }: Pick<Environment, 'region'>): boolean {
  return tags[TAG.region] !== undefined && tags[TAG.region] !== region;
}

/**
 * Lets only what we made pass.
 *
 * @throws {RefusedError} for a thing with our name that carries no tag of ours, or another installation's or Region's.
 */
export function demandOurs(kind: string, name: string, tags: Tags, environment: Environment): void {
  if (isOurs(tags, environment)) return;
  const token = tags[TAG.token];
  const isNextDoor = isNamesake(tags, environment) && isElsewhere(tags, environment);
  const others = isNextDoor
    ? `it belongs to the environment of the same name in ${tags[TAG.region]}`
    : `it belongs to installation ${token}`;
  const whose = token === undefined ? 'it exists without the tags of this project' : others;
  throw new RefusedError(`Cannot use ${kind} "${name}": ${whose}.`, {
    code: 'NOT_OURS',
    suggestions: ['choose another name in pixgate.yaml', `remove the ${kind} if nobody needs it`],
  });
}

/** Which of the config's own tags differ. Tags that others added are left alone. */
export function diffTags(wanted: Tags, have: Tags): Change[] {
  const differing = Object.keys(wanted).filter((key) => have[key] !== wanted[key]);
  return differing.sort().map((key) => ({ path: `tags.${key}`, from: have[key], to: wanted[key] }));
}
