import { compact } from './compact.js';
import { notEmulated } from './errors.js';
import { checkIntegration } from './integration.js';
import { findMethod } from './method.js';
import type { Integration } from './model.js';
import { operation } from './operation.js';
import { saveResource } from './resource.js';
import { integer, leftOut, listOf, mapOf, oneOf, required, text } from './shape.js';

/** The wire says httpMethod where the SDKs say integrationHttpMethod. */
const body = {
  type: required(oneOf(['HTTP', 'MOCK', 'AWS_PROXY', 'HTTP_PROXY', 'AWS'])),
  httpMethod: text(),
  uri: text(),
  connectionType: oneOf(['INTERNET', 'VPC_LINK']),
  connectionId: leftOut('PutIntegration connectionId'),
  credentials: text(),
  requestParameters: mapOf(text()),
  requestTemplates: mapOf(text()),
  passthroughBehavior: oneOf(['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER']),
  cacheNamespace: text(),
  cacheKeyParameters: listOf(text()),
  contentHandling: oneOf(['CONVERT_TO_BINARY', 'CONVERT_TO_TEXT']),
  timeoutInMillis: integer,
  tlsConfig: leftOut('PutIntegration tlsConfig'),
  responseTransferMode: leftOut('PutIntegration responseTransferMode'),
  integrationTarget: leftOut('PutIntegration integrationTarget'),
};

/** Says what a method does with its requests. An integration that is there is replaced, its responses with it. */
export const PutIntegration = operation({
  name: 'PutIntegration',
  route: 'PUT /restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration',
  success: 201,
  fidelity: 'recorded',
  source:
    'LocalStack, recorded tests of integrations (June 2024, March 2025); refusals of credentials, cache keys and undeclared parameters from reports; the range of the time-out is remembered',
  body,
  run(call, { path, body }) {
    if (body.connectionType === 'VPC_LINK') throw notEmulated('PutIntegration connectionType VPC_LINK');
    const { resource, method } = findMethod(call, path);
    const http = body.type === 'HTTP' || body.type === 'HTTP_PROXY';
    const { type, httpMethod, uri, credentials, requestParameters, requestTemplates, contentHandling } = body;
    const integration: Integration = {
      ...compact({ type, httpMethod, uri, credentials, requestParameters, requestTemplates, contentHandling }),
      ...(http && { connectionType: 'INTERNET' }),
      passthroughBehavior: body.passthroughBehavior ?? 'WHEN_NO_MATCH',
      timeoutInMillis: body.timeoutInMillis ?? 29_000,
      cacheNamespace: body.cacheNamespace ?? resource.id,
      cacheKeyParameters: body.cacheKeyParameters ?? [],
    };
    checkIntegration(call, method, integration);
    method.methodIntegration = integration;
    saveResource(call, path.restApiId, resource);
    return integration;
  },
});
