import type { JsonOperation } from '../wire/json-1-1.js';
import { notEmulated } from '../wire/refusal.js';
import { toUserFields } from './admin-user.js';
import { invalidParameter, openPool, toPage } from './input.js';
import { COGNITO_TABLES, type User } from './model.js';
import { toAttributes } from './users.js';

/** Attributes that AWS can filter by; what is not standard it cannot. (API Reference, ListUsers) */
const FILTERS: Readonly<Record<string, (user: User) => string | undefined>> = {
  username: ({ username }) => username,
  sub: ({ sub }) => sub,
  status: ({ isEnabled }) => (isEnabled ? 'Enabled' : 'Disabled'),
  'cognito:user_status': ({ status }) => status,
  ...Object.fromEntries(
    ['email', 'phone_number', 'name', 'given_name', 'family_name', 'preferred_username'].map((name) => [
      name,
      ({ attributes }: User) => attributes[name],
    ]),
  ),
};

/** Lists the users of a pool. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html */
export const ListUsers: JsonOperation = {
  name: 'ListUsers',
  mutating: false,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, ListUsers; the order is guessed',
  run(input, call) {
    const pool = openPool(input, call, 'ListUsers');
    const limit = input.findInteger('Limit', 0, 60) || call.settings.pageSize;
    const wanted = input.has('AttributesToGet') ? input.texts('AttributesToGet') : undefined;
    const fits = readFilter(input.findText('Filter'));
    const rows = call.store
      .list<User>(COGNITO_TABLES.user, { prefix: `${pool.id}/` })
      .filter(({ value }) => fits(value));
    const { values, next } = toPage(rows, Math.min(limit, call.settings.pageSize), input.findText('PaginationToken'));
    const users = values.map((user) => ({
      ...toUserFields(user),
      Attributes: toAttributes(user).filter(({ Name }) => wanted?.includes(Name) ?? true),
    }));
    return { Users: users, PaginationToken: next };
  },
};

function readFilter(filter: string | undefined): (user: User) => boolean {
  if (filter === undefined || filter === '') return () => true;
  const [, name, sign, text = ''] = /^\s*([\w:]+)\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/s.exec(filter) ?? [];
  if (name === undefined) throw invalidParameter('Error while parsing filter.');
  const read = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  if (read === undefined) throw notEmulated('cognito-idp', `ListUsers with a filter by ${name}`);
  const value = text.replace(/\\(.)/gs, '$1');
  return (user) => (sign === '=' ? read(user) === value : read(user)?.startsWith(value) === true);
}
