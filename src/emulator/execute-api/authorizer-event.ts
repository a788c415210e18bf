import type { Authorizer } from '../apigateway/authorizer-model.js';
import { readToken } from './authorizer.js';
import { type Exchange, routeOf } from './context.js';
import { contextVariables } from './context-variables.js';
import { methodArn } from './method-arn.js';

/** What of `$context` a function is told. */
const REQUEST_CONTEXT = [
  'accountId',
  'apiId',
  'deploymentId',
  'domainName',
  'domainPrefix',
  'extendedRequestId',
  'httpMethod',
  'identity',
  'path',
  'protocol',
  'requestId',
  'requestTime',
  'requestTimeEpoch',
  'resourceId',
  'resourcePath',
  'stage',
];

/**
 * What the function of an authorizer is asked: with one token, or with the whole request but its body.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
export function toAuthorizerEvent(exchange: Exchange, authorizer: Authorizer): Record<string, unknown> {
  const { client, stageVariables } = exchange;
  if (authorizer.type === 'TOKEN')
    return { type: 'TOKEN', methodArn: methodArn(exchange), authorizationToken: readToken(exchange, authorizer) };
  const { pathParameters, resource } = routeOf(exchange);
  const variables = contextVariables(exchange);
  const told = REQUEST_CONTEXT.filter((name) => variables[name] !== undefined);
  const multiValueHeaders: Record<string, string[]> = {};
  for (const [name, value] of client.headers) multiValueHeaders[name] = [...(multiValueHeaders[name] ?? []), value];
  return {
    type: 'REQUEST',
    methodArn: methodArn(exchange),
    resource: resource.path,
    path: client.path,
    httpMethod: client.method,
    headers: lastOfEach(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: lastOfEach(client.query),
    multiValueQueryStringParameters: { ...client.query },
    pathParameters,
    stageVariables,
    requestContext: Object.fromEntries(told.map((name) => [name, variables[name]])),
  };
}

function lastOfEach(values: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? '']));
}
