import { DeleteMethodResponseCommand, UpdateIntegrationCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import type { ApiGateway, MethodPlace } from '../../src/aws/api-gateway.js';
import type { GatewayIntegration, GatewayIntegrationResponse } from '../../src/model/gateway.js';
import { changing, newWorld, type World } from './world.js';

/** What somebody does to a finished gateway, and what then happens. */
interface Miswiring {
  readonly mistake: string;
  readonly make: (bench: Bench) => Promise<void>;
  /** Request that shows it: path behind the stage. */
  readonly ask: { readonly path: string; readonly headers?: Record<string, string>; readonly method?: string };
  /** What the local cloud answers, as AWS would. */
  readonly answers: (answer: Answer) => void;
  /** What `test` must say, in the cause or the finding of some failed check. */
  readonly cause: RegExp;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The hands of somebody in the console. */
interface Bench {
  readonly world: World;
  readonly api: ApiGateway;
  readonly apiId: string;
  place(verb: string): MethodPlace;
  /** Puts the integration of a verb again with changes, and its responses as they were or as given. */
  rewire(
    verb: string,
    change: Partial<GatewayIntegration>,
    responses?: Readonly<Record<string, GatewayIntegrationResponse>>,
  ): Promise<void>;
  integration(verb: string): GatewayIntegration;
  role(): Promise<string>;
  send(
    command:
      | ConstructorParameters<typeof UpdateIntegrationCommand>[0]
      | { readonly statusCode: string; readonly verb: string },
  ): Promise<void>;
  deploy(): Promise<void>;
}

const PNG = '/images/waves.png';
const PATH = '/images/{key+}';

async function openBench(world: World): Promise<Bench> {
  const aws = await world.aws();
  const api = aws.apiGateway;
  const apiId = (await api.listApis())[0]?.id ?? '';
  const reading = await api.findGateway(apiId);
  if (reading === undefined) throw new Error('there is no API');
  const place = (verb: string): MethodPlace => ({ apiId, resourceId: reading.resourceIds[PATH] ?? '', verb });
  const integration = (verb: string): GatewayIntegration => {
    const found = reading.gateway.resources[PATH]?.methods[verb]?.integration;
    if (found === undefined) throw new Error(`there is no ${verb}`);
    return found;
  };
  return {
    world,
    api,
    apiId,
    place,
    integration,
    async rewire(verb, change, responses = integration(verb).responses) {
      const whole = { ...integration(verb), ...change };
      await api.putIntegration(place(verb), whole);
      for (const [status, response] of Object.entries(responses))
        await api.putIntegrationResponse(place(verb), status, response);
      for (const status of Object.keys(whole.responses))
        if (responses[status] === undefined) await api.deleteIntegrationResponse(place(verb), status);
    },
    async role() {
      const [role] = (await aws.iam.listRoles('/pixgate/')).filter(({ name }) => name.startsWith('pixgate-holiday'));
      return role?.name ?? '';
    },
    async send(command) {
      const { APIGatewayClient } = await import('@aws-sdk/client-api-gateway');
      const { targetOn } = await import('../../src/targets/local.js');
      const { access } = targetOn(world.emulator, 'eu-west-1', 4510);
      const client = new APIGatewayClient({
        region: access.region,
        credentials: access.credentials ?? { accessKeyId: '', secretAccessKey: '' },
        ...(access.requestHandler === undefined ? {} : { requestHandler: access.requestHandler }),
      });
      if ('verb' in command) {
        const { resourceId } = place(command.verb);
        await client.send(
          new DeleteMethodResponseCommand({
            restApiId: apiId,
            resourceId,
            httpMethod: command.verb,
            statusCode: command.statusCode,
          }),
        );
      } else await client.send(new UpdateIntegrationCommand(command));
    },
    async deploy() {
      const deploymentId = await api.createDeployment(apiId, 'by hand');
      await api.patchStage(apiId, 'dev', [{ op: 'replace', path: '/deploymentId', value: deploymentId }]);
    },
  };
}

const withDefaultOn200 = (integration: GatewayIntegration): Readonly<Record<string, GatewayIntegrationResponse>> => {
  const whole = integration.responses['200'];
  return whole === undefined ? {} : { '200': { ...whole, selectionPattern: '' } };
};

const withoutHeader = (
  integration: GatewayIntegration,
  header: string,
): Readonly<Record<string, GatewayIntegrationResponse>> =>
  Object.fromEntries(
    Object.entries(integration.responses).map(([status, response]) => {
      const kept = Object.entries(response.responseParameters).filter(
        ([name]) => name !== `method.response.header.${header}`,
      );
      return [status, { ...response, responseParameters: Object.fromEntries(kept) }];
    }),
  );

async function trust(bench: Bench, statement: object): Promise<void> {
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }] };
  await (await bench.world.aws()).iam.putTrust(await bench.role(), JSON.stringify(document));
}

async function allow(bench: Bench, action: string, resource: string): Promise<void> {
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] };
  await (await bench.world.aws()).iam.putRolePolicy(await bench.role(), 'read-images', JSON.stringify(document));
}

const MISWIRINGS: readonly Miswiring[] = [
  {
    mistake: 'no binary media types',
    make: async (bench) => {
      await bench.api.patchApi(bench.apiId, [{ op: 'remove', path: '/binaryMediaTypes/*~1*' }]);
      const responses = Object.fromEntries(
        Object.entries(bench.integration('GET').responses).map(([status, { contentHandling: _none, ...response }]) => [
          status,
          response,
        ]),
      );
      await bench.rewire('GET', {}, responses);
      await bench.deploy();
    },
    ask: { path: PNG },
    answers: ({ status, body }) => {
      expect(status).toBe(200);
      expect(body.includes(Buffer.from([0xef, 0xbf, 0xbd]))).toBe(true);
    },
    cause: /binary media types/i,
  },
  {
    mistake: 'binary media types set again, but not deployed',
    make: async (bench) => {
      await bench.api.patchApi(bench.apiId, [{ op: 'remove', path: '/binaryMediaTypes/*~1*' }]);
      await bench.deploy();
      await bench.api.patchApi(bench.apiId, [{ op: 'add', path: '/binaryMediaTypes/*~1*' }]);
    },
    ask: { path: PNG },
    answers: isFailureOfOurs,
    cause: /deploy/i,
  },
  {
    mistake: 'CONVERT_TO_BINARY with a narrow list of types',
    make: async (bench) => {
      await bench.api.patchApi(bench.apiId, [
        { op: 'remove', path: '/binaryMediaTypes/*~1*' },
        { op: 'add', path: '/binaryMediaTypes/image~1png' },
      ]);
      await bench.deploy();
    },
    ask: { path: '/images/panorama.jpg' },
    answers: isFailureOfOurs,
    cause: /binary media types/i,
  },
  {
    mistake: 'no content handling and a narrow list: base64 text to a browser',
    make: async (bench) => {
      await bench.api.patchApi(bench.apiId, [
        { op: 'remove', path: '/binaryMediaTypes/*~1*' },
        { op: 'add', path: '/binaryMediaTypes/image~1png' },
      ]);
      const { contentHandling: _none, ...whole } = bench.integration('GET').responses['200'] ?? {
        selectionPattern: '200',
        responseParameters: {},
        responseTemplates: {},
      };
      await bench.rewire('GET', {}, { ...bench.integration('GET').responses, '200': whole });
      await bench.deploy();
    },
    ask: { path: PNG, headers: { Accept: 'text/html' } },
    answers: ({ status, body }) => {
      expect(status).toBe(200);
      expect(Buffer.from(body.toString(), 'base64').subarray(1, 4).toString()).toBe('PNG');
    },
    cause: /base64/i,
  },
  {
    mistake: 'the default reply on 200',
    make: async (bench) => {
      await bench.rewire('GET', {}, withDefaultOn200(bench.integration('GET')));
      await bench.deploy();
    },
    ask: { path: '/images/missing.png' },
    answers: ({ status, body }) => {
      expect(status).toBe(200);
      expect(body.toString()).toContain('<Code>NoSuchKey</Code>');
    },
    cause: /default/i,
  },
  {
    mistake: 'no HEAD',
    make: async (bench) => {
      await bench.api.deleteMethod(bench.place('HEAD'));
      await bench.deploy();
    },
    ask: { path: PNG, method: 'HEAD' },
    answers: ({ status }) => expect(status).toBe(404),
    cause: /HEAD/,
  },
  {
    mistake: 'a role that may not list the bucket',
    make: async (bench) => {
      const [bucket] = await (await bench.world.aws()).s3.listBuckets('pixgate-');
      await allow(bench, 's3:GetObject', `arn:aws:s3:::${bucket?.name}/images/*`);
    },
    ask: { path: '/images/missing.png' },
    answers: ({ status, body }) => {
      expect(status).toBe(403);
      expect(JSON.parse(body.toString())).toMatchObject({ error: 'ImageForbidden' });
    },
    cause: /ListBucket/,
  },
  {
    mistake: 'a role that may not read',
    make: async (bench) => {
      const [bucket] = await (await bench.world.aws()).s3.listBuckets('pixgate-');
      await allow(bench, 's3:ListBucket', `arn:aws:s3:::${bucket?.name}`);
    },
    ask: { path: PNG },
    answers: ({ status, body }) => {
      expect(status).toBe(403);
      expect(JSON.parse(body.toString())).toMatchObject({ error: 'ImageForbidden' });
    },
    cause: /GetObject/,
  },
  {
    mistake: 'a role that trusts the wrong service',
    make: (bench) => trust(bench, { Principal: { Service: 'lambda.amazonaws.com' } }),
    ask: { path: PNG },
    answers: isFailureOfOurs,
    cause: /trust/i,
  },
  {
    mistake: 'a SourceAccount condition in the trust policy',
    make: (bench) =>
      trust(bench, {
        Principal: { Service: 'apigateway.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } },
      }),
    ask: { path: PNG },
    answers: isFailureOfOurs,
    cause: /trust/i,
  },
  {
    mistake: '{key+} in the uri',
    make: async (bench) => {
      await bench.rewire('GET', { uri: bench.integration('GET').uri?.replace('{key}', '{key+}') ?? '' });
      await bench.deploy();
    },
    ask: { path: PNG },
    answers: isFailureOfOurs,
    cause: /\{key\+\}|illegal|uri/i,
  },
  {
    mistake: 'the path parameter is not mapped',
    make: async (bench) => {
      const { 'integration.request.path.key': _key, ...others } = bench.integration('GET').requestParameters;
      await bench.rewire('GET', { requestParameters: others });
      await bench.deploy();
    },
    ask: { path: PNG },
    answers: isFailureOfOurs,
    cause: /mapped|uri|illegal/i,
  },
  {
    mistake: 'a method response is missing',
    make: async (bench) => {
      await bench.send({ verb: 'GET', statusCode: '200' });
      await bench.deploy();
    },
    ask: { path: PNG },
    answers: isFailureOfOurs,
    cause: /method response/i,
  },
  {
    mistake: 'Content-Type is not mapped',
    make: async (bench) => {
      await bench.rewire('GET', {}, withoutHeader(bench.integration('GET'), 'Content-Type'));
      await bench.deploy();
    },
    ask: { path: PNG },
    answers: ({ status, headers }) => expect([status, headers['content-type']]).toEqual([200, 'application/json']),
    cause: /Content-Type/,
  },
  {
    mistake: 'a templated OPTIONS with */* and no CONVERT_TO_TEXT',
    make: async (bench) => {
      const { contentHandling: _none, ...own } = bench.integration('OPTIONS');
      await bench.api.putIntegration(bench.place('OPTIONS'), own);
      for (const [status, response] of Object.entries(own.responses))
        await bench.api.putIntegrationResponse(bench.place('OPTIONS'), status, response);
      await bench.deploy();
    },
    ask: { path: PNG, method: 'OPTIONS', headers: { Origin: 'https://example.com' } },
    answers: isFailureOfOurs,
    cause: /CONVERT_TO_TEXT|transform/,
  },
  {
    mistake: 'Content-Length mapped into the request',
    make: async (bench) => {
      const mapped = {
        ...bench.integration('GET').requestParameters,
        'integration.request.header.Content-Length': "'0'",
      };
      await bench.rewire('GET', { requestParameters: mapped });
      await bench.deploy();
    },
    ask: { path: PNG },
    answers: isFailureOfOurs,
    cause: /header/i,
  },
  {
    mistake: 'no reply fits and there is no default',
    make: async (bench) => {
      const { '404': _missing, '502': _default, ...others } = bench.integration('GET').responses;
      await bench.rewire('GET', {}, others);
      await bench.deploy();
    },
    ask: { path: '/images/missing.png' },
    answers: isFailureOfOurs,
    cause: /default|repl/i,
  },
  {
    mistake: 'no 206: a range comes as the whole or as an error',
    make: async (bench) => {
      const { '206': _partial, ...others } = bench.integration('GET').responses;
      await bench.rewire('GET', {}, others);
      await bench.deploy();
    },
    ask: { path: PNG, headers: { Range: 'bytes=0-9' } },
    answers: ({ status }) => expect(status).toBe(502),
    cause: /206|range/i,
  },
  {
    mistake: 'a cache without keys: one picture for all paths',
    make: async (bench) => {
      await bench.rewire('GET', { cacheKeyParameters: [] });
      await bench.deploy();
      const url = await stageUrl(bench);
      await bench.world.get(`${url}/images/blue%20hour.jpg`);
    },
    ask: { path: PNG },
    answers: ({ status, headers }) => expect([status, headers['content-type']]).toEqual([200, 'image/jpeg']),
    cause: /cache/i,
  },
  {
    mistake: 'the uri names another Region',
    make: async (bench) => {
      await bench.rewire('GET', { uri: bench.integration('GET').uri?.replace(':eu-west-1:', ':us-east-1:') ?? '' });
      await bench.deploy();
    },
    ask: { path: PNG },
    answers: ({ status }) => expect(status).toBe(502),
    cause: /Region|differs|another setting/i,
  },
  {
    mistake: "API Gateway's own answer for unknown paths",
    make: async (bench) => {
      await bench.api.deleteGatewayResponse(bench.apiId, 'MISSING_AUTHENTICATION_TOKEN');
      await bench.deploy();
    },
    ask: { path: '/nowhere' },
    answers: ({ status }) => expect(status).toBe(403),
    cause: /gateway response|unknown|Missing Authentication/i,
  },
  {
    mistake: 'strangers may evict the cache',
    make: (bench) =>
      bench.api.patchStage(bench.apiId, 'dev', [
        { op: 'replace', path: '/*/*/caching/requireAuthorizationForCacheControl', value: 'false' },
      ]),
    ask: { path: PNG, headers: { 'Cache-Control': 'max-age=0' } },
    answers: ({ status }) => expect(status).toBe(200),
    cause: /evict|requireAuthorization/i,
  },
];

/** A 500 in our own shape: the gateway responses are still ours. */
function isFailureOfOurs({ status, body }: Answer): void {
  expect([status, JSON.parse(body.toString())]).toMatchObject([500, { message: 'Internal server error' }]);
}

async function stageUrl({ world, apiId }: Bench): Promise<string> {
  return `http://127.0.0.1:4510/_aws/execute-api/${apiId}/${world.config().stage}`;
}

describe('miswirings', () => {
  it.each(MISWIRINGS)(
    '$mistake: answers as AWS does, is found by test, and is repaired by wire',
    async ({ make, ask, answers, cause }) => {
      const world = newWorld();
      await world.run('up');
      const bench = await openBench(world);

      await make(bench);

      answers(await world.get(`${await stageUrl(bench)}${ask.path}`, ask.headers, ask.method));
      const report = await world.verify();
      const failures = report.results
        .filter(({ status }) => status === 'failed')
        .map(({ title, got, cause: why }) => [title, got, why].join(' | '));
      expect(failures.length).toBeGreaterThan(0);
      expect(failures.join('\n')).toMatch(cause);
      await world.run('wire');
      expect((await world.verify()).results.filter(({ status }) => status === 'failed')).toEqual([]);
      world.calls.length = 0;
      await world.run('wire');
      expect(changing(world.calls)).toEqual([]);
    },
  );

  it('are at least fifteen', () => {
    expect(MISWIRINGS.length).toBeGreaterThanOrEqual(15);
  });
});
