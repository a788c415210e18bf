import { PutIntegrationResponseCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import {
  badRequest,
  createControlPlane,
  makeMethod,
  makeWired,
  mapping,
  notFound,
  patch,
  S3_INTEGRATION,
} from './control-plane.js';

describe('PutIntegrationResponse', () => {
  it('is read back alone and within its integration, with an empty pattern as it was given', async () => {
    const plane = createControlPlane();
    const { id: restApiId, resourceId, method } = makeWired(plane);

    const made = await plane.client.send(
      new PutIntegrationResponseCommand({
        ...{ restApiId, resourceId, httpMethod: 'GET', statusCode: '200', selectionPattern: '' },
        responseParameters: { 'method.response.header.ETag': 'integration.response.header.ETag' },
        contentHandling: 'CONVERT_TO_BINARY',
      }),
    );

    const { $metadata: _metadata, ...response } = made;
    expect(response).toEqual({
      statusCode: '200',
      selectionPattern: '',
      responseParameters: { 'method.response.header.ETag': 'integration.response.header.ETag' },
      contentHandling: 'CONVERT_TO_BINARY',
    });
    expect(plane.make('GET', `${method}/integration/responses/200`)).toEqual(response);
    expect(plane.make('GET', method)['methodIntegration']).toMatchObject({ integrationResponses: { 200: response } });
  });

  it('overwrites what was there', () => {
    const plane = createControlPlane();
    const { method } = makeWired(plane);
    plane.make('PUT', `${method}/integration/responses/200`, { selectionPattern: '2..' });

    plane.make('PUT', `${method}/integration/responses/200`, {});

    expect(plane.make('GET', `${method}/integration/responses/200`)).toEqual({ statusCode: '200' });
  });

  it.each([
    [
      '200',
      { responseTemplates: { 123: '' } },
      badRequest('Validation Result: warnings : [], errors : [Invalid content type specified: 123]'),
    ],
    [
      '200',
      { responseParameters: { 'method.response.header.Access-Control-Allow-Origin': "'*'" } },
      mapping('Invalid mapping expression parameter specified: method.response.header.Access-Control-Allow-Origin'),
    ],
    [
      '200',
      { responseParameters: { 'method.response.header.ETag': 'ETag' } },
      mapping('Invalid mapping expression specified: ETag'),
    ],
    ['404', {}, mapping('No method response exists for method.')],
  ])('refuses %s %j', (status, input, expected) => {
    const plane = createControlPlane();
    const { method } = makeWired(plane);

    expect(plane.ask('PUT', `${method}/integration/responses/${status}`, input)).toEqual(expected);
  });

  it('does not find an integration that is not there, nor another status', () => {
    const plane = createControlPlane();
    const { integration } = makeMethod(plane);

    expect(plane.ask('PUT', `${integration}/responses/200`, {})).toEqual(
      notFound('Invalid Integration identifier specified'),
    );
    plane.make('PUT', integration, S3_INTEGRATION);
    for (const [verb, body] of [['GET'], ['DELETE'], ['PATCH', patch()]] as const)
      expect(plane.ask(verb, `${integration}/responses/200`, body)).toEqual(
        notFound('Invalid Response status code specified'),
      );
  });

  it.each([
    ['replace', '/selectionPattern', '2..', { selectionPattern: '2..' }],
    ['replace', '/contentHandling', 'CONVERT_TO_TEXT', { contentHandling: 'CONVERT_TO_TEXT' }],
    [
      'add',
      '/responseParameters/method.response.header.ETag',
      "'a'",
      { responseParameters: { 'method.response.header.ETag': "'a'" } },
    ],
    ['add', '/responseTemplates/application~1json', '{}', { responseTemplates: { 'application/json': '{}' } }],
  ])('UpdateIntegrationResponse does %s %s %s', (op, path, value, expected) => {
    const plane = createControlPlane();
    const { method } = makeWired(plane);
    plane.make('PUT', `${method}/integration/responses/200`, {});

    expect(plane.make('PATCH', `${method}/integration/responses/200`, patch([op, path, value]))).toEqual({
      statusCode: '200',
      ...expected,
    });
  });

  it('DeleteIntegrationResponse leaves none behind in the integration', () => {
    const plane = createControlPlane();
    const { method } = makeWired(plane);
    plane.make('PUT', `${method}/integration/responses/200`, {});

    expect(plane.ask('DELETE', `${method}/integration/responses/200`).status).toBe(204);

    expect(plane.make('GET', `${method}/integration`)).not.toHaveProperty('integrationResponses');
  });
});
