import type { Call, Handled, Service, WireResponse } from '../operation.js';
import { Refusal } from '../wire/refusal.js';
import { parseJsonObject, restJsonResponse } from '../wire/rest-json.js';
import { routeTable } from '../wire/route-table.js';
import { GetFunction, GetFunctionConfiguration } from './get-function.js';
import { type LambdaOperation, notEmulated } from './lambda-operation.js';
import { NOT_EMULATED } from './not-emulated.js';
import { AddPermission, GetPolicy, RemovePermission } from './permission.js';

const OPERATIONS: readonly LambdaOperation[] = [
  GetFunction,
  GetFunctionConfiguration,
  AddPermission,
  RemovePermission,
  GetPolicy,
];

const findOperation = routeTable<LambdaOperation | string>([
  ...OPERATIONS.map((operation) => [operation.route, operation] as const),
  ...Object.entries(NOT_EMULATED),
]);

/**
 * Functions that lie on this disk, and who may call them. They come into the account from outside only.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
 */
export const lambdaService: Service = {
  signingName: 'lambda',
  operations: OPERATIONS,
  handle(request, call): Handled {
    const query = new URLSearchParams(request.query);
    const match = findOperation(request.method, request.path, query);
    const operation = typeof match?.target === 'object' ? match.target.name : match?.target;
    try {
      if (match === undefined) throw notEmulated(`${request.method} ${request.path}`);
      if (typeof match.target === 'string') throw notEmulated(match.target);
      const body = parseJsonObject(request.body);
      if (body === undefined)
        throw new Refusal('SerializationException', 400, 'Could not parse request body into json');
      const output = match.target.run(call, { path: match.path, query, body });
      return { operation, response: restJsonResponse(match.target.success, output, call.requestId) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { operation, response: toError(error, call) };
    }
  },
};

/** Errors whose message the service model spells with a capital letter. */
const CAPITAL = ['ResourceNotFoundException', 'AccessDeniedException', 'NotImplemented'];

function toError({ code, message, status }: Refusal, { requestId }: Call): WireResponse {
  const type = status === 501 ? 'Service' : 'User';
  const body = { Type: type, [CAPITAL.includes(code) ? 'Message' : 'message']: message };
  return restJsonResponse(status, body, requestId, { 'x-amzn-ErrorType': code });
}
