import {
  CreateBasePathMappingCommand,
  CreateDomainNameCommand,
  GetBasePathMappingsCommand,
  GetDomainNameCommand,
  GetDomainNamesCommand,
} from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { badRequest, type ControlPlane, conflict, createControlPlane, makeLive, notFound } from './control-plane.js';

const DOMAIN = 'images.example.com';
const MAPPINGS = `/domainnames/${DOMAIN}/basepathmappings`;
const REGIONAL = {
  domainName: DOMAIN,
  regionalCertificateArn: 'arn:aws:acm:eu-central-1:000000000000:certificate/1',
  endpointConfiguration: { types: ['REGIONAL' as const] },
};

/** A live API, and a domain without mappings. */
function makeDomain(plane: ControlPlane) {
  plane.make('POST', '/domainnames', REGIONAL);
  return makeLive(plane);
}

describe('CreateDomainName', () => {
  it('keeps a Regional domain, and answers it alone and in the list of its Region', async () => {
    const plane = createControlPlane();

    const made = await plane.client.send(new CreateDomainNameCommand({ ...REGIONAL, tags: { team: 'web' } }));
    const found = await plane.client.send(new GetDomainNameCommand({ domainName: DOMAIN }));
    const { items } = await plane.client.send(new GetDomainNamesCommand({}));

    const { $metadata: _made, ...domain } = made;
    expect(domain).toMatchObject({ ...REGIONAL, domainNameStatus: 'AVAILABLE', tags: { team: 'web' } });
    expect(domain.regionalDomainName).toMatch(/^d-[a-z0-9]{10}\.execute-api\.eu-central-1\.amazonaws\.com$/);
    expect(found).toMatchObject(domain);
    expect(items).toEqual([domain]);
    expect(plane.ask('GET', '/domainnames', undefined, 'us-east-1').body).toEqual({ item: [] });
  });

  it.each([
    ['a second time', REGIONAL, badRequest('The domain name you provided already exists.')],
    [
      'without a certificate',
      { ...REGIONAL, domainName: 'b.example.com', regionalCertificateArn: undefined },
      badRequest('Regional certificate ARN must be specified'),
    ],
  ])('is refused %s', (_how, body, refusal) => {
    const plane = createControlPlane();
    makeDomain(plane);

    expect(plane.ask('POST', '/domainnames', body)).toEqual(refusal);
  });

  it.each([
    ['edge-optimized', { endpointConfiguration: undefined }],
    ['private', { endpointConfiguration: { types: ['PRIVATE'] } }],
    ['mutual TLS', { mutualTlsAuthentication: { truststoreUri: 's3://a/b' } }],
  ])('answers 501 to what is left out: %s', (_what, change) => {
    expect(createControlPlane().ask('POST', '/domainnames', { ...REGIONAL, ...change }).status).toBe(501);
  });
});

describe('CreateBasePathMapping', () => {
  it('leads a path to a stage, and the empty one to a whole API', async () => {
    const plane = createControlPlane();
    const { id: restApiId } = makeDomain(plane);
    const named = { domainName: DOMAIN, basePath: 'pics', restApiId, stage: 'live' };

    await plane.client.send(new CreateBasePathMappingCommand(named));
    await plane.client.send(new CreateBasePathMappingCommand({ domainName: DOMAIN, restApiId }));
    const { items } = await plane.client.send(new GetBasePathMappingsCommand({ domainName: DOMAIN }));

    expect(items).toEqual([
      { basePath: '(none)', restApiId },
      { basePath: 'pics', restApiId, stage: 'live' },
    ]);
  });

  it.each([
    [
      'a domain',
      '/domainnames/b.example.com/basepathmappings',
      {},
      notFound('Invalid domain name identifier specified'),
    ],
    ['an API', MAPPINGS, { restApiId: 'nothere' }, badRequest('Invalid REST API identifier specified')],
    ['a stage', MAPPINGS, { stage: 'test' }, badRequest('Invalid stage identifier specified')],
  ])('refuses %s that is not there', (_what, target, change, refusal) => {
    const plane = createControlPlane();
    const { id: restApiId } = makeDomain(plane);

    expect(plane.ask('POST', target, { restApiId, stage: 'live', ...change })).toEqual(refusal);
  });

  it('refuses a path that is taken, and one of two segments', () => {
    const plane = createControlPlane();
    const { id: restApiId } = makeDomain(plane);
    plane.make('POST', MAPPINGS, { restApiId });

    expect(plane.ask('POST', MAPPINGS, { restApiId, basePath: '' })).toEqual(
      conflict('Base path already exists for this domain name'),
    );
    expect(plane.ask('POST', MAPPINGS, { restApiId, basePath: 'a/b' }).status).toBe(400);
  });
});

describe('DeleteBasePathMapping', () => {
  it('sets the stage and the API free, which are refused until then', () => {
    const plane = createControlPlane();
    const { id: restApiId, api, stage } = makeDomain(plane);
    plane.make('POST', MAPPINGS, { restApiId, stage: 'live' });
    const words = (what: string, of: string) =>
      badRequest(`Deleting ${what} failed. Please remove all base path mappings related to the ${of} in your domains.`);

    const mapped = [plane.ask('DELETE', stage), plane.ask('DELETE', api)];
    const gone = plane.ask('DELETE', `${MAPPINGS}/%28none%29`);

    expect(mapped).toEqual([words('stage', 'stage'), words('ApiId', 'API')]);
    expect(gone.status).toBe(202);
    expect(plane.ask('DELETE', `${MAPPINGS}/(none)`)).toEqual(
      notFound('Invalid base path mapping identifier specified'),
    );
    expect([plane.ask('DELETE', stage).status, plane.ask('DELETE', api).status]).toEqual([202, 202]);
    expect(plane.make('GET', MAPPINGS)).toEqual({ item: [] });
  });
});

describe('DeleteDomainName', () => {
  it('takes the mappings along, and no other domain', () => {
    const plane = createControlPlane();
    const { id: restApiId, api } = makeDomain(plane);
    plane.make('POST', '/domainnames', { ...REGIONAL, domainName: `${DOMAIN}.org` });
    plane.make('POST', MAPPINGS, { restApiId });

    plane.make('DELETE', `/domainnames/${DOMAIN}`);

    expect(plane.ask('GET', `/domainnames/${DOMAIN}`)).toEqual(notFound('Invalid domain name identifier specified'));
    expect(plane.make('GET', '/domainnames')['item']).toMatchObject([{ domainName: `${DOMAIN}.org` }]);
    expect(plane.ask('DELETE', api).status).toBe(202);
  });
});
