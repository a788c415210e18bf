import type { Call } from '../operation.js';
import { compact } from './compact.js';
import { findDomainName } from './domain-name.js';
import { badRequest, conflict, notFound } from './errors.js';
import { type BasePathMapping, type RestApi, TABLES } from './model.js';
import { operation } from './operation.js';
import { page } from './page.js';
import { required, text } from './shape.js';

/** What stands for the empty base path. */
const NONE = '(none)';

const keyOf = (call: Call, domainName: string, basePath: string): string => `${call.region}/${domainName}/${basePath}`;

/** Whether a custom domain of the Region leads to the API; when a stage is named, to that one by name. */
export function isMapped(call: Call, apiId: string, stageName?: string): boolean {
  return call.store
    .list<BasePathMapping>(TABLES.mapping, { prefix: `${call.region}/` })
    .some(({ value }) => value.restApiId === apiId && (stageName === undefined || value.stage === stageName));
}

/** Leads a base path of a custom domain to an API, or to one stage of it. */
export const CreateBasePathMapping = operation({
  name: 'CreateBasePathMapping',
  route: 'POST /domainnames/{domainName}/basepathmappings',
  success: 201,
  fidelity: 'documented',
  source: 'API reference, CreateBasePathMapping; the refusals are guesses',
  body: { basePath: text(), restApiId: required(text()), stage: text() },
  run(call, { path, body }) {
    const { domainName } = findDomainName(call, path.domainName);
    const { restApiId, stage } = body;
    const basePath = body.basePath === undefined || body.basePath === '' ? NONE : body.basePath;
    if (basePath.includes('/'))
      throw badRequest(
        "API Gateway V1 doesn't support the slash character (/) in base path mappings. To create a multi-level base path mapping, use API Gateway V2.",
      );
    if (call.store.get<RestApi>(TABLES.restApi, restApiId)?.region !== call.region)
      throw badRequest('Invalid REST API identifier specified');
    if (stage !== undefined && call.store.get(TABLES.stage, `${restApiId}/${stage}`) === undefined)
      throw badRequest('Invalid stage identifier specified');
    const key = keyOf(call, domainName, basePath);
    if (call.store.get(TABLES.mapping, key) !== undefined)
      throw conflict('Base path already exists for this domain name');
    const mapping: BasePathMapping = { basePath, restApiId, ...compact({ stage }) };
    call.store.put(TABLES.mapping, key, mapping);
    return mapping;
  },
});

/** Lists the mappings of a custom domain by base path. */
export const GetBasePathMappings = operation({
  name: 'GetBasePathMappings',
  route: 'GET /domainnames/{domainName}/basepathmappings',
  success: 200,
  fidelity: 'documented',
  source: 'API reference, GetBasePathMappings',
  run(call, { path, query }) {
    const { domainName } = findDomainName(call, path.domainName);
    const mappings = call.store.list<BasePathMapping>(TABLES.mapping, { prefix: keyOf(call, domainName, '') });
    return page(mappings, query, call.settings.pageSize);
  },
});

/** Removes one mapping; `(none)` is the one of the empty base path. */
export const DeleteBasePathMapping = operation({
  name: 'DeleteBasePathMapping',
  route: 'DELETE /domainnames/{domainName}/basepathmappings/{basePath}',
  success: 202,
  fidelity: 'documented',
  source: 'API reference, DeleteBasePathMapping; the words of the refusal are a guess',
  run(call, { path }) {
    const { domainName } = findDomainName(call, path.domainName);
    if (!call.store.delete(TABLES.mapping, keyOf(call, domainName, path.basePath)))
      throw notFound('Invalid base path mapping identifier specified');
    return undefined;
  },
});
