import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { type AwsAccess, clientConfig, failOnFullQuota } from './access.js';
import type { Tags } from './iam.js';
import { drain } from './pages.js';
import { createSend, sent } from './sender.js';

/** A log group as far as we care. */
export interface LogGroup {
  readonly name: string;
  /** Without a trailing `:*`. */
  readonly arn: string;
  /** Days; undefined: for ever. */
  readonly retentionDays: number | undefined;
}

/** One line of a log. */
export interface LogEvent {
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly message: string;
}

/** The verbs of CloudWatch Logs. */
export interface Logs {
  findGroup(name: string): Promise<LogGroup | undefined>;
  listGroups(prefix: string): Promise<readonly LogGroup[]>;
  /** Makes the group with its tags. One that exists already is success: whose it is, the caller reads from its tags. */
  ensureGroup(name: string, tags: Tags): Promise<void>;
  findGroupTags(arn: string): Promise<Tags | undefined>;
  tagGroup(arn: string, tags: Tags): Promise<void>;
  /** A tag that is not there does no harm. */
  untagGroup(arn: string, key: string): Promise<void>;
  putRetention(name: string, days: number): Promise<void>;
  /** Gone already is success. */
  deleteGroup(name: string): Promise<void>;
  /** Events since `sinceMs`, oldest first, all pages; empty when the group is missing. */
  listEvents(name: string, sinceMs: number, pattern?: string): Promise<readonly LogEvent[]>;
}

const MISSING = ['ResourceNotFoundException'];

/** CloudWatch Logs in the Region of `access`. */
export function createLogs(access: AwsAccess): Logs {
  const client = failOnFullQuota(new CloudWatchLogsClient(clientConfig(access)));
  const send = createSend({ service: 'CloudWatch Logs', region: access.region, clock: access.clock });
  const logs: Logs = {
    async findGroup(name) {
      return (await logs.listGroups(name)).find((group) => group.name === name);
    },
    async listGroups(prefix) {
      const groups = await drain(async (from) => {
        const input = { logGroupNamePrefix: prefix, ...(from === undefined ? {} : { nextToken: from }) };
        const page = await sent(send('DescribeLogGroups', () => client.send(new DescribeLogGroupsCommand(input))));
        return { items: page.logGroups ?? [], next: page.nextToken };
      });
      return groups.map(({ logGroupName = '', arn = '', retentionInDays }) => ({
        name: logGroupName,
        arn: arn.replace(/:\*$/, ''),
        retentionDays: retentionInDays,
      }));
    },
    async ensureGroup(name, tags) {
      const input = { logGroupName: name, tags };
      await send('CreateLogGroup', () => client.send(new CreateLogGroupCommand(input)), {
        missing: ['ResourceAlreadyExistsException'],
      });
    },
    async findGroupTags(arn) {
      const found = await send(
        'ListTagsForResource',
        () => client.send(new ListTagsForResourceCommand({ resourceArn: arn })),
        { missing: MISSING },
      );
      return found === undefined ? undefined : (found.tags ?? {});
    },
    async tagGroup(arn, tags) {
      await send('TagResource', () => client.send(new TagResourceCommand({ resourceArn: arn, tags })));
    },
    async untagGroup(arn, key) {
      await send('UntagResource', () => client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [key] })));
    },
    async putRetention(name, days) {
      await send('PutRetentionPolicy', () =>
        client.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: days })),
      );
    },
    async deleteGroup(name) {
      await send('DeleteLogGroup', () => client.send(new DeleteLogGroupCommand({ logGroupName: name })), {
        missing: MISSING,
      });
    },
    async listEvents(name, sinceMs, pattern) {
      const events = await drain(async (from) => {
        const input = {
          logGroupName: name,
          startTime: sinceMs,
          ...(pattern === undefined ? {} : { filterPattern: pattern }),
          ...(from === undefined ? {} : { nextToken: from }),
        };
        const page = await send('FilterLogEvents', () => client.send(new FilterLogEventsCommand(input)), {
          missing: MISSING,
        });
        return { items: page?.events ?? [], next: page?.nextToken };
      });
      return events.map(({ timestamp = 0, message = '' }) => ({ atMs: timestamp, message }));
    },
  };
  return logs;
}
