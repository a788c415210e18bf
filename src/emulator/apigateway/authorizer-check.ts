import type { Call } from '../operation.js';
import { authorisePassRole } from './authorise.js';
import { type Authorizer, DEFAULT_TTL_SECONDS, functionOfUri, identitySources } from './authorizer-model.js';
import { badRequest } from './errors.js';
import { TABLES } from './model.js';

const MAX_TTL_SECONDS = 3600;
const HEADER = /^method\.request\.header\.[^\s,]+$/;
const ANY_SOURCE = /^(?:method\.request\.(?:header|querystring)\.[^\s,]+|stageVariables\.\w+|context\.[\w.-]+)$/;
const POOL_ARN = /^arn:[\w-]+:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/[\w-]+$/;

/**
 * Refuses an authorizer that cannot work. Neither function nor pools are looked for.
 *
 * @throws {Refusal} BadRequestException, or AccessDeniedException for a role that the caller may not pass. The sentences are guesses.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html
 */
export function checkAuthorizer(call: Call, apiId: string, authorizer: Authorizer): void {
  const { authorizerResultTtlInSeconds: ttl = DEFAULT_TTL_SECONDS, id, name } = authorizer;
  const others = call.store.list<Authorizer>(TABLES.authorizer, { prefix: `${apiId}/` }).map((row) => row.value);
  if (others.some((other) => other.id !== id && other.name === name))
    throw badRequest(`Authorizer name must be unique. Authorizer ${name} already exists in this RestApi.`);
  if (!(ttl >= 0 && ttl <= MAX_TTL_SECONDS))
    throw badRequest(`Authorizer result TTL must be between 0 and ${MAX_TTL_SECONDS} seconds`);
  checkSources(authorizer, ttl);
  checkExpression(authorizer.identityValidationExpression);
  if (authorizer.type === 'COGNITO_USER_POOLS') checkPools(authorizer);
  else checkFunction(call, authorizer);
}

function checkSources(authorizer: Authorizer, ttlSeconds: number): void {
  const sources = identitySources(authorizer);
  const isRequest = authorizer.type === 'REQUEST';
  const isMissing = sources.length === 0 && (!isRequest || ttlSeconds > 0);
  const isWrong = isRequest ? !sources.every((source) => ANY_SOURCE.test(source)) : sources.length > 1;
  if (isMissing || isWrong || (!isRequest && !HEADER.test(sources[0] ?? '')))
    throw badRequest(
      `Invalid identity source specified for ${authorizer.type} authorizer: ${authorizer.identitySource}`,
    );
}

function checkExpression(expression: string | undefined): void {
  try {
    new RegExp(expression ?? '');
  } catch {
    throw badRequest('Invalid identity validation expression specified');
  }
}

function checkPools({ providerARNs = [] }: Authorizer): void {
  const wrong = providerARNs.find((arn) => !POOL_ARN.test(arn));
  if (providerARNs.length === 0 || wrong !== undefined)
    throw badRequest(`Invalid Cognito User Pool ARN specified: ${wrong}`);
}

function checkFunction(call: Call, { authorizerCredentials, authorizerUri = 'null' }: Authorizer): void {
  if (functionOfUri(authorizerUri) === undefined)
    throw badRequest(
      `Invalid Authorizer URI: ${authorizerUri}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
    );
  if (authorizerCredentials !== undefined) authorisePassRole(call, authorizerCredentials);
}
