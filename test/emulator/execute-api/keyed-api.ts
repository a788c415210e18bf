import type { ApiKeySourceType } from '@aws-sdk/client-api-gateway';
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  type CreateApiKeyCommandInput,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  type CreateRestApiCommandInput,
  CreateUsagePlanCommand,
  type CreateUsagePlanCommandInput,
  CreateUsagePlanKeyCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { openCloud, textOf } from '../front/local-cloud.js';

/** Monday, in the middle of a month. */
export const START = Date.UTC(2026, 5, 15, 12);

const REGION = 'eu-west-1';

/** What a client of the API is told. */
export interface Told {
  readonly status: number;
  readonly body: string;
  readonly type: string | undefined;
}

/**
 * A local cloud on a clock that only a test moves, with an API on stages `live` and `test`: `GET /keyed` wants an API key,
 * `GET /open` does not; both answer the id of the key that opened them.
 */
export async function openKeyedApi({ source = 'HEADER' as ApiKeySourceType, policy = '' } = {}) {
  const time = { nowMs: START };
  const cloud = openCloud({ clock: { now: () => time.nowMs } });
  const client = new APIGatewayClient(cloud.config());
  const restApiId = await makeApi(client, { apiKeySource: source, ...(policy !== '' && { policy }) });
  return {
    client,
    /** A client of another Region. */
    elsewhere: new APIGatewayClient(cloud.config(undefined, 'us-east-1')),
    restApiId,
    /** Makes another API of the same kind, and answers its id. */
    makeTwin: () => makeApi(client),
    advance(ms: number) {
      time.nowMs += ms;
    },
    /** Asks `GET /keyed` of stage `live`, unless told otherwise. */
    async get(headers: Record<string, string> = {}, path = '/live/keyed', query = ''): Promise<Told> {
      const host = `${restApiId}.execute-api.${REGION}.amazonaws.com`;
      const response = await cloud.emulator.handle({
        method: 'GET',
        host,
        path,
        query,
        headers,
        body: new Uint8Array(),
      });
      return { status: response.status, body: textOf(response), type: response.headers['x-amzn-ErrorType'] };
    },
    /** An enabled key, unless told otherwise. */
    async makeKey(input: CreateApiKeyCommandInput = {}) {
      const { id = '', value = '' } = await client.send(new CreateApiKeyCommand({ enabled: true, ...input }));
      return { id, value, header: { 'x-api-key': value } };
    },
    /** A plan of stage `live` with the keys in it. */
    async makePlan(keyIds: readonly string[], input: Partial<CreateUsagePlanCommandInput> = {}): Promise<string> {
      const apiStages = [{ apiId: restApiId, stage: 'live' }];
      const { id: usagePlanId = '' } = await client.send(
        new CreateUsagePlanCommand({ name: 'plan', apiStages, ...input }),
      );
      for (const keyId of keyIds)
        await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
      return usagePlanId;
    },
  };
}

export type KeyedApi = Awaited<ReturnType<typeof openKeyedApi>>;

async function makeApi(client: APIGatewayClient, input: Partial<CreateRestApiCommandInput> = {}): Promise<string> {
  const { id: restApiId = '', rootResourceId = '' } = await client.send(
    new CreateRestApiCommand({ name: 'images', ...input }),
  );
  for (const pathPart of ['keyed', 'open'])
    await addMethod(client, { restApiId, rootResourceId, pathPart, apiKeyRequired: pathPart === 'keyed' });
  for (const stageName of ['live', 'test']) await client.send(new CreateDeploymentCommand({ restApiId, stageName }));
  return restApiId;
}

interface MethodAsk {
  readonly restApiId: string;
  readonly rootResourceId: string;
  readonly pathPart: string;
  readonly apiKeyRequired: boolean;
}

async function addMethod(client: APIGatewayClient, { rootResourceId, pathPart, apiKeyRequired, ...api }: MethodAsk) {
  const { id = '' } = await client.send(new CreateResourceCommand({ ...api, parentId: rootResourceId, pathPart }));
  const at = { ...api, resourceId: id, httpMethod: 'GET' };
  await client.send(new PutMethodCommand({ ...at, authorizationType: 'NONE', apiKeyRequired }));
  await client.send(new PutMethodResponseCommand({ ...at, statusCode: '200' }));
  const requestTemplates = { 'application/json': '{"statusCode": 200}' };
  await client.send(new PutIntegrationCommand({ ...at, type: 'MOCK', requestTemplates }));
  const responseTemplates = { 'application/json': '$context.identity.apiKeyId $context.identity.apiKey' };
  await client.send(new PutIntegrationResponseCommand({ ...at, statusCode: '200', responseTemplates }));
}

/** The refusal of a key that does not count. */
export const FORBIDDEN: Told = { status: 403, body: '{"message":"Forbidden"}', type: 'ForbiddenException' };

/** The refusal of a request that comes too fast. */
export const TOO_MANY: Told = {
  status: 429,
  body: '{"message":"Too Many Requests"}',
  type: 'TooManyRequestsException',
};

/** The refusal of a request beyond a quota. */
export const EXCEEDED: Told = { status: 429, body: '{"message":"Limit Exceeded"}', type: 'LimitExceededException' };
