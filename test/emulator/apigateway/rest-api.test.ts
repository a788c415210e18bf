import { CreateRestApiCommand, GetRestApiCommand, SecurityPolicy } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, badRequest, createControlPlane, makeApi, makeLive, notFound, patch } from './control-plane.js';

describe('CreateRestApi', () => {
  it('fills in what AWS fills in, and leaves out what is empty', async () => {
    const { client } = createControlPlane();

    const made = await client.send(new CreateRestApiCommand({ name: 'images', binaryMediaTypes: [] }));

    const { $metadata: _metadata, ...answer } = made;
    expect(answer).toEqual({
      id: expect.stringMatching(/^\w{10}$/),
      name: 'images',
      createdDate: new Date('2026-01-02T03:04:05Z'),
      apiKeySource: 'HEADER',
      endpointConfiguration: { types: ['EDGE'], ipAddressType: 'ipv4' },
      disableExecuteApiEndpoint: false,
      rootResourceId: expect.stringMatching(/^\w{6}$/),
    });
  });

  it('keeps everything that it is given', () => {
    const plane = createControlPlane();
    const given = {
      name: 'images',
      description: 'of the holidays',
      version: '7',
      binaryMediaTypes: ['*/*'],
      minimumCompressionSize: 0,
      apiKeySource: 'AUTHORIZER',
      endpointConfiguration: { types: ['REGIONAL'], ipAddressType: 'dualstack' },
      tags: { team: 'blue' },
      disableExecuteApiEndpoint: true,
      securityPolicy: 'SecurityPolicy_TLS13_1_3_2025_09',
      endpointAccessMode: 'BASIC',
    };

    const made = plane.make('POST', '/restapis', given);

    expect(made).toMatchObject(given);
    expect(plane.make('GET', `/restapis/${made['id']}`)).toEqual(made);
    expect(plane.make('GET', '/restapis')['item']).toEqual([made]);
  });

  it("takes each of the SDK model's security policies for one kind of endpoint, the old ones for both", () => {
    const plane = createControlPlane();
    const takes = (type: string, securityPolicy: string): boolean => {
      const mode = securityPolicy.startsWith('SecurityPolicy_') ? { endpointAccessMode: 'BASIC' } : {};
      const body = { name: 'a', endpointConfiguration: { types: [type] }, securityPolicy, ...mode };
      return plane.ask('POST', '/restapis', body).status === 201;
    };

    for (const policy of Object.values(SecurityPolicy)) {
      const kinds = ['EDGE', 'REGIONAL'].filter((type) => takes(type, policy));
      const own = policy.endsWith('_EDGE') ? ['EDGE'] : ['REGIONAL'];
      expect([policy, kinds]).toEqual([policy, policy.startsWith('TLS_') ? ['EDGE', 'REGIONAL'] : own]);
    }
  });

  it.each([
    ['REGIONAL', 'SecurityPolicy_TLS13_1_2_2021_06', 'STRICT'],
    ['PRIVATE', 'SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09', 'BASIC'],
    ['EDGE', 'SecurityPolicy_TLS12_2018_EDGE', 'BASIC'],
    ['EDGE', 'TLS_1_0', undefined],
  ])('takes for %s the security policy %s with access mode %s', (type, securityPolicy, endpointAccessMode) => {
    const plane = createControlPlane();
    const given = { securityPolicy, ...(endpointAccessMode !== undefined && { endpointAccessMode }) };

    const made = plane.make('POST', '/restapis', { name: 'a', endpointConfiguration: { types: [type] }, ...given });

    expect(made).toMatchObject(given);
    expect('endpointAccessMode' in made).toBe(endpointAccessMode !== undefined);
  });

  it('makes a private API dual-stack', () => {
    const plane = createControlPlane();

    const made = plane.make('POST', '/restapis', { name: 'a', endpointConfiguration: { types: ['PRIVATE'] } });

    expect(made['endpointConfiguration']).toEqual({ types: ['PRIVATE'], ipAddressType: 'dualstack' });
  });

  it('lets two APIs share a name', () => {
    const plane = createControlPlane();

    const ids = [makeApi(plane), makeApi(plane)];

    expect(plane.make('GET', '/restapis')['item']).toMatchObject(ids.map((id) => ({ id, name: 'images' })));
  });

  it('writes the short names of a policy out and answers it escaped', async () => {
    const plane = createControlPlane();
    const statement = { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke' };
    const policy = JSON.stringify({
      Statement: [{ ...statement, Resource: ['execute-api:/*', 'execute-api:/live/GET/a'] }],
    });
    const id = makeApi(plane, { policy });

    const { policy: answered = '' } = await plane.client.send(new GetRestApiCommand({ restApiId: id }));

    const arn = `arn:aws:execute-api:eu-central-1:${ACCOUNT}:${id}`;
    expect(answered).toContain('{\\"Statement\\":');
    expect(JSON.parse(JSON.parse(`"${answered}"`))).toEqual({
      Statement: [{ ...statement, Resource: [`${arn}/*`, `${arn}/live/GET/a`] }],
    });
  });

  it('lets nobody set a policy who may not update policies', () => {
    const judge = ({ action }: { action: string }) =>
      action === 'apigateway:UpdateRestApiPolicy' ? 'implicit-deny' : 'allowed';
    const plane = createControlPlane({ judge });

    expect(plane.ask('POST', '/restapis', { name: 'a', policy: '{"Statement":[]}' }).status).toBe(403);
    expect(plane.ask('POST', '/restapis', { name: 'a' }).status).toBe(201);
  });

  it.each([
    [{ description: '' }, 'Description cannot be an empty string'],
    [{ minimumCompressionSize: -1 }, 'Invalid minimum compression size, must be between 0 and 10485760'],
    [{ minimumCompressionSize: 10485761 }, 'Invalid minimum compression size, must be between 0 and 10485760'],
    [
      { endpointConfiguration: { types: [] } },
      'REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.',
    ],
    [{ endpointConfiguration: { types: ['EDGE', 'REGIONAL'] } }, 'Cannot create an api with multiple Endpoint Types.'],
    [
      { endpointConfiguration: { types: ['PRIVATE'], ipAddressType: 'ipv4' } },
      'Only dualstack ipAddressType is supported for Private APIs.',
    ],
    [
      { securityPolicy: 'SecurityPolicy_TLS99', endpointAccessMode: 'BASIC' },
      'Invalid security policy specified: SecurityPolicy_TLS99',
    ],
    [
      { securityPolicy: 'SecurityPolicy_TLS13_2025_EDGE' },
      'Endpoint access mode must be specified for security policy SecurityPolicy_TLS13_2025_EDGE',
    ],
    [
      { securityPolicy: 'SecurityPolicy_TLS13_1_3_2025_09', endpointAccessMode: 'BASIC' },
      'Security policy SecurityPolicy_TLS13_1_3_2025_09 is not supported for the endpoint type of the API',
    ],
    [
      {
        endpointConfiguration: { types: ['REGIONAL'] },
        securityPolicy: 'SecurityPolicy_TLS13_2025_EDGE',
        endpointAccessMode: 'BASIC',
      },
      'Security policy SecurityPolicy_TLS13_2025_EDGE is not supported for the endpoint type of the API',
    ],
    [
      { securityPolicy: 'TLS_1_2', endpointAccessMode: 'BASIC' },
      'Endpoint access mode is only supported for security policies that start with SecurityPolicy_',
    ],
    [
      { endpointAccessMode: 'STRICT' },
      'Endpoint access mode is only supported for security policies that start with SecurityPolicy_',
    ],
    [
      { policy: 'Allow everybody' },
      'Invalid policy document. Please check the policy syntax and ensure that Principals are valid.',
    ],
  ])('refuses %j', (input, message) => {
    const plane = createControlPlane();

    expect(plane.ask('POST', '/restapis', { name: 'a', ...input })).toEqual(badRequest(message));
    expect(plane.make('GET', '/restapis')['item']).toEqual([]);
  });
});

describe('UpdateRestApi', () => {
  it.each([
    ['add', '/binaryMediaTypes/image~1avif', undefined, ['image/png', 'image/gif', 'image/avif']],
    ['add', '/binaryMediaTypes/image~1png', undefined, ['image/png', 'image/gif']],
    ['remove', '/binaryMediaTypes/image~1png', undefined, ['image/gif']],
    ['replace', '/binaryMediaTypes/image~1png', 'image/webp', ['image/gif', 'image/webp']],
    ['add', '/binaryMediaTypes/-', undefined, ['image/png', 'image/gif', '-']],
    ['add', '/binaryMediaTypes/*~1*', undefined, ['image/png', 'image/gif', '*/*']],
  ])('does %s %s to the binary types', (op, path, value, types) => {
    const plane = createControlPlane();
    const id = makeApi(plane, { binaryMediaTypes: ['image/png', 'image/gif'] });

    const updated = plane.make('PATCH', `/restapis/${id}`, patch([op, path, value]));

    expect(updated['binaryMediaTypes']).toEqual(types);
  });

  it('leaves an emptied list of binary types out, and answers empty tags', () => {
    const plane = createControlPlane();
    const id = makeApi(plane, { binaryMediaTypes: ['image/png'] });

    const updated = plane.make('PATCH', `/restapis/${id}`, patch(['remove', '/binaryMediaTypes/image~1png']));

    expect(updated).not.toHaveProperty('binaryMediaTypes');
    expect(updated['tags']).toEqual({});
    expect(plane.make('GET', `/restapis/${id}`)).not.toHaveProperty('tags');
  });

  it.each([
    ['/name', 'b', { name: 'b' }],
    ['/description', 'of the sea', { description: 'of the sea' }],
    ['/apiKeySource', 'AUTHORIZER', { apiKeySource: 'AUTHORIZER' }],
    ['/minimumCompressionSize', '1024', { minimumCompressionSize: 1024 }],
    ['/disableExecuteApiEndpoint', 'true', { disableExecuteApiEndpoint: true }],
    [
      '/endpointConfiguration/types/0',
      'REGIONAL',
      { endpointConfiguration: { types: ['REGIONAL'], ipAddressType: 'ipv4' } },
    ],
    [
      '/endpointConfiguration/types/EDGE',
      'REGIONAL',
      { endpointConfiguration: { types: ['REGIONAL'], ipAddressType: 'ipv4' } },
    ],
    [
      '/endpointConfiguration/types/0',
      'PRIVATE',
      { endpointConfiguration: { types: ['PRIVATE'], ipAddressType: 'dualstack' } },
    ],
    [
      '/endpointConfiguration/ipAddressType',
      'dualstack',
      { endpointConfiguration: { types: ['EDGE'], ipAddressType: 'dualstack' } },
    ],
  ])('replaces %s by %s', (path, value, expected) => {
    const plane = createControlPlane();
    const id = makeApi(plane);

    plane.make('PATCH', `/restapis/${id}`, patch(['replace', path, value]));

    expect(plane.make('GET', `/restapis/${id}`)).toMatchObject(expected);
  });

  it.each(['/minimumCompressionSize', '/description', '/policy'])('takes %s away without a value', (path) => {
    const plane = createControlPlane();
    const input = { minimumCompressionSize: 5, description: 'd', policy: '{"Statement":[]}' };
    const id = makeApi(plane, input);

    const updated = plane.make('PATCH', `/restapis/${id}`, patch(['replace', path]));

    expect(Object.keys(input).filter((name) => !(name in updated))).toEqual([path.slice(1)]);
  });

  it.each([
    ['add', '/binaryMediaTypes', 'image/png', 'Invalid patch path /binaryMediaTypes'],
    ['replace', '/nothing', 'x', 'Invalid patch path /nothing'],
    ['replace', undefined, 'x', 'Invalid patch path null'],
    ['add', '/name', 'x', 'Invalid patch operation specified. Must be one of: [replace]'],
    ['remove', '/description', undefined, 'Invalid patch operation specified. Must be one of: [replace]'],
    ['remove', '/minimumCompressionSize', undefined, 'Invalid patch operation specified. Must be one of: [replace]'],
    [
      'replace',
      '/minimumCompressionSize',
      '10485761',
      'Invalid minimum compression size, must be between 0 and 10485760',
    ],
    ['replace', '/minimumCompressionSize', 'big', 'Invalid minimum compression size, must be between 0 and 10485760'],
    [
      'remove',
      '/endpointConfiguration/types/0',
      undefined,
      "Invalid patch operation specified. Must be 'add'|'remove'|'replace'",
    ],
    [
      'copy',
      '/endpointConfiguration/types/EDGE',
      'REGIONAL',
      "Invalid patch operation specified. Must be 'add'|'remove'|'replace'",
    ],
    [
      'replace',
      '/endpointConfiguration/types/0',
      'wrong',
      'Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE',
    ],
    ['replace', '/endpointConfiguration/ipAddressType', 'ipv6', 'ipAddressType must be either ipv4 or dualstack.'],
    ['replace', '/endpointConfiguration/wrong', 'x', 'Invalid patch path /endpointConfiguration/wrong'],
  ])('refuses %s %s %s', (op, path, value, message) => {
    const plane = createControlPlane();
    const id = makeApi(plane);
    const before = plane.make('GET', `/restapis/${id}`);

    expect(plane.ask('PATCH', `/restapis/${id}`, patch(['replace', '/name', 'b'], [op, path, value]))).toEqual(
      badRequest(message),
    );
    expect(plane.make('GET', `/restapis/${id}`)).toEqual(before);
  });

  it.each(['securityPolicy', 'endpointAccessMode'])('does not emulate a change of %s, and says so', (name) => {
    const plane = createControlPlane();
    const id = makeApi(plane);

    const { status, body } = plane.ask('PATCH', `/restapis/${id}`, patch(['replace', `/${name}`, 'x']));

    expect([status, JSON.stringify(body)]).toEqual([501, expect.stringContaining(`UpdateRestApi ${name}`)]);
  });

  it('refuses ipv4 for a private API', () => {
    const plane = createControlPlane();
    const id = makeApi(plane, { endpointConfiguration: { types: ['PRIVATE'] } });

    expect(
      plane.ask('PATCH', `/restapis/${id}`, patch(['replace', '/endpointConfiguration/ipAddressType', 'ipv4'])),
    ).toEqual(badRequest('Only dualstack ipAddressType is supported for Private APIs.'));
  });
});

describe('DeleteRestApi', () => {
  it('takes everything of the API with it and nothing of another', () => {
    const plane = createControlPlane();
    const other = makeLive(plane);
    const tables = () => TABLES.map((table) => plane.store.list(table).map(({ key }) => key));
    const before = tables();
    const live = makeLive(plane);
    plane.make('PUT', `${live.api}/gatewayresponses/THROTTLED`, {});
    plane.make('POST', `${live.api}/requestvalidators`, { name: 'v' });
    plane.store.put('execute-api/cache', `${live.id}/live/entry`, {});
    expect(tables()).not.toEqual(before);

    expect(plane.ask('DELETE', live.api)).toEqual({ status: 202, type: undefined, body: undefined });

    expect(tables()).toEqual(before);
    expect(plane.asked.flushed).toEqual([`${live.id}/live`]);
    expect(plane.ask('DELETE', live.api)).toEqual(notFound(`Invalid API identifier specified ${ACCOUNT}:${live.id}`));
    expect(plane.ask('GET', other.stage).status).toBe(200);
  });
});

const TABLES = [
  'apigateway/restapi',
  'apigateway/resource',
  'apigateway/gatewayresponse',
  'apigateway/validator',
  'apigateway/model',
  'apigateway/deployment',
  'apigateway/snapshot',
  'apigateway/stage',
  'execute-api/cache',
];
