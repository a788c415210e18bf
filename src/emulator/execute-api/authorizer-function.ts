import {
  type Authorizer,
  DEFAULT_TTL_SECONDS,
  functionOfUri,
  identitySources,
} from '../apigateway/authorizer-model.js';
import type { Caller } from '../operation.js';
import { authorizerError, fitsExpression, getAuthorizer, readIdentity, readToken } from './authorizer.js';
import { findGrant, keepGrant } from './authorizer-cache.js';
import { toAuthorizerEvent } from './authorizer-event.js';
import { type AuthorizerGrant, readGrant } from './authorizer-grant.js';
import type { Exchange } from './context.js';
import { GatewayFailure } from './gateway-failure.js';
import { ANONYMOUS, denied, judge } from './policy-verdict.js';

const INVOKE = 'execute-api:Invoke';

/**
 * Lets a request pass by what the authorizer's function answers, and by the resource policy beside it.
 *
 * AWS: a resource policy's deny comes before the function is asked; then both count as policies of one account do, so that either may
 * allow and any deny wins. (source: Developer Guide, apigateway-authorization-flow, "Lambda authorizer and resource policy" and table A)
 *
 * What the function answers is kept by identity, and judged for each request anew.
 *
 * @throws {GatewayFailure} UNAUTHORIZED, ACCESS_DENIED, AUTHORIZER_CONFIGURATION_ERROR or AUTHORIZER_FAILURE.
 * @throws {FunctionNeeded} when the function's answer is not at hand.
 */
export function authoriseByFunction(exchange: Exchange): void {
  const authorizer = getAuthorizer(exchange);
  if (exchange.snapshot.api.policy !== undefined && judge(exchange, ANONYMOUS, INVOKE) === 'explicit-deny')
    throw denied(exchange, ANONYMOUS, 'explicit-deny');
  const grant = getGrant(exchange, authorizer);
  exchange.authorizer = { ...grant.context, principalId: grant.principalId };
  const verdict = judge(exchange, ANONYMOUS, INVOKE, grant.policy);
  if (verdict === 'allowed') return;
  const how = verdict === 'explicit-deny' ? ' with an explicit deny' : '';
  throw new GatewayFailure('ACCESS_DENIED', { message: `User is not authorized to access this resource${how}` });
}

function getGrant(exchange: Exchange, authorizer: Authorizer): AuthorizerGrant {
  const identity = getIdentity(exchange, authorizer);
  const { authorizerResultTtlInSeconds: ttlSeconds = DEFAULT_TTL_SECONDS } = authorizer;
  const key = { authorizerId: authorizer.id, identity };
  const isKept = ttlSeconds > 0 && identity.length > 0;
  const kept = isKept ? findGrant(exchange, key) : undefined;
  if (kept !== undefined) return kept;
  const grant = askFunction(exchange, authorizer);
  if (isKept) keepGrant(exchange, key, grant, ttlSeconds);
  return grant;
}

/** AWS: without a whole identity the function is not asked. (source: API Reference, CreateAuthorizer, identitySource) */
function getIdentity(exchange: Exchange, authorizer: Authorizer): readonly (readonly string[])[] {
  const identity = identitySources(authorizer).map((source) => readIdentity(exchange, source));
  if (identity.some((values) => values.join('').trim() === '')) throw new GatewayFailure('UNAUTHORIZED');
  if (authorizer.type === 'TOKEN' && !fitsExpression(authorizer, readToken(exchange, authorizer)))
    throw new GatewayFailure('UNAUTHORIZED');
  return identity;
}

function askFunction(exchange: Exchange, authorizer: Authorizer): AuthorizerGrant {
  const { call, log, snapshot } = exchange;
  const { accountId, id, region } = snapshot.api;
  const outcome = call.cloud.invokeFunction(call, {
    functionArn: functionOfUri(resolve(exchange, authorizer.authorizerUri ?? '')) ?? '',
    event: toAuthorizerEvent(exchange, authorizer),
    sourceArn: `arn:${call.settings.partition}:execute-api:${region}:${accountId}:${id}/authorizers/${authorizer.id}`,
    caller: findSession(exchange, authorizer.authorizerCredentials),
  });
  log.add(`Starting authorizer: ${authorizer.id} for request: ${exchange.requestId}`);
  switch (outcome.kind) {
    case 'answer': {
      const grant = readGrant(outcome.value);
      if (grant === undefined) throw authorizerError('Invalid response of the authorizer function');
      return grant;
    }
    case 'error':
      // AWS: this one message stands for an identity that does not count. (source: Developer Guide, apigateway-use-lambda-authorizer)
      if (outcome.message === 'Unauthorized') throw new GatewayFailure('UNAUTHORIZED');
      throw authorizerError('The authorizer function failed');
    case 'timeout':
      // Guessed: AWS does not say which type this one is of.
      throw new GatewayFailure('AUTHORIZER_FAILURE', {
        log: 'Execution failed due to a timeout of the authorizer function',
      });
    default:
      throw authorizerError('Invalid permissions on Lambda function');
  }
}

/** AWS: a uri may name stage variables. (source: Developer Guide, aws-api-gateway-stage-variables-reference) */
function resolve({ stageVariables }: Exchange, uri: string): string {
  return uri.replace(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => stageVariables[name] ?? '');
}

function findSession({ call }: Exchange, role: string | undefined): Caller | undefined {
  if (role === undefined) return undefined;
  const session = call.cloud.assumeRoleAsService(call, role, 'apigateway.amazonaws.com');
  if (session === undefined)
    throw authorizerError('API Gateway does not have permission to assume the provided role ARN');
  return session;
}
