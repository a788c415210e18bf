/** Who says whether a request may pass: a function, or user pools. Field names are the wire's. */
export interface Authorizer {
  /** Six lower-case characters. */
  readonly id: string;
  /** What somebody called it; unique in its API. */
  name: string;
  /** What it is asked with: one token, the whole request, or a token of a user pool. */
  type: 'TOKEN' | 'REQUEST' | 'COGNITO_USER_POOLS';
  /** ARNs of user pools. */
  providerARNs?: string[];
  /** Free text for imports and exports, without effect. */
  authType: string;
  /** Names the function. */
  authorizerUri?: string;
  /** Role that calls the function; absent when the function's own policy lets API Gateway. */
  authorizerCredentials?: string;
  /** Mapping expressions, with commas between them: where the identity is. */
  identitySource?: string;
  /** Regular expression that a token, or the audience of a user pool's token, matches whole. */
  identityValidationExpression?: string;
  /** How long an answer is kept, in seconds: 0 to 3600. @default 300 */
  authorizerResultTtlInSeconds?: number;
}

/** How long an authorizer's answer is kept when nothing is said, in seconds. (API Reference, CreateAuthorizer) */
export const DEFAULT_TTL_SECONDS = 300;

/** The mapping expressions of an authorizer, in order. */
export function identitySources({ identitySource = '' }: Authorizer): string[] {
  return identitySource
    .split(',')
    .map((source) => source.trim())
    .filter((source) => source !== '');
}

/** ARN of the function that an authorizer's uri names; undefined when it names none. */
export function functionOfUri(uri: string): string | undefined {
  return /^arn:[\w-]+:apigateway:[a-z0-9-]+:lambda:path\/2015-03-31\/functions\/(arn:[\w-]+:lambda:[a-z0-9-]+:\d{12}:function:[^/\s]+)\/invocations$/.exec(
    uri,
  )?.[1];
}
