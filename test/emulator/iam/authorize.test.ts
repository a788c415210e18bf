import { describe, expect, test } from 'vitest';
import { assumeRoleAsService, authorize } from '../../../src/emulator/iam/authorize.js';
import { putUser } from '../../../src/emulator/iam/credentials.js';
import { IAM_TABLES, type Role, roleKey } from '../../../src/emulator/iam/model.js';
import type { Call, Caller, Verdict } from '../../../src/emulator/operation.js';
import { openStore } from '../../../src/emulator/store.js';

const OWNER = '111122223333';
const STRANGER = '444455556666';
const BUCKET = 'arn:aws:s3:::photos';
const NOW_MS = Date.parse('2026-03-01T12:00:00Z');

/** A call in an account with a reader in each of two accounts, and a role. */
function newCall(role: Partial<Role> = {}): Call {
  const store = openStore();
  const allow = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: BUCKET }],
  });
  for (const [accountId, name, policies] of [
    [OWNER, 'reader', { p: allow }],
    [OWNER, 'nobody', {}],
    [STRANGER, 'reader', { p: allow }],
    [STRANGER, 'nobody', {}],
  ] as const)
    putUser(store, { accountId, name, accessKeyId: `AKIA${accountId}`, secretAccessKey: 's', policies }, NOW_MS);
  const value: Role = {
    name: 'gate',
    path: '/pixgate/',
    id: 'AROA1',
    arn: `arn:aws:iam::${OWNER}:role/pixgate/gate`,
    createdAt: '2026-01-01T00:00:00Z',
    trustPolicy: trust({}),
    maxSessionSeconds: 3600,
    tags: {},
    policies: { p: allow },
    attached: [],
    ...role,
  };
  store.put(IAM_TABLES.role, roleKey(OWNER, 'gate'), value);
  const absent = (): never => {
    throw new Error('not in this world');
  };
  return {
    store,
    now: () => NOW_MS,
    wall: () => NOW_MS,
    newId: (length) => 'a'.repeat(length),
    newUuid: absent,
    region: 'eu-west-1',
    caller: userOf(OWNER, 'reader'),
    requestId: 'r',
    settings: { accountId: OWNER, partition: 'aws', pageSize: 5, cacheClusterMs: 0 },
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

function userOf(accountId: string, name: string): Caller {
  return { kind: 'user', accountId, name, arn: `arn:aws:iam::${accountId}:user/${name}`, userId: 'AIDA1' };
}

function rootOf(accountId: string): Caller {
  return { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId };
}

const ANONYMOUS: Caller = { kind: 'anonymous', accountId: '', arn: '', userId: '' };
const SESSION: Caller = {
  kind: 'assumed-role',
  accountId: OWNER,
  name: 'gate',
  arn: `arn:aws:sts::${OWNER}:assumed-role/gate/s`,
  userId: 'AROA1:s',
};

function bucketPolicy(Effect: 'Allow' | 'Deny', Principal: unknown, Condition?: unknown): string {
  const statement = { Effect, Principal, Action: 's3:*', Resource: BUCKET, ...(Condition ? { Condition } : {}) };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

function trust(condition: Record<string, unknown>, service = 'apigateway.amazonaws.com'): string {
  const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', ...condition };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

describe('authorize()', () => {
  const named = (name: string, accountId = OWNER) => ({ AWS: `arn:aws:iam::${accountId}:user/${name}` });
  const rows: [what: string, caller: Caller, policy: string | undefined, verdict: Verdict][] = [
    ['an identity policy is enough in the account', userOf(OWNER, 'reader'), undefined, 'allowed'],
    ['a session has the policies of its role', SESSION, undefined, 'allowed'],
    ['no policy is a refusal', userOf(OWNER, 'nobody'), undefined, 'implicit-deny'],
    ['a user who is not in the account may nothing', userOf(OWNER, 'ghost'), undefined, 'implicit-deny'],
    [
      'a resource policy that names the user is enough',
      userOf(OWNER, 'nobody'),
      bucketPolicy('Allow', named('nobody')),
      'allowed',
    ],
    [
      'a resource policy that names everybody is enough',
      userOf(OWNER, 'nobody'),
      bucketPolicy('Allow', '*'),
      'allowed',
    ],
    [
      'one that names the account leaves it to identity policies',
      userOf(OWNER, 'nobody'),
      bucketPolicy('Allow', { AWS: OWNER }),
      'implicit-deny',
    ],
    ['a Deny of the resource wins', userOf(OWNER, 'reader'), bucketPolicy('Deny', '*'), 'explicit-deny'],
    [
      'a Deny under a condition that is not met does nothing',
      userOf(OWNER, 'reader'),
      bucketPolicy('Deny', '*', { Bool: { 'aws:SecureTransport': 'false' } }),
      'allowed',
    ],
    ['root may everything in its account', rootOf(OWNER), undefined, 'allowed'],
    [
      'root is bound by a Deny of the resource',
      rootOf(OWNER),
      bucketPolicy('Deny', { AWS: `arn:aws:iam::${OWNER}:root` }),
      'explicit-deny',
    ],
    ['root of another account may nothing', rootOf(STRANGER), undefined, 'implicit-deny'],
    ['across accounts an identity policy alone is not enough', userOf(STRANGER, 'reader'), undefined, 'implicit-deny'],
    [
      'across accounts a resource policy alone is not enough',
      userOf(STRANGER, 'nobody'),
      bucketPolicy('Allow', named('nobody', STRANGER)),
      'implicit-deny',
    ],
    [
      'across accounts both together are',
      userOf(STRANGER, 'reader'),
      bucketPolicy('Allow', { AWS: STRANGER }),
      'allowed',
    ],
    ['the anonymous may nothing', ANONYMOUS, undefined, 'implicit-deny'],
    ['the anonymous may what everybody may', ANONYMOUS, bucketPolicy('Allow', '*'), 'allowed'],
    ['the anonymous are denied what everybody is', ANONYMOUS, bucketPolicy('Deny', '*'), 'explicit-deny'],
    [
      'a session is named by the ARN of its role',
      SESSION,
      bucketPolicy('Deny', { AWS: `arn:aws:iam::${OWNER}:role/pixgate/gate` }),
      'explicit-deny',
    ],
  ];
  test.each(rows)('authorize(): %s', (_what, caller, resourcePolicy, verdict) => {
    const call = newCall();

    const said = authorize(call, { caller, action: 's3:ListBucket', resource: BUCKET, resourcePolicy });

    expect(said).toBe(verdict);
  });

  const keys: [key: string, value: string][] = [
    ['aws:SecureTransport', 'true'],
    ['aws:PrincipalArn', `arn:aws:iam::${OWNER}:role/pixgate/gate`],
    ['aws:PrincipalAccount', OWNER],
    ['aws:userid', 'AROA1:s'],
    ['aws:CurrentTime', '2026-03-01T12:00:00.000Z'],
    ['aws:EpochTime', String(NOW_MS / 1000)],
    ['aws:ResourceAccount', OWNER],
    ['aws:ViaAWSService', 'false'],
    ['aws:SourceIp', '203.0.113.9'],
    ['aws:RequestedRegion', 'eu-west-1'],
  ];
  test.each(keys)('authorize() tells policies that %s is %s', (key, value) => {
    const call = newCall();
    const resourcePolicy = bucketPolicy('Deny', '*', { StringEquals: { [key]: value } });
    const ask = { caller: SESSION, action: 's3:ListBucket', resource: BUCKET, resourcePolicy };

    const verdict = authorize(call, { ...ask, context: { 'aws:SourceIp': '203.0.113.9' } });

    expect(verdict).toBe('explicit-deny');
  });

  test('authorize() lets a request say that it came without TLS', () => {
    const call = newCall();
    const resourcePolicy = bucketPolicy('Deny', '*', { Bool: { 'aws:SecureTransport': 'false' } });
    const ask = { caller: SESSION, action: 's3:ListBucket', resource: BUCKET, resourcePolicy };

    const verdict = authorize(call, { ...ask, context: { 'aws:SecureTransport': 'false' } });

    expect(verdict).toBe('explicit-deny');
  });
});

describe('assumeRoleAsService()', () => {
  const ARN = `arn:aws:iam::${OWNER}:role/pixgate/gate`;
  const rows: [what: string, policy: string, context: Record<string, string>, trusted: boolean][] = [
    ['a role that trusts the service is taken on', trust({}), {}, true],
    ['a role that trusts another service is not', trust({}, 'lambda.amazonaws.com'), {}, false],
    [
      'a condition on aws:SourceAccount fails while the service sends no such key',
      trust({ Condition: { StringEquals: { 'aws:SourceAccount': OWNER } } }),
      {},
      false,
    ],
    [
      'a condition on aws:SourceArn fails while the service sends no such key',
      trust({ Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:execute-api:*' } } }),
      {},
      false,
    ],
    [
      'a condition holds when the service sends the key',
      trust({ Condition: { StringEquals: { 'aws:SourceAccount': OWNER } } }),
      { 'aws:SourceAccount': OWNER },
      true,
    ],
    [
      'an IfExists condition holds without the key',
      trust({ Condition: { StringEqualsIfExists: { 'aws:SourceAccount': OWNER } } }),
      {},
      true,
    ],
    ['a Deny wins', trust({ Effect: 'Deny' }), {}, false],
  ];
  test.each(rows)('assumeRoleAsService(): %s', (_what, trustPolicy, context, trusted) => {
    const call = newCall({ trustPolicy });

    const session = assumeRoleAsService(call, ARN, 'apigateway.amazonaws.com', context);

    expect(session !== undefined).toBe(trusted);
  });

  test('assumeRoleAsService() answers a session of the role', () => {
    const call = newCall();

    const session = assumeRoleAsService(call, ARN, 'apigateway.amazonaws.com');

    expect(session).toEqual({
      kind: 'assumed-role',
      accountId: OWNER,
      name: 'gate',
      arn: `arn:aws:sts::${OWNER}:assumed-role/gate/BackplaneAssumeRoleSession`,
      userId: 'AROA1:BackplaneAssumeRoleSession',
    });
  });

  test.each([
    `arn:aws:iam::${OWNER}:role/gate`,
    `arn:aws:iam::${OWNER}:role/pixgate/other`,
    `arn:aws:iam::${STRANGER}:role/pixgate/gate`,
    'gate',
    '',
  ])('assumeRoleAsService() finds no role under %s', (arn) => {
    const call = newCall();

    const session = assumeRoleAsService(call, arn, 'apigateway.amazonaws.com');

    expect(session).toBeUndefined();
  });
});
