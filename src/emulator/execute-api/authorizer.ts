import type { Authorizer } from '../apigateway/authorizer-model.js';
import { type Exchange, routeOf } from './context.js';
import { readContext } from './context-variables.js';
import { GatewayFailure } from './gateway-failure.js';

/** The authorizer of the method that was routed to; undefined when its authorisation needs none. */
export function findAuthorizer(exchange: Exchange): Authorizer | undefined {
  const { authorizationType, authorizerId = '' } = routeOf(exchange).method;
  if (authorizationType !== 'CUSTOM' && authorizationType !== 'COGNITO_USER_POOLS') return undefined;
  return exchange.snapshot.authorizers[authorizerId];
}

/** The failure of an authorizer that is wired wrongly or misbehaves: the reason is in the execution log only. */
export function authorizerError(reason: string): GatewayFailure {
  return new GatewayFailure('AUTHORIZER_CONFIGURATION_ERROR', {
    log: `Execution failed due to configuration error: ${reason}`,
  });
}

/** The authorizer, which a deployed method cannot be without unless it was deleted before the deployment. @throws {GatewayFailure} */
export function getAuthorizer(exchange: Exchange): Authorizer {
  const authorizer = findAuthorizer(exchange);
  if (authorizer === undefined) throw authorizerError('The authorizer of this method does not exist');
  return authorizer;
}

/**
 * The values that one mapping expression stands for, all of them, so that no second value of a name can hide behind the first.
 *
 * Names of headers are found in any case, unlike in mappings: what a client calls its token must not decide who it is. (guessed)
 */
export function readIdentity(exchange: Exchange, source: string): readonly string[] {
  const { client, stageVariables } = exchange;
  const [, location = '', name = ''] =
    /^(method\.request\.header|method\.request\.querystring|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  if (location === 'method.request.header')
    return client.headers.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  if (location === 'method.request.querystring') return client.query[name] ?? [];
  const value =
    location === 'context'
      ? readContext(exchange, name)
      : Object.hasOwn(stageVariables, name)
        ? stageVariables[name]
        : undefined;
  return value === undefined ? [] : [value];
}

/**
 * The one token that an authorizer is about; several values are one text, as HTTP joins them.
 *
 * @throws {GatewayFailure} UNAUTHORIZED when there is none.
 */
export function readToken(exchange: Exchange, { identitySource = '' }: Authorizer): string {
  const token = readIdentity(exchange, identitySource.trim()).join(',');
  if (token.trim() === '') throw new GatewayFailure('UNAUTHORIZED');
  return token;
}

/** Whether a text fits an authorizer's expression, which is for the whole of it. */
export function fitsExpression({ identityValidationExpression: expression }: Authorizer, text: string): boolean {
  return !expression || new RegExp(`^(?:${expression})$`).test(text);
}
