import { PutMethodCommand, UpdateMethodCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import {
  badRequest,
  type ControlPlane,
  conflict,
  createControlPlane,
  invalid,
  makeImages,
  notFound,
  patch,
} from './control-plane.js';

const KEY = 'method.request.path.key';

function makeMethod(plane: ControlPlane, input: Record<string, unknown> = {}) {
  const images = makeImages(plane);
  plane.make('PUT', images.method, { authorizationType: 'NONE', ...input });
  return images;
}

describe('PutMethod', () => {
  it('answers what it was given with the defaults', async () => {
    const plane = createControlPlane();
    const { id: restApiId, resourceId } = makeImages(plane);

    const made = await plane.client.send(
      new PutMethodCommand({ restApiId, resourceId, httpMethod: 'GET', authorizationType: 'none' }),
    );

    const { $metadata: _metadata, ...method } = made;
    expect(method).toEqual({ httpMethod: 'GET', authorizationType: 'NONE', apiKeyRequired: false });
  });

  it('keeps everything that it is given', () => {
    const plane = createControlPlane();
    const images = makeImages(plane);
    const { id } = plane.make('POST', `${images.api}/requestvalidators`, { name: 'v' });
    const given = {
      authorizationType: 'AWS_IAM',
      apiKeyRequired: true,
      operationName: 'getImage',
      requestParameters: { [KEY]: true, 'method.request.header.Range': false },
      requestModels: { 'application/json': 'Empty' },
      requestValidatorId: id,
    };

    expect(plane.make('PUT', images.method, given)).toEqual({ httpMethod: 'GET', ...given });
    expect(plane.make('GET', images.method)).toEqual({ httpMethod: 'GET', ...given });
  });

  it.each([
    [
      { authorizationType: 'CUSTOM' },
      'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
    ],
    [
      { authorizationType: 'cognito_user_pools', authorizerId: 'abc123' },
      'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
    ],
    [{ requestValidatorId: 'abc123' }, 'Invalid Request Validator identifier specified'],
    [{ requestModels: { 'application/json': 'petModel' } }, 'Invalid model identifier specified: petModel'],
    [
      { requestParameters: { 'method.request.querystring.key': false, 'method.request.header.key': true } },
      'Parameter names must be unique across querystring, header and path',
    ],
    [
      { requestParameters: { 'method.request.cookie.key': false } },
      'Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: method.request.cookie.key]',
    ],
  ])('refuses %j', (input, message) => {
    const plane = createControlPlane();
    const { method } = makeImages(plane);

    expect(plane.ask('PUT', method, { authorizationType: 'NONE', ...input })).toEqual(badRequest(message));
    expect(plane.ask('GET', method)).toEqual(notFound('Invalid Method identifier specified'));
  });

  it('refuses a verb that is none, a method that is there and a resource that is not', () => {
    const plane = createControlPlane();
    const { api, method } = makeMethod(plane);
    const body = { authorizationType: 'NONE' };

    expect(plane.ask('PUT', method.replace(/GET$/, 'get'), body)).toEqual(
      badRequest('Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY'),
    );
    expect(plane.ask('PUT', method, body)).toEqual(conflict('Method already exists for this resource'));
    expect(plane.ask('PUT', `${api}/resources/nothere/methods/GET`, body)).toEqual(
      notFound('Invalid Resource identifier specified'),
    );
  });
});

describe('UpdateMethod', () => {
  it.each([
    ['replace', '/authorizationType', 'aws_iam', { authorizationType: 'AWS_IAM' }],
    ['replace', '/apiKeyRequired', 'true', { apiKeyRequired: true }],
    ['replace', '/apiKeyRequired', 'wrong', { apiKeyRequired: false }],
    ['replace', '/operationName', 'getImage', { operationName: 'getImage' }],
    [
      'add',
      '/requestParameters/method.request.header.Range',
      'true',
      { requestParameters: { [KEY]: true, 'method.request.header.Range': true } },
    ],
    ['replace', `/requestParameters/${KEY}`, 'no boolean', { requestParameters: { [KEY]: false } }],
    ['add', '/requestModels/application~1json', 'Error', { requestModels: { 'application/json': 'Error' } }],
    ['replace', '/authorizerId', 'abc123', { authorizationType: 'NONE' }],
  ])('does %s %s %s', (op, path, value, expected) => {
    const plane = createControlPlane();
    const { method } = makeMethod(plane, { apiKeyRequired: true, requestParameters: { [KEY]: true } });

    const updated = plane.make('PATCH', method, patch([op, path, value]));

    expect(updated).toMatchObject(expected);
    expect(plane.make('GET', method)).toEqual(updated);
  });

  it('leaves a map out once its last entry is removed', async () => {
    const plane = createControlPlane();
    const { id: restApiId, resourceId } = makeMethod(plane, { requestParameters: { [KEY]: true } });

    const updated = await plane.client.send(
      new UpdateMethodCommand({
        ...{ restApiId, resourceId, httpMethod: 'GET' },
        patchOperations: [{ op: 'remove', path: `/requestParameters/${KEY}` }],
      }),
    );

    expect(updated).not.toHaveProperty('requestParameters');
  });

  it.each([
    ['replace', '/httpMethod', 'POST', badRequest('Invalid patch path /httpMethod')],
    [
      'add',
      '/requestModels/application/json',
      'Empty',
      badRequest('Invalid patch path /requestModels/application/json'),
    ],
    ['add', '/requestModels/application~1json', 'petModel', badRequest('Invalid model identifier specified: petModel')],
    ['replace', '/requestValidatorId', 'abc123', badRequest('Invalid Request Validator identifier specified')],
    [
      'replace',
      '/authorizationType',
      'CUSTOM',
      badRequest(
        'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
      ),
    ],
    ['add', '/apiKeyRequired', 'true', badRequest('Invalid patch operation specified. Must be one of: [replace]')],
    ['remove', '/requestParameters/method.request.header.X', undefined, notFound('Invalid parameter name specified')],
    ['remove', '/requestModels/text~1html', undefined, notFound('Content-Type specified was not found')],
  ] as const)('refuses %s %s %s', (op, path, value, expected) => {
    const plane = createControlPlane();
    const { method } = makeMethod(plane);

    expect(plane.ask('PATCH', method, patch([op, path, value]))).toEqual(expected);
  });
});

describe('DeleteMethod', () => {
  it('removes the method once', () => {
    const plane = createControlPlane();
    const { method } = makeMethod(plane);

    expect(plane.ask('DELETE', method)).toEqual({ status: 204, type: undefined, body: undefined });
    expect(plane.ask('DELETE', method)).toEqual(notFound('Invalid Method identifier specified'));
  });
});

describe('PutMethodResponse', () => {
  const ETAG = 'method.response.header.ETag';

  it('is read back alone and within its method', () => {
    const plane = createControlPlane();
    const { method } = makeMethod(plane);
    const given = { responseParameters: { [ETAG]: true }, responseModels: { 'application/json': 'Error' } };

    const made = plane.make('PUT', `${method}/responses/200`, given);

    expect(made).toEqual({ statusCode: '200', ...given });
    expect(plane.make('GET', `${method}/responses/200`)).toEqual(made);
    expect(plane.make('GET', method)['methodResponses']).toEqual({ 200: made });
  });

  it('refuses a second one of the same status, an unknown model and what is no response header', () => {
    const plane = createControlPlane();
    const { method } = makeMethod(plane);
    plane.make('PUT', `${method}/responses/200`, {});

    expect(plane.ask('PUT', `${method}/responses/200`, {})).toEqual(
      conflict('Response already exists for this resource'),
    );
    expect(plane.ask('PUT', `${method}/responses/404`, { responseModels: { 'application/json': 'Pet' } })).toEqual(
      badRequest('Invalid model identifier specified: Pet'),
    );
    expect(plane.ask('PUT', `${method}/responses/404`, { responseParameters: { ETag: true } }).status).toBe(400);
    expect(plane.ask('PUT', `${method}/responses/600`, {})).toEqual(
      invalid(
        "1 validation error detected: Value '600' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d",
      ),
    );
  });

  it.each([
    [
      'add',
      `/responseParameters/${ETAG}`,
      'true',
      { responseParameters: { [ETAG]: true, 'method.response.header.A': false } },
    ],
    [
      'replace',
      '/responseParameters/method.response.header.A',
      'true',
      { responseParameters: { 'method.response.header.A': true } },
    ],
    ['add', '/responseModels/image~1png', 'Empty', { responseModels: { 'image/png': 'Empty' } }],
  ])('UpdateMethodResponse does %s %s', (op, path, value, expected) => {
    const plane = createControlPlane();
    const { method } = makeMethod(plane);
    plane.make('PUT', `${method}/responses/200`, { responseParameters: { 'method.response.header.A': false } });

    const reply = plane.ask('PATCH', `${method}/responses/200`, patch([op, path, value]));

    expect(reply).toEqual({ status: 201, type: undefined, body: expect.objectContaining(expected) });
  });

  it.each([
    ['replace', `/responseParameters/${ETAG}`, notFound('Invalid parameter name specified')],
    ['remove', `/responseParameters/${ETAG}`, notFound('Invalid parameter name specified')],
    ['remove', '/responseModels/image~1png', notFound('Content-Type specified was not found')],
    ['add', '/wrong/a', badRequest('Invalid patch path /wrong/a')],
  ] as const)('UpdateMethodResponse refuses %s %s', (op, path, expected) => {
    const plane = createControlPlane();
    const { method } = makeMethod(plane);
    plane.make('PUT', `${method}/responses/200`, {});

    expect(plane.ask('PATCH', `${method}/responses/200`, patch([op, path, 'true']))).toEqual(expected);
  });

  it.each(['GET', 'PATCH', 'DELETE'])('%s does not find another status', (verb) => {
    const plane = createControlPlane();
    const { method } = makeMethod(plane);

    const body = verb === 'PATCH' ? patch() : undefined;
    expect(plane.ask(verb, `${method}/responses/404`, body)).toEqual(
      notFound('Invalid Response status code specified'),
    );
  });

  it('DeleteMethodResponse leaves none behind in the method', () => {
    const plane = createControlPlane();
    const { method } = makeMethod(plane);
    plane.make('PUT', `${method}/responses/200`, {});

    expect(plane.ask('DELETE', `${method}/responses/200`).status).toBe(204);

    expect(plane.make('GET', method)).not.toHaveProperty('methodResponses');
  });
});
