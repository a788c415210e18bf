import type { Call } from '../operation.js';
import { pathArn } from './authorise.js';
import { compact } from './compact.js';
import { badRequest, notEmulated, notFound } from './errors.js';
import { type DomainName, TABLES } from './model.js';
import { operation } from './operation.js';
import { page } from './page.js';
import { fields, leftOut, listOf, mapOf, oneOf, required, someOf, text } from './shape.js';

const path = '/domainnames/{domainName}';

const keyOf = (call: Call, name: string): string => `${call.region}/${name}`;

/** Reads a custom domain of the caller's Region. @throws {Refusal} NotFoundException. */
export function findDomainName(call: Call, name: string): DomainName {
  const domain = call.store.get<DomainName>(TABLES.domainName, keyOf(call, name));
  if (domain === undefined) throw notFound('Invalid domain name identifier specified');
  return domain;
}

const leftOutOf = (member: string) => leftOut(`CreateDomainName ${member}`);

const body = {
  domainName: required(text()),
  regionalCertificateArn: text(),
  endpointConfiguration: fields({
    types: someOf(['PRIVATE', 'EDGE', 'REGIONAL']),
    ipAddressType: oneOf(['ipv4', 'dualstack']),
    vpcEndpointIds: listOf(text()),
  }),
  tags: mapOf(text()),
  certificateName: leftOutOf('certificateName'),
  certificateBody: leftOutOf('certificateBody'),
  certificatePrivateKey: leftOutOf('certificatePrivateKey'),
  certificateChain: leftOutOf('certificateChain'),
  certificateArn: leftOutOf('certificateArn'),
  regionalCertificateName: leftOutOf('regionalCertificateName'),
  securityPolicy: leftOutOf('securityPolicy'),
  endpointAccessMode: leftOutOf('endpointAccessMode'),
  mutualTlsAuthentication: leftOutOf('mutualTlsAuthentication'),
  ownershipVerificationCertificateArn: leftOutOf('ownershipVerificationCertificateArn'),
  policy: leftOutOf('policy'),
  routingMode: leftOutOf('routingMode'),
};

/** Makes a Regional custom domain. It is kept and served to nobody; its certificate is not looked for. */
export const CreateDomainName = operation({
  name: 'CreateDomainName',
  route: 'POST /domainnames',
  success: 201,
  fidelity: 'documented',
  source: 'API reference, CreateDomainName; the refusals and the shape of the Regional name are guesses',
  body,
  run(call, { body }) {
    const types = body.endpointConfiguration?.types ?? ['EDGE'];
    if (types.length !== 1 || types[0] !== 'REGIONAL') throw notEmulated(`CreateDomainName ${types.join(', ')}`);
    if (body.regionalCertificateArn === undefined) throw badRequest('Regional certificate ARN must be specified');
    const { domainName: name, regionalCertificateArn, tags } = body;
    if (call.store.get(TABLES.domainName, keyOf(call, name)) !== undefined)
      throw badRequest('The domain name you provided already exists.');
    const domain: DomainName = {
      domainName: name,
      domainNameArn: pathArn(call, `/domainnames/${name}`),
      regionalCertificateArn,
      regionalDomainName: `d-${call.newId(10)}.execute-api.${call.region}.amazonaws.com`,
      endpointConfiguration: { types, ipAddressType: body.endpointConfiguration?.ipAddressType ?? 'ipv4' },
      domainNameStatus: 'AVAILABLE',
      securityPolicy: 'TLS_1_2',
      ...compact({ tags }),
    };
    call.store.put(TABLES.domainName, keyOf(call, name), domain);
    return domain;
  },
});

/** Answers one custom domain. */
export const GetDomainName = operation({
  name: 'GetDomainName',
  route: `GET ${path}`,
  success: 200,
  fidelity: 'documented',
  source: 'API reference, GetDomainName',
  run: (call, { path }) => findDomainName(call, path.domainName),
});

/** Lists the custom domains of this Region by name. */
export const GetDomainNames = operation({
  name: 'GetDomainNames',
  route: 'GET /domainnames',
  success: 200,
  fidelity: 'documented',
  source: 'API reference, GetDomainNames',
  run(call, { query }) {
    if (query.get('resourceOwner')) throw notEmulated('GetDomainNames resourceOwner');
    const domains = call.store.list<DomainName>(TABLES.domainName, { prefix: keyOf(call, '') });
    return page(domains, query, call.settings.pageSize);
  },
});

/** Removes a custom domain with its mappings. */
export const DeleteDomainName = operation({
  name: 'DeleteDomainName',
  route: `DELETE ${path}`,
  success: 202,
  fidelity: 'documented',
  source: 'API reference, DeleteDomainName; that its mappings go with it is a guess',
  run(call, { path }) {
    const { domainName } = findDomainName(call, path.domainName);
    const key = keyOf(call, domainName);
    for (const mapping of call.store.list(TABLES.mapping, { prefix: `${key}/` }))
      call.store.delete(TABLES.mapping, mapping.key);
    call.store.delete(TABLES.domainName, key);
    return undefined;
  },
});
