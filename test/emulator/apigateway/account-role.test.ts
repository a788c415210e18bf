import { APIGatewayClient, GetAccountCommand, UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DetachRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, openCloud, refusalOf } from '../front/local-cloud.js';

const MANAGED = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
const WELCOME = '/aws/apigateway/welcome';

const ACTIONS = [
  'CreateLogGroup',
  'CreateLogStream',
  'DescribeLogStreams',
  'PutLogEvents',
  'GetLogEvents',
  'FilterLogEvents',
];

/** The whole local cloud with a role `logger` that trusts `service` and may do nothing yet. */
async function withRole(service = 'apigateway.amazonaws.com') {
  const cloud = openCloud();
  const iam = new IAMClient(cloud.config());
  const gateway = new APIGatewayClient(cloud.config());
  const logs = new CloudWatchLogsClient(cloud.config());
  const Statement = [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new CreateRoleCommand({ RoleName: 'logger', AssumeRolePolicyDocument }));
  const value = `arn:aws:iam::${ACCOUNT}:role/logger`;
  const set = () =>
    gateway.send(new UpdateAccountCommand({ patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value }] }));
  const permit = (Resource: string) => {
    const statements = [
      { Effect: 'Allow', Action: ACTIONS.map((action) => `logs:${action}`), Resource },
      { Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: '*' },
    ];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    return iam.send(new PutRolePolicyCommand({ RoleName: 'logger', PolicyName: 'logs', PolicyDocument }));
  };
  const policy = { RoleName: 'logger', PolicyArn: MANAGED };
  return { iam, gateway, logs, set, permit, policy, roleArn: value };
}

const REFUSAL = {
  name: 'BadRequestException',
  status: 400,
  message: 'The role ARN does not have required permissions set to API Gateway',
};

describe('UpdateAccount in the whole local cloud', () => {
  it('takes a role with the managed policy, and writes to the welcome group', async () => {
    const { iam, gateway, logs, set, policy, roleArn } = await withRole();
    expect(await refusalOf(set())).toEqual(REFUSAL);
    await iam.send(new AttachRolePolicyCommand(policy));

    await set();

    expect((await gateway.send(new GetAccountCommand({}))).cloudwatchRoleArn).toBe(roleArn);
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: WELCOME }));
    expect(events?.map(({ message }) => message)).toEqual(['Cloudwatch logs enabled for API Gateway']);
    await iam.send(new DetachRolePolicyCommand(policy));
    expect(await refusalOf(set())).toEqual(REFUSAL);
  });

  it('takes a role that may write to every group, and refuses one that may write to our groups only', async () => {
    const { logs, set, permit } = await withRole();
    await permit(`arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:API-Gateway-Execution-Logs_*`);

    expect(await refusalOf(set())).toEqual(REFUSAL);
    expect((await logs.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([]);

    await permit(`arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:*`);
    await set();
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
    expect(logGroups?.map(({ logGroupName }) => logGroupName)).toEqual([WELCOME]);
  });

  it('refuses a role that trusts another service', async () => {
    const { iam, set, policy } = await withRole('lambda.amazonaws.com');
    await iam.send(new AttachRolePolicyCommand(policy));

    expect(await refusalOf(set())).toEqual(REFUSAL);
  });
});
