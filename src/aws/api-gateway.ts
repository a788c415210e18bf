import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRequestValidatorCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  DeleteBasePathMappingCommand,
  DeleteDeploymentCommand,
  DeleteGatewayResponseCommand,
  DeleteIntegrationResponseCommand,
  DeleteMethodCommand,
  DeleteRequestValidatorCommand,
  DeleteResourceCommand,
  DeleteRestApiCommand,
  DeleteStageCommand,
  FlushStageCacheCommand,
  type GatewayResponseType,
  GetAccountCommand,
  GetBasePathMappingsCommand,
  GetDeploymentsCommand,
  GetDomainNamesCommand,
  GetResourcesCommand,
  GetRestApisCommand,
  GetStageCommand,
  GetStagesCommand,
  type PatchOperation,
  PutGatewayResponseCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  type SecurityPolicy,
  TagResourceCommand,
  TestInvokeMethodCommand,
  UntagResourceCommand,
  UpdateAccountCommand,
  UpdateRequestValidatorCommand,
  UpdateRestApiCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import type {
  GatewayIntegration,
  GatewayIntegrationResponse,
  GatewayMethod,
  GatewayMethodResponse,
  GatewayResponse,
  GatewaySettings,
  GatewayValidator,
} from '../model/gateway.js';
import { type AwsAccess, clientConfig, failOnFullQuota } from './access.js';
import { type Authorizers, createAuthorizers } from './authorizers.js';
import { type GatewayReading, plainPolicy, readGateway } from './gateway-reader.js';
import type { Tags } from './iam.js';
import { idOf } from './id-of.js';
import { createPacer } from './pacer.js';
import { drain } from './pages.js';
import { createSend, sent } from './sender.js';
import { fromStage, type StageReading } from './stage-reader.js';

/** A REST API in a listing. */
export interface ListedApi {
  readonly id: string;
  readonly name: string;
  readonly tags: Tags;
  /** Epoch milliseconds. */
  readonly createdAtMs: number;
  /** Its resource policy in plain JSON, as a drawing has it; '' without one. */
  readonly policy: string;
}

/** A deployment: a photograph of the API. */
export interface Deployment {
  readonly id: string;
  readonly description: string;
}

/** A stage of a listing. */
export interface ListedStage {
  readonly name: string;
  readonly deploymentId: string;
  /** Whether anything of it writes to CloudWatch Logs. */
  readonly logs: boolean;
  /** The web ACL that somebody put in front of it; '' without one. */
  readonly webAclArn: string;
}

/** A base path of a custom domain, and where it leads. */
export interface Mapping {
  /** The custom domain. */
  readonly domain: string;
  /** AWS's spelling: `(none)` for the empty one. */
  readonly basePath: string;
  /** Id of the API it leads to. */
  readonly apiId: string;
  /** The stage it leads to; '' when the caller's path names one. */
  readonly stage: string;
}

/** One change of a patch call, in AWS's terms. */
export interface Patch {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly value?: string;
}

/** Which method of which API. */
export interface MethodPlace {
  readonly apiId: string;
  readonly resourceId: string;
  readonly verb: string;
}

/** AWS's ids of what a method names; undefined where it names none. */
export interface MethodIds {
  readonly validatorId: string | undefined;
  readonly authorizerId: string | undefined;
}

/** What the console's Test button answers. */
export interface TestInvokeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly log: string;
}

/** The verbs of API Gateway. */
export interface ApiGateway extends Authorizers {
  listApis(): Promise<readonly ListedApi[]>;
  /**
   * Makes an API. Sent once only: AWS does not de-duplicate it, so a lost reply is settled by looking for the tags.
   * Without a security policy AWS chooses one.
   *
   * @throws {AwsError} also when the reply was lost; the API may exist then.
   */
  createApi(settings: GatewaySettings, tags: Tags, securityPolicy?: string): Promise<string>;
  /** The whole API as plain data, with the ids of its parts; undefined when it is gone. */
  findGateway(apiId: string): Promise<GatewayReading | undefined>;
  patchApi(apiId: string, patches: readonly Patch[]): Promise<void>;
  tagApi(apiId: string, tags: Tags): Promise<void>;
  /** A tag that is not there does no harm. Without a stage name it is the API's own. */
  untag(place: { apiId: string; stageName?: string }, key: string): Promise<void>;
  /** Gone already is success. */
  deleteApi(apiId: string): Promise<void>;
  createResource(apiId: string, parentId: string, pathPart: string): Promise<string>;
  deleteResource(apiId: string, resourceId: string): Promise<void>;
  createValidator(apiId: string, name: string, validator: GatewayValidator): Promise<string>;
  patchValidator(apiId: string, validatorId: string, validator: GatewayValidator): Promise<void>;
  deleteValidator(apiId: string, validatorId: string): Promise<void>;
  putMethod(place: MethodPlace, method: GatewayMethod, ids: MethodIds): Promise<void>;
  deleteMethod(place: MethodPlace): Promise<void>;
  putMethodResponse(place: MethodPlace, status: string, response: GatewayMethodResponse): Promise<void>;
  putIntegration(place: MethodPlace, integration: GatewayIntegration): Promise<void>;
  putIntegrationResponse(place: MethodPlace, status: string, response: GatewayIntegrationResponse): Promise<void>;
  deleteIntegrationResponse(place: MethodPlace, status: string): Promise<void>;
  putGatewayResponse(apiId: string, type: string, response: GatewayResponse): Promise<void>;
  deleteGatewayResponse(apiId: string, type: string): Promise<void>;
  /** Sent once only, like createApi. Never given a stage name: AWS would make the stage. */
  createDeployment(apiId: string, description: string): Promise<string>;
  listDeployments(apiId: string): Promise<readonly Deployment[]>;
  deleteDeployment(apiId: string, deploymentId: string): Promise<void>;
  findStage(apiId: string, stageName: string): Promise<StageReading | undefined>;
  listStages(apiId: string): Promise<readonly ListedStage[]>;
  createStage(stage: {
    apiId: string;
    stageName: string;
    deploymentId: string;
    cacheSizeGb: number | undefined;
    tracingEnabled: boolean;
    tags: Tags;
  }): Promise<void>;
  patchStage(apiId: string, stageName: string, patches: readonly Patch[]): Promise<void>;
  tagStage(apiId: string, stageName: string, tags: Tags): Promise<void>;
  flushStageCache(apiId: string, stageName: string): Promise<void>;
  /** Gone already is success. */
  deleteStage(apiId: string, stageName: string): Promise<void>;
  /**
   * The mappings of all public custom domains of the Region: one call more for each domain.
   *
   * AWS: paths of several segments are made with API Gateway's version 2 alone, and do not show here.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
   */
  listMappings(): Promise<readonly Mapping[]>;
  /** Gone already is success; the domain itself stays. */
  deleteMapping(domain: string, basePath: string): Promise<void>;
  /** The role that API Gateway writes logs with, one for the account and Region. */
  findAccountRole(): Promise<string | undefined>;
  /** '' clears it. */
  putAccountRole(roleArn: string): Promise<void>;
  testInvoke(
    place: MethodPlace,
    request: { path: string; headers: Readonly<Record<string, string>> },
  ): Promise<TestInvokeAnswer>;
}

const MISSING = ['NotFoundException'];
const MADE = ['ConflictException'];

/** API Gateway in the Region of `access`, paced as AWS's quotas ask; by a pacer of its own unless one is shared. */
export function createApiGateway(
  access: AwsAccess,
  partition: string,
  waiting?: (why: string, ms: number) => void,
  pacer = createPacer(access.clock),
): ApiGateway {
  const client = failOnFullQuota(new APIGatewayClient(clientConfig(access)));
  const clientOnce = new APIGatewayClient(clientConfig(access, 1));
  const heard = waiting === undefined ? {} : { waiting };
  const send = createSend({ service: 'API Gateway', region: access.region, clock: access.clock, pacer, ...heard });
  const at = ({ apiId, resourceId, verb }: MethodPlace) => ({ restApiId: apiId, resourceId, httpMethod: verb });
  const arnOf = (path: string): string => `arn:${partition}:apigateway:${access.region}::${path}`;
  const operations = (patches: readonly Patch[]): PatchOperation[] => patches.map((patch) => ({ ...patch }));
  const patchStage = async (apiId: string, stageName: string, patches: readonly Patch[]): Promise<void> => {
    const input = { restApiId: apiId, stageName, patchOperations: operations(patches) };
    await send('UpdateStage', () => client.send(new UpdateStageCommand(input)));
  };
  const findResource = async (apiId: string, parentId: string, pathPart: string): Promise<string> => {
    const resources = await drain(async (from) => {
      const input = { restApiId: apiId, limit: 500, ...(from === undefined ? {} : { position: from }) };
      const page = await sent(send('GetResources', () => client.send(new GetResourcesCommand(input))));
      return { items: page.items ?? [], next: page.position };
    });
    return resources.find((is) => is.parentId === parentId && is.pathPart === pathPart)?.id ?? '';
  };
  const mappingsOf = async (domain: string): Promise<Mapping[]> => {
    const mappings = await drain(async (from) => {
      const input = { domainName: domain, limit: 500, ...(from === undefined ? {} : { position: from }) };
      const page = await send('GetBasePathMappings', () => client.send(new GetBasePathMappingsCommand(input)), {
        missing: MISSING,
      });
      return { items: page?.items ?? [], next: page?.position };
    });
    return mappings.map(({ basePath = '', restApiId = '', stage = '' }) => ({
      domain,
      basePath,
      apiId: restApiId,
      stage,
    }));
  };
  return {
    async listApis() {
      const apis = await drain(async (from) => {
        const input = { limit: 500, ...(from === undefined ? {} : { position: from }) };
        const page = await sent(send('GetRestApis', () => client.send(new GetRestApisCommand(input))));
        return { items: page.items ?? [], next: page.position };
      });
      return apis.map(({ id = '', name = '', tags = {}, createdDate, policy = '' }) => ({
        id,
        name,
        tags,
        createdAtMs: createdDate?.getTime() ?? 0,
        policy: policy === '' ? '' : plainPolicy(policy),
      }));
    },
    async createApi(settings, tags, securityPolicy) {
      const input = {
        name: settings.name,
        description: settings.description,
        endpointConfiguration: { types: [settings.endpointType as 'REGIONAL'] },
        binaryMediaTypes: [...settings.binaryMediaTypes],
        apiKeySource: settings.apiKeySource as 'HEADER',
        tags: { ...tags },
        // AWS: such a policy wants an access mode beside it. (source: API Gateway Developer Guide, "Security policies")
        ...(securityPolicy === undefined
          ? {}
          : { securityPolicy: securityPolicy as SecurityPolicy, endpointAccessMode: 'BASIC' as const }),
      };
      return sent(send('CreateRestApi', async () => idOf(await clientOnce.send(new CreateRestApiCommand(input)))));
    },
    findGateway: (apiId) => readGateway(client, send, apiId),
    async patchApi(apiId, patches) {
      const input = { restApiId: apiId, patchOperations: operations(patches) };
      await send('UpdateRestApi', () => client.send(new UpdateRestApiCommand(input)));
    },
    async tagApi(apiId, tags) {
      const input = { resourceArn: arnOf(`/restapis/${apiId}`), tags: { ...tags } };
      await send('TagResource', () => client.send(new TagResourceCommand(input)));
    },
    async untag({ apiId, stageName }, key) {
      const resourceArn = arnOf(`/restapis/${apiId}${stageName === undefined ? '' : `/stages/${stageName}`}`);
      await send('UntagResource', () => client.send(new UntagResourceCommand({ resourceArn, tagKeys: [key] })));
    },
    async deleteApi(apiId) {
      await send('DeleteRestApi', () => client.send(new DeleteRestApiCommand({ restApiId: apiId })), {
        missing: MISSING,
      });
    },
    async createResource(apiId, parentId, pathPart) {
      const input = { restApiId: apiId, parentId, pathPart };
      const options = { made: MADE };
      const resource = await send('CreateResource', () => client.send(new CreateResourceCommand(input)), options);
      return resource?.id ?? findResource(apiId, parentId, pathPart);
    },
    async deleteResource(apiId, resourceId) {
      const input = { restApiId: apiId, resourceId };
      await send('DeleteResource', () => client.send(new DeleteResourceCommand(input)), { missing: MISSING });
    },
    async createValidator(apiId, name, validator) {
      const input = { restApiId: apiId, name, ...validator };
      const call = async () => idOf(await clientOnce.send(new CreateRequestValidatorCommand(input)));
      return sent(send('CreateRequestValidator', call));
    },
    async patchValidator(apiId, validatorId, { validateRequestBody, validateRequestParameters }) {
      const patches: Patch[] = [
        { op: 'replace', path: '/validateRequestBody', value: String(validateRequestBody) },
        { op: 'replace', path: '/validateRequestParameters', value: String(validateRequestParameters) },
      ];
      const input = { restApiId: apiId, requestValidatorId: validatorId, patchOperations: operations(patches) };
      await send('UpdateRequestValidator', () => client.send(new UpdateRequestValidatorCommand(input)));
    },
    async deleteValidator(apiId, validatorId) {
      const input = { restApiId: apiId, requestValidatorId: validatorId };
      await send('DeleteRequestValidator', () => client.send(new DeleteRequestValidatorCommand(input)), {
        missing: MISSING,
      });
    },
    ...createAuthorizers(client, clientOnce, send),
    async putMethod(place, method, { validatorId, authorizerId }) {
      const input = {
        ...at(place),
        authorizationType: method.authorizationType,
        apiKeyRequired: method.apiKeyRequired,
        requestParameters: { ...method.requestParameters },
        ...(validatorId === undefined ? {} : { requestValidatorId: validatorId }),
        ...(authorizerId === undefined ? {} : { authorizerId }),
        ...(method.authorizationScopes === undefined ? {} : { authorizationScopes: [...method.authorizationScopes] }),
      };
      await send('PutMethod', () => client.send(new PutMethodCommand(input)), { made: MADE });
    },
    async deleteMethod(place) {
      await send('DeleteMethod', () => client.send(new DeleteMethodCommand(at(place))), { missing: MISSING });
    },
    async putMethodResponse(place, status, { responseParameters, responseModels }) {
      const input = {
        ...at(place),
        statusCode: status,
        responseParameters: { ...responseParameters },
        responseModels: { ...responseModels },
      };
      await send('PutMethodResponse', () => client.send(new PutMethodResponseCommand(input)), { made: MADE });
    },
    async putIntegration(place, integration) {
      const { type, httpMethod, uri, credentials, passthroughBehavior, contentHandling, timeoutMs } = integration;
      const input = {
        ...at(place),
        type: type as 'AWS',
        passthroughBehavior,
        timeoutInMillis: timeoutMs,
        requestParameters: { ...integration.requestParameters },
        requestTemplates: { ...integration.requestTemplates },
        cacheKeyParameters: [...integration.cacheKeyParameters],
        ...(httpMethod === undefined ? {} : { integrationHttpMethod: httpMethod }),
        ...(uri === undefined ? {} : { uri }),
        ...(credentials === undefined ? {} : { credentials }),
        ...(contentHandling === undefined ? {} : { contentHandling: contentHandling as 'CONVERT_TO_TEXT' }),
      };
      await send('PutIntegration', () => client.send(new PutIntegrationCommand(input)));
    },
    async putIntegrationResponse(
      place,
      status,
      { selectionPattern, responseParameters, responseTemplates, contentHandling },
    ) {
      const input = {
        ...at(place),
        statusCode: status,
        selectionPattern,
        responseParameters: { ...responseParameters },
        responseTemplates: { ...responseTemplates },
        ...(contentHandling === undefined ? {} : { contentHandling: contentHandling as 'CONVERT_TO_TEXT' }),
      };
      await send('PutIntegrationResponse', () => client.send(new PutIntegrationResponseCommand(input)));
    },
    async deleteIntegrationResponse(place, status) {
      const input = { ...at(place), statusCode: status };
      await send('DeleteIntegrationResponse', () => client.send(new DeleteIntegrationResponseCommand(input)), {
        missing: MISSING,
      });
    },
    async putGatewayResponse(apiId, type, { statusCode, responseParameters, responseTemplates }) {
      const input = {
        restApiId: apiId,
        responseType: type as GatewayResponseType,
        responseParameters: { ...responseParameters },
        responseTemplates: { ...responseTemplates },
        ...(statusCode === undefined ? {} : { statusCode }),
      };
      await send('PutGatewayResponse', () => client.send(new PutGatewayResponseCommand(input)));
    },
    async deleteGatewayResponse(apiId, type) {
      const input = { restApiId: apiId, responseType: type as GatewayResponseType };
      await send('DeleteGatewayResponse', () => client.send(new DeleteGatewayResponseCommand(input)), {
        missing: MISSING,
      });
    },
    async createDeployment(apiId, description) {
      const input = { restApiId: apiId, description };
      return sent(
        send('CreateDeployment', async () => idOf(await clientOnce.send(new CreateDeploymentCommand(input)))),
      );
    },
    async listDeployments(apiId) {
      const found = await drain(async (from) => {
        const input = { restApiId: apiId, limit: 500, ...(from === undefined ? {} : { position: from }) };
        const page = await send('GetDeployments', () => client.send(new GetDeploymentsCommand(input)), {
          missing: MISSING,
        });
        return { items: page?.items ?? [], next: page?.position };
      });
      return found.map(({ id = '', description = '' }) => ({ id, description }));
    },
    async deleteDeployment(apiId, deploymentId) {
      const input = { restApiId: apiId, deploymentId };
      await send('DeleteDeployment', () => client.send(new DeleteDeploymentCommand(input)), { missing: MISSING });
    },
    async findStage(apiId, stageName) {
      const input = { restApiId: apiId, stageName };
      const stage = await send('GetStage', () => client.send(new GetStageCommand(input)), { missing: MISSING });
      return stage === undefined ? undefined : fromStage(stage);
    },
    async listStages(apiId) {
      const found = await send('GetStages', () => client.send(new GetStagesCommand({ restApiId: apiId })), {
        missing: MISSING,
      });
      return (found?.item ?? []).map((stage) => {
        const { name, deploymentId, writesLogs } = fromStage(stage);
        return { name, deploymentId, logs: writesLogs, webAclArn: stage.webAclArn ?? '' };
      });
    },
    async createStage({ apiId, stageName, deploymentId, cacheSizeGb, tracingEnabled, tags }) {
      const cache =
        cacheSizeGb === undefined ? {} : { cacheClusterEnabled: true, cacheClusterSize: String(cacheSizeGb) as '0.5' };
      const input = { restApiId: apiId, stageName, deploymentId, tracingEnabled, tags: { ...tags }, ...cache };
      await send('CreateStage', () => client.send(new CreateStageCommand(input)), { made: MADE });
    },
    patchStage,
    async tagStage(apiId, stageName, tags) {
      const input = { resourceArn: arnOf(`/restapis/${apiId}/stages/${stageName}`), tags: { ...tags } };
      await send('TagResource', () => client.send(new TagResourceCommand(input)));
    },
    async flushStageCache(apiId, stageName) {
      await send('FlushStageCache', () => client.send(new FlushStageCacheCommand({ restApiId: apiId, stageName })));
    },
    async deleteStage(apiId, stageName) {
      const input = { restApiId: apiId, stageName };
      await send('DeleteStage', () => client.send(new DeleteStageCommand(input)), { missing: MISSING });
    },
    async listMappings() {
      const domains = await drain(async (from) => {
        const input = { limit: 500, ...(from === undefined ? {} : { position: from }) };
        const page = await sent(send('GetDomainNames', () => client.send(new GetDomainNamesCommand(input))));
        return { items: page.items ?? [], next: page.position };
      });
      // AWS: only private domains have an id, and they lead to private APIs alone. (API Reference, DomainName)
      const names = domains.flatMap((is) => (is.domainNameId === undefined ? [is.domainName ?? ''] : []));
      const mappings: Mapping[] = [];
      for (const domain of names) mappings.push(...(await mappingsOf(domain)));
      return mappings;
    },
    async deleteMapping(domain, basePath) {
      const input = { domainName: domain, basePath };
      await send('DeleteBasePathMapping', () => client.send(new DeleteBasePathMappingCommand(input)), {
        missing: MISSING,
      });
    },
    async findAccountRole() {
      const account = await sent(send('GetAccount', () => client.send(new GetAccountCommand({}))));
      return account.cloudwatchRoleArn === '' ? undefined : account.cloudwatchRoleArn;
    },
    async putAccountRole(roleArn) {
      const patches: Patch[] = [{ op: 'replace', path: '/cloudwatchRoleArn', value: roleArn }];
      await send('UpdateAccount', () =>
        client.send(new UpdateAccountCommand({ patchOperations: operations(patches) })),
      );
    },
    async testInvoke(place, { path, headers }) {
      const input = { ...at(place), pathWithQueryString: path, headers: { ...headers } };
      const answer = await sent(send('TestInvokeMethod', () => client.send(new TestInvokeMethodCommand(input))));
      return {
        status: answer.status ?? 0,
        headers: answer.headers ?? {},
        body: answer.body ?? '',
        log: answer.log ?? '',
      };
    },
  };
}
