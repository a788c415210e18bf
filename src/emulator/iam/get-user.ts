import type { QueryOperation } from '../wire/query-xml.js';
import { Refusal } from '../wire/refusal.js';
import { demand } from './authorize.js';
import { findUser } from './model.js';

/** Reads a user; without a name, the caller itself. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html */
export const GetUser: QueryOperation = {
  name: 'GetUser',
  mutating: false,
  fidelity: 'documented',
  source: 'IAM API Reference, GetUser',
  run(input, call) {
    const { caller } = call;
    const name = input.find('UserName') ?? (caller.kind === 'user' ? caller.name : undefined);
    if (name === undefined)
      throw new Refusal('ValidationError', 400, 'Must specify userName when calling with non-User credentials');
    const user = findUser(call.store, caller.accountId, name);
    demand(call, {
      action: 'iam:GetUser',
      resource: user?.arn ?? `arn:${call.settings.partition}:iam::${caller.accountId}:user/${name}`,
      resourceAccount: caller.accountId,
    });
    if (user === undefined) throw new Refusal('NoSuchEntity', 404, `The user with name ${name} cannot be found.`);
    const { path: Path, name: UserName, id: UserId, arn: Arn, createdAt: CreateDate } = user;
    return { User: { Path, UserName, UserId, Arn, CreateDate } };
  },
};
