import { createHash } from 'node:crypto';
import type { Config, IamAccess, MountConfig } from '../config/config.js';
import { UsageError } from '../errors.js';

interface Statement {
  readonly Sid?: string;
  readonly Action: 'execute-api:Invoke';
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: '*' | { readonly AWS: string | readonly string[] };
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * Paths with an encoded question mark.
 *
 * AWS: API Gateway decodes a path parameter before it goes into the address of the backend. What S3 then makes of a `?`
 * is not established; read as a query, `a.png%3Fresponse-content-type=text/html` would have S3 answer with another type.
 * Whether the policy sees the path encoded or decoded is not established either, so both forms are denied. No image that
 * pixgate sends has a question mark in its name.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
const ENCODED_QUERY = ['execute-api:/*${?}*', 'execute-api:/*%3F*', 'execute-api:/*%3f*'];

/** Verbs that read a mount. */
const READING = ['GET', 'HEAD'];

/** AWS: a resource policy has 8,192 characters. (source: API Gateway Developer Guide, "Quotas") */
const LONGEST = 8192;

/** What `execute-api:/` grows by when AWS writes it out with partition, Region, account and API. */
const GROWTH = 50;

/**
 * The resource policy of the whole API, as JSON text with its fields in order.
 *
 * AWS: once there is one, whoever asks a method without authorisation needs an Allow; and an Allow for everybody that
 * covers a method with IAM authorisation would let in any account that allows itself. So where not every mount is public,
 * each open verb and path is named, and of the others only whom the config names.
 *
 * @throws {UsageError} when it is longer than API Gateway takes.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export function resourcePolicy(config: Config, partition: string): string {
  const open = config.mounts.some(isClosed) ? openPaths(config) : ['execute-api:/*'];
  const statements = [
    allow('*', open),
    deny([...ENCODED_QUERY, ...config.mounts.flatMap((mount) => otherSpellings(config, mount))]),
    ...config.mounts.flatMap((mount) => statementsOf(config, mount, partition)),
  ];
  const text = seal(statements);
  const length = text.length + text.split('execute-api:/').length * GROWTH;
  if (length <= LONGEST) return text;
  throw new UsageError(
    `Cannot make the API's resource policy: it has about ${length} characters, and API Gateway takes ${LONGEST}.`,
    {
      code: 'POLICY_TOO_LONG',
      suggestions: ['name fewer accounts, roles or source IPs (roles may hold *)', 'give the mounts shorter paths'],
    },
  );
}

/** Whether a policy in plain JSON is one that pixgate wrote, for whatever config, and nobody has changed since. */
export function isOwnPolicy(text: string): boolean {
  const { Statement = [] } = JSON.parse(text) as { Statement?: readonly Statement[] };
  if (!Array.isArray(Statement)) return false;
  return seal(Statement.map(({ Sid: _sid, ...statement }: Statement) => statement)) === text;
}

/** Writes a digest of all statements into the first, which tells our policies from other people's. */
function seal(statements: readonly Statement[]): string {
  const plain = JSON.stringify(statements.map(inOrder));
  const Sid = `Pixgate${createHash('sha256').update(plain).digest('hex').slice(0, 16)}`;
  const sealed = statements.map((statement, index) => inOrder(index === 0 ? { ...statement, Sid } : statement));
  return JSON.stringify({ Statement: sealed, Version: '2012-10-17' });
}

/**
 * Whether something else than the policy must let callers in. Of a function's own policy and ours one Allow is enough, so
 * that ours would let in everybody whom a function does not expressly deny.
 */
function isClosed({ access }: MountConfig): boolean {
  return access.kind === 'iam' || access.kind === 'lambda';
}

/** Every verb and path that the policy need not guard. */
function openPaths(config: Config): string[] {
  const preflight = config.cors === undefined ? [] : ['OPTIONS'];
  return config.mounts.flatMap((mount) =>
    (isClosed(mount) ? preflight : [...READING, ...preflight]).map((verb) => below(config, mount, verb)),
  );
}

function below({ stage }: Config, { path }: MountConfig, verb: string): string {
  return `execute-api:/${stage}/${verb}${path}/*`;
}

/** Whether more is asked of callers than the right to call. */
function isConditional({ accounts, roles, sourceIps, mfa }: IamAccess): boolean {
  return [accounts, roles, sourceIps].some((list) => list !== undefined) || mfa === 'required';
}

/**
 * Paths that AWS may take for a mount's although they are spelled with percent-encoded letters, which would get past what
 * the policy asks of the mount's callers. Whether AWS decodes the fixed part of a path is not established.
 */
function otherSpellings(config: Config, mount: MountConfig): string[] {
  if (mount.access.kind !== 'iam' || !isConditional(mount.access)) return [];
  const name = mount.path.slice(1);
  // Whatever is spelled otherwise has a first letter that is.
  const beginnings = [...name].map((_letter, index) => name.slice(0, index));
  return READING.flatMap((verb) => beginnings.map((begin) => `execute-api:/${config.stage}/${verb}/${begin}%*`));
}

function statementsOf(config: Config, mount: MountConfig, partition: string): Statement[] {
  const { access } = mount;
  if (access.kind !== 'iam') return [];
  const resource = READING.map((verb) => below(config, mount, verb));
  const { accounts, principals } = listed(access, partition);
  return [
    ...(accounts.length === 0 ? [] : [allow({ AWS: list(accounts) }, resource)]),
    ...(principals.length === 0 ? [] : [deny(resource, { ArnNotLike: { 'aws:PrincipalArn': list(principals) } })]),
    ...(access.sourceIps === undefined
      ? []
      : [deny(resource, { NotIpAddress: { 'aws:SourceIp': list(access.sourceIps) } })]),
    // AWS: keys that did not begin with MFA carry no such key at all, so that a plain Bool would let them pass.
    ...(access.mfa === 'required' ? [deny(resource, { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } })] : []),
  ];
}

/**
 * The accounts that the policy lets decide for themselves, and the ARNs of all who may be let in by them.
 *
 * Accounts are named rather than roles: AWS turns the name of a role that is deleted into an id, and refuses one that is
 * not there yet.
 */
function listed({ accounts = [], roles = [] }: IamAccess, partition: string) {
  const named = [...new Set([...accounts, ...roles.map((role) => role.split(':')[4] ?? '')])];
  return {
    accounts: named.map((account) => `arn:${partition}:iam::${account}:root`),
    principals: [
      ...accounts.flatMap((account) => [`arn:${partition}:iam::${account}:*`, `arn:${partition}:sts::${account}:*`]),
      ...roles,
    ],
  };
}

function allow(Principal: Statement['Principal'], resources: readonly string[]): Statement {
  return { Action: 'execute-api:Invoke', Effect: 'Allow', Principal, Resource: list(resources) };
}

function deny(resources: readonly string[], Condition?: NonNullable<Statement['Condition']>): Statement {
  const what = { Action: 'execute-api:Invoke', Effect: 'Deny', Principal: '*', Resource: list(resources) } as const;
  return Condition === undefined ? what : { ...what, Condition };
}

/** AWS: a list of one may come back as its item, and the order of items means nothing. */
function list(items: readonly string[]): string | readonly string[] {
  const [only = '', ...others] = [...new Set(items)].sort();
  return others.length === 0 ? only : [only, ...others];
}

/** Fields in alphabetical order, since AWS gives them back in an order of its own. */
function inOrder(statement: Statement): object {
  return Object.fromEntries(Object.entries(statement).sort(([a], [b]) => (a < b ? -1 : 1)));
}
