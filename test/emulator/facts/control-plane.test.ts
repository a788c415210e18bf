import { describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  badRequest,
  createControlPlane,
  invalid,
  KEY,
  makeApi,
  makeMethod,
  makeStage,
  makeWired,
  notFound,
  patch,
  ROLE,
  refused,
  S3_INTEGRATION,
} from '../apigateway/control-plane.js';

const STOCK = { 'application/json': '{"message":$context.error.messageString}' };

describe('an API that is not there (recorded tests of RestApi, July 2025)', () => {
  it.each([
    ['GET', ''],
    ['PATCH', '', patch(['replace', '/name', 'b'])],
    ['DELETE', ''],
    ['GET', '/resources'],
    ['GET', '/deployments'],
    ['POST', '/deployments', {}],
    ['GET', '/deployments/abc123'],
    ['DELETE', '/deployments/abc123'],
    ['GET', '/stages'],
    ['POST', '/stages', { stageName: 'live', deploymentId: 'abc123' }],
    ['GET', '/stages/live'],
    ['PATCH', '/stages/live', patch(['replace', '/description', 'd'])],
    ['DELETE', '/stages/live'],
    ['DELETE', '/stages/live/cache/data'],
    ['GET', '/gatewayresponses'],
    ['GET', '/gatewayresponses/THROTTLED'],
    ['PUT', '/gatewayresponses/THROTTLED', {}],
    ['PATCH', '/gatewayresponses/THROTTLED', patch(['replace', '/statusCode', '503'])],
    ['DELETE', '/gatewayresponses/THROTTLED'],
    ['GET', '/models'],
    ['GET', '/models/Empty'],
    ['GET', '/requestvalidators'],
    ['GET', '/requestvalidators/abc123'],
  ])('is told of by name: %s …%s', (verb, tail, body?: object) => {
    const plane = createControlPlane();

    expect(plane.ask(verb, `/restapis/nothere${tail}`, body)).toEqual(
      notFound(`Invalid API identifier specified ${ACCOUNT}:nothere`),
    );
  });

  it.each([
    ['GET', ''],
    ['PATCH', '', patch(['replace', '/pathPart', 'b'])],
    ['DELETE', ''],
    ['POST', '', { pathPart: 'b' }],
    ['PUT', '/methods/PUT', { authorizationType: 'NONE' }],
    ['GET', '/methods/GET'],
    ['DELETE', '/methods/GET'],
    ['POST', '/methods/GET', {}],
    ['PUT', '/methods/GET/integration', { type: 'MOCK' }],
    ['GET', '/methods/GET/integration'],
    ['GET', '/methods/GET/responses/200'],
    ['PUT', '/methods/GET/integration/responses/200', {}],
  ])('is told of as a resource below a resource: %s …/resources/{id}%s', (verb, tail, body?: object) => {
    const plane = createControlPlane();
    const { resourceId } = makeWired(plane);

    expect(plane.ask(verb, `/restapis/nothere/resources/${resourceId}${tail}`, body)).toEqual(
      notFound('Invalid Resource identifier specified'),
    );
  });

  it('is one whose id is written in other letters (recorded: test_get_api_case_insensitive)', () => {
    const plane = createControlPlane();
    const id = makeApi(plane).toUpperCase();

    expect(plane.ask('GET', `/restapis/${id}`)).toEqual(notFound(`Invalid API identifier specified ${ACCOUNT}:${id}`));
  });
});

describe('shapes of requests', () => {
  const NUMBER = 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String';
  const BOOLEAN = 'class java.lang.Boolean can not be converted to an String';

  it.each([
    ['POST', '/restapis', { name: 5 }, NUMBER],
    ['POST', '/restapis', { name: 'a', description: true }, BOOLEAN],
    ['POST', '/restapis', { name: 'a', binaryMediaTypes: [5] }, NUMBER],
    ['PATCH', '/restapis/abc', { patchOperations: [{ op: 'replace', path: '/name', value: 5 }] }, NUMBER],
    ['PATCH', '/restapis/abc', { patchOperations: [{ op: 'replace', path: '/name', value: true }] }, BOOLEAN],
    ['PUT', '/restapis/abc/gatewayresponses/THROTTLED', { statusCode: 429 }, NUMBER],
  ])('%s %s %j is a SerializationException', (verb, target, body, message) => {
    expect(createControlPlane().ask(verb, target, body)).toEqual(refused(400, 'SerializationException', message));
  });

  const PATTERN = 'failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d';
  const METHOD = '/restapis/abc/resources/def/methods/GET';

  it.each([
    ['PUT', `${METHOD}/responses/666`, {}, "Value '666' at 'statusCode'"],
    ['GET', `${METHOD}/responses/2xx`, undefined, "Value '2xx' at 'statusCode'"],
    ['PATCH', `${METHOD}/responses/20`, patch(), "Value '20' at 'statusCode'"],
    ['PUT', `${METHOD}/integration/responses/wrong`, {}, "Value 'wrong' at 'statusCode'"],
    ['DELETE', `${METHOD}/integration/responses/2000`, undefined, "Value '2000' at 'statusCode'"],
    [
      'PUT',
      '/restapis/abc/gatewayresponses/THROTTLED',
      { statusCode: '42' },
      "Value '42' at 'putGatewayResponseInput.statusCode'",
    ],
  ])('%s %s names the constraint and where it is broken', (verb, target, body, where) => {
    expect(createControlPlane().ask(verb, target, body)).toEqual(
      invalid(`1 validation error detected: ${where} ${PATTERN}`),
    );
  });
});

describe('a RestApi without tags', () => {
  it('has none in the answers of Create, Get and List, and an empty map in that of Update', () => {
    const plane = createControlPlane();

    const made = plane.make('POST', '/restapis', { name: 'a' });
    const one = `/restapis/${made['id']}`;
    const [listed] = plane.make('GET', '/restapis')['item'] as object[];
    const updated = plane.make('PATCH', one, patch(['replace', '/name', 'b']));

    expect([made, plane.make('GET', one), listed].map((api) => 'tags' in (api ?? {}))).toEqual([false, false, false]);
    expect(updated['tags']).toEqual({});
  });
});

describe('PutIntegration (recorded tests of integrations, June 2024 and March 2025)', () => {
  it.each(['Content-Length', 'Transfer-Encoding', 'Authorization', 'Connection', 'Expect', 'Proxy-Authenticate', 'TE'])(
    'accepts a mapping onto %s, though it fails every call later',
    (name) => {
      const plane = createControlPlane();
      const { integration } = makeMethod(plane);
      const requestParameters = { [`integration.request.header.${name}`]: KEY };

      expect(plane.make('PUT', integration, { ...S3_INTEGRATION, requestParameters })).toMatchObject({
        requestParameters,
      });
    },
  );

  it('looks neither for the role nor for the bucket', () => {
    const plane = createControlPlane({ trusted: [] });
    const { integration } = makeMethod(plane);
    const given = { credentials: `${ROLE}-nobody-made`, uri: 'arn:aws:apigateway:eu-central-1:s3:path/no-bucket/a' };

    expect(plane.make('PUT', integration, { ...S3_INTEGRATION, ...given })).toMatchObject(given);
  });

  it('is read back with its responses inside', () => {
    const plane = createControlPlane();
    const { method } = makeWired(plane);
    plane.make('PUT', `${method}/integration/responses/200`, { selectionPattern: '2\\d{2}' });

    expect(plane.make('GET', `${method}/integration`)['integrationResponses']).toEqual({
      200: { statusCode: '200', selectionPattern: '2\\d{2}' },
    });
  });

  it.each([
    ['HTTP', 'https://example.com/a', true],
    ['HTTP_PROXY', 'https://example.com/a', true],
    ['AWS', S3_INTEGRATION.uri, false],
    ['MOCK', undefined, false],
  ])('of type %s to %s has a connection type: %s', (type, uri, hasConnection) => {
    const plane = createControlPlane();
    const { integration } = makeMethod(plane);

    const made = plane.make('PUT', integration, { type, httpMethod: 'GET', uri, credentials: ROLE });

    expect(made['connectionType']).toBe(hasConnection ? 'INTERNET' : undefined);
  });
});

describe('gateway responses (recorded, April and June 2024)', () => {
  it.each([
    ['THROTTLED', { statusCode: '429' }],
    ['API_CONFIGURATION_ERROR', { statusCode: '500' }],
    ['DEFAULT_4XX', {}],
    ['DEFAULT_5XX', {}],
  ])('%s reads as a default while nobody has put it', (responseType, status) => {
    const plane = createControlPlane();
    const all = `/restapis/${makeApi(plane)}/gatewayresponses`;

    expect(plane.make('GET', `${all}/${responseType}`)).toEqual({
      ...{ responseType, ...status, defaultResponse: true },
      ...{ responseParameters: {}, responseTemplates: STOCK },
    });
  });

  it("AUTHORIZER_FAILURE put with one header has AWS's own status and template beside it", () => {
    const plane = createControlPlane();
    const all = `/restapis/${makeApi(plane)}/gatewayresponses`;
    plane.make('PUT', `${all}/DEFAULT_5XX`, { statusCode: '599', responseTemplates: { 'application/json': '{}' } });
    const responseParameters = { 'gatewayresponse.header.X': "'y'" };

    const made = plane.make('PUT', `${all}/AUTHORIZER_FAILURE`, { responseParameters });

    expect(made).toEqual({
      ...{ responseType: 'AUTHORIZER_FAILURE', statusCode: '500', defaultResponse: false },
      ...{ responseParameters, responseTemplates: STOCK },
    });
  });
});

describe('UpdateStage (recorded: test_update_stage, March 2024)', () => {
  it('leaves no settings behind when those of all methods were the only ones', () => {
    const { change, read } = makeStage();
    change(['replace', '/*/*/throttling/burstLimit', '124']);
    expect(Object.keys(read()['methodSettings'] as object)).toEqual(['*/*']);

    change(['remove', '/*/*']);

    expect(read()['methodSettings']).toEqual({});
  });

  it('fills in a logging level only when one is set', () => {
    const { change, read } = makeStage();

    change(['replace', '/*/*/metrics/enabled', 'true']);
    const before = read()['methodSettings'];
    change(['replace', '/*/*/logging/loglevel', 'ERROR']);

    expect(before).toEqual({ '*/*': expect.not.objectContaining({ loggingLevel: expect.anything() }) });
    expect(read()['methodSettings']).toMatchObject({ '*/*': { loggingLevel: 'ERROR' } });
  });

  it('refuses the patch of a stage that would tag it', () => {
    const { change } = makeStage();

    expect(change(['remove', '/tags/tag1'])).toEqual(
      badRequest('Cannot remove method setting tags/tag1 because there is no method setting for this method '),
    );
  });
});

describe('request validators', () => {
  it('answer 201, 200, 200, 200 and 202', () => {
    const plane = createControlPlane();
    const all = `/restapis/${makeApi(plane)}/requestvalidators`;

    const made = plane.ask('POST', all, { name: 'v' });
    const one = `${all}/${(made.body as { id: string }).id}`;
    const statuses = [
      ...[made, plane.ask('GET', one), plane.ask('GET', all)],
      ...[plane.ask('PATCH', one, patch(['replace', '/name', 'w'])), plane.ask('DELETE', one)],
    ].map(({ status }) => status);

    expect(statuses).toEqual([201, 200, 200, 200, 202]);
  });
});
