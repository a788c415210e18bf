import type { Call } from '../operation.js';
import { TABLES } from './model.js';
import { operation } from './operation.js';

/** What API Gateway keeps of an account in one Region. */
export interface Account {
  /** The role with which it writes logs, for every API of the Region. */
  cloudwatchRoleArn?: string;
}

/** Reads the account's settings in this Region. */
export function readAccount(call: Call): Account {
  return call.store.get<Account>(TABLES.account, call.region) ?? {};
}

/** Whether API Gateway may write logs in this Region. */
export function hasLoggingRole(call: Call): boolean {
  return readAccount(call).cloudwatchRoleArn !== undefined;
}

/** An account as it goes over the wire. */
export function accountAnswer(account: Account): Record<string, unknown> {
  return {
    ...account,
    throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
    features: ['UsagePlans'],
    apiKeyVersion: '4',
  };
}

/** Answers the account's settings in this Region. */
export const GetAccount = operation({
  name: 'GetAccount',
  route: 'GET /account',
  success: 200,
  fidelity: 'documented',
  source: 'API reference, GetAccount; values as pasted in aws/aws-cdk#7140',
  run: (call) => accountAnswer(readAccount(call)),
});
