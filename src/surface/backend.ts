import { isDeepStrictEqual } from 'node:util';
import type { GatewayIntegration, GatewayIntegrationResponse } from '../model/gateway.js';
import type { Backend, Parameter } from './surface.js';

/** AWS's own limit and default, in milliseconds. */
const TIMEOUT_MS = 29_000;
const S3_URI = /^arn:([a-z-]+):apigateway:([a-z0-9-]+):s3:path\/([^/]+)\/(.+)$/;
const MOCK_TEMPLATE = /^\{"statusCode": (\d{3})\}$/;
const ROLE_PARTITION = /^arn:([a-z-]+):/;

type Responses = Readonly<Record<string, GatewayIntegrationResponse>>;

/** The integration of a backend; undefined for a method that has none. */
export function toIntegration(
  backend: Backend,
  parameters: readonly Parameter[],
  responses: Responses,
): GatewayIntegration | undefined {
  switch (backend.kind) {
    case 'other':
      return backend.integration === undefined ? undefined : { ...backend.integration, responses };
    case 'mock':
      return {
        type: 'MOCK',
        requestParameters: {},
        requestTemplates: { 'application/json': `{"statusCode": ${backend.status}}` },
        // A preflight with a Content-Type is refused with 415; passed through it would be a 500.
        passthroughBehavior: 'NEVER',
        // AWS: with */* a templated request is binary and cannot be transformed, unless it is made text first.
        contentHandling: 'CONVERT_TO_TEXT',
        timeoutMs: TIMEOUT_MS,
        cacheKeyParameters: [],
        responses,
      };
    case 's3-object': {
      const partition = ROLE_PARTITION.exec(backend.roleArn)?.[1] ?? 'aws';
      return {
        type: 'AWS',
        httpMethod: backend.verb,
        uri: `arn:${partition}:apigateway:${backend.region}:s3:path/${backend.bucket}/${backend.key}`,
        credentials: backend.roleArn,
        requestParameters: forwarded(parameters),
        requestTemplates: {},
        passthroughBehavior: 'WHEN_NO_MATCH',
        timeoutMs: TIMEOUT_MS,
        cacheKeyParameters: cacheKeys(parameters),
        responses,
      };
    }
  }
}

/** The backend that an integration amounts to, and the declared parameters with what becomes of them. */
export function fromBackendIntegration(
  integration: GatewayIntegration | undefined,
  declared: readonly Parameter[],
): { backend: Backend; parameters: readonly Parameter[] } {
  if (integration === undefined) return { backend: { kind: 'other', integration: undefined }, parameters: declared };
  const { responses, ...own } = integration;
  const parameters = declared.map((parameter) => withUse(parameter, integration));
  for (const backend of [s3Object(integration), mock(integration)]) {
    // Only what would be written again to the letter is one of ours; anything else is kept whole.
    if (backend !== undefined && isDeepStrictEqual(toIntegration(backend, parameters, responses), integration))
      return { backend, parameters };
  }
  return { backend: { kind: 'other', integration: own }, parameters: declared };
}

function s3Object({ httpMethod, uri, credentials }: GatewayIntegration): Backend | undefined {
  const parts = S3_URI.exec(uri ?? '');
  const [, , region, bucket, key] = parts ?? [];
  if (region === undefined || bucket === undefined || key === undefined) return undefined;
  if (httpMethod === undefined || credentials === undefined) return undefined;
  return { kind: 's3-object', verb: httpMethod, region, bucket, key, roleArn: credentials };
}

function mock({ requestTemplates }: GatewayIntegration): Backend | undefined {
  const status = MOCK_TEMPLATE.exec(requestTemplates['application/json'] ?? '')?.[1];
  return status === undefined ? undefined : { kind: 'mock', status: Number(status) };
}

function sourceOf(parameter: Parameter): string {
  return `method.request.${parameter.in}.${parameter.name}`;
}

function forwarded(parameters: readonly Parameter[]): Record<string, string> {
  const mapped = parameters.filter((parameter) => parameter.forwardAs !== undefined);
  return Object.fromEntries(mapped.map((is) => [`integration.request.${is.in}.${is.forwardAs}`, sourceOf(is)]));
}

function cacheKeys(parameters: readonly Parameter[]): string[] {
  return parameters
    .filter((parameter) => parameter.cacheKey)
    .map(sourceOf)
    .sort();
}

function withUse(parameter: Parameter, { requestParameters, cacheKeyParameters }: GatewayIntegration): Parameter {
  const source = sourceOf(parameter);
  const prefix = `integration.request.${parameter.in}.`;
  const target = Object.keys(requestParameters).find(
    (name) => requestParameters[name] === source && name.startsWith(prefix),
  );
  const forwardAs = target?.slice(prefix.length);
  return {
    ...parameter,
    cacheKey: cacheKeyParameters.includes(source),
    ...(forwardAs === undefined ? {} : { forwardAs }),
  };
}
