import type { Config } from '../config/config.js';
import type { Address, Phase } from '../model/plan.js';
import { apiResource } from '../resources/api.js';
import { bucketResource } from '../resources/bucket.js';
import type { Digests } from '../resources/digests.js';
import { keysResource } from '../resources/keys.js';
import { leaseResource } from '../resources/lease.js';
import { loggingResource } from '../resources/logging.js';
import { logsResource } from '../resources/logs.js';
import { objectsResource } from '../resources/objects.js';
import { isLambdaMount, permissionResource } from '../resources/permission.js';
import { poolResource } from '../resources/pool.js';
import type { AnyResource, Environment } from '../resources/resource.js';
import { roleResource } from '../resources/role.js';
import { stageResource } from '../resources/stage.js';

/** How the resources of an environment are put together. */
export interface AssemblyOptions {
  readonly prune: boolean;
  /** Upload: absolute paths; only files at or below them are looked at. @default all */
  readonly paths?: readonly string[] | undefined;
  /** false for a run that only takes away: the source folders may be gone. */
  readonly readFolders: boolean;
  /** When what is made ends; absent when it does not. @default absent */
  readonly expires?: string | undefined;
  /** Whether what exists already gets that end, too. @default false */
  readonly renews?: boolean;
}

/** All resources of an environment, in the order in which they are made: a role and a user pool before the API that names them, logs before the stage that writes them. */
export function assemble(
  environment: Environment,
  config: Config,
  options: AssemblyOptions & { readonly digests: Digests },
): readonly AnyResource[] {
  const { mounts } = config;
  const { prune, readFolders: readFolder, paths, digests } = options;
  const objects = { prune, readFolder, paths, digests };
  return [
    // First: once it is told, a run that is broken off keeps the new end.
    ...(options.renews === true ? [leaseResource(environment)] : []),
    ...mounts.map((mount) => bucketResource(environment, mount)),
    ...mounts.map((mount) => objectsResource(environment, mount, objects)),
    ...mounts.map((mount) => roleResource(environment, mount)),
    loggingResource(environment),
    poolResource(environment),
    apiResource(environment),
    ...mounts.filter(isLambdaMount).map((mount) => permissionResource(environment, mount)),
    logsResource(environment),
    stageResource(environment),
    // Last: a usage plan counts a stage that is there.
    keysResource(environment),
  ] as readonly AnyResource[];
}

/** What each phase acts on, by mount ids. `teardown` is in the order of removal. */
export function addressesOf(phase: Phase, { mounts }: Config): readonly Address[] {
  const each = (kind: string): Address[] => mounts.map((mount) => `${kind}/${mount.id}`);
  const permissions = mounts.filter(isLambdaMount).map(({ id }) => `permission/${id}`);
  const wired = [...each('role'), 'logging', 'pool', 'api', ...permissions, 'logs', 'stage', 'keys'];
  switch (phase) {
    case 'init':
      return each('bucket');
    case 'upload':
      return each('objects');
    case 'wire':
      return wired;
    case 'up':
      return [...each('bucket'), ...each('objects'), ...wired];
    case 'teardown':
      // The stage first: its cache is billed until it is gone, and AWS deletes no usage plan that counts it. Log groups
      // after the API that writes to them, the pool after the one that names it.
      return [
        'stage',
        'api',
        'keys',
        'pool',
        ...permissions,
        'logs',
        'logging',
        ...each('role'),
        ...each('objects'),
        ...each('bucket'),
      ];
  }
}
