interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Condition?: unknown;
}

/** Condition keys whose fixed values keep a statement for everybody from being public. */
const NARROWING_KEYS: ReadonlySet<string> = new Set([
  'aws:principalarn',
  'aws:principalorgid',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceip',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  'aws:vpcsourceip',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
]);

/**
 * Whether a bucket policy lets just anybody in, as Block Public Access judges it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export function isPublicPolicy(policy: string): boolean {
  const { Statement } = JSON.parse(policy) as { Statement: Statement | Statement[] };
  return [Statement].flat().some((statement) => statement.Effect === 'Allow' && isForAll(statement));
}

function isForAll(statement: Statement): boolean {
  const everybody =
    statement.NotPrincipal !== undefined || principals(statement.Principal).some((arn) => arn.includes('*'));
  return everybody && !isNarrowed(statement.Condition);
}

function principals(principal: unknown): string[] {
  if (typeof principal === 'string') return [principal];
  if (typeof principal !== 'object' || principal === null) return [];
  return Object.values(principal).flat().map(String);
}

function isNarrowed(condition: unknown): boolean {
  if (typeof condition !== 'object' || condition === null) return false;
  return Object.entries(condition).some(([operator, test]) => {
    // A negated or IfExists test lets strangers through, whatever its values.
    if (/not|ifexists|^null$/i.test(operator) || typeof test !== 'object' || test === null) return false;
    return Object.entries(test).some(([key, values]) => NARROWING_KEYS.has(key.toLowerCase()) && isFixed(values));
  });
}

function isFixed(values: unknown): boolean {
  return [values].flat().every((value) => !/[*?]|\$\{|^0\.0\.0\.0\/0$|^::\/0$/.test(String(value)));
}
