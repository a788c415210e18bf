import type { WireRequest } from './operation.js';

/** A finished API that a request asks for. */
export interface ApiPlace {
  /** Id of the API, as the client wrote it. */
  readonly apiId: string;
  /** '' when the path names none. */
  readonly stageName: string;
  /** Raw path behind the stage: '' or '/images/a.png'. */
  readonly path: string;
  /** Region in the host name; absent in the path form. */
  readonly region?: string;
}

const API_HOST = /^([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;
const API_PATH = /^\/_aws\/execute-api\/([^/]+)(\/.*)?$/;

/**
 * Looks whether a request is for a finished API: by its host name, or on any host by a path `/_aws/execute-api/{apiId}/{stage}/…`, the
 * form that other emulators of AWS have made usual.
 */
export function findApiPlace(request: WireRequest): ApiPlace | undefined {
  const byHost = API_HOST.exec(request.host);
  if (byHost !== null) {
    const [, apiId = '', region = ''] = byHost;
    return { apiId, region, ...splitStage(request.path) };
  }
  const [, apiId, rest = ''] = API_PATH.exec(request.path) ?? [];
  return apiId === undefined ? undefined : { apiId, ...splitStage(rest) };
}

function splitStage(path: string): { stageName: string; path: string } {
  const [, stageName = '', rest = ''] = /^\/([^/]*)(\/.*)?$/s.exec(path) ?? [];
  return { stageName, path: rest };
}

const QUERY_VERSIONS: Readonly<Record<string, string>> = { '2010-05-08': 'iam', '2011-06-15': 'sts' };

/** Where a user pool's public documents lie; no bucket has an underscore in its name. */
const POOL_DOCUMENT = /^\/[a-z]{2}(?:-[a-z]+)+-\d_[0-9a-zA-Z]+\/\.well-known\/(?:jwks\.json|openid-configuration)$/;

/** Names the service an unsigned request is for, by its host or, where hosts say nothing, by its shape; S3 when in doubt. */
export function guessService(request: WireRequest): string {
  const [, byHost] =
    /(?:^|\.)(s3|apigateway|iam|lambda|sts|logs|cognito-idp)[.-].*amazonaws\.com/.exec(request.host) ?? [];
  if (byHost !== undefined) return byHost;
  const target = request.headers['x-amz-target'];
  if (target?.startsWith('Logs_')) return 'logs';
  if (target?.startsWith('AWSCognitoIdentityProviderService.') || POOL_DOCUMENT.test(request.path))
    return 'cognito-idp';
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const version = new URLSearchParams(Buffer.from(request.body).toString()).get('Version') ?? '';
    return (Object.hasOwn(QUERY_VERSIONS, version) ? QUERY_VERSIONS[version] : undefined) ?? 's3';
  }
  return 's3';
}

/** The Region in the host name of an AWS endpoint; undefined when it has none. */
export function regionOfHost(host: string): string | undefined {
  return /\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com/.exec(host)?.[1];
}

const BUCKET_HOST = /^(.+)\.s3(?:-accelerate)?(?:\.dualstack)?(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/;
const LOCAL_BUCKET_HOST = /^(.{3,})\.localhost$/;

/**
 * Puts the bucket of a virtual-hosted S3 request into its path; leaves a path-style request as it is.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function toPathStyle(request: WireRequest): WireRequest {
  const bucket = (BUCKET_HOST.exec(request.host) ?? LOCAL_BUCKET_HOST.exec(request.host))?.[1];
  return bucket === undefined ? request : { ...request, path: `/${bucket}${request.path}` };
}
