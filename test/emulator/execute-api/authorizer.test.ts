import { describe, expect, it } from 'vitest';
import type { Authorizer } from '../../../src/emulator/apigateway/authorizer-model.js';
import { TABLES } from '../../../src/emulator/apigateway/model.js';
import { authorize } from '../../../src/emulator/iam/authorize.js';
import type { FunctionOutcome, UserPoolTokenVerdict, Verdict } from '../../../src/emulator/operation.js';
import { ANONYMOUS, API_ID, methodSetting, mock, NOON, ROLE, ServedApi, textOf } from './served-api.js';

const FUNCTION = 'arn:aws:lambda:eu-central-1:000000000000:function:door';
const URI = `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const POOL = 'arn:aws:cognito-idp:eu-central-1:000000000000:userpool/eu-central-1_AbCdEfGhI';
const STAGE = `arn:aws:execute-api:eu-central-1:000000000000:${API_ID}/v1`;
const TOKEN: Partial<Authorizer> = { type: 'TOKEN', identitySource: 'method.request.header.Authorization' };
const REQUEST: Partial<Authorizer> = { type: 'REQUEST', identitySource: 'method.request.querystring.who' };
const POOLS: Partial<Authorizer> = { ...TOKEN, type: 'COGNITO_USER_POOLS', providerARNs: [POOL] };

/** What a function answers that allows, or denies, what `resource` names. */
function policy(resource: string | string[], effect = 'Allow', more: Record<string, unknown> = {}): FunctionOutcome {
  const Statement = [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }];
  return {
    kind: 'answer',
    value: { principalId: 'ann', policyDocument: { Version: '2012-10-17', Statement }, ...more },
  };
}

/** GET /alpha and GET /{name}, both behind one authorizer, judged by the real policy engine; answers what the authorizer told. */
function guardedApi(
  authorizer: Partial<Authorizer>,
  { apiPolicy, scopes }: { apiPolicy?: unknown; scopes?: string[] } = {},
) {
  const api = new ServedApi();
  const told = '$context.authorizer.principalId|$context.authorizer.plan|$context.authorizer.claims.sub';
  const guard = {
    authorizationType: authorizer.type === 'COGNITO_USER_POOLS' ? 'COGNITO_USER_POOLS' : 'CUSTOM',
    authorizerId: 'abc123',
    ...(scopes !== undefined && { authorizationScopes: scopes }),
  };
  for (const path of ['/alpha', '/{name}'])
    api.add(path, 'GET', { ...mock({}, { responseTemplates: { 'application/json': told } }), ...guard });
  api.snapshot.authorizers['abc123'] = {
    id: 'abc123',
    name: 'door',
    authType: '',
    type: 'TOKEN',
    authorizerUri: URI,
    ...authorizer,
  };
  if (apiPolicy !== undefined) api.api.policy = JSON.stringify(apiPolicy);
  api.verdict = (ask): Verdict => authorize(api.call(ANONYMOUS), ask);
  return api;
}

const bearing = (token: string) => ({ headers: { Authorization: token } });
const statusOf = (api: ServedApi, path: string, token: string) => api.send('GET', path, bearing(token)).status;

describe('an authorizer of type TOKEN', () => {
  it('asks its function with the token and the ARN of the method', () => {
    const api = guardedApi(TOKEN);
    api.outcome = () => policy(`${STAGE}/*`, 'Allow', { context: { plan: 7 } });

    const answer = api.send('GET', '/alpha?a=1', { headers: { authorization: 'Bearer t' } });

    expect([answer.status, textOf(answer)]).toEqual([200, 'ann|7|']);
    expect(api.invoked).toEqual([
      {
        functionArn: FUNCTION,
        event: { type: 'TOKEN', methodArn: `${STAGE}/GET/alpha`, authorizationToken: 'Bearer t' },
        sourceArn: `arn:aws:execute-api:eu-central-1:000000000000:${API_ID}/authorizers/abc123`,
        caller: undefined,
      },
    ]);
  });

  it.each([
    ['no token', {}, {}],
    ['an empty token', {}, bearing(' ')],
    ['a token in another header', {}, { headers: { 'X-Token': 't' } }],
    ['a token that does not fit the expression', { identityValidationExpression: 'x-[0-9]+' }, bearing('x-12y')],
  ])('is 401 for %s, and asks nobody', (_what, more, request) => {
    const api = guardedApi({ ...TOKEN, ...more });
    api.outcome = () => policy('*');

    const answer = api.send('GET', '/alpha', request);

    expect([answer.status, textOf(answer), answer.headers['x-amzn-ErrorType']]).toEqual([
      ...[401, '{"message":"Unauthorized"}', 'UnauthorizedException'],
    ]);
    expect(api.invoked).toEqual([]);
  });

  it('takes a token that fits the expression', () => {
    const api = guardedApi({ ...TOKEN, identityValidationExpression: 'x-[0-9]+' });
    api.outcome = () => policy('*');

    expect(statusOf(api, '/alpha', 'x-12')).toBe(200);
  });

  it('calls its function as its role, which must trust API Gateway', () => {
    const api = guardedApi({ ...TOKEN, authorizerCredentials: ROLE });
    api.outcome = () => policy('*');
    const trusted = statusOf(api, '/alpha', 't');
    api.trusted = false;

    expect([trusted, statusOf(api, '/alpha', 'u')]).toEqual([200, 500]);
    expect(api.invoked.map(({ caller }) => caller?.arn)).toEqual([
      'arn:aws:sts::000000000000:assumed-role/reader/BackplaneAssumeRoleSession',
    ]);
  });

  it('reads stage variables in its uri', () => {
    const api = guardedApi({ ...TOKEN, authorizerUri: URI.replace('door', '$' + '{stageVariables.door}') });
    api.stage.variables = { door: 'gate' };

    api.send('GET', '/alpha', bearing('t'));

    expect(api.invoked.map(({ functionArn }) => functionArn)).toEqual([FUNCTION.replace('door', 'gate')]);
  });
});

describe('an authorizer of type REQUEST', () => {
  it('asks its function with all of the request but its body', () => {
    const api = guardedApi({
      ...REQUEST,
      identitySource: 'method.request.header.X-A,stageVariables.v,context.identity.sourceIp',
    });
    api.stage.variables = { v: '1' };
    api.outcome = () => policy(`${STAGE}/GET/images%20of`);

    const answer = api.send('GET', '/images%20of?q=1&q=2', { headers: { 'X-A': 'b', Host: 'h' }, body: 'secret' });

    expect(answer.status).toBe(200);
    expect(api.invoked.map(({ event }) => event)).toEqual([
      {
        type: 'REQUEST',
        methodArn: `${STAGE}/GET/images%20of`,
        resource: '/{name}',
        path: '/images%20of',
        httpMethod: 'GET',
        headers: { 'X-A': 'b', Host: 'h' },
        multiValueHeaders: { 'X-A': ['b'], Host: ['h'] },
        queryStringParameters: { q: '2' },
        multiValueQueryStringParameters: { q: ['1', '2'] },
        pathParameters: { name: 'images of' },
        stageVariables: { v: '1' },
        requestContext: {
          accountId: '000000000000',
          apiId: API_ID,
          deploymentId: 'dep001',
          domainName: `${API_ID}.execute-api.eu-central-1.amazonaws.com`,
          domainPrefix: API_ID,
          extendedRequestId: expect.any(String),
          httpMethod: 'GET',
          identity: { sourceIp: '203.0.113.7' },
          path: '/v1/images%20of',
          protocol: 'HTTP/1.1',
          requestId: '11111111-1111-4111-8111-111111111111',
          requestTime: '28/Jul/2026:09:45:44 +0000',
          requestTimeEpoch: NOON,
          resourceId: 'res2',
          resourcePath: '/{name}',
          stage: 'v1',
        },
      },
    ]);
  });

  it.each(['method.request.header.X', 'method.request.querystring.x', 'stageVariables.x', 'context.authorizer.x'])(
    'is 401 where %s is missing, and asks nobody, whether it keeps answers or not',
    (source) => {
      const apis = [0, 300].map((ttl) =>
        guardedApi({
          ...REQUEST,
          identitySource: `method.request.querystring.who,${source}`,
          authorizerResultTtlInSeconds: ttl,
        }),
      );

      expect(apis.map((api) => [api.send('GET', '/alpha?who=ann').status, api.invoked.length])).toEqual([
        [401, 0],
        [401, 0],
      ]);
    },
  );

  it('asks each time when it has no identity to keep an answer by', () => {
    const api = guardedApi({ type: 'REQUEST', authorizerResultTtlInSeconds: 0 });
    api.outcome = () => policy('*');

    expect([api.send('GET', '/alpha').status, api.send('GET', '/alpha').status, api.invoked.length]).toEqual([
      200, 200, 2,
    ]);
  });
});

describe('what a function answers', () => {
  it.each<[string, FunctionOutcome, number, string, string]>([
    ['a policy for this method', policy(`${STAGE}/GET/alpha`), 200, 'ann||', ''],
    [
      'a policy for another method',
      policy(`${STAGE}/GET/beta`),
      403,
      '{"Message":"User is not authorized to access this resource"}',
      'AccessDeniedException',
    ],
    [
      'a policy for another stage',
      policy(`${STAGE.replace('/v1', '/test')}/*`),
      403,
      '{"Message":"User is not authorized to access this resource"}',
      'AccessDeniedException',
    ],
    [
      'a deny',
      policy('*', 'Deny'),
      403,
      '{"Message":"User is not authorized to access this resource with an explicit deny"}',
      'AccessDeniedException',
    ],
    [
      'the error "Unauthorized"',
      { kind: 'error', message: 'Unauthorized' },
      401,
      '{"message":"Unauthorized"}',
      'UnauthorizedException',
    ],
    [
      'another error',
      { kind: 'error', message: 'unauthorized' },
      500,
      '{"message":null}',
      'AuthorizerConfigurationException',
    ],
    [
      'nothing in time',
      { kind: 'timeout' },
      500,
      '{"message":"Internal server error"}',
      'InternalServerErrorException',
    ],
    [
      'nothing, since it is not there',
      { kind: 'missing' },
      500,
      '{"message":null}',
      'AuthorizerConfigurationException',
    ],
    [
      'nothing, since it must not be called',
      { kind: 'forbidden' },
      500,
      '{"message":null}',
      'AuthorizerConfigurationException',
    ],
  ])('decides: %s', (_what, outcome, status, body, type) => {
    const api = guardedApi(TOKEN);
    api.outcome = () => outcome;

    const answer = api.send('GET', '/alpha', bearing('t'));

    expect([answer.status, textOf(answer), answer.headers['x-amzn-ErrorType'] ?? '']).toEqual([status, body, type]);
  });

  const statement = { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: '*' };
  const malformed: [string, unknown][] = [
    ['null', null],
    ['a text', 'allow'],
    ['true', true],
    ['no principal', { policyDocument: { Statement: [statement] } }],
    ['no policy', { principalId: 'ann' }],
    ['a policy as text', { principalId: 'ann', policyDocument: JSON.stringify({ Statement: [statement] }) }],
    ['no statement', { principalId: 'ann', policyDocument: { Statement: [] } }],
    ...[
      { Effect: 'allow' },
      { Effect: undefined },
      { Action: undefined },
      { Action: [] },
      { Resource: undefined },
      { Resource: [1] },
      { Condition: 'x' },
    ].map((wrong): [string, unknown] => [
      `a statement with ${JSON.stringify(wrong)}`,
      { principalId: 'ann', policyDocument: { Statement: [statement, { ...statement, ...wrong }] } },
    ]),
    ['a list in its context', { principalId: 'ann', policyDocument: { Statement: [statement] }, context: { a: [] } }],
    ['a context that is a text', { principalId: 'ann', policyDocument: { Statement: [statement] }, context: 'a' }],
  ];

  it.each(malformed)('is 500, and not kept, when it is malformed: %s', (_what, value) => {
    const api = guardedApi(TOKEN);
    api.outcome = () => ({ kind: 'answer', value });
    const answer = api.send('GET', '/alpha', bearing('t'));
    api.outcome = () => policy('*');

    expect([answer.status, textOf(answer), statusOf(api, '/alpha', 't')]).toEqual([500, '{"message":null}', 200]);
  });

  it.each<FunctionOutcome>([
    { kind: 'error', message: 'no' },
    { kind: 'error', message: 'Unauthorized' },
    { kind: 'timeout' },
    { kind: 'forbidden' },
  ])('is not kept when it is no answer: %j', (outcome) => {
    const api = guardedApi(TOKEN);
    api.outcome = () => outcome;
    const first = statusOf(api, '/alpha', 't');
    api.outcome = () => policy('*');

    expect([first >= 400, statusOf(api, '/alpha', 't')]).toEqual([true, 200]);
  });

  it('tells the backend texts only', () => {
    const api = guardedApi(TOKEN);
    api.outcome = () => policy('*', 'Allow', { context: { plan: false, none: null } });

    expect(textOf(api.send('GET', '/alpha', bearing('t')))).toBe('ann|false|');
  });
});

describe('the policies that a stage keeps', () => {
  it('are judged for each method: an allow for /alpha never opens /beta', () => {
    const api = guardedApi(TOKEN);
    api.outcome = () => policy(`${STAGE}/GET/alpha`);

    const answers = ['/alpha', '/beta', '/alpha?x=1', '/beta?x=1', '/alpha'].map((path) => statusOf(api, path, 't'));

    expect([answers, api.invoked.length]).toEqual([[200, 403, 200, 403, 200], 1]);
  });

  it('are judged for each method: a deny for /alpha does not close /beta', () => {
    const api = guardedApi(TOKEN);
    api.outcome = () => policy([`${STAGE}/GET/beta`]);

    expect([statusOf(api, '/alpha', 't'), statusOf(api, '/beta', 't'), api.invoked.length]).toEqual([403, 200, 1]);
  });

  it('are each for one identity', () => {
    const api = guardedApi(TOKEN);
    api.outcome = ({ event }) => policy('*', event['authorizationToken'] === 'good' ? 'Allow' : 'Deny');

    const answers = ['good', 'bad', 'good', 'bad', 'Good'].map((token) => statusOf(api, '/alpha', token));

    expect([answers, api.invoked.length]).toEqual([[200, 403, 200, 403, 403], 3]);
  });

  it('are for all values of an identity, in their order', () => {
    const api = guardedApi(REQUEST);
    api.outcome = () => policy('*');

    for (const query of ['who=a', 'who=a&who=b', 'who=b&who=a', 'who=a,b', 'who=a&other=c'])
      api.send('GET', `/alpha?${query}`);

    expect(api.invoked.length).toBe(4);
  });

  it('hold for their time on the clock of the account, 300 seconds unless told', () => {
    const times = [undefined, 60].map((authorizerResultTtlInSeconds) => {
      const api = guardedApi({ ...TOKEN, ...(authorizerResultTtlInSeconds && { authorizerResultTtlInSeconds }) });
      api.outcome = () => policy('*');
      return [0, 59_999, 60_000, 299_999, 300_000].map((ms) => {
        api.now = NOON + ms;
        statusOf(api, '/alpha', 't');
        return api.invoked.length;
      });
    });

    expect(times).toEqual([
      [1, 1, 1, 1, 2],
      [1, 1, 2, 3, 3],
    ]);
  });

  it('are none with a time of 0', () => {
    const api = guardedApi({ ...TOKEN, authorizerResultTtlInSeconds: 0 });
    api.outcome = () => policy('*');

    expect([statusOf(api, '/alpha', 't'), statusOf(api, '/alpha', 't'), api.invoked.length]).toEqual([200, 200, 2]);
  });

  it('are for one stage and one authorizer', () => {
    const api = guardedApi(TOKEN);
    api.outcome = () => policy('*');
    statusOf(api, '/alpha', 't');
    api.store.put(TABLES.stage, `${API_ID}/v2`, { ...api.stage, stageName: 'v2' });
    api.send('GET', '/alpha', { ...bearing('t'), stageName: 'v2' });
    const stages = api.invoked.length;
    api.snapshot.authorizers['def456'] = {
      id: 'def456',
      name: 'gate',
      authType: '',
      type: 'TOKEN',
      authorizerUri: URI,
      ...TOKEN,
    };
    api.add('/gate', 'GET', { ...mock(), authorizationType: 'CUSTOM', authorizerId: 'def456' });
    statusOf(api, '/gate', 't');

    expect([stages, api.invoked.length]).toEqual([2, 3]);
  });

  it('do not hold the identity itself', () => {
    const api = guardedApi(TOKEN);
    api.outcome = () => policy('*');
    statusOf(api, '/alpha', 'planted-token');

    const kept = api.store.tables().map((table) => JSON.stringify(api.store.list(table)));

    expect(kept.some((text) => text.includes('planted-token'))).toBe(false);
    expect(api.store.tables()).toContain('execute-api/authorizer');
  });

  it('are forgotten when the stage is told so, and those of other stages are not', () => {
    const api = guardedApi(TOKEN);
    api.outcome = () => policy('*');
    const send = (stageName: string) => api.send('GET', '/alpha', { ...bearing('t'), stageName });
    api.store.put(TABLES.stage, `${API_ID}/v2`, { ...api.stage, stageName: 'v2' });
    for (const stageName of ['v1', 'v2']) send(stageName);

    api.cloud().flushAuthorizersCache(api.call(ANONYMOUS), { apiId: API_ID, stageName: 'v1' });
    for (const stageName of ['v1', 'v2']) send(stageName);

    expect(api.invoked.length).toBe(3);
  });
});

describe('an authorizer beside a resource policy', () => {
  const everybody = (Effect: string) => ({
    Statement: [{ Effect, Principal: '*', Action: 'execute-api:Invoke', Resource: `${STAGE}/GET/alpha` }],
  });
  const silent = { Statement: [] };

  it.each<[string, string, unknown, number]>([
    ['allows', 'allows', everybody('Allow'), 200],
    ['allows', 'is silent', silent, 200],
    ['allows', 'denies', everybody('Deny'), 403],
    ['is silent', 'allows', everybody('Allow'), 200],
    ['is silent', 'is silent', silent, 403],
    ['is silent', 'denies', everybody('Deny'), 403],
    ['denies', 'allows', everybody('Allow'), 403],
    ['denies', 'is silent', silent, 403],
    ['denies', 'denies', everybody('Deny'), 403],
  ])('that %s where the other %s', (own, _other, apiPolicy, status) => {
    const api = guardedApi(TOKEN, { apiPolicy });
    api.outcome = () =>
      policy(`${STAGE}/GET/${own === 'is silent' ? 'other' : 'alpha'}`, own === 'denies' ? 'Deny' : 'Allow');

    expect(statusOf(api, '/alpha', 't')).toBe(status);
  });

  it('is not asked where that one denies', () => {
    const api = guardedApi(TOKEN, { apiPolicy: everybody('Deny') });

    expect([statusOf(api, '/alpha', 't'), api.invoked.length]).toEqual([403, 0]);
  });
});

describe('an authorizer and the rest of the chain', () => {
  it('comes before the throttle: who is denied takes no token of its bucket', () => {
    const api = guardedApi(TOKEN);
    api.stage.methodSettings['*/*'] = methodSetting({ throttlingBurstLimit: 1, throttlingRateLimit: 1 });
    api.outcome = ({ event }) => policy('*', event['authorizationToken'] === 'good' ? 'Allow' : 'Deny');

    const statuses = ['bad', 'bad', 'good', 'good', 'bad'].map((token) => statusOf(api, '/alpha', token));

    expect(statuses).toEqual([403, 403, 200, 429, 403]);
  });

  it('comes before the validation: who is denied does not hear what is missing', () => {
    const api = guardedApi(TOKEN);
    api.snapshot.validators = {
      v: { id: 'v', name: 'v', validateRequestBody: false, validateRequestParameters: true },
    };
    const method = api.resource('/alpha').methods['GET'];
    Object.assign(method ?? {}, {
      requestValidatorId: 'v',
      requestParameters: { 'method.request.querystring.q': true },
    });
    api.outcome = ({ event }) => policy('*', event['authorizationToken'] === 'good' ? 'Allow' : 'Deny');

    expect(['bad', 'good'].map((token) => statusOf(api, '/alpha', token))).toEqual([403, 400]);
  });

  it('comes before the cache: who is denied gets no byte of what another has warmed', () => {
    const api = guardedApi(TOKEN);
    api.turnOnCache();
    api.outcome = ({ event }) => policy('*', event['authorizationToken'] === 'good' ? 'Allow' : 'Deny');
    const warmed = textOf(api.send('GET', '/alpha', bearing('good')));

    const answers = ['bad', 'good'].map((token) => textOf(api.send('GET', '/alpha', bearing(token))));

    expect(answers).toEqual([
      '{"Message":"User is not authorized to access this resource with an explicit deny"}',
      warmed,
    ]);
    expect(api.store.get('execute-api/metrics', `${API_ID}/v1`)).toEqual({ CacheHitCount: 1, CacheMissCount: 1 });
  });

  it('keeps a warm cache from those whom it lets no longer pass', () => {
    const api = guardedApi({ ...TOKEN, authorizerResultTtlInSeconds: 60 });
    api.turnOnCache();
    api.outcome = () => policy('*');
    const warmed = [statusOf(api, '/alpha', 't'), statusOf(api, '/alpha', 't')];
    api.outcome = () => policy('*', 'Deny');
    api.now += 60_000;

    expect([warmed, statusOf(api, '/alpha', 't'), api.send('GET', '/alpha').status]).toEqual([[200, 200], 403, 401]);
    expect(api.store.get('execute-api/metrics', `${API_ID}/v1`)).toEqual({ CacheHitCount: 1, CacheMissCount: 1 });
  });

  it('tells the log no identity', () => {
    const api = guardedApi({
      ...REQUEST,
      identitySource: 'method.request.querystring.who,method.request.header.X-Who',
    });
    api.store.put(TABLES.account, 'eu-central-1', { cloudwatchRoleArn: ROLE });
    api.stage.methodSettings['*/*'] = methodSetting({ loggingLevel: 'INFO', dataTraceEnabled: true });
    const request = {
      headers: { 'x-who': 'planted-1', Authorization: 'planted-2', 'x-api-key': 'planted-3', Plain: 'shown' },
    };
    api.outcome = () => ({ kind: 'error', message: 'planted-4' });

    api.send('GET', '/alpha?who=planted-5&what=seen', request);

    const lines = [...api.logged.values()].flat().join('\n');
    expect(lines).toContain('Starting authorizer: abc123');
    expect(lines).toMatch(/who=\*{40}, what=seen/);
    expect(lines).toContain('Plain=shown');
    expect(lines).not.toContain('planted');
  });
});

describe('an authorizer of user pools', () => {
  it.each(['Bearer the.id.token', 'bearer the.id.token', 'the.id.token'])('asks its pools about %s', (header) => {
    const api = guardedApi(POOLS, { scopes: ['images/read'] });
    api.tokenVerdict = { claims: { sub: 's-1', 'cognito:groups': ['a'] } };

    const answer = api.send('GET', '/alpha', { headers: { authorization: header } });

    expect([answer.status, textOf(answer)]).toEqual([200, '||s-1']);
    expect(api.tokens).toEqual([{ providerArns: [POOL], token: 'the.id.token', scopes: ['images/read'] }]);
  });

  it.each<[UserPoolTokenVerdict, number, string, string]>([
    ...(['missing', 'malformed', 'signature', 'issuer', 'use'] as const).map(
      (refusal): [UserPoolTokenVerdict, number, string, string] => [
        ...([{ refusal }, 401, '{"message":"Unauthorized"}', 'UnauthorizedException'] as const),
      ],
    ),
    [{ refusal: 'expired' }, 401, '{"message":"The incoming token has expired"}', 'UnauthorizedException'],
    [
      { refusal: 'scopes' },
      403,
      '{"Message":"User is not authorized to access this resource"}',
      'AccessDeniedException',
    ],
  ])('refuses a token for %j', (verdict, status, body, type) => {
    const api = guardedApi(POOLS);
    api.tokenVerdict = verdict;

    const answer = api.send('GET', '/alpha', bearing('t'));

    expect([answer.status, textOf(answer), answer.headers['x-amzn-ErrorType']]).toEqual([status, body, type]);
  });

  it('asks nobody when there is no token', () => {
    const api = guardedApi(POOLS);
    api.tokenVerdict = { claims: {} };

    expect([api.send('GET', '/alpha').status, api.tokens]).toEqual([401, []]);
  });

  it.each([
    ['app-1', { aud: 'app-1' }, 200],
    ['app-1', { client_id: 'app-1' }, 200],
    ['app-1', { aud: 'app-12' }, 401],
    ['app-1', {}, 401],
  ])('wants %s to fit the audience of %j', (identityValidationExpression, claims, status) => {
    const api = guardedApi({ ...POOLS, identityValidationExpression });
    api.tokenVerdict = { claims };

    expect(statusOf(api, '/alpha', 't')).toBe(status);
  });

  it.each([
    ['allows', { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] }, 200],
    ['is silent', { Statement: [] }, 403],
    ['denies', { Statement: [{ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }] }, 403],
  ])('needs the leave of a resource policy that %s', (_what, apiPolicy, status) => {
    const api = guardedApi(POOLS, { apiPolicy });
    api.tokenVerdict = { claims: {} };

    expect(statusOf(api, '/alpha', 't')).toBe(status);
  });
});
