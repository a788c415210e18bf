import type { Config, MountAccess, MountConfig } from '../config/config.js';
import type { GatewayAuthorizer } from '../model/gateway.js';
import type { Access } from './surface.js';

/** Stands in a drawing for the ARN of the user pool that pixgate makes, which nobody knows before. */
export const OWN_POOL = 'user-pool-of-this-environment';

/** Name of the authorizer that asks it. */
const OWN_POOL_AUTHORIZER = 'pixgate-user-pool';

/** Who may call the reading verbs of a mount, as its drawing says it. */
export function drawAccess({ id, access }: MountConfig): Access {
  switch (access.kind) {
    case 'cognito': {
      const authorizer = access.userPoolArn === undefined ? OWN_POOL_AUTHORIZER : `pixgate-user-pool-${id}`;
      return { kind: 'user-pool', authorizer, ...(access.scopes === undefined ? {} : { scopes: access.scopes }) };
    }
    case 'lambda':
      return { kind: 'function', authorizer: functionAuthorizer(id) };
    default:
      return { kind: access.kind };
  }
}

/** Name of the authorizer that asks the function of a mount. */
export function functionAuthorizer(mountId: string): string {
  return `pixgate-function-${mountId}`;
}

/** The authorizers that the mounts need, by name. */
export function authorizersOf(config: Config, partition: string): Readonly<Record<string, GatewayAuthorizer>> {
  return Object.fromEntries(
    config.mounts.flatMap((mount) => {
      const drawn = drawAccess(mount);
      const authorizer = toAuthorizer(mount.access, config.region, partition);
      return 'authorizer' in drawn && drawn.authorizer !== undefined && authorizer !== undefined
        ? [[drawn.authorizer, authorizer]]
        : [];
    }),
  );
}

function toAuthorizer(access: MountAccess, region: string, partition: string): GatewayAuthorizer | undefined {
  if (access.kind === 'cognito')
    return {
      type: 'COGNITO_USER_POOLS',
      providerArns: [access.userPoolArn ?? OWN_POOL],
      identitySource: 'method.request.header.Authorization',
    };
  if (access.kind !== 'lambda') return undefined;
  return {
    type: access.type === 'token' ? 'TOKEN' : 'REQUEST',
    providerArns: [],
    uri: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${access.functionArn}/invocations`,
    identitySource: access.identityHeaders.map((name) => `method.request.header.${name}`).join(','),
    ttlSeconds: access.ttlSeconds,
  };
}

/** Request headers in which a page's script hands over its credentials. */
export function credentialHeaders(access: MountAccess): readonly string[] {
  switch (access.kind) {
    case 'iam':
      return ['Authorization', 'X-Amz-Content-Sha256', 'X-Amz-Date', 'X-Amz-Security-Token'];
    case 'api-key':
      return ['Authorization', 'X-Api-Key'];
    case 'lambda':
      return access.identityHeaders;
    default:
      return ['Authorization'];
  }
}

type Refusal = readonly [type: string, status: number | undefined, error: string, message: string];

/** What each kind of access refuses with, by gateway response type. */
const BY_KIND: Readonly<Partial<Record<MountAccess['kind'], readonly Refusal[]>>> = {
  // AWS: the built-in message repeats the request as it should have been signed, with its session token.
  iam: [['INVALID_SIGNATURE', 403, 'Forbidden', 'The signature is wrong, too old, or not for this request.']],
  'api-key': [
    ['INVALID_API_KEY', 403, 'Forbidden', 'The API key is missing, wrong or switched off.'],
    ['QUOTA_EXCEEDED', 429, 'QuotaExceeded', 'The API key has no requests left in this period.'],
  ],
  cognito: [
    ['EXPIRED_TOKEN', 401, 'TokenExpired', 'The token has expired; sign in again.'],
    ['UNAUTHORIZED', 401, 'Unauthorized', 'The token is missing, or none that opens this path.'],
  ],
  lambda: [
    ['AUTHORIZER_CONFIGURATION_ERROR', 500, 'AuthorizerFailed', 'Nobody can tell right now who may ask for this path.'],
    ['AUTHORIZER_FAILURE', 500, 'AuthorizerFailed', 'Nobody can tell right now who may ask for this path.'],
    ['UNAUTHORIZED', 401, 'Unauthorized', 'The token is missing, or none that opens this path.'],
  ],
};

/** What a request gets that is for nothing served, or lacks what lets it in; one answer a type. */
export function refusals({ mounts }: Config): readonly Refusal[] {
  const kinds = new Set(mounts.map(({ access }) => access.kind));
  const open = [...kinds].every((kind) => kind === 'public');
  const own = [...kinds].flatMap((kind) => BY_KIND[kind] ?? []);
  // AWS: an unknown path, a verb that no method has and a request without a signature all end in this one.
  const unknown: Refusal = open
    ? ['MISSING_AUTHENTICATION_TOKEN', 404, 'NotFound', 'Nothing is served at $context.path.']
    : ['MISSING_AUTHENTICATION_TOKEN', 403, 'Forbidden', 'Nothing is served at $context.path, or not to this request.'];
  return [...new Map([...own, unknown].map((refusal) => [refusal[0], refusal])).values()];
}
