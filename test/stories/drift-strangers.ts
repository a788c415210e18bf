import type { Phase } from '../../src/model/plan.js';
import type { Bench } from './drift-bench.js';

/** Something of somebody else that has taken the name of a thing of ours. */
export interface Stranger {
  readonly thing: string;
  /** Puts it in the place of ours. */
  readonly replace: (bench: Bench) => Promise<void>;
  /** Address that `status` names. */
  readonly at: string;
  /** Phases that refuse to touch it. */
  readonly refusing: readonly Phase[];
  /** Keys of what is theirs in a dump of the account. */
  readonly theirs: RegExp;
}

const GROUP = '/pixgate/holiday/dev/access';
const executionGroup = ({ apiId }: Bench) => `API-Gateway-Execution-Logs_${apiId}/dev`;

/** Each name that is ours to choose, taken by somebody else. */
export const STRANGERS: readonly Stranger[] = [
  {
    thing: 'bucket without tags',
    at: 'bucket/images',
    refusing: ['init', 'upload', 'up'],
    theirs: /^s3\//,
    replace: async ({ aws, bucket }) => {
      await aws.s3.deleteVersions(bucket, await aws.s3.listSomeVersions(bucket));
      await aws.s3.deleteBucket(bucket);
      await aws.s3.createBucket(bucket, {}, 'account-regional');
      const body = Buffer.from('theirs');
      await aws.s3.putObject(bucket, { key: 'images/waves.png', body, contentType: 'image/png', headers: {} });
    },
  },
  {
    thing: 'bucket of another installation',
    at: 'bucket/images',
    refusing: ['init', 'upload', 'up'],
    // The bucket alone: the images in it are the ones that we sent.
    theirs: /^s3\//,
    replace: async ({ aws, bucket }) =>
      aws.s3.putBucketTags(bucket, { ...(await aws.s3.findBucketTags(bucket)), 'pixgate:token': 'another' }),
  },
  {
    thing: 'role without tags',
    at: 'role/images',
    refusing: ['wire', 'up'],
    theirs: /^iam\/role: .*pixgate-holiday/,
    replace: async ({ aws, role }) => {
      const trust = (await aws.iam.findRole(role))?.trust ?? '';
      await aws.iam.deleteRole(role);
      await aws.iam.createRole({ name: role, path: '/', description: 'theirs', trust, tags: {} });
    },
  },
  {
    thing: 'role of another installation',
    at: 'role/images',
    refusing: ['wire', 'up'],
    theirs: /^iam\/role: .*pixgate-holiday/,
    replace: ({ aws, role }) => aws.iam.tagRole(role, { 'pixgate:token': 'another' }),
  },
  {
    thing: 'access log group without tags',
    at: 'logs',
    refusing: ['wire', 'up'],
    theirs: /^logs\/group: .*holiday\/dev\/access/,
    replace: async ({ aws }) => {
      await aws.logs.deleteGroup(GROUP);
      await aws.logs.ensureGroup(GROUP, { team: 'theirs' });
    },
  },
  {
    thing: 'execution log group of another installation',
    at: 'logs',
    refusing: ['wire', 'up'],
    theirs: /^logs\/group: .*API-Gateway-Execution-Logs/,
    replace: async (bench) => {
      await bench.aws.logs.deleteGroup(executionGroup(bench));
      await bench.aws.logs.ensureGroup(executionGroup(bench), { 'pixgate:token': 'another' });
    },
  },
];

/** Makes an API of the same name beside ours, which AWS allows: the tags tell them apart. */
export async function makeTwinName({ aws, apiId }: Bench): Promise<string> {
  const reading = await aws.apiGateway.findGateway(apiId);
  if (reading === undefined) throw new Error('there is no API');
  return aws.apiGateway.createApi(reading.gateway.settings, { team: 'theirs' });
}
