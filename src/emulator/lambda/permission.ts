import { Refusal } from '../wire/refusal.js';
import { demandFunction, invalidParameter, type LambdaOperation, notEmulated, notFound } from './lambda-operation.js';
import { type LambdaFunction, type PermissionStatement, policyOf, saveFunction } from './model.js';

const POLICY = '/2015-03-31/functions/{FunctionName}/policy';

/** Members of AddPermission that are not emulated: they are about function URLs and event sources of other vendors. */
const LEFT_OUT = ['EventSourceToken', 'FunctionUrlAuthType', 'InvokedViaFunctionUrl'];

/** Adds a statement to the function's policy. */
export const AddPermission: LambdaOperation = {
  name: 'AddPermission',
  route: `POST ${POLICY}`,
  success: 201,
  mutating: true,
  fidelity: 'documented',
  source: 'API Reference, Lambda AddPermission; the sentences of its refusals are remembered',
  run(call, input) {
    const found = demandFunction(call, 'AddPermission', input);
    const left = LEFT_OUT.find((name) => input.body[name] !== undefined);
    if (left !== undefined) throw notEmulated(`AddPermission ${left}`);
    checkRevision(found, readText(input.body, 'RevisionId'));
    const statement = toStatement(found, input.body, call.settings.partition);
    if (found.statements.some(({ Sid }) => Sid === statement.Sid))
      throw new Refusal(
        'ResourceConflictException',
        409,
        `The statement id (${statement.Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      );
    const statements = [...found.statements, statement];
    saveFunction(call.store, call.region, { ...found, statements, revisionId: call.newUuid() });
    return { Statement: JSON.stringify(statement) };
  },
};

/** Takes a statement out of the function's policy. */
export const RemovePermission: LambdaOperation = {
  name: 'RemovePermission',
  route: `DELETE ${POLICY}/{StatementId}`,
  success: 204,
  mutating: true,
  fidelity: 'documented',
  source: 'API Reference, Lambda RemovePermission; the sentences of its refusals are remembered',
  run(call, input) {
    const found = demandFunction(call, 'RemovePermission', input);
    const id = input.path['StatementId'] ?? '';
    const statements = found.statements.filter(({ Sid }) => Sid !== id);
    if (found.statements.length === 0) throw notFound('No policy is associated with the given resource.');
    if (statements.length === found.statements.length)
      throw notFound(`Statement ${id} is not found in resource policy.`);
    checkRevision(found, input.query.get('RevisionId') ?? undefined);
    saveFunction(call.store, call.region, { ...found, statements, revisionId: call.newUuid() });
    return undefined;
  },
};

/** Answers the function's policy, as JSON text. */
export const GetPolicy: LambdaOperation = {
  name: 'GetPolicy',
  route: `GET ${POLICY}`,
  success: 200,
  mutating: false,
  fidelity: 'documented',
  source: 'API Reference, Lambda GetPolicy; the sentences of its refusals are remembered',
  run(call, input) {
    const found = demandFunction(call, 'GetPolicy', input);
    const Policy = policyOf(found);
    if (Policy === undefined) throw notFound('The resource you requested does not exist.');
    return { Policy, RevisionId: found.revisionId };
  },
};

function checkRevision({ revisionId }: LambdaFunction, asked: string | undefined): void {
  if (asked !== undefined && asked !== revisionId)
    throw new Refusal(
      'PreconditionFailedException',
      412,
      'The RevisionId provided does not match the latest RevisionId. Call the GetPolicy API to retrieve the latest RevisionId',
    );
}

function toStatement(
  { arn }: LambdaFunction,
  body: Readonly<Record<string, unknown>>,
  partition: string,
): PermissionStatement {
  const Condition = toCondition(body);
  return {
    Sid: getText(body, 'StatementId', '[a-zA-Z0-9-_]{1,100}'),
    Effect: 'Allow',
    Principal: toPrincipal(getText(body, 'Principal', '[^\\s]+'), partition),
    Action: getText(body, 'Action', 'lambda:[*]|lambda:[a-zA-Z]+|[*]'),
    Resource: arn,
    ...(Object.keys(Condition).length > 0 && { Condition }),
  };
}

function toPrincipal(principal: string, partition: string): PermissionStatement['Principal'] {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:${partition}:iam::${principal}:root` };
  if (/^arn:[^:]+:(?:iam|sts)::\d{12}:.+$/.test(principal)) return { AWS: principal };
  if (/^[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?$/.test(principal)) return { Service: principal };
  throw invalidParameter('The provided principal was invalid. Please check the principal and try again.');
}

function toCondition(body: Readonly<Record<string, unknown>>): Record<string, Record<string, string>> {
  const arn = readText(body, 'SourceArn');
  const account = readText(body, 'SourceAccount');
  const organisation = readText(body, 'PrincipalOrgID');
  const equal = {
    ...(account !== undefined && { 'AWS:SourceAccount': account }),
    ...(organisation !== undefined && { 'aws:PrincipalOrgID': organisation }),
  };
  return {
    ...(Object.keys(equal).length > 0 && { StringEquals: equal }),
    ...(arn !== undefined && { ArnLike: { 'AWS:SourceArn': arn } }),
  };
}

function readText(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = body[name] ?? undefined;
  if (value !== undefined && typeof value !== 'string')
    throw new Refusal('SerializationException', 400, `${name} is not a text.`);
  return value;
}

function getText(body: Readonly<Record<string, unknown>>, name: string, pattern: string): string {
  const value = readText(body, name);
  if (value !== undefined && new RegExp(`^(?:${pattern})$`).test(value)) return value;
  const at = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  const shown = value === undefined ? 'Value null' : `Value '${value}'`;
  const constraint =
    value === undefined ? 'Member must not be null' : `Member must satisfy regular expression pattern: ${pattern}`;
  const message = `1 validation error detected: ${shown} at '${at}' failed to satisfy constraint: ${constraint}`;
  throw new Refusal('ValidationException', 400, message);
}
