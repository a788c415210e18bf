import {
  CreateResourceCommand,
  CreateRestApiCommand,
  GetRestApiCommand,
  NotFoundException,
  paginateGetResources,
  paginateGetRestApis,
} from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { apigatewayService } from '../../../src/emulator/apigateway/index.js';
import { ACCOUNT, createControlPlane, invalid, makeApi, makeLive, notFound, patch, refused } from './control-plane.js';

/** Every operation with its success, run from top to bottom against one API. `…` stands for the API. */
const BINDINGS: readonly (readonly [name: string, call: string, status: number, body?: unknown])[] = [
  ['GetRestApi', 'GET …', 200],
  ['GetRestApis', 'GET /restapis', 200],
  ['UpdateRestApi', 'PATCH …', 200, patch(['replace', '/name', 'b'])],
  ['CreateResource', 'POST …/resources/ROOT', 201, { pathPart: 'a' }],
  ['GetResource', 'GET …/resources/ROOT', 200],
  ['GetResources', 'GET …/resources', 200],
  ['UpdateResource', 'PATCH …/resources/KEY', 200, patch(['replace', '/pathPart', '{all+}'])],
  ['PutMethod', 'PUT …/resources/ROOT/methods/GET', 201, { authorizationType: 'NONE' }],
  ['GetMethod', 'GET …/resources/ROOT/methods/GET', 200],
  ['UpdateMethod', 'PATCH …/resources/ROOT/methods/GET', 200, patch(['replace', '/operationName', 'x'])],
  ['PutMethodResponse', 'PUT …/resources/ROOT/methods/GET/responses/200', 201, {}],
  ['GetMethodResponse', 'GET …/resources/ROOT/methods/GET/responses/200', 200],
  ['UpdateMethodResponse', 'PATCH …/resources/ROOT/methods/GET/responses/200', 201, {}],
  ['PutIntegration', 'PUT …/resources/ROOT/methods/GET/integration', 201, { type: 'MOCK' }],
  ['GetIntegration', 'GET …/resources/ROOT/methods/GET/integration', 200],
  ['UpdateIntegration', 'PATCH …/resources/ROOT/methods/GET/integration', 200, {}],
  ['PutIntegrationResponse', 'PUT …/resources/ROOT/methods/GET/integration/responses/200', 201, {}],
  ['GetIntegrationResponse', 'GET …/resources/ROOT/methods/GET/integration/responses/200', 200],
  ['UpdateIntegrationResponse', 'PATCH …/resources/ROOT/methods/GET/integration/responses/200', 200, {}],
  ['TestInvokeMethod', 'POST …/resources/ROOT/methods/GET', 200, {}],
  ['DeleteIntegrationResponse', 'DELETE …/resources/ROOT/methods/GET/integration/responses/200', 204],
  ['DeleteIntegration', 'DELETE …/resources/ROOT/methods/GET/integration', 204],
  ['DeleteMethodResponse', 'DELETE …/resources/ROOT/methods/GET/responses/200', 204],
  ['DeleteMethod', 'DELETE …/resources/ROOT/methods/GET', 204],
  ['CreateDeployment', 'POST …/deployments', 201, {}],
  ['GetDeployment', 'GET …/deployments/DEPLOYMENT', 200],
  ['GetDeployments', 'GET …/deployments', 200],
  ['UpdateDeployment', 'PATCH …/deployments/DEPLOYMENT', 200, patch(['replace', '/description', 'd'])],
  ['CreateStage', 'POST …/stages', 201, { stageName: 'second', deploymentId: 'DEPLOYMENT' }],
  ['GetStage', 'GET …/stages/live', 200],
  ['GetStages', 'GET …/stages', 200],
  ['UpdateStage', 'PATCH …/stages/live', 200, patch(['replace', '/description', 'd'])],
  ['FlushStageCache', 'DELETE …/stages/live/cache/data', 202],
  ['FlushStageAuthorizersCache', 'DELETE …/stages/live/cache/authorizers', 202],
  ['DeleteStage', 'DELETE …/stages/second', 202],
  ['PutGatewayResponse', 'PUT …/gatewayresponses/THROTTLED', 201, {}],
  ['GetGatewayResponse', 'GET …/gatewayresponses/THROTTLED', 200],
  ['GetGatewayResponses', 'GET …/gatewayresponses', 200],
  ['UpdateGatewayResponse', 'PATCH …/gatewayresponses/THROTTLED', 200, patch(['replace', '/statusCode', '503'])],
  ['DeleteGatewayResponse', 'DELETE …/gatewayresponses/THROTTLED', 202],
  ['CreateModel', 'POST …/models', 201, { name: 'Pet', contentType: 'application/json', schema: '{}' }],
  ['GetModel', 'GET …/models/Pet', 200],
  ['GetModels', 'GET …/models', 200],
  ['DeleteModel', 'DELETE …/models/Pet', 202],
  ['CreateRequestValidator', 'POST …/requestvalidators', 201, { name: 'v' }],
  ['GetRequestValidators', 'GET …/requestvalidators', 200],
  ['GetAccount', 'GET /account', 200],
  ['UpdateAccount', 'PATCH /account', 200, {}],
  ['TagResource', 'PUT /tags/ARN', 204, { tags: { a: 'b' } }],
  ['GetTags', 'GET /tags/ARN', 200],
  ['UntagResource', 'DELETE /tags/ARN?tagKeys=a', 204],
  ['DeleteResource', 'DELETE …/resources/KEY', 202],
  ['DeleteRestApi', 'DELETE …', 202],
];

describe('apigatewayService', () => {
  it('answers each operation with the path and the status of its binding', () => {
    const plane = createControlPlane();
    const live = makeLive(plane);
    const fill = (text: string) =>
      text
        .replace('…', live.api)
        .replace('ROOT', live.rootId)
        .replace('KEY', live.resourceId)
        .replace('DEPLOYMENT', live.deploymentId)
        .replace('ARN', encodeURIComponent(`arn:aws:apigateway:eu-central-1::/restapis/${live.id}`));

    const seen = BINDINGS.map(([, call, , body]) => {
      const [method = '', target = ''] = fill(call).split(' ');
      const [path = '', query = ''] = target.split('?');
      const bytes = Buffer.from(body === undefined ? '' : fill(JSON.stringify(body)));
      const handled = plane.handle({ method, host: 'local', path, query, headers: {}, body: bytes });
      return [handled.operation, call, handled.response.status];
    });

    expect(seen).toEqual(BINDINGS.map(([name, call, status]) => [name, call, status]));
  });

  it('lists each operation once, and says of each how far to trust it and why', () => {
    const { operations } = apigatewayService;

    expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length);
    expect(operations.filter(({ source }) => source.length < 10)).toEqual([]);
    expect(operations.filter(({ name, mutating }) => mutating === /^(Get|TestInvoke)/.test(name))).toEqual([]);
  });

  it('writes dates in seconds and lists under the key item', () => {
    const plane = createControlPlane();
    const id = makeApi(plane);

    const { body } = plane.ask('GET', '/restapis');

    expect(body).toMatchObject({ item: [{ id, createdDate: 1767323045 }] });
  });

  it('says of an error its code in a header and its message in the body', async () => {
    const plane = createControlPlane();
    const message = `Invalid API identifier specified ${ACCOUNT}:nothere`;

    const error = await plane.client.send(new GetRestApiCommand({ restApiId: 'nothere' })).catch((e: unknown) => e);

    expect(error).toBeInstanceOf(NotFoundException);
    expect(error).toMatchObject({ message, $metadata: { httpStatusCode: 404 } });
    expect(plane.ask('GET', '/restapis/nothere')).toEqual(notFound(message));
  });

  it('makes ids of lower-case letters and digits that are told apart by case', () => {
    const plane = createControlPlane();
    const { id, rootResourceId } = plane.make('POST', '/restapis', { name: 'a' });

    expect(id).toMatch(/^[a-z0-9]{10}$/);
    expect(rootResourceId).toMatch(/^[a-z0-9]{6}$/);
    expect(plane.ask('GET', `/restapis/${String(id).toUpperCase()}`).status).toBe(404);
  });

  it('keeps the APIs of different Regions apart', () => {
    const plane = createControlPlane();
    const id = makeApi(plane);

    expect(plane.ask('GET', `/restapis/${id}`, undefined, 'us-east-1')).toEqual(
      notFound(`Invalid API identifier specified ${ACCOUNT}:${id}`),
    );
    expect(plane.ask('GET', '/restapis', undefined, 'us-east-1').body).toEqual({ item: [] });
  });

  it.each([
    ['POST', '/apikeys?mode=import', 'ImportApiKeys'],
    ['POST', '/restapis?mode=import', 'ImportRestApi'],
    ['PUT', '/restapis/abc?mode=overwrite', 'PutRestApi'],
    ['GET', '/restapis/abc/stages/live/exports/oas30', 'GetExport'],
    ['PATCH', '/usageplans/abc123/keys/abcde12345/usage', 'UpdateUsage'],
    ['POST', '/restapis/abc/authorizers/abc123', 'TestInvokeAuthorizer'],
    ['PATCH', '/domainnames/images.example.com', 'UpdateDomainName'],
    ['POST', '/vpclinks', 'CreateVpcLink'],
    ['GET', '/restapis/abc/documentation/parts', 'GetDocumentationParts'],
    ['PATCH', '/restapis/abc/models/Pet', 'UpdateModel'],
    ['GET', '/nothing/like/it', 'GET /nothing/like/it'],
  ])('answers 501 to %s %s and names %s', (method, target, name) => {
    const reply = createControlPlane().ask(method, target);

    expect(reply).toEqual(refused(501, 'NotImplemented', `The local cloud does not emulate apigateway ${name}.`));
  });

  it.each([
    ['POST', '/restapis', { name: 'a', cloneFrom: 'b' }, 'CreateRestApi cloneFrom'],
    ['POST', '/apikeys', { stageKeys: [] }, 'CreateApiKey stageKeys'],
    ['POST', '/usageplans', { name: 'a', apiStages: [{ throttle: {} }] }, 'CreateUsagePlan apiStages throttle'],
    [
      'POST',
      '/restapis/API/stages',
      { stageName: 'a', deploymentId: 'b', canarySettings: {} },
      'CreateStage canarySettings',
    ],
  ])('answers 501 to %s %s with a member that it leaves out', (method, target, body, name) => {
    const reply = createControlPlane().ask(method, target, body);

    expect(reply).toEqual(refused(501, 'NotImplemented', `The local cloud does not emulate apigateway ${name}.`));
  });

  it.each([
    ['implicit-deny', 'because no identity-based policy allows the apigateway:PATCH action'],
    ['explicit-deny', 'with an explicit deny in an identity-based policy'],
  ] as const)('refuses a caller on %s', (verdict, why) => {
    const plane = createControlPlane({ judge: ({ action }) => (action === 'apigateway:PATCH' ? verdict : 'allowed') });
    const id = makeApi(plane);

    const reply = plane.ask('PATCH', `/restapis/${id}`, patch(['replace', '/name', 'b']));

    const arn = `arn:aws:apigateway:eu-central-1::/restapis/${id}`;
    const who = `User: arn:aws:iam::${ACCOUNT}:user/me is not authorized to perform: apigateway:PATCH`;
    expect(reply).toEqual(refused(403, 'AccessDeniedException', `${who} on resource: ${arn} ${why}`));
    expect(plane.make('GET', `/restapis/${id}`)).toMatchObject({ name: 'images' });
  });

  it.each([
    [{ name: 1 }, 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String'],
    [{ name: true }, 'class java.lang.Boolean can not be converted to an String'],
  ])('refuses %j as a wrong JSON type', (body, message) => {
    expect(createControlPlane().ask('POST', '/restapis', body)).toEqual(
      refused(400, 'SerializationException', message),
    );
  });

  it.each(['{"name":', '[]', '"a"', '\u00ff'])('refuses the body %s, which is no JSON object', (text) => {
    const body = Buffer.from(text, 'latin1');
    const { response } = createControlPlane().handle({
      ...{ method: 'POST', host: 'local', path: '/restapis', query: '', headers: {}, body },
    });

    expect([response.status, response.headers['x-amzn-ErrorType']]).toEqual([400, 'SerializationException']);
  });

  it.each([
    [
      'POST',
      '/restapis',
      { name: 'a', endpointConfiguration: { types: ['wrong'] } },
      "1 validation error detected: Value '[wrong]' at 'createRestApiInput.endpointConfiguration.types' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [PRIVATE, EDGE, REGIONAL]]",
    ],
    [
      'PATCH',
      '/restapis/abc',
      patch(['wrong', '/name', 'b']),
      "1 validation error detected: Value 'wrong' at 'updateRestApiInput.patchOperations.1.member.op' failed to satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]",
    ],
    [
      'PATCH',
      '/restapis/abc',
      patch(['replace', '/name', 'b'], ['x', '/name'], ['y', '/name']),
      "2 validation errors detected: Value 'x' at 'updateRestApiInput.patchOperations.2.member.op' failed to satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]; Value 'y' at 'updateRestApiInput.patchOperations.3.member.op' failed to satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]",
    ],
    [
      'PUT',
      '/restapis/abc/resources/def/methods/GET/integration',
      { type: 'wrong' },
      "1 validation error detected: Value 'wrong' at 'putIntegrationInput.type' failed to satisfy constraint: Member must satisfy enum value set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]",
    ],
    [
      'PUT',
      '/restapis/abc/resources/def/methods/GET/responses/wrong',
      {},
      "1 validation error detected: Value 'wrong' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d",
    ],
    [
      'POST',
      '/restapis/abc/stages',
      {},
      "2 validation errors detected: Value null at 'createStageInput.stageName' failed to satisfy constraint: Member must not be null; Value null at 'createStageInput.deploymentId' failed to satisfy constraint: Member must not be null",
    ],
  ])('refuses the members of %s %s', (method, target, body, message) => {
    expect(createControlPlane().ask(method, target, body)).toEqual(invalid(message));
  });

  it("pages in the emulator's own size unless a limit is asked for", async () => {
    const { client, ask, make } = createControlPlane();
    const made = await client.send(new CreateRestApiCommand({ name: 'wide' }));
    const ids = { restApiId: made.id, parentId: made.rootResourceId };
    for (let n = 0; n < 11; n++) await client.send(new CreateResourceCommand({ ...ids, pathPart: `p${n}` }));

    const pages: number[] = [];
    const paths = new Set<string | undefined>();
    for await (const { items = [] } of paginateGetResources({ client }, { restApiId: made.id })) {
      pages.push(items.length);
      for (const { path } of items) paths.add(path);
    }

    expect(pages).toEqual([5, 5, 2]);
    expect(paths.size).toBe(12);
    expect(make('GET', `/restapis/${made.id}/resources?limit=12`)).not.toHaveProperty('position');
    expect(make('GET', `/restapis/${made.id}/resources?limit=7`)['item']).toHaveLength(7);
    expect(make('GET', `/restapis/${made.id}/resources?limit=100000`)['item']).toHaveLength(12);
    expect(ask('GET', `/restapis/${made.id}/resources?limit=none`).status).toBe(400);
    expect(ask('GET', `/restapis/${made.id}/resources?position=**`).status).toBe(400);
  });

  it('goes on with the next page though the last item of the page before is gone', async () => {
    const plane = createControlPlane();
    const ids = Array.from({ length: 7 }, () => makeApi(plane));

    const names: (string | undefined)[] = [];
    for await (const { items = [] } of paginateGetRestApis({ client: plane.client }, {})) {
      names.push(...items.map(({ id }) => id));
      plane.ask('DELETE', `/restapis/${items.at(-1)?.id}`);
    }

    expect(names.sort()).toEqual(ids.sort());
  });
});
