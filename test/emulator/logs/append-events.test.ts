import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect, test } from 'vitest';
import { appendServiceLog } from '../../../src/emulator/logs/append-events.js';
import type { Call } from '../../../src/emulator/operation.js';
import { ACCOUNT, type LocalCloud, openCloud } from '../front/local-cloud.js';

/** What a service of the cloud has in hand when it logs. */
function callIn(cloud: LocalCloud): Call {
  const absent = (): never => {
    throw new Error('not in this world');
  };
  return {
    store: cloud.emulator.store,
    now: () => cloud.emulator.clock.now(),
    wall: () => cloud.emulator.clock.now(),
    newId: absent,
    newUuid: absent,
    region: 'eu-west-1',
    caller: { kind: 'root', accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, userId: ACCOUNT },
    requestId: 'r',
    settings: { accountId: ACCOUNT, partition: 'aws', pageSize: 5, cacheClusterMs: 0 },
    cloud: {
      s3: absent,
      assumeRoleAsService: absent,
      authorize: absent,
      putLogEvents: absent,
      testInvoke: absent,
      flushStageCache: absent,
      flushAuthorizersCache: absent,
      invokeFunction: absent,
      verifyUserPoolToken: absent,
    },
  };
}

test('appendServiceLog() makes group and stream, and cuts messages to 1,024 bytes between characters', async () => {
  const cloud = openCloud();
  const messages = ['short', 'x'.repeat(1024), 'x'.repeat(1025), `x${'ü'.repeat(512)}`, '😀'.repeat(257)];

  appendServiceLog(callIn(cloud), { group: 'g', stream: 's', messages, createGroup: true });

  const logs = new CloudWatchLogsClient(cloud.config());
  const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: 'g' }));
  expect(events?.map((event) => event.message)).toEqual([
    'short',
    'x'.repeat(1024),
    'x'.repeat(1024),
    `x${'ü'.repeat(511)}`,
    '😀'.repeat(256),
  ]);
});

test('appendServiceLog() is silent about a missing group, and writes to one that is there', async () => {
  const cloud = openCloud();
  const logs = new CloudWatchLogsClient(cloud.config());
  const ask = { group: 'g', stream: 's', createGroup: false };

  appendServiceLog(callIn(cloud), { ...ask, messages: ['lost'] });
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'g' }));
  appendServiceLog(callIn(cloud), { ...ask, messages: ['one', 'two'] });
  appendServiceLog(callIn(cloud), { ...ask, messages: ['three'] });

  const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: 'g' }));
  expect(events?.map((event) => event.message)).toEqual(['one', 'two', 'three']);
});
