import type { Aws } from '../aws/aws.js';
import type { Role } from '../aws/iam.js';
import { mayBeBucketOf } from '../resources/hidden-bucket.js';
import type { Environment } from '../resources/resource.js';
import type { Thing } from '../resources/things.js';

/**
 * AWS as one of many environments sees it that a survey has just found: listings show its own things, and what may be its
 * own, so that the tags of all others are not read again for each environment. Everything else is as AWS has it now.
 */
export function narrow(aws: Aws, environment: Environment, things: readonly Thing[]): Aws {
  const namesOf = (wanted: Thing['kind']): ReadonlySet<string> =>
    new Set(things.flatMap(({ kind, resourceName = '' }) => (kind === wanted ? [resourceName] : [])));
  const [buckets, roles, groups] = [namesOf('bucket'), namesOf('role'), namesOf('log group')];
  return {
    ...aws,
    s3: {
      ...aws.s3,
      listBuckets: async (prefix) =>
        (await aws.s3.listBuckets(prefix)).filter(
          (bucket) => buckets.has(bucket.name) || mayBeBucketOf(bucket, environment),
        ),
    },
    iam: {
      ...aws.iam,
      async listRoles(path) {
        const found: Role[] = [];
        for (const name of roles) {
          const role = await aws.iam.findRole(name);
          if (role?.path.startsWith(path) === true) found.push(role);
        }
        return found;
      },
    },
    logs: {
      ...aws.logs,
      listGroups: async (prefix) => (await aws.logs.listGroups(prefix)).filter(({ name }) => groups.has(name)),
    },
  };
}
