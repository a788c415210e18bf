/** What a Lambda authorizer says of one identity. */
export interface AuthorizerGrant {
  /** Who it is. */
  readonly principalId: string;
  /** What it may do, as JSON text. */
  readonly policy: string;
  /** What else `$context.authorizer` tells, as texts. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * Reads what a Lambda authorizer answered; undefined when it is not what API Gateway wants, down to a single statement.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
export function readGrant(value: unknown): AuthorizerGrant | undefined {
  const answer = toRecord(value);
  const { principalId, policyDocument } = answer ?? {};
  const context = readContextValues(answer?.['context'] ?? {});
  const statements = toList(toRecord(policyDocument)?.['Statement']);
  if (typeof principalId !== 'string' || context === undefined) return undefined;
  if (statements.length === 0 || !statements.every(isStatement)) return undefined;
  return { principalId, policy: JSON.stringify(policyDocument), context };
}

/** AWS: lists and objects in the context are refused. (source: Developer Guide, api-gateway-lambda-authorizer-output) */
function readContextValues(value: unknown): Record<string, string> | undefined {
  const entries = Object.entries(toRecord(value) ?? { '': {} }).filter(([, item]) => item !== null);
  if (entries.some(([, item]) => typeof item === 'object')) return undefined;
  return Object.fromEntries(entries.map(([name, item]) => [name, String(item)]));
}

function isStatement(value: unknown): boolean {
  const { Action, Condition, Effect, NotAction, NotResource, Resource } = toRecord(value) ?? {};
  return (
    (Effect === 'Allow' || Effect === 'Deny') &&
    isTexts(Action ?? NotAction) &&
    isTexts(Resource ?? NotResource) &&
    (Condition === undefined || toRecord(Condition) !== undefined)
  );
}

function isTexts(value: unknown): boolean {
  const list = toList(value);
  return list.length > 0 && list.every((item) => typeof item === 'string');
}

function toList(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
}
