import { describe, expect, it } from 'vitest';
import type { GatewayResponse } from '../../../src/emulator/apigateway/model.js';
import { GatewayFailure, type ResponseTypeName } from '../../../src/emulator/execute-api/gateway-failure.js';
import type { Verdict } from '../../../src/emulator/operation.js';
import { ALICE, methodSetting, mock, ServedApi, s3, textOf } from './served-api.js';

function gatewayResponse(responseType: string, put: Partial<GatewayResponse>): Record<string, GatewayResponse> {
  return { [responseType]: { responseType, responseParameters: {}, responseTemplates: {}, ...put } };
}

describe('GatewayFailure', () => {
  it.each<[ResponseTypeName, number, string, string]>([
    ['UNAUTHORIZED', 401, 'UnauthorizedException', 'Unauthorized'],
    ['EXPIRED_TOKEN', 403, 'ExpiredTokenException', 'The incoming token has expired'],
    ['ACCESS_DENIED', 403, 'AccessDeniedException', 'User is not authorized to access this resource'],
    ['QUOTA_EXCEEDED', 429, 'LimitExceededException', 'Limit Exceeded'],
    ['INTEGRATION_TIMEOUT', 504, 'InternalServerErrorException', 'Endpoint request timed out'],
    ['INTEGRATION_FAILURE', 504, 'InternalServerErrorException', 'Internal server error'],
    ['AUTHORIZER_CONFIGURATION_ERROR', 500, 'AuthorizerConfigurationException', 'Internal server error'],
    ['AUTHORIZER_FAILURE', 500, 'InternalServerErrorException', 'Internal server error'],
    ['BAD_REQUEST_BODY', 400, 'BadRequestException', 'Invalid request body'],
    ['RESOURCE_NOT_FOUND', 404, 'NotFoundException', 'Not Found'],
    ['WAF_FILTERED', 403, 'ForbiddenException', 'Forbidden'],
  ])('of type %s is %i %s: %s', (type, status, errorType, message) => {
    expect(new GatewayFailure(type)).toMatchObject({ type, status, errorType, message });
  });
});

describe('toGatewayAnswer()', () => {
  it.each<[string, (api: ServedApi) => void, number, string, string]>([
    [
      'MISSING_AUTHENTICATION_TOKEN',
      () => undefined,
      403,
      'MissingAuthenticationTokenException',
      '{"message":"Missing Authentication Token"}',
    ],
    [
      'INVALID_API_KEY',
      (api) => api.add('/a', 'GET', { ...mock(), apiKeyRequired: true }),
      403,
      'ForbiddenException',
      '{"message":"Forbidden"}',
    ],
    [
      'BAD_REQUEST_PARAMETERS',
      (api) => {
        const requestParameters = {
          'method.request.querystring.qs1': true,
          'method.request.path.issuer': true,
          'method.request.header.x-header-param': true,
          'method.request.header.optional': false,
        };
        api.add('/a', 'GET', { ...mock(), requestParameters, requestValidatorId: 'v' });
      },
      400,
      'BadRequestException',
      '{"message":"Missing required request parameters: [x-header-param, issuer, qs1]"}',
    ],
    [
      'API_CONFIGURATION_ERROR',
      (api) => api.add('/a', 'GET', mock({ requestTemplates: { 'application/json': 'no status' } })),
      500,
      'InternalServerErrorException',
      '{"message":"Internal server error"}',
    ],
    [
      'THROTTLED',
      (api) => {
        api.stage.methodSettings['*/*'] = methodSetting({ throttlingBurstLimit: 0 });
        api.add('/a', 'GET', mock());
      },
      429,
      'TooManyRequestsException',
      '{"message":"Too Many Requests"}',
    ],
    [
      'UNSUPPORTED_MEDIA_TYPE',
      (api) => api.add('/a', 'GET', mock({ passthroughBehavior: 'NEVER', requestTemplates: {} })),
      415,
      'BadRequestException',
      '{"message":"Unsupported Media Type"}',
    ],
    [
      'ACCESS_DENIED of a resource policy',
      (api) => {
        api.api.policy = '{}';
        api.verdict = () => 'implicit-deny';
        api.add('/a', 'GET', mock());
      },
      403,
      'AccessDeniedException',
      '{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-central-1:********0000:abcde12345/v1/GET/a"}',
    ],
  ])('answers %s as AWS does', (_type, arrange, status, errorType, body) => {
    const api = new ServedApi();
    api.snapshot.validators = {
      v: { id: 'v', name: 'v', validateRequestBody: false, validateRequestParameters: true },
    };
    arrange(api);

    const response = api.send('GET', '/a');

    expect([response.status, response.headers['x-amzn-ErrorType'], textOf(response)]).toEqual([
      status,
      errorType,
      body,
    ]);
    expect(response.headers).toMatchObject({
      'Content-Type': 'application/json',
      'Content-Length': String(body.length),
    });
    expect(response.headers).toHaveProperty('x-amzn-RequestId');
    expect(response.headers).not.toHaveProperty('X-Amzn-Trace-Id');
  });

  it('answers with the customised status, headers and template of the type', () => {
    const api = new ServedApi();
    api.stage.variables = { colour: 'green' };
    api.snapshot.gatewayResponses = gatewayResponse('MISSING_AUTHENTICATION_TOKEN', {
      statusCode: '404',
      responseParameters: {
        'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
        'gatewayresponse.header.X-Query': 'method.request.querystring.q',
        'gatewayresponse.header.X-Asked': 'method.request.header.X-Asked',
        'gatewayresponse.header.X-Stage': 'stageVariables.colour',
        'gatewayresponse.header.X-Type': 'context.error.responseType',
        'gatewayresponse.header.X-Path': 'method.request.path.key',
      },
      responseTemplates: {
        'application/json':
          '{"m":$context.error.messageString,"t":"${context.error.responseType}","q":"$method.request.querystring.q","s":"$stageVariables.colour","h":"$method.request.header.X-Asked","none":"$context.none","vtl":"#set($x = 1)$x"}',
      },
    });

    const response = api.send('GET', '/nothing?q=1', { headers: { 'X-Asked': 'yes' } });

    expect(response.status).toBe(404);
    expect(textOf(response)).toBe(
      '{"m":"Missing Authentication Token","t":"MISSING_AUTHENTICATION_TOKEN","q":"1","s":"green","h":"yes","none":"","vtl":"#set($x = 1)$x"}',
    );
    expect(response.headers).toMatchObject({
      'Access-Control-Allow-Origin': '*',
      'X-Query': '1',
      'X-Asked': 'yes',
      'X-Stage': 'green',
      'X-Type': 'MISSING_AUTHENTICATION_TOKEN',
      'x-amzn-ErrorType': 'MissingAuthenticationTokenException',
    });
    expect(response.headers).not.toHaveProperty('X-Path');
  });

  it.each([
    ['a type nobody put takes DEFAULT_4XX', 'DEFAULT_4XX', '/nothing', 418, '{"custom":1}'],
    ['a failure of the server does not', 'DEFAULT_4XX', '/broken', 500, '{"message":"Internal server error"}'],
    ['it takes DEFAULT_5XX', 'DEFAULT_5XX', '/broken', 418, '{"custom":1}'],
  ])('%s', (_case, type, path, status, body) => {
    const api = new ServedApi();
    api.add('/broken', 'GET', {});
    const responseTemplates = { 'application/json': '{"custom":1}' };
    api.snapshot.gatewayResponses = gatewayResponse(type, { statusCode: '418', responseTemplates });

    const response = api.send('GET', path);

    expect([response.status, textOf(response)]).toEqual([status, body]);
  });

  it('keeps the built-in of a type that was put with a header only, whatever DEFAULT_5XX says', () => {
    const api = new ServedApi();
    api.add('/broken', 'GET', {});
    api.snapshot.gatewayResponses = {
      ...gatewayResponse('DEFAULT_5XX', { statusCode: '599', responseTemplates: { 'application/json': 'no' } }),
      ...gatewayResponse('API_CONFIGURATION_ERROR', { responseParameters: { 'gatewayresponse.header.X': "'1'" } }),
    };

    const response = api.send('GET', '/broken');

    expect([response.status, textOf(response), response.headers['X']]).toEqual([
      500,
      '{"message":"Internal server error"}',
      '1',
    ]);
  });

  it('sends a customised body in the type of its template', () => {
    const api = new ServedApi();
    const responseTemplates = { 'application/json': '{}', 'text/html': '<p>' };
    api.snapshot.gatewayResponses = gatewayResponse('DEFAULT_4XX', { responseTemplates });

    const response = api.send('GET', '/nothing', { headers: { Accept: 'text/html,*/*' } });

    expect([response.headers['Content-Type'], textOf(response)]).toEqual(['text/html', '<p>']);
  });
});

describe('authorise()', () => {
  function iamApi(): ServedApi {
    const api = new ServedApi(['*/*']);
    api.objects.set('pics/a', { body: 'bytes' });
    api.add('/{key+}', 'GET', { ...s3(), authorizationType: 'AWS_IAM' });
    return api;
  }

  it('wants a signature for AWS_IAM', () => {
    const response = iamApi().send('GET', '/a');

    expect([response.status, textOf(response)]).toEqual([403, '{"message":"Missing Authentication Token"}']);
  });

  it('asks whether the caller may execute-api:Invoke this path', () => {
    const api = iamApi();

    const response = api.send('GET', '/a', { caller: ALICE });

    expect(response.status).toBe(200);
    expect(api.asked).toMatchObject([
      {
        caller: ALICE,
        action: 'execute-api:Invoke',
        resource: 'arn:aws:execute-api:eu-central-1:000000000000:abcde12345/v1/GET/a',
      },
    ]);
  });

  it.each<[Verdict, string]>([
    ['implicit-deny', ''],
    ['explicit-deny', ' with an explicit deny'],
  ])('refuses on %s', (verdict, ending) => {
    const api = iamApi();
    api.verdict = () => verdict;

    const response = api.send('GET', '/a', { caller: ALICE });

    expect(response.status).toBe(403);
    expect(textOf(response)).toBe(
      `{"Message":"User: arn:aws:iam::000000000000:user/alice is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-central-1:********0000:abcde12345/v1/GET/a${ending}"}`,
    );
    expect(api.sentToS3).toEqual([]);
  });

  it.each([
    ['AWS_IAM', 403, 'UnrecognizedClientException'],
    ['NONE', 200, undefined],
  ])('minds a wrong signature on %s: %i', (authorizationType, status, errorType) => {
    const api = iamApi();
    api.add('/{key+}', 'GET', { ...s3(), authorizationType });
    const signatureError = {
      errorType: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    };

    const response = api.send('GET', '/a', { ask: { signatureError } });

    expect([response.status, response.headers['x-amzn-ErrorType']]).toEqual([status, errorType]);
  });

  it.each(['CUSTOM', 'COGNITO_USER_POOLS'])('answers 500 for %s without an authorizer', (authorizationType) => {
    const api = new ServedApi();
    api.add('/a', 'GET', { ...mock(), authorizationType, authorizerId: 'gone00' });

    const response = api.send('GET', '/a');

    expect([response.status, textOf(response), response.headers['x-amzn-ErrorType']]).toEqual([
      500,
      '{"message":null}',
      'AuthorizerConfigurationException',
    ]);
  });

  it('lets everybody pass NONE without a policy, and asks when there is one', () => {
    const api = new ServedApi();
    api.add('/a', 'GET', mock());

    const open = api.send('GET', '/a').status;
    api.api.policy = '{"Statement":[]}';
    api.send('GET', '/a', { caller: ALICE });

    expect(open).toBe(200);
    expect(api.asked).toMatchObject([{ caller: { kind: 'anonymous' }, resourcePolicy: '{"Statement":[]}' }]);
  });
});

describe('throttle()', () => {
  it('lets a burst pass, refuses what is beyond, and refills by the second', () => {
    const api = new ServedApi();
    api.stage.methodSettings['*/*'] = methodSetting({ throttlingBurstLimit: 2, throttlingRateLimit: 1 });
    api.add('/a', 'GET', mock());

    const burst = [1, 2, 3].map(() => api.send('GET', '/a').status);
    api.now += 1000;
    const later = [1, 2].map(() => api.send('GET', '/a').status);

    expect([burst, later]).toEqual([
      [200, 200, 429],
      [200, 429],
    ]);
  });

  it('gives a method with a setting of its own a bucket of its own', () => {
    const api = new ServedApi();
    api.stage.methodSettings['*/*'] = methodSetting({ throttlingBurstLimit: 1, throttlingRateLimit: 1 });
    api.stage.methodSettings['a~1b/GET'] = methodSetting({ throttlingBurstLimit: 1, throttlingRateLimit: 1 });
    for (const path of ['/a', '/a/b', '/c']) api.add(path, 'GET', mock());

    const statuses = ['/a', '/a/b', '/c', '/a/b'].map((path) => api.send('GET', path).status);

    expect(statuses).toEqual([200, 200, 429, 429]);
  });

  it.each([
    [{ throttlingBurstLimit: -1, throttlingRateLimit: -1 }, 200],
    [{ throttlingBurstLimit: 5, throttlingRateLimit: 0 }, 429],
  ])('with %j answers %i', (limits, status) => {
    const api = new ServedApi();
    api.stage.methodSettings['~1/GET'] = methodSetting(limits);
    api.add('/', 'GET', mock());

    expect(api.send('GET', '/').status).toBe(status);
  });
});

describe('validateRequest()', () => {
  function validatedApi(requestModels: Record<string, string> = {}): ServedApi {
    const api = new ServedApi();
    api.snapshot.validators = { v: { id: 'v', name: 'v', validateRequestBody: true, validateRequestParameters: true } };
    const requestParameters = { 'method.request.querystring.q': true };
    api.add('/a', 'POST', { ...mock(), requestParameters, requestModels, requestValidatorId: 'v' });
    return api;
  }

  it.each([
    ['/a?q=1', 200],
    ['/a?q=', 400],
    ['/a?q=%20', 400],
    ['/a', 400],
  ])('answers %s with %i', (path, status) => {
    expect(validatedApi().send('POST', path).status).toBe(status);
  });

  it('does not look without a validator', () => {
    const api = new ServedApi();
    api.add('/a', 'GET', { ...mock(), requestParameters: { 'method.request.querystring.q': true } });

    expect(api.send('GET', '/a').status).toBe(200);
  });

  it.each([
    ['Empty', 'not json', 400, '{"message":"Invalid request body"}'],
    ['Empty', '{"any":1}', 200, ''],
    ['Empty', '', 200, ''],
    [
      'Pet',
      '{"any":1}',
      501,
      '{"message":"The local cloud does not emulate execute-api request validation against model Pet."}',
    ],
  ])('against model %s, body %s answers %i', (model, body, status, answer) => {
    const response = validatedApi({ 'application/json': model }).send('POST', '/a?q=1', { body });

    expect([response.status, textOf(response)]).toEqual([status, answer]);
  });
});
