import type { QueryOperation } from '../wire/query-xml.js';

/** Says who signed; no policy can forbid it. @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export const GetCallerIdentity: QueryOperation = {
  name: 'GetCallerIdentity',
  mutating: false,
  fidelity: 'documented',
  source: 'STS API Reference, GetCallerIdentity',
  run(_input, call) {
    const { arn: Arn, userId: UserId, accountId: Account } = call.caller;
    return { Arn, UserId, Account };
  },
};
