import type { Aws } from '../aws/aws.js';
import type { Tags } from '../aws/iam.js';
import type { Config } from '../config/config.js';
import { RefusedError } from '../errors.js';
import { bucketName, bucketRegion, roleName } from '../resources/names.js';
import { isOfPlace, TAG } from '../resources/ownership.js';
import type { Environment } from '../resources/resource.js';
import { findThings } from '../resources/things.js';

/**
 * Finds the installation that an environment belongs to by the tags of its things, when there is no ledger: on another
 * machine, in a pipeline, or after the file was lost. Undefined when nothing of the environment exists.
 *
 * @throws {RefusedError} when things of two installations carry the same name and stage.
 */
export async function findInstallation(
  aws: Aws,
  place: Omit<Environment, 'token'>,
  config: Config,
): Promise<string | undefined> {
  const tokens = new Set<string>();
  const note = (tags: Tags | undefined): void => {
    const token = tags?.[TAG.token];
    if (tags !== undefined && token !== undefined && isOfPlace(tags, place)) tokens.add(token);
  };
  // Without mounts no names follow, and what is half made may have no API: only its tags tell.
  if (config.mounts.length === 0) {
    const found = await findThings(aws, place.region, { only: (tags) => isOfPlace(tags, place), allBuckets: true });
    for (const { tags } of found) note(tags);
  } else for (const api of await aws.apiGateway.listApis()) note(api.tags);
  for (const mount of config.mounts) {
    note((await aws.iam.findRole(roleName(place, mount)))?.tags);
    if (!mount.bucket.create) continue;
    const bucket = bucketName(place, mount);
    const s3 = aws.s3In(bucketRegion(place, mount));
    if ((await s3.lookAtBucket(bucket)).kind === 'present') note(await s3.findBucketTags(bucket));
  }
  if (tokens.size < 2) return [...tokens][0];
  throw new RefusedError(
    `Cannot tell whose environment "${place.name}", stage "${place.stage}", is: its things carry the tokens ${[...tokens].join(' and ')}.`,
    { code: 'TWO_INSTALLATIONS', suggestions: ['run it where its ledger is, or choose another name or stage'] },
  );
}
