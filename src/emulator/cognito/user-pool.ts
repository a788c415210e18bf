import type { Call } from '../operation.js';
import type { JsonOperation } from '../wire/json-1-1.js';
import { demandAction, invalidParameter, openPool, tagKeys, toPage } from './input.js';
import { COGNITO_TABLES, deleteRows, poolArn, savePool, type User, type UserPool } from './model.js';
import { readPoolSettings } from './pool-settings.js';

/** What a pool may be called. */
const NAME_RULE = { min: 1, max: 128, pattern: '[\\w\\s+=,.@-]+' };

/** Makes a user pool. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html */
export const CreateUserPool: JsonOperation = {
  name: 'CreateUserPool',
  mutating: true,
  fidelity: 'documented',
  source:
    'Amazon Cognito API Reference, CreateUserPool; which pieces of a policy are false when left out, and the sentence about MFA, are guessed',
  run(input, call) {
    const name = input.getText('PoolName', NAME_RULE);
    const settings = readPoolSettings(input, 'CreateUserPool', false);
    demandAction(call, 'CreateUserPool', '*', tagKeys('RequestTag', settings.tags));
    const id = `${call.region}_${call.newId(9)}`;
    const pool: UserPool = {
      ...settings,
      id,
      name,
      arn: poolArn(call, id),
      accountId: call.caller.accountId,
      region: call.region,
      createdAtMs: call.now(),
      modifiedAtMs: call.now(),
      hasSoftwareToken: false,
      ...(input.has('UsernameConfiguration')
        ? { isCaseSensitive: input.structure('UsernameConfiguration').isTrue('CaseSensitive') }
        : {}),
    };
    savePool(call, pool);
    return { UserPool: toPoolFields(call, pool) };
  },
};

/** Reads a user pool. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html */
export const DescribeUserPool: JsonOperation = {
  name: 'DescribeUserPool',
  mutating: false,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, DescribeUserPool; SchemaAttributes are left out',
  run(input, call) {
    return { UserPool: toPoolFields(call, openPool(input, call, 'DescribeUserPool')) };
  },
};

/**
 * Sets a user pool anew.
 *
 * AWS: whatever the call leaves out gets its default value again. (API Reference, UpdateUserPool)
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
 */
export const UpdateUserPool: JsonOperation = {
  name: 'UpdateUserPool',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, UpdateUserPool; that this holds for tags and MFA too is guessed',
  run(input, call) {
    const before = openPool(input, call, 'UpdateUserPool');
    const settings = readPoolSettings(input, 'UpdateUserPool', before.hasSoftwareToken);
    const { recovery: _, ...rest } = before;
    savePool(call, { ...rest, ...settings, name: input.findText('PoolName', NAME_RULE) ?? before.name });
    return {};
  },
};

/** Removes a user pool with everything in it. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPool.html */
export const DeleteUserPool: JsonOperation = {
  name: 'DeleteUserPool',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, DeleteUserPool; the sentence about deletion protection is guessed',
  run(input, call) {
    const pool = openPool(input, call, 'DeleteUserPool');
    if (pool.deletionProtection === 'ACTIVE')
      throw invalidParameter(
        'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
      );
    const { pool: pools, ...contents } = COGNITO_TABLES;
    call.store.delete(pools, pool.id);
    for (const table of Object.values(contents))
      deleteRows<{ poolId: string }>(call.store, table, ({ poolId }) => poolId === pool.id);
    return undefined;
  },
};

/** Lists user pools. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPools.html */
export const ListUserPools: JsonOperation = {
  name: 'ListUserPools',
  mutating: false,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, ListUserPools; the order is guessed',
  run(input, call) {
    const most = input.findInteger('MaxResults', 1, 60);
    if (most === undefined) throw invalidParameter('Missing required parameter MaxResults');
    demandAction(call, 'ListUserPools', '*');
    const mine = call.store
      .list<UserPool>(COGNITO_TABLES.pool, { prefix: `${call.region}_` })
      .filter(({ value }) => value.accountId === call.caller.accountId);
    const { values, next } = toPage(mine, Math.min(most, call.settings.pageSize), input.findText('NextToken'));
    return { UserPools: values.map(toDescription), NextToken: next };
  },
};

function toDescription(pool: UserPool): Record<string, unknown> {
  return {
    Id: pool.id,
    Name: pool.name,
    LambdaConfig: {},
    LastModifiedDate: pool.modifiedAtMs / 1000,
    CreationDate: pool.createdAtMs / 1000,
  };
}

function toPoolFields(call: Call, pool: UserPool): Record<string, unknown> {
  const users = call.store.list<User>(COGNITO_TABLES.user, { prefix: `${pool.id}/` });
  return {
    ...toDescription(pool),
    Arn: pool.arn,
    Policies: { PasswordPolicy: pool.passwordPolicy },
    DeletionProtection: pool.deletionProtection,
    ...(pool.autoVerified.length > 0 ? { AutoVerifiedAttributes: pool.autoVerified } : {}),
    MfaConfiguration: pool.mfa,
    EstimatedNumberOfUsers: users.length,
    UserPoolTags: pool.tags,
    AdminCreateUserConfig: {
      AllowAdminCreateUserOnly: pool.isAdminOnly,
      UnusedAccountValidityDays: pool.passwordPolicy.TemporaryPasswordValidityDays,
    },
    ...(pool.isCaseSensitive === undefined ? {} : { UsernameConfiguration: { CaseSensitive: pool.isCaseSensitive } }),
    ...(pool.recovery === undefined ? {} : { AccountRecoverySetting: { RecoveryMechanisms: pool.recovery } }),
    UserPoolTier: pool.tier,
  };
}
