import type { AwsAccess } from './access.js';
import { type ApiGateway, createApiGateway } from './api-gateway.js';
import { createInvokeSigner, type SignInvoke } from './execute-api.js';
import { createIam, type Iam } from './iam.js';
import { createLambda, type Lambda } from './lambda.js';
import { createLogs, type Logs } from './logs.js';
import { createPacer } from './pacer.js';
import { createS3, type S3 } from './s3.js';
import { createSts, type Identity, type Sts } from './sts.js';
import { createUsagePlans, type UsagePlans } from './usage-plans.js';
import { createUserPools, type UserPools } from './user-pools.js';

/** AWS as we speak it: one object a service, verbs in our words. */
export interface Aws {
  readonly identity: Identity;
  /** S3 in the Region of the API. */
  readonly s3: S3;
  /** S3 in another Region: a bucket answers only where it lies. */
  s3In(region: string): S3;
  /** S3 through Transfer Acceleration, for what lies in a Region; undefined where AWS is reached by another endpoint. */
  acceleratedS3In(region: string): S3 | undefined;
  readonly apiGateway: ApiGateway;
  /** The part of API Gateway that belongs to no API. */
  readonly usagePlans: UsagePlans;
  readonly iam: Iam;
  readonly logs: Logs;
  /** Lambda in the API's Region. */
  readonly lambda: Lambda;
  /** Its part of the SDK is loaded by the first call. */
  readonly userPools: UserPools;
  /** Signs requests to the finished API. */
  readonly signInvoke: SignInvoke;
}

/** Finds out who we are. */
export function openSts(access: AwsAccess): Sts {
  return createSts(access);
}

/** Opens every service for one account. `waiting` hears of pauses that quotas or AWS's own slowness make. */
export function openAws(given: AwsAccess, identity: Identity, waiting?: (why: string, ms: number) => void): Aws {
  const { clockOffsetMs } = identity;
  // A call that is sent once only has no second try in which to find out.
  const access = clockOffsetMs === undefined ? given : { ...given, clockOffsetMs };
  const pacer = createPacer(access.clock);
  const s3 = createS3(access, identity);
  const byRegion = new Map([[access.region, s3]]);
  return {
    identity,
    s3,
    s3In(region) {
      const opened = byRegion.get(region) ?? createS3({ ...access, region }, identity);
      byRegion.set(region, opened);
      return opened;
    },
    acceleratedS3In: (region) =>
      access.endpointUrl === undefined ? createS3({ ...access, region }, identity, true) : undefined,
    apiGateway: createApiGateway(access, identity.partition, waiting, pacer),
    usagePlans: createUsagePlans(access, identity.partition, pacer, waiting),
    iam: createIam(access),
    logs: createLogs(access),
    lambda: createLambda(access),
    userPools: createUserPools(access),
    signInvoke: createInvokeSigner(access),
  };
}
