/** A statement of a bucket policy, as loosely as AWS takes it: every list may be a bare value. */
interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * What each condition key asks that API Gateway's own requests to S3 may not give.
 *
 * AWS: a service that reads with a role comes neither through a VPC endpoint nor from an address of the account.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const WANTS: Readonly<Record<string, string>> = {
  'aws:sourcevpc': 'asks for a VPC, and API Gateway comes from none of yours',
  'aws:sourcevpce': 'asks for a VPC endpoint, and API Gateway uses none',
  'aws:vpcsourceip': 'asks for an address in a VPC, and API Gateway comes from none of yours',
  'aws:sourceip': 'asks for addresses, and API Gateway comes from its own',
  'aws:principalarn': 'asks for certain principals, and the role must be among them',
  'aws:userid': 'asks for certain principals, and the role must be among them',
  'aws:principalorgid': 'asks for an organisation, and the role is in one only if this account is',
  'aws:principalorgpaths': 'asks for an organisation, and the role is in one only if this account is',
  'aws:principalaccount': 'asks for certain accounts, and this one must be among them',
};

/** Keys that API Gateway's reads satisfy, or that only writes carry. */
const HARMLESS = /^(aws:securetransport|s3:tlsversion|s3:x-amz-.*|aws:resourceaccount|s3:resourceaccount)$/;

/** Which Deny statements of a bucket policy may shut the role out that API Gateway reads with: a sentence each. */
export function findShutOuts(policy: string, roleArn: string): string[] {
  return statementsOf(policy).flatMap((statement, n) => {
    if (statement.Effect !== 'Deny' || !coversReading(statement) || !concerns(statement, roleArn)) return [];
    const which = statement.Sid === undefined ? `statement ${n + 1} of its policy` : `its policy's "${statement.Sid}"`;
    return reasonsOf(statement).map((reason) => `${which} may shut API Gateway's role out: it ${reason}.`);
  });
}

/** Whether a bucket policy denies what does not come over TLS. */
export function refusesPlainHttp(policy: string): boolean {
  return statementsOf(policy).some(
    ({ Effect, Condition }) =>
      Effect === 'Deny' &&
      Object.values(Condition ?? {}).some((keys) =>
        Object.entries(keys).some(
          ([key, value]) => key.toLowerCase() === 'aws:securetransport' && listOf(value).includes('false'),
        ),
      ),
  );
}

function reasonsOf({ NotPrincipal, Condition = {} }: Statement): string[] {
  if (NotPrincipal !== undefined) return ['denies everybody whom it does not name'];
  const keys = Object.values(Condition).flatMap((is) => Object.keys(is).map((key) => key.toLowerCase()));
  if (keys.length === 0) return ['denies reading without a condition'];
  // All conditions of a statement must hold before it denies, so one that API Gateway never meets disarms the others.
  if (keys.some((key) => key === 'aws:securetransport' || key === 's3:tlsversion')) return [];
  const telling = keys.filter((key) => !HARMLESS.test(key));
  return [...new Set(telling.map((key) => WANTS[key] ?? `has a condition on ${key}`))];
}

function coversReading({ Action, NotAction }: Statement): boolean {
  const reads = ['s3:getobject', 's3:listbucket'];
  const covers = (patterns: unknown, action: string): boolean =>
    listOf(patterns).some((pattern) => matches(pattern.toLowerCase(), action));
  return reads.some((action) => (NotAction === undefined ? covers(Action, action) : !covers(NotAction, action)));
}

function concerns({ Principal, NotPrincipal }: Statement, roleArn: string): boolean {
  if (NotPrincipal !== undefined) return !principalsOf(NotPrincipal).includes(roleArn);
  const account = roleArn.split(':')[4] ?? '';
  const partition = roleArn.split(':')[1] ?? '';
  const us = ['*', roleArn, account, `arn:${partition}:iam::${account}:root`];
  return principalsOf(Principal).some((principal) => us.includes(principal));
}

function principalsOf(principal: unknown): string[] {
  if (typeof principal !== 'object' || principal === null) return listOf(principal);
  return listOf((principal as Readonly<Record<string, unknown>>)['AWS']);
}

function statementsOf(policy: string): readonly Statement[] {
  if (policy === '') return [];
  const { Statement: statements = [] } = JSON.parse(policy) as { Statement?: Statement | readonly Statement[] };
  return Array.isArray(statements) ? statements : [statements as Statement];
}

function listOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}
