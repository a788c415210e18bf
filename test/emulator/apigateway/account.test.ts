import { GetAccountCommand, UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, badRequest, createControlPlane, patch, ROLE, refused } from './control-plane.js';

const setRole = (value?: string) => patch(['replace', '/cloudwatchRoleArn', value]);

const NOT_PERMITTED = badRequest('The role ARN does not have required permissions set to API Gateway');

describe('GetAccount', () => {
  it('answers limits and features of an account without a role', async () => {
    const { client } = createControlPlane();

    const { $metadata: _metadata, ...account } = await client.send(new GetAccountCommand({}));

    expect(account).toEqual({
      throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
      features: ['UsagePlans'],
      apiKeyVersion: '4',
    });
  });
});

describe('UpdateAccount', () => {
  it('sets the role of one Region, writes to the welcome group, and clears the role again', async () => {
    const plane = createControlPlane();

    const set = await plane.client.send(
      new UpdateAccountCommand({
        patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value: ROLE }],
      }),
    );

    expect(set.cloudwatchRoleArn).toBe(ROLE);
    expect(plane.asked.logged).toEqual([{ group: '/aws/apigateway/welcome', createGroup: true }]);
    expect(plane.ask('GET', '/account', undefined, 'us-east-1').body).not.toHaveProperty('cloudwatchRoleArn');
    expect(plane.make('PATCH', '/account', setRole(''))).not.toHaveProperty('cloudwatchRoleArn');
    expect(plane.make('GET', '/account')).not.toHaveProperty('cloudwatchRoleArn');
    expect(plane.asked.logged).toHaveLength(1);
  });

  it('refuses a role that does not trust API Gateway, and keeps the old one', () => {
    const plane = createControlPlane({ trusted: [ROLE] });
    plane.make('PATCH', '/account', setRole(ROLE));

    expect(plane.ask('PATCH', '/account', setRole(`${ROLE}2`))).toEqual(NOT_PERMITTED);

    expect(plane.make('GET', '/account')['cloudwatchRoleArn']).toBe(ROLE);
  });

  it.each([
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:DescribeLogGroups',
    'logs:DescribeLogStreams',
    'logs:PutLogEvents',
    'logs:GetLogEvents',
    'logs:FilterLogEvents',
  ])('refuses a role without %s on the welcome group', (missing) => {
    const welcome = `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:/aws/apigateway/welcome:log-stream:`;
    const plane = createControlPlane({
      judge: ({ caller, action, resource }) =>
        caller.kind === 'assumed-role' && action === missing && resource === welcome ? 'implicit-deny' : 'allowed',
    });

    expect(plane.ask('PATCH', '/account', setRole(ROLE))).toEqual(NOT_PERMITTED);
    expect(plane.asked.logged).toEqual([]);
  });

  it('refuses what is no role, a role of another account, a role the caller may not pass, and another path', () => {
    const plane = createControlPlane({
      judge: ({ action, resource }) => (action === 'iam:PassRole' && resource !== ROLE ? 'implicit-deny' : 'allowed'),
    });

    expect(plane.ask('PATCH', '/account', setRole('images'))).toEqual(badRequest('The role ARN is not well formed'));
    expect(plane.ask('PATCH', '/account', setRole('arn:aws:iam::111111111111:role/a'))).toEqual(
      refused(403, 'AccessDeniedException', 'Cross-account pass role is not allowed.'),
    );
    expect(plane.ask('PATCH', '/account', setRole(`${ROLE}2`)).status).toBe(403);
    expect(plane.ask('PATCH', '/account', patch(['replace', '/features', 'x']))).toEqual(
      badRequest('Invalid patch path /features'),
    );
  });
});
