import { CreateAuthorizerCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { type Snapshot, TABLES } from '../../../src/emulator/apigateway/model.js';
import {
  ACCOUNT,
  badRequest,
  type ControlPlane,
  conflict,
  createControlPlane,
  invalid,
  makeLive,
  makeWired,
  notFound,
  patch,
  ROLE,
  refused,
} from './control-plane.js';

const FUNCTION = `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:door`;
const URI = `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const POOL = `arn:aws:cognito-idp:eu-central-1:${ACCOUNT}:userpool/eu-central-1_AbCdEfGhI`;
const HEADER = 'method.request.header.Authorization';
const TOKEN = { name: 'door', type: 'TOKEN', authorizerUri: URI, identitySource: HEADER };
const REQUEST = { name: 'gate', type: 'REQUEST', authorizerUri: URI, authorizerResultTtlInSeconds: 0 };
const POOLS = { name: 'pool', type: 'COGNITO_USER_POOLS', providerARNs: [POOL], identitySource: HEADER };
const NO_AUTHORIZER = badRequest(
  'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
);

function makeAuthorizer(plane: ControlPlane, input: Record<string, unknown> = TOKEN) {
  const images = makeWired(plane);
  const id = String(plane.make('POST', `${images.api}/authorizers`, input)['id']);
  const path = `${images.api}/authorizers/${id}`;
  const guard = {
    authorizationType: input['type'] === 'COGNITO_USER_POOLS' ? 'COGNITO_USER_POOLS' : 'CUSTOM',
    authorizerId: id,
  };
  return { ...images, authorizerId: id, path, guard };
}

describe('CreateAuthorizer', () => {
  it.each([
    [TOKEN, { authType: 'custom' }],
    [{ ...TOKEN, authorizerResultTtlInSeconds: 3600, identityValidationExpression: '^x-.+$' }, { authType: 'custom' }],
    [{ ...TOKEN, authorizerCredentials: ROLE }, { authType: 'custom' }],
    [{ ...TOKEN, authType: 'mine' }, {}],
    [REQUEST, { authType: 'custom' }],
    [
      {
        ...REQUEST,
        authorizerResultTtlInSeconds: 300,
        identitySource: `${HEADER}, method.request.querystring.a,stageVariables.b,context.identity.sourceIp`,
      },
      { authType: 'custom' },
    ],
    [POOLS, { authType: 'cognito_user_pools' }],
  ])('answers %j with an id and its kind', (input, more) => {
    const plane = createControlPlane();
    const { api } = makeWired(plane);

    const made = plane.make('POST', `${api}/authorizers`, input);

    const id = made['id'];
    expect(made).toEqual({ id: expect.stringMatching(/^[a-z0-9]{6}$/), ...more, ...input });
    expect(plane.make('GET', `${api}/authorizers/${id}`)).toEqual(made);
    expect(plane.make('GET', `${api}/authorizers`)).toEqual({ item: [made] });
  });

  it('understands the SDK', async () => {
    const plane = createControlPlane();
    const { id: restApiId } = makeWired(plane);

    const made = await plane.client.send(
      new CreateAuthorizerCommand({ ...POOLS, type: 'COGNITO_USER_POOLS', restApiId }),
    );

    expect(made).toMatchObject({ providerARNs: [POOL], identitySource: HEADER });
  });

  it('takes an API that is not there for a conflict', () => {
    expect(createControlPlane().ask('POST', '/restapis/nothere/authorizers', TOKEN)).toEqual(
      conflict('Unable to complete operation due to concurrent modification. Please try again later.'),
    );
  });

  it.each<[Record<string, unknown>, string]>([
    [{ ...TOKEN, authorizerResultTtlInSeconds: 3601 }, 'Authorizer result TTL must be between 0 and 3600 seconds'],
    [{ ...TOKEN, authorizerResultTtlInSeconds: -1 }, 'Authorizer result TTL must be between 0 and 3600 seconds'],
    [{ ...TOKEN, identitySource: undefined }, 'Invalid identity source specified for TOKEN authorizer: undefined'],
    [
      { ...TOKEN, identitySource: 'method.request.querystring.a' },
      'Invalid identity source specified for TOKEN authorizer: method.request.querystring.a',
    ],
    [
      { ...TOKEN, identitySource: `${HEADER},${HEADER}` },
      `Invalid identity source specified for TOKEN authorizer: ${HEADER},${HEADER}`,
    ],
    [
      { ...REQUEST, authorizerResultTtlInSeconds: undefined },
      'Invalid identity source specified for REQUEST authorizer: undefined',
    ],
    [
      { ...REQUEST, identitySource: 'method.request.path.key' },
      'Invalid identity source specified for REQUEST authorizer: method.request.path.key',
    ],
    [{ ...POOLS, identitySource: '' }, 'Invalid identity source specified for COGNITO_USER_POOLS authorizer: '],
    [{ ...TOKEN, identityValidationExpression: '(' }, 'Invalid identity validation expression specified'],
    [{ ...POOLS, providerARNs: [] }, 'Invalid Cognito User Pool ARN specified: undefined'],
    [{ ...POOLS, providerARNs: [POOL, FUNCTION] }, `Invalid Cognito User Pool ARN specified: ${FUNCTION}`],
    [{ ...TOKEN, authorizerCredentials: 'me' }, 'Invalid ARN specified in the request'],
    ...[undefined, FUNCTION, URI.replace('/invocations', ''), URI.replace('lambda:path', 's3:path')].map(
      (authorizerUri): [Record<string, unknown>, string] => [
        { ...TOKEN, authorizerUri },
        `Invalid Authorizer URI: ${authorizerUri ?? 'null'}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
      ],
    ),
  ])('refuses %j', (input, message) => {
    const plane = createControlPlane();
    const { api } = makeWired(plane);

    expect(plane.ask('POST', `${api}/authorizers`, input)).toEqual(badRequest(message));
    expect(plane.make('GET', `${api}/authorizers`)).toEqual({ item: [] });
  });

  it('refuses a type that is none, and a name that is taken', () => {
    const plane = createControlPlane();
    const { api } = makeAuthorizer(plane);

    expect(plane.ask('POST', `${api}/authorizers`, { ...TOKEN, type: 'JWT' })).toEqual(
      invalid(
        "1 validation error detected: Value 'JWT' at 'createAuthorizerInput.type' failed to satisfy constraint: Member must satisfy enum value set: [TOKEN, REQUEST, COGNITO_USER_POOLS]",
      ),
    );
    expect(plane.ask('POST', `${api}/authorizers`, TOKEN)).toEqual(
      badRequest('Authorizer name must be unique. Authorizer door already exists in this RestApi.'),
    );
  });

  it('refuses a role that the caller may not pass', () => {
    const judge = ({ action }: { action: string }) => (action === 'iam:PassRole' ? 'implicit-deny' : 'allowed');
    const plane = createControlPlane({ judge });
    const id = plane.make('POST', '/restapis', { name: 'images' })['id'];

    const reply = plane.ask('POST', `/restapis/${id}/authorizers`, { ...TOKEN, authorizerCredentials: ROLE });

    expect([reply.status, reply.type]).toEqual([403, 'AccessDeniedException']);
  });
});

describe('UpdateAuthorizer', () => {
  it.each([
    [TOKEN, ['replace', '/name', 'gate'], { name: 'gate' }],
    [TOKEN, ['replace', '/authorizerResultTtlInSeconds', '0'], { authorizerResultTtlInSeconds: 0 }],
    [TOKEN, ['replace', '/identitySource', 'method.request.header.X'], { identitySource: 'method.request.header.X' }],
    [TOKEN, ['replace', '/identityValidationExpression', 'a+'], { identityValidationExpression: 'a+' }],
    [TOKEN, ['replace', '/authorizerUri', URI.replace('door', 'gate')], { authorizerUri: URI.replace('door', 'gate') }],
    [TOKEN, ['replace', '/authorizerCredentials', ROLE], { authorizerCredentials: ROLE }],
    [TOKEN, ['replace', '/authType', 'mine'], { authType: 'mine' }],
    [TOKEN, ['replace', '/type', 'REQUEST'], { type: 'REQUEST' }],
    [POOLS, ['add', '/providerARNs', `${POOL}2`], { providerARNs: [POOL, `${POOL}2`] }],
  ] as const)('changes %j by %j', (input, change, expected) => {
    const plane = createControlPlane();
    const { path } = makeAuthorizer(plane, input);

    const updated = plane.make('PATCH', path, patch(change));

    expect(updated).toMatchObject({ ...input, ...expected });
    expect(plane.make('GET', path)).toEqual(updated);
  });

  it('takes away what is given no value', () => {
    const plane = createControlPlane();
    const { path } = makeAuthorizer(plane, {
      ...TOKEN,
      authorizerCredentials: ROLE,
      identityValidationExpression: 'a',
    });

    const updated = plane.make(
      'PATCH',
      path,
      patch(['replace', '/authorizerCredentials', ''], ['replace', '/identityValidationExpression']),
    );

    expect(Object.keys(updated).sort()).toEqual(['authType', 'authorizerUri', 'id', 'identitySource', 'name', 'type']);
  });

  it.each([
    [
      TOKEN,
      ['replace', '/authorizerResultTtlInSeconds', '3601'],
      'Authorizer result TTL must be between 0 and 3600 seconds',
    ],
    [
      TOKEN,
      ['replace', '/authorizerResultTtlInSeconds', 'an hour'],
      'Authorizer result TTL must be between 0 and 3600 seconds',
    ],
    [
      TOKEN,
      ['replace', '/type', 'JWT'],
      'Invalid authorizer type specified. Valid options are TOKEN,REQUEST,COGNITO_USER_POOLS',
    ],
    [TOKEN, ['replace', '/name', ''], 'Authorizer name cannot be empty'],
    [
      REQUEST,
      ['replace', '/authorizerResultTtlInSeconds', '60'],
      'Invalid identity source specified for REQUEST authorizer: undefined',
    ],
    [POOLS, ['remove', '/providerARNs', POOL], 'Invalid Cognito User Pool ARN specified: undefined'],
  ] as const)('refuses to change %j by %j', (input, change, message) => {
    const plane = createControlPlane();
    const { path } = makeAuthorizer(plane, input);
    const before = plane.make('GET', path);

    expect(plane.ask('PATCH', path, patch(change))).toEqual(badRequest(message));
    expect(plane.make('GET', path)).toEqual(before);
  });

  it('refuses to remove a pool that is not there', () => {
    const plane = createControlPlane();
    const { path } = makeAuthorizer(plane, POOLS);

    expect(plane.ask('PATCH', path, patch(['remove', '/providerARNs', `${POOL}2`]))).toEqual(
      notFound('Invalid Cognito User Pool ARN specified'),
    );
  });
});

describe('DeleteAuthorizer', () => {
  it('removes one that no method uses', () => {
    const plane = createControlPlane();
    const { path } = makeAuthorizer(plane);

    expect(plane.ask('DELETE', path)).toEqual({ status: 202, type: undefined, body: undefined });
    expect(plane.ask('GET', path)).toEqual(notFound('Invalid Authorizer identifier specified'));
    expect(plane.ask('DELETE', path)).toEqual(notFound('Invalid Authorizer identifier specified'));
  });

  it('refuses one that a method uses', () => {
    const plane = createControlPlane();
    const { authorizerId, guard, path, root } = makeAuthorizer(plane);
    plane.make('PUT', `${root}/methods/GET`, guard);

    expect(plane.ask('DELETE', path)).toEqual(
      conflict(`Cannot delete authorizer '${authorizerId}', is referenced in method: //GET`),
    );
  });
});

describe('methods with an authorizer', () => {
  it.each([
    [TOKEN, {}],
    [REQUEST, {}],
    [POOLS, { authorizationScopes: ['images/read'] }],
  ])('are put and changed: %j', (input, more) => {
    const plane = createControlPlane();
    const { guard, method, root } = makeAuthorizer(plane, input);

    const put = plane.make('PUT', `${root}/methods/GET`, { ...guard, ...more });
    const changed = plane.make(
      'PATCH',
      method,
      patch(
        ['replace', '/authorizerId', guard.authorizerId],
        ['replace', '/authorizationType', guard.authorizationType],
      ),
    );

    expect(put).toEqual({ httpMethod: 'GET', apiKeyRequired: false, ...guard, ...more });
    expect(changed).toMatchObject(guard);
  });

  it.each([
    ['an id that is none', TOKEN, { authorizerId: 'abc123' }],
    ['an authorizer of the other kind', TOKEN, { authorizationType: 'COGNITO_USER_POOLS' }],
    ['pools instead of a function', POOLS, { authorizationType: 'CUSTOM' }],
  ])('are refused with %s', (_what, input, wrong) => {
    const plane = createControlPlane();
    const { guard, root } = makeAuthorizer(plane, input);

    expect(plane.ask('PUT', `${root}/methods/GET`, { ...guard, ...wrong })).toEqual(NO_AUTHORIZER);
  });

  it('are refused with an authorizer of another API', () => {
    const plane = createControlPlane();
    const { guard } = makeAuthorizer(plane);
    const { root } = makeWired(plane);

    expect(plane.ask('PUT', `${root}/methods/GET`, guard)).toEqual(NO_AUTHORIZER);
  });

  it('let go of it when their authorisation needs none', () => {
    const plane = createControlPlane();
    const { guard, path, root } = makeAuthorizer(plane);
    const method = `${root}/methods/GET`;
    plane.make('PUT', method, guard);

    const changed = plane.make('PATCH', method, patch(['replace', '/authorizationType', 'NONE']));

    expect(changed).toEqual({ httpMethod: 'GET', authorizationType: 'NONE', apiKeyRequired: false });
    expect(plane.ask('DELETE', path).status).toBe(202);
  });

  it('have scopes added and removed', () => {
    const plane = createControlPlane();
    const { guard, root } = makeAuthorizer(plane, POOLS);
    const method = `${root}/methods/GET`;
    plane.make('PUT', method, guard);
    const change = (...changes: [string, string][]) =>
      plane.make('PATCH', method, patch(...changes.map(([op, scope]) => [op, '/authorizationScopes', scope] as const)));

    expect(change(['add', 'a'], ['add', 'b'], ['add', 'a'])['authorizationScopes']).toEqual(['b', 'a']);
    expect(plane.ask('PATCH', method, patch(['remove', '/authorizationScopes', 'c']))).toEqual(
      notFound('Invalid authorization scope specified'),
    );
    expect(change(['remove', 'a'], ['remove', 'b'])).not.toHaveProperty('authorizationScopes');
  });
});

describe('deployments', () => {
  it('freeze the authorizers', () => {
    const plane = createControlPlane();
    const { api, authorizerId, id, path } = makeAuthorizer(plane);
    const { id: deploymentId } = plane.make('POST', `${api}/deployments`);
    plane.make('PATCH', path, patch(['replace', '/name', 'gate']));

    const snapshot = plane.store.get<Snapshot>(TABLES.snapshot, `${id}/${deploymentId}`);

    expect(snapshot?.authorizers).toEqual({ [authorizerId]: { id: authorizerId, authType: 'custom', ...TOKEN } });
  });
});

describe('the answers that authorizers gave', () => {
  it.each([
    ['FlushStageAuthorizersCache', '/cache/authorizers'],
    ['DeleteStage', ''],
  ])('are forgotten by %s', (_name, tail) => {
    const plane = createControlPlane();
    const { id, stage } = makeLive(plane);

    plane.make('DELETE', `${stage}${tail}`);

    expect(plane.asked.forgotten).toEqual([`${id}/live`]);
  });

  it('are not flushed for a stage that is not there', () => {
    const plane = createControlPlane();
    const { api } = makeLive(plane);

    expect(plane.ask('DELETE', `${api}/stages/old/cache/authorizers`)).toEqual(
      refused(404, 'NotFoundException', 'Invalid stage identifier specified'),
    );
    expect(plane.asked.forgotten).toEqual([]);
  });
});
