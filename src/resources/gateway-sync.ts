import { isDeepStrictEqual } from 'node:util';
import type { MethodIds, MethodPlace, Patch } from '../aws/api-gateway.js';
import type { GatewayReading } from '../aws/gateway-reader.js';
import { AwsError, CancelledError } from '../errors.js';
import type {
  Gateway,
  GatewayAuthorizer,
  GatewayIntegration,
  GatewayMethod,
  GatewaySettings,
  GatewayValidator,
} from '../model/gateway.js';
import type { World } from './resource.js';

/** AWS: a change of binary media types takes a moment before a deployment sees it. From LocalStack's tests on AWS. */
const SETTINGS_SETTLE_MS = 10_000;

/** Makes the draft of an API what is wanted, sending only what differs. */
export async function syncGateway(
  world: World,
  apiId: string,
  wanted: Gateway,
  reading: GatewayReading,
): Promise<void> {
  await syncSettings(world, apiId, wanted.settings, reading.gateway.settings);
  const validatorIds = await syncValidators(world, apiId, wanted, reading);
  const authorizerIds = await syncAuthorizers(world, apiId, wanted, reading);
  const resourceIds = await syncResources(world, apiId, wanted, reading);
  const paths = new Set([...Object.keys(wanted.resources), ...Object.keys(reading.gateway.resources)]);
  for (const path of [...paths].filter((is) => resourceIds[is] !== undefined)) {
    const methods = wanted.resources[path]?.methods ?? {};
    const have = reading.gateway.resources[path]?.methods ?? {};
    for (const verb of Object.keys(have)) {
      if (methods[verb] === undefined)
        await world.aws.apiGateway.deleteMethod({ apiId, resourceId: resourceIds[path] ?? '', verb });
    }
    for (const [verb, method] of Object.entries(methods)) {
      if (world.signal.aborted) throw stopped();
      const place = { apiId, resourceId: resourceIds[path] ?? '', verb };
      const { validator = '', authorizer = '' } = method;
      const ids = { validatorId: validatorIds[validator], authorizerId: authorizerIds[authorizer] };
      await syncMethod(world, place, method, have[verb], ids);
      world.say({ text: `${verb} ${path}` });
    }
  }
  await syncGatewayResponses(world, apiId, wanted, reading);
  // Last: AWS keeps a validator or an authorizer as long as a method names it.
  for (const [name, id] of Object.entries(reading.authorizerIds)) {
    if (wanted.authorizers[name] === undefined) await world.aws.apiGateway.deleteAuthorizer(apiId, id);
  }
  for (const [name, id] of Object.entries(reading.validatorIds)) {
    if (wanted.validators[name] === undefined) await world.aws.apiGateway.deleteValidator(apiId, id);
  }
}

async function syncSettings(
  world: World,
  apiId: string,
  wanted: GatewaySettings,
  have: GatewaySettings,
): Promise<void> {
  const patches: Patch[] = [];
  const scalar = (path: string, to: string, from: string): void => {
    if (to !== from) patches.push({ op: 'replace', path, value: to });
  };
  scalar('/name', wanted.name, have.name);
  scalar('/description', wanted.description, have.description);
  scalar('/apiKeySource', wanted.apiKeySource, have.apiKeySource);
  scalar('/endpointConfiguration/types/0', wanted.endpointType, have.endpointType);
  scalar(
    '/disableExecuteApiEndpoint',
    String(wanted.disableExecuteApiEndpoint),
    String(have.disableExecuteApiEndpoint),
  );
  scalar('/policy', wanted.policy ?? '', have.policy ?? '');
  if (wanted.minimumCompressionSize !== have.minimumCompressionSize) {
    // AWS: compression is turned off by a replace that carries no value.
    const value = wanted.minimumCompressionSize;
    patches.push({
      op: 'replace',
      path: '/minimumCompressionSize',
      ...(value === undefined ? {} : { value: String(value) }),
    });
  }
  const escaped = (type: string): string => `/binaryMediaTypes/${type.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  for (const type of have.binaryMediaTypes)
    if (!wanted.binaryMediaTypes.includes(type)) patches.push({ op: 'remove', path: escaped(type) });
  for (const type of wanted.binaryMediaTypes)
    if (!have.binaryMediaTypes.includes(type)) patches.push({ op: 'add', path: escaped(type) });
  if (patches.length === 0) return;
  await world.aws.apiGateway.patchApi(apiId, patches);
  await world.clock.sleep(SETTINGS_SETTLE_MS);
}

async function syncValidators(
  { aws }: World,
  apiId: string,
  wanted: Gateway,
  reading: GatewayReading,
): Promise<Readonly<Record<string, string>>> {
  const ids: Record<string, string> = { ...reading.validatorIds };
  for (const [name, validator] of Object.entries(wanted.validators)) {
    const have = reading.gateway.validators[name];
    const id = ids[name];
    if (id === undefined) ids[name] = await createValidator(aws, apiId, name, validator);
    else if (!isDeepStrictEqual(have, validator)) await aws.apiGateway.patchValidator(apiId, id, validator);
  }
  return ids;
}

/** Makes a validator. The call is sent once; when its reply was lost, the name tells whether it was heard. */
async function createValidator(
  aws: World['aws'],
  apiId: string,
  name: string,
  validator: GatewayValidator,
): Promise<string> {
  try {
    return await aws.apiGateway.createValidator(apiId, name, validator);
  } catch (error) {
    const made = (await aws.apiGateway.findGateway(apiId))?.validatorIds[name];
    if (!(error instanceof AwsError) || made === undefined) throw error;
    return made;
  }
}

async function syncAuthorizers(
  { aws }: World,
  apiId: string,
  wanted: Gateway,
  reading: GatewayReading,
): Promise<Readonly<Record<string, string>>> {
  const ids: Record<string, string> = { ...reading.authorizerIds };
  for (const [name, authorizer] of Object.entries(wanted.authorizers)) {
    const have = reading.gateway.authorizers[name];
    const id = ids[name];
    if (id === undefined || have === undefined) ids[name] = await createAuthorizer(aws, apiId, name, authorizer);
    else if (!isDeepStrictEqual(have, authorizer)) await aws.apiGateway.patchAuthorizer(apiId, id, have, authorizer);
  }
  return ids;
}

/** Makes an authorizer. The call is sent once; when its reply was lost, the name tells whether it was heard. */
async function createAuthorizer(
  aws: World['aws'],
  apiId: string,
  name: string,
  authorizer: GatewayAuthorizer,
): Promise<string> {
  try {
    return await aws.apiGateway.createAuthorizer(apiId, name, authorizer);
  } catch (error) {
    const made = (await aws.apiGateway.findGateway(apiId))?.authorizerIds[name];
    if (!(error instanceof AwsError) || made === undefined) throw error;
    return made;
  }
}

/** Makes the tree of paths, and removes those that no route needs. */
async function syncResources(
  world: World,
  apiId: string,
  wanted: Gateway,
  reading: GatewayReading,
): Promise<Readonly<Record<string, string>>> {
  const { apiGateway } = world.aws;
  const ids: Record<string, string> = { ...reading.resourceIds, '/': reading.rootId };
  const needed = new Set(['/', ...Object.keys(wanted.resources).flatMap(ancestry)]);
  // Parents first: deleting one takes its children along.
  for (const path of Object.keys(reading.resourceIds).sort()) {
    if (needed.has(path) || ids[path] === undefined) continue;
    await apiGateway.deleteResource(apiId, ids[path]);
    for (const gone of Object.keys(ids)) if (gone === path || gone.startsWith(`${path}/`)) delete ids[gone];
  }
  for (const path of [...needed].sort()) {
    if (ids[path] !== undefined) continue;
    const cut = path.lastIndexOf('/');
    const parentId = ids[path.slice(0, cut) || '/'] ?? reading.rootId;
    ids[path] = await apiGateway.createResource(apiId, parentId, path.slice(cut + 1));
  }
  return ids;
}

/** '/a/b' and everything above it but the root. */
function ancestry(path: string): string[] {
  const parts = path.split('/').slice(1).filter(Boolean);
  return parts.map((_part, index) => `/${parts.slice(0, index + 1).join('/')}`);
}

/**
 * Makes one method what is wanted. AWS refuses a second put of a method or of a method response, so one of which these
 * differ is made anew: nobody sees the draft. An integration is replaced by a put, and its responses are put again.
 */
async function syncMethod(
  world: World,
  place: MethodPlace,
  want: GatewayMethod,
  have: GatewayMethod | undefined,
  ids: MethodIds,
): Promise<void> {
  const { apiGateway } = world.aws;
  const { integration, ...method } = want;
  const { integration: haveIntegration, ...haveMethod } = have ?? { integration: undefined };
  const sameMethod = isDeepStrictEqual(method, haveMethod);
  if (!sameMethod) {
    if (have !== undefined) await apiGateway.deleteMethod(place);
    await apiGateway.putMethod(place, want, ids);
    for (const [status, response] of Object.entries(want.responses))
      await apiGateway.putMethodResponse(place, status, response);
  }
  if (integration !== undefined)
    await syncIntegration(world, place, integration, sameMethod ? haveIntegration : undefined);
}

/** Stands for an integration that is not there: it equals none. */
const NO_INTEGRATION: Pick<GatewayIntegration, 'responses'> = { responses: {} };

async function syncIntegration(
  world: World,
  place: MethodPlace,
  want: GatewayIntegration,
  have: GatewayIntegration | undefined,
): Promise<void> {
  const { apiGateway } = world.aws;
  const { responses, ...own } = want;
  const { responses: haveResponses, ...haveOwn } = have ?? NO_INTEGRATION;
  const sameOwn = isDeepStrictEqual(own, haveOwn);
  if (!sameOwn) await apiGateway.putIntegration(place, want);
  for (const [status, response] of Object.entries(responses)) {
    if (!sameOwn || !isDeepStrictEqual(response, haveResponses[status]))
      await apiGateway.putIntegrationResponse(place, status, response);
  }
  for (const status of Object.keys(haveResponses)) {
    if (responses[status] === undefined) await apiGateway.deleteIntegrationResponse(place, status);
  }
}

async function syncGatewayResponses(
  { aws }: World,
  apiId: string,
  wanted: Gateway,
  reading: GatewayReading,
): Promise<void> {
  const have = reading.gateway.gatewayResponses;
  for (const [type, response] of Object.entries(wanted.gatewayResponses)) {
    if (!isDeepStrictEqual(response, have[type])) await aws.apiGateway.putGatewayResponse(apiId, type, response);
  }
  for (const type of Object.keys(have)) {
    if (wanted.gatewayResponses[type] === undefined) await aws.apiGateway.deleteGatewayResponse(apiId, type);
  }
}

function stopped(): CancelledError {
  return new CancelledError('Stopped as asked: part of the API is made, and nothing of it is live yet.', {
    suggestions: ['run the same command again to go on', 'pixgate teardown  takes away what was made'],
  });
}
