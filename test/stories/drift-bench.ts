import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { clientConfig } from '../../src/aws/access.js';
import type { Patch } from '../../src/aws/api-gateway.js';
import type { Aws } from '../../src/aws/aws.js';
import type { GatewayIntegration, GatewayIntegrationResponse, GatewayMethod } from '../../src/model/gateway.js';
import { targetOn } from '../../src/targets/local.js';
import { REGION, type World } from './world.js';

export const PATH = '/images/{key+}';
export const LOGGING_ROLE = 'pixgate-logging-eu-west-1';

/** The hands of somebody in the console, on a finished environment. */
export interface Bench {
  readonly world: World;
  readonly aws: Aws;
  readonly s3: S3Client;
  readonly apiGateway: APIGatewayClient;
  readonly iam: IAMClient;
  readonly logs: CloudWatchLogsClient;
  readonly bucket: string;
  readonly role: string;
  readonly apiId: string;
  /** Where a method of the images is, in AWS's words. */
  readonly method: (verb: string) => { restApiId: string; resourceId: string; httpMethod: string };
  readonly resourceId: string;
  readonly validatorId: string;
  readonly drawn: (verb: string) => GatewayMethod & { readonly integration: GatewayIntegration };
  patchApi(...patches: readonly Patch[]): Promise<void>;
  patchStage(...patches: readonly Patch[]): Promise<void>;
  /** Puts the integration of a verb anew with its responses, the one or the others changed. */
  rewire(
    verb: string,
    change: Partial<GatewayIntegration>,
    responses?: Readonly<Record<string, GatewayIntegrationResponse>>,
  ): Promise<void>;
  /** Shows a deployment that somebody made by hand. */
  deployByHand(): Promise<void>;
}

/** SDK clients of the world's local cloud, for what the product itself never asks. */
export function clientsOf(world: World): Pick<Bench, 's3' | 'apiGateway' | 'iam' | 'logs'> {
  const config = clientConfig(targetOn(world.emulator, REGION, 4510).access);
  return {
    s3: new S3Client(config),
    apiGateway: new APIGatewayClient(config),
    iam: new IAMClient(config),
    logs: new CloudWatchLogsClient(config),
  };
}

/** Opens the console. */
export async function openBench(world: World): Promise<Bench> {
  const aws = await world.aws();
  const [bucket] = await aws.s3.listBuckets('pixgate-');
  const role = (await aws.iam.listRoles('/pixgate/')).find(({ name }) => name.startsWith('pixgate-holiday'));
  const apiId = (await aws.apiGateway.listApis())[0]?.id ?? '';
  const reading = await aws.apiGateway.findGateway(apiId);
  const resourceId = reading?.resourceIds[PATH] ?? '';
  const drawn: Bench['drawn'] = (verb) => {
    const found = reading?.gateway.resources[PATH]?.methods[verb];
    if (found?.integration === undefined) throw new Error(`there is no ${verb}`);
    return { ...found, integration: found.integration };
  };
  return {
    ...clientsOf(world),
    world,
    aws,
    bucket: bucket?.name ?? '',
    role: role?.name ?? '',
    apiId,
    resourceId,
    validatorId: Object.values(reading?.validatorIds ?? {})[0] ?? '',
    method: (httpMethod) => ({ restApiId: apiId, resourceId, httpMethod }),
    drawn,
    patchApi: (...patches) => aws.apiGateway.patchApi(apiId, patches),
    patchStage: (...patches) => aws.apiGateway.patchStage(apiId, 'dev', patches),
    async rewire(verb, change, responses = drawn(verb).integration.responses) {
      const place = { apiId, resourceId, verb };
      await aws.apiGateway.putIntegration(place, { ...drawn(verb).integration, ...change });
      for (const [status, response] of Object.entries(responses))
        await aws.apiGateway.putIntegrationResponse(place, status, response);
    },
    async deployByHand() {
      const deploymentId = await aws.apiGateway.createDeployment(apiId, 'by hand');
      await aws.apiGateway.patchStage(apiId, 'dev', [{ op: 'replace', path: '/deploymentId', value: deploymentId }]);
    },
  };
}

/** Tables of what only happened: requests that were logged, and who is known to the account from the start. */
const HAPPENED = /^(logs\/(event|stream)|iam\/(access-key|user))\b/;

/** Fields of which AWS chooses the value anew for each thing that is made: ids and times. */
const CHOSEN = /^(id|sequence|cacheCluster|cacheNamespace|nextEvent|createdAt|\w+(Id|Ids|Ms|Date))$/;

/** The same value without what AWS chooses; the order of what it lists means nothing. */
function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(masked(item))).sort();
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !CHOSEN.test(name));
  const fields = kept.map(([name, field]): [string, unknown] =>
    // The photograph of an API keeps validators by their ids.
    name === 'validators' ? [name, masked(Object.values(field as object))] : [name, masked(field)],
  );
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Everything the account holds, without what AWS chooses by itself, so that a thing that was made again is the same. */
export function portrait(world: World): string[] {
  const all = Object.entries(world.everything()).filter(([key]) => !HAPPENED.test(key));
  const apis = all.filter(([key]) => key.startsWith('apigateway/restapi: ')).map(([key]) => key.split(': ')[1] ?? '');
  const lines = all.map(([key, value]) => `${key.split(': ')[0]} ${withoutRun(JSON.stringify(masked(value)))}`);
  return lines.map((line) => apis.reduce((text, id) => text.replaceAll(id, 'API'), line)).sort();
}

/** The list of what was sent says which run sent what, so that its bytes are others after a repair. */
function withoutRun(row: string): string {
  return row.includes('.ndjson') ? row.replace(/"(etag|value|[^"]*sha256)":"[^"]+"|"size":\d+/g, '') : row;
}

/** What of a portrait another does not have. */
export function missingFrom(one: readonly string[], other: readonly string[]): string[] {
  const there = new Set(other);
  return one.filter((line) => !there.has(line)).map((line) => line.slice(0, 300));
}
