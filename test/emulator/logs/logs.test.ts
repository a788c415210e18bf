import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from 'vitest';
import { putUser } from '../../../src/emulator/index.js';
import { ACCOUNT, headersOf, type LocalCloud, openCloud, refusalOf, textOf } from '../front/local-cloud.js';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');
const DAY_MS = 86_400_000;
const ARN = `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/pixgate/holiday`;
const GROUP = { logGroupName: '/pixgate/holiday' };
const STREAM = { ...GROUP, logStreamName: '2026/[1]' };

function standing(): LocalCloud {
  return openCloud({ clock: { now: () => NOW_MS } });
}

function logsOf(cloud: LocalCloud, region = 'eu-west-1'): CloudWatchLogsClient {
  return new CloudWatchLogsClient(cloud.config(undefined, region));
}

/** A client of a cloud that has one group with one stream and these messages, one a second. */
async function withMessages(messages: readonly string[], cloud = standing()): Promise<CloudWatchLogsClient> {
  const logs = logsOf(cloud);
  await logs.send(new CreateLogGroupCommand(GROUP));
  await logs.send(new CreateLogStreamCommand(STREAM));
  const logEvents = messages.map((message, n) => ({ message, timestamp: NOW_MS + n * 1000 }));
  if (logEvents.length > 0) await logs.send(new PutLogEventsCommand({ ...STREAM, logEvents }));
  return logs;
}

describe('log groups', () => {
  test('DescribeLogGroups answers both ARNs of what CreateLogGroup made', async () => {
    const logs = logsOf(standing());
    await logs.send(new CreateLogGroupCommand({ ...GROUP, tags: { owner: 'me' } }));

    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/pix' }));

    expect(logGroups).toEqual([
      {
        ...GROUP,
        arn: `${ARN}:*`,
        logGroupArn: ARN,
        creationTime: NOW_MS,
        metricFilterCount: 0,
        storedBytes: 0,
        logGroupClass: 'STANDARD',
      },
    ]);
  });

  test('CreateLogGroup refuses a name twice', async () => {
    const logs = logsOf(standing());
    await logs.send(new CreateLogGroupCommand(GROUP));

    const refusal = await refusalOf(logs.send(new CreateLogGroupCommand(GROUP)));

    expect(refusal).toEqual({
      name: 'ResourceAlreadyExistsException',
      status: 400,
      message: 'The specified log group already exists',
    });
  });

  test.each(['a b', 'a:b', 'ü', 'x'.repeat(513)])('CreateLogGroup refuses the name "%s"', async (logGroupName) => {
    const logs = logsOf(standing());

    const refusal = await refusalOf(logs.send(new CreateLogGroupCommand({ logGroupName })));

    expect(refusal).toMatchObject({ name: 'InvalidParameterException', status: 400 });
  });

  test('log groups of one Region are unknown in another', async () => {
    const cloud = standing();
    await logsOf(cloud).send(new CreateLogGroupCommand(GROUP));

    const { logGroups } = await logsOf(cloud, 'us-east-1').send(new DescribeLogGroupsCommand({}));

    expect(logGroups).toEqual([]);
  });

  test('DescribeLogGroups pages by five and finds by pattern', async () => {
    const logs = logsOf(standing());
    for (let n = 0; n < 11; n++) await logs.send(new CreateLogGroupCommand({ logGroupName: `Group-${n % 10}${n}` }));
    const pages: number[] = [];

    for (let nextToken: string | undefined, more = true; more; more = nextToken !== undefined) {
      const page = await logs.send(new DescribeLogGroupsCommand(nextToken === undefined ? {} : { nextToken }));
      pages.push(page.logGroups?.length ?? 0);
      nextToken = page.nextToken;
    }
    const found = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: 'GROUP-0' }));
    const all = await logs.send(new DescribeLogGroupsCommand({ limit: 50 }));

    expect(pages).toEqual([5, 5, 1]);
    expect(found.logGroups?.map((group) => group.logGroupName)).toEqual(['Group-00', 'Group-010']);
    expect(all).toMatchObject({ logGroups: { length: 11 } });
    expect(all.nextToken).toBeUndefined();
  });

  test('DeleteLogGroup takes streams and events along, so that a group of the same name begins empty', async () => {
    const logs = await withMessages(['old']);

    await logs.send(new DeleteLogGroupCommand(GROUP));
    const gone = await refusalOf(logs.send(new DeleteLogGroupCommand(GROUP)));
    await logs.send(new CreateLogGroupCommand(GROUP));

    const { logStreams } = await logs.send(new DescribeLogStreamsCommand(GROUP));
    const { events } = await logs.send(new FilterLogEventsCommand(GROUP));
    expect(gone).toEqual({
      name: 'ResourceNotFoundException',
      status: 400,
      message: 'The specified log group does not exist.',
    });
    expect([logStreams, events]).toEqual([[], []]);
  });

  test('DeleteLogGroup leaves alone a group whose name only begins alike', async () => {
    const logs = await withMessages(['kept']);
    await logs.send(new CreateLogGroupCommand({ logGroupName: '/pixgate/holi' }));

    await logs.send(new DeleteLogGroupCommand({ logGroupName: '/pixgate/holi' }));

    const { events } = await logs.send(new FilterLogEventsCommand(GROUP));
    expect(events?.map((event) => event.message)).toEqual(['kept']);
  });
});

describe('retention', () => {
  test('PutRetentionPolicy sets, DeleteRetentionPolicy unsets', async () => {
    const logs = await withMessages([]);
    const retention = async () => {
      const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
      return logGroups?.[0]?.retentionInDays;
    };

    await logs.send(new PutRetentionPolicyCommand({ ...GROUP, retentionInDays: 30 }));
    const set = await retention();
    await logs.send(new DeleteRetentionPolicyCommand(GROUP));

    expect([set, await retention()]).toEqual([30, undefined]);
  });

  test.each([0, 2, 31, 4000])('PutRetentionPolicy refuses %i days', async (retentionInDays) => {
    const logs = await withMessages([]);

    const refusal = await refusalOf(logs.send(new PutRetentionPolicyCommand({ ...GROUP, retentionInDays })));

    expect(refusal).toMatchObject({ name: 'InvalidParameterException', status: 400 });
  });

  test.each([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653])(
    'PutRetentionPolicy takes %i days',
    async (retentionInDays) => {
      const logs = await withMessages([]);

      await logs.send(new PutRetentionPolicyCommand({ ...GROUP, retentionInDays }));

      const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
      expect(logGroups?.[0]?.retentionInDays).toBe(retentionInDays);
    },
  );

  test('events past their retention are not read any more', async () => {
    const cloud = standing();
    const logs = await withMessages(['old'], cloud);
    await logs.send(new PutRetentionPolicyCommand({ ...GROUP, retentionInDays: 1 }));

    const before = await logs.send(new FilterLogEventsCommand(GROUP));
    await cloud.emulator.clock.sleep(DAY_MS + 1);
    const after = await logs.send(new FilterLogEventsCommand(GROUP));

    expect([before.events?.length, after.events?.length]).toEqual([1, 0]);
  });
});

describe('tags of a log group', () => {
  test('TagResource adds, UntagResource removes, ListTagsForResource reads', async () => {
    const logs = logsOf(standing());
    await logs.send(new CreateLogGroupCommand({ ...GROUP, tags: { a: '1', b: '2' } }));

    await logs.send(new TagResourceCommand({ resourceArn: ARN, tags: { b: '3', c: '4' } }));
    await logs.send(new UntagResourceCommand({ resourceArn: ARN, tagKeys: ['a', 'z'] }));

    const { tags } = await logs.send(new ListTagsForResourceCommand({ resourceArn: ARN }));
    expect(tags).toEqual({ b: '3', c: '4' });
  });

  test.each([
    [`${ARN}:*`, 'InvalidParameterException'],
    ['/pixgate/holiday', 'InvalidParameterException'],
    [ARN.replace('eu-west-1', 'us-east-1'), 'InvalidParameterException'],
    [`${ARN}-none`, 'ResourceNotFoundException'],
  ])('ListTagsForResource refuses %s with %s', async (resourceArn, name) => {
    const logs = await withMessages([]);

    const refusal = await refusalOf(logs.send(new ListTagsForResourceCommand({ resourceArn })));

    expect(refusal).toMatchObject({ name, status: 400 });
  });

  test.each([{ 'aws:x': '1' }, { 'a!': '1' }, { a: '!' }])('TagResource refuses %j', async (tags) => {
    const logs = await withMessages([]);

    const refusal = await refusalOf(logs.send(new TagResourceCommand({ resourceArn: ARN, tags })));

    expect(refusal).toMatchObject({ name: 'InvalidParameterException', status: 400 });
  });
});

describe('log streams', () => {
  test('DescribeLogStreams orders by name or by last event, and pages', async () => {
    const logs = await withMessages(['m']);
    for (const logStreamName of ['f', 'e', 'd', 'c', 'b', 'a'])
      await logs.send(new CreateLogStreamCommand({ ...GROUP, logStreamName }));
    const names = (page: { logStreams?: { logStreamName?: string | undefined }[] | undefined }) =>
      page.logStreams?.map((stream) => stream.logStreamName);

    const first = await logs.send(new DescribeLogStreamsCommand(GROUP));
    const second = await logs.send(new DescribeLogStreamsCommand({ ...GROUP, nextToken: first.nextToken ?? '' }));
    const byEvent = await logs.send(
      new DescribeLogStreamsCommand({ ...GROUP, orderBy: 'LastEventTime', descending: true, limit: 1 }),
    );
    const byPrefix = await logs.send(new DescribeLogStreamsCommand({ ...GROUP, logStreamNamePrefix: '2026' }));

    expect([names(first), names(second)]).toEqual([
      ['2026/[1]', 'a', 'b', 'c', 'd'],
      ['e', 'f'],
    ]);
    expect([names(byEvent), names(byPrefix)]).toEqual([['2026/[1]'], ['2026/[1]']]);
    expect(byPrefix.logStreams?.[0]).toMatchObject({
      creationTime: NOW_MS,
      firstEventTimestamp: NOW_MS,
      lastEventTimestamp: NOW_MS,
      lastIngestionTime: NOW_MS,
      arn: `${ARN}:log-stream:2026/[1]`,
    });
  });

  test('CreateLogStream refuses a name twice, a colon, and a missing group', async () => {
    const logs = await withMessages([]);

    const refusals = await Promise.all([
      refusalOf(logs.send(new CreateLogStreamCommand(STREAM))),
      refusalOf(logs.send(new CreateLogStreamCommand({ ...GROUP, logStreamName: 'a:b' }))),
      refusalOf(logs.send(new CreateLogStreamCommand({ logGroupName: 'none', logStreamName: 'a' }))),
    ]);

    expect(refusals.map(({ name }) => name)).toEqual([
      'ResourceAlreadyExistsException',
      'InvalidParameterException',
      'ResourceNotFoundException',
    ]);
  });
});

describe('log events', () => {
  test('PutLogEvents refuses a missing stream and events out of order', async () => {
    const logs = await withMessages([]);
    const put = (fields: object, ...timestamps: number[]) => {
      const logEvents = timestamps.map((timestamp) => ({ timestamp, message: 'm' }));
      return refusalOf(logs.send(new PutLogEventsCommand({ ...STREAM, ...fields, logEvents })));
    };

    const refusals = [
      await put({ logStreamName: 'none' }, NOW_MS),
      await put({}, NOW_MS, NOW_MS - 1),
      await put({}),
      await put({ logGroupName: 'none' }, NOW_MS),
    ];

    expect(refusals.map(({ name, message }) => [name, message])).toEqual([
      ['ResourceNotFoundException', 'The specified log stream does not exist.'],
      ['InvalidParameterException', 'Log events in a single PutLogEvents request must be in chronological order.'],
      ['InvalidParameterException', expect.stringContaining('1 to 10000')],
      ['ResourceNotFoundException', 'The specified log group does not exist.'],
    ]);
  });

  test('PutLogEvents keeps what is neither too old nor too new, and says what it left out', async () => {
    const logs = await withMessages([]);
    const times = [-15 * DAY_MS, -13 * DAY_MS, 0, 3 * 3_600_000];
    const logEvents = times.map((time) => ({ timestamp: NOW_MS + time, message: String(time) }));

    const answer = await logs.send(new PutLogEventsCommand({ ...STREAM, logEvents }));

    const { events } = await logs.send(new FilterLogEventsCommand(GROUP));
    expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 3 });
    expect(events?.map((event) => event.message)).toEqual([String(-13 * DAY_MS), '0']);
  });

  test('FilterLogEvents merges streams by time, pages, and gives rising ids', async () => {
    const logs = await withMessages(['0', '1', '2', '3']);
    const other = { ...GROUP, logStreamName: 'other' };
    await logs.send(new CreateLogStreamCommand(other));
    const logEvents = [500, 1000, 1500].map((ms) => ({ timestamp: NOW_MS + ms, message: `+${ms}` }));
    await logs.send(new PutLogEventsCommand({ ...other, logEvents }));

    const first = await logs.send(new FilterLogEventsCommand(GROUP));
    const second = await logs.send(new FilterLogEventsCommand({ ...GROUP, nextToken: first.nextToken ?? '' }));
    const events = [...(first.events ?? []), ...(second.events ?? [])];
    const ids = events.map((event) => event.eventId ?? '');

    expect(first.events?.length).toBe(5);
    expect(second.nextToken).toBeUndefined();
    expect(events.map((event) => event.message)).toEqual(['0', '+500', '1', '+1000', '+1500', '2', '3']);
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(7);
    expect(events[1]).toMatchObject({ logStreamName: 'other', timestamp: NOW_MS + 500, ingestionTime: NOW_MS });
  });

  const filters: [fields: Partial<FilterLogEventsCommand['input']>, messages: string[]][] = [
    [{ startTime: NOW_MS + 1000 }, ['ERROR disk', 'warn "disk full"', 'error']],
    [{ endTime: NOW_MS + 2000 }, ['info all well', 'ERROR disk']],
    [{ limit: 1 }, ['info all well']],
    [{ logStreamNames: ['none'] }, []],
    [{ logStreamNamePrefix: '2026' }, ['info all well', 'ERROR disk', 'warn "disk full"', 'error']],
    [{ filterPattern: '' }, ['info all well', 'ERROR disk', 'warn "disk full"', 'error']],
    [{ filterPattern: 'ERROR' }, ['ERROR disk']],
    [{ filterPattern: 'disk ERROR' }, ['ERROR disk']],
    [{ filterPattern: 'disk -ERROR' }, ['warn "disk full"']],
    [{ filterPattern: '?ERROR ?error' }, ['ERROR disk', 'error']],
    [{ filterPattern: '"disk full"' }, ['warn "disk full"']],
    [{ filterPattern: '"\\"disk"' }, ['warn "disk full"']],
    [{ filterPattern: 'nothing' }, []],
  ];
  test.each(filters)('FilterLogEvents with %j', async (fields, messages) => {
    const logs = await withMessages(['info all well', 'ERROR disk', 'warn "disk full"', 'error']);

    const { events } = await logs.send(new FilterLogEventsCommand({ ...GROUP, ...fields }));

    expect(events?.map((event) => event.message)).toEqual(messages);
  });

  test.each([
    ['{ $.status = 500 }', 'NotImplemented'],
    ['[ip, user]', 'NotImplemented'],
    ['%a.c%', 'NotImplemented'],
    ['a-b', 'InvalidParameterException'],
  ])('FilterLogEvents refuses the pattern %s with %s', async (filterPattern, name) => {
    const logs = await withMessages(['m']);

    const refusal = await refusalOf(logs.send(new FilterLogEventsCommand({ ...GROUP, filterPattern })));

    expect(refusal.name).toBe(name);
  });

  test.each([ARN, GROUP.logGroupName])('FilterLogEvents knows the group by the identifier %s', async (identifier) => {
    const logs = await withMessages(['m']);

    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupIdentifier: identifier }));

    expect(events?.length).toBe(1);
  });

  test('GetLogEvents walks from the head to the end and back, and stops where its token comes back', async () => {
    const logs = await withMessages(['0', '1', '2', '3', '4', '5', '6']);
    const read = async (fields: object) => {
      const page = await logs.send(new GetLogEventsCommand({ ...STREAM, ...fields }));
      const { nextForwardToken: forward, nextBackwardToken: backward } = page;
      return { text: page.events?.map((event) => event.message).join(''), forward, backward };
    };

    const head = await read({ startFromHead: true });
    const next = await read({ nextToken: head.forward });
    const end = await read({ nextToken: next.forward });
    const back = await read({ nextToken: next.backward });
    const fromEnd = await read({ nextToken: end.backward, limit: 2 });
    const tail = await read({ limit: 3 });

    expect([head.text, next.text, end.text, back.text]).toEqual(['01234', '56', '', '01234']);
    expect(end.forward).toBe(next.forward);
    expect([fromEnd.text, tail.text]).toEqual(['56', '456']);
  });
});

describe('permissions', () => {
  const KEYS = { accessKeyId: 'AKIAREADER0000000000', secretAccessKey: 'reader' };
  const rows: [resource: string, filter: boolean, tags: boolean][] = [
    [ARN, false, true],
    [`${ARN}:*`, true, false],
    ['*', true, true],
  ];
  test.each(rows)('a policy on %s: reading events %s, reading tags %s', async (Resource, filter, tags) => {
    const cloud = standing();
    await withMessages(['m'], cloud);
    const Statement = [{ Effect: 'Allow', Action: 'logs:*', Resource }];
    const policies = { p: JSON.stringify({ Version: '2012-10-17', Statement }) };
    putUser(cloud.emulator.store, { accountId: ACCOUNT, name: 'reader', ...KEYS, policies }, 0);
    const logs = new CloudWatchLogsClient(cloud.config(KEYS));
    const allowed = (call: Promise<unknown>) =>
      call.then(
        () => true,
        (error: Error) => error.name !== 'AccessDeniedException',
      );

    const reads = [
      await allowed(logs.send(new FilterLogEventsCommand(GROUP))),
      await allowed(logs.send(new ListTagsForResourceCommand({ resourceArn: ARN }))),
    ];

    expect(reads).toEqual([filter, tags]);
  });
});

describe('the wire', () => {
  const ask = { service: 'logs', host: 'logs.eu-west-1.amazonaws.com', method: 'POST' };
  const target = (name: string) => ({
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `Logs_20140328.${name}`,
  });

  test('CreateLogGroup answers an empty body, an error its type and message', async () => {
    const cloud = standing();
    const create = { ...ask, headers: target('CreateLogGroup'), body: Buffer.from('{"logGroupName":"g"}') };

    const first = await cloud.sendSigned(create);
    const second = await cloud.sendSigned(create);

    expect([first.status, textOf(first)]).toEqual([200, '']);
    expect(headersOf(second)).toMatchObject({
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect([second.status, textOf(second)]).toEqual([
      400,
      '{"__type":"ResourceAlreadyExistsException","message":"The specified log group already exists"}',
    ]);
  });

  test.each([
    ['CreateLogGroup', '{"logGroupName":7}', 'SerializationException'],
    ['CreateLogGroup', '[]', 'SerializationException'],
    ['CreateLogGroup', '{', 'SerializationException'],
    ['CreateLogGroup', '{}', 'InvalidParameterException'],
    ['CreateLogGroup', '{"logGroupName":"g","tags":{"a":1}}', 'SerializationException'],
    ['DescribeLogGroups', '{"limit":"5"}', 'SerializationException'],
    ['DescribeLogGroups', '{"limit":51}', 'InvalidParameterException'],
    ['DescribeLogGroups', '{"nextToken":"?"}', 'InvalidParameterException'],
  ])('%s of %s is refused with %s', async (name, body, type) => {
    const cloud = standing();

    const response = await cloud.sendSigned({ ...ask, headers: target(name), body: Buffer.from(body) });

    expect(response.status).toBe(400);
    expect(JSON.parse(textOf(response))).toMatchObject({ __type: type });
  });

  test('PutMetricFilter is not emulated, and says so', async () => {
    const logs = logsOf(standing());
    const input = { ...GROUP, filterName: 'f', filterPattern: '', metricTransformations: [] };

    const refusal = await refusalOf(logs.send(new PutMetricFilterCommand(input)));

    expect(refusal).toEqual({
      name: 'NotImplemented',
      status: 501,
      message: 'The local cloud does not emulate logs PutMetricFilter.',
    });
  });
});
