import { type Method, type Resource, readDraft } from '../apigateway/model.js';
import type { Call } from '../operation.js';
import { parseQuery } from './client-request.js';
import type { Answer, ClientRequest, Exchange, Route } from './context.js';
import { startExchange } from './exchange.js';
import { configurationError, GatewayFailure, NotEmulated } from './gateway-failure.js';
import { toGatewayAnswer } from './gateway-response.js';
import { BACKEND, notImplemented } from './invoke-stage.js';
import { decodeAll, matchPath } from './route.js';
import { startExecution } from './start-execution.js';
import { decodeUtf8 } from './utf8.js';
import { validateRequest } from './validate.js';

/** What TestInvokeMethod is asked. */
export interface TestInvokeAsk {
  /** Id of the API. */
  readonly apiId: string;
  /** Id of the resource. */
  readonly resourceId: string;
  /** Verb of the method, as the draft keys it. */
  readonly httpMethod: string;
  /** The operation's body: pathWithQueryString, body, headers, multiValueHeaders, stageVariables. */
  readonly input: Record<string, unknown>;
}

/**
 * Runs a method of the undeployed draft: no authoriser, key, throttle or cache.
 *
 * Answers status, body as text, headers, multiValueHeaders, log and latency (ms), also for a method that fails.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeMethod.html
 * @throws {Error} when the draft has no such method: whoever asks has checked that.
 */
export function testInvoke(call: Call, ask: TestInvokeAsk): Record<string, unknown> {
  const snapshot = readDraft(call.store, ask.apiId);
  const resource = snapshot?.resources.find(({ id }) => id === ask.resourceId);
  const method = resource?.methods[ask.httpMethod];
  if (snapshot === undefined || resource === undefined || method === undefined)
    throw new Error(`The draft of ${ask.apiId} has no method ${ask.httpMethod} on ${ask.resourceId}.`);
  const client = toClientRequest(ask, resource);
  const exchange = startExchange(call, { snapshot, client, stageVariables: textMap(ask.input['stageVariables']) });
  const answer = runDraft(exchange, resource, method, ask.input['pathWithQueryString']);
  const traced = exchange.failure === undefined && method.methodIntegration?.type === 'AWS';
  const headers = traced ? { 'X-Amzn-Trace-Id': exchange.traceId, ...answer.headers } : answer.headers;
  return {
    status: answer.status,
    body: decodeUtf8(answer.payload.bytes),
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    log: printLog(exchange),
    latency: call.now() - exchange.startedAtMs,
  };
}

function runDraft(exchange: Exchange, resource: Resource, method: Method, path: unknown): Answer {
  try {
    if (method.methodIntegration === undefined) throw configurationError('No integration defined for method');
    const pathParameters = readPathParameters(exchange, resource, path);
    const route: Route = { resource, method, integration: method.methodIntegration, pathParameters };
    exchange.route = route;
    for (const handle of [startExecution, validateRequest, ...BACKEND]) handle(exchange);
    if (exchange.answer === undefined) throw new Error('The chain ended without an answer.');
    return exchange.answer;
  } catch (error) {
    if (error instanceof NotEmulated) return notImplemented(error);
    if (!(error instanceof GatewayFailure)) throw error;
    exchange.failure = error;
    const answer = toGatewayAnswer(exchange, error);
    if (error.log !== undefined) exchange.log.add(error.log);
    exchange.log.add(`Method completed with status: ${answer.status}`);
    return answer;
  }
}

/**
 * AWS: without a path the parameters hold their own placeholders, and with one that does not fit the resource they are empty.
 * (source: LocalStack's recording of TestInvokeMethod, 2025)
 */
function readPathParameters({ client, snapshot }: Exchange, resource: Resource, path: unknown): Record<string, string> {
  if (typeof path !== 'string' || path === '') {
    const names = Array.from(resource.path.matchAll(/\{(.+?)\+?\}/g), ([whole, name = '']) => [name, whole] as const);
    return Object.fromEntries(names);
  }
  return decodeAll(matchPath(snapshot.resources, client.path, ({ id }) => id === resource.id)?.values ?? {});
}

function toClientRequest({ httpMethod, input }: TestInvokeAsk, resource: Resource): ClientRequest {
  const asked = text(input['pathWithQueryString']);
  const [path = '', ...query] = (asked === '' ? resource.path : asked).split('?');
  const lists = Object.entries((input['multiValueHeaders'] ?? {}) as Record<string, string[]>);
  const many = lists.flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
  const single = Object.entries(textMap(input['headers']) ?? {});
  return {
    method: httpMethod,
    path: path.startsWith('/') ? path : `/${path}`,
    query: parseQuery(query.join('?')),
    headers: [...single, ...many.filter(([name]) => !single.some(([other]) => other === name))],
    headerCaseKnown: true,
    body: Buffer.from(text(input['body'])),
    host: 'testPrefix.testDomainName',
    protocol: 'HTTP/1.1',
    sourceIp: 'test-invoke-source-ip',
  };
}

function printLog({ log, requestId }: Exchange): string {
  const lines = log.lines.map((line) => `${printTime(line.atMs)} : ${line.text}`);
  return [`Execution log for request ${requestId}`, ...lines, ''].join('\n');
}

/** A time as Java's Date prints it: `Thu Apr 07 18:29:40 UTC 2026`. */
function printTime(atMs: number): string {
  const [weekday = '', day = '', month = '', year = '', time = ''] = new Date(atMs).toUTCString().split(' ');
  return `${weekday.replace(',', '')} ${month} ${day} ${time} UTC ${year}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function textMap(value: unknown): Record<string, string> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, string>) : undefined;
}
