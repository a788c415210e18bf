import { type Snapshot, type Stage, TABLES } from '../apigateway/model.js';
import type { Call, WireRequest, WireResponse } from '../operation.js';
import { writeAccessLog } from './access-log.js';
import { checkApiKey } from './api-key.js';
import { authorise } from './authorise.js';
import { parseClientRequest } from './client-request.js';
import { compress } from './compress.js';
import type { Answer, Exchange, Handler, SignatureError } from './context.js';
import { startExchange } from './exchange.js';
import { printMap, writeExecutionLog } from './execution-log.js';
import { GatewayFailure, NotEmulated, Refusal } from './gateway-failure.js';
import { toRefusalResponse, toWireResponse } from './gateway-headers.js';
import { loggedType, toGatewayAnswer } from './gateway-response.js';
import { integrate } from './integration.js';
import { mapRequest } from './integration-request.js';
import { mapResponse } from './integration-response.js';
import { finishMethodResponse } from './method-response.js';
import { routeRequest } from './route.js';
import { fillCache, lookUpCache } from './stage-cache.js';
import { startExecution } from './start-execution.js';
import { throttle } from './throttle.js';
import { decodeUtf8 } from './utf8.js';
import { validateRequest } from './validate.js';

/** Which stage a request is for. */
export interface StageAsk {
  /** Id of the API. */
  readonly apiId: string;
  /** Name of the stage. */
  readonly stageName: string;
  /** Raw, still encoded path behind the stage: '' or '/images/a.png'. */
  readonly path: string;
  /** What is wrong with the client's signature; only methods with AWS_IAM mind. @default nothing */
  readonly signatureError?: SignatureError;
}

const BEFORE_BACKEND: readonly Handler[] = [
  routeRequest,
  checkApiKey,
  startExecution,
  authorise,
  throttle,
  validateRequest,
  lookUpCache,
];

/** What runs unless the cache had the answer; a test invocation runs these too. */
export const BACKEND: readonly Handler[] = [mapRequest, integrate, mapResponse, finishMethodResponse];

/**
 * Answers a request to a deployed API as API Gateway does.
 *
 * An unknown API or stage is 403 Forbidden. What is not emulated is 501 and says what.
 */
export function invokeStage(request: WireRequest, ask: StageAsk, call: Call): WireResponse {
  try {
    const client = parseClientRequest(request, ask.path);
    const stage = call.store.get<Stage>(TABLES.stage, `${ask.apiId}/${ask.stageName}`);
    const snapshot = stage && call.store.get<Snapshot>(TABLES.snapshot, `${ask.apiId}/${stage.deploymentId}`);
    if (stage === undefined || snapshot === undefined || snapshot.api.disableExecuteApiEndpoint) throw forbidden();
    return runExchange(startExchange(call, { snapshot, stage, client, signatureError: ask.signatureError }));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return toRefusalResponse(error, call.now(), call.requestId);
  }
}

function forbidden(): Refusal {
  return new Refusal(403, 'application/json', '{"message":"Forbidden"}', 'ForbiddenException');
}

function runExchange(exchange: Exchange): WireResponse {
  const { client, snapshot } = exchange;
  const answer = compress(runChain(exchange), client, snapshot.api.minimumCompressionSize);
  const response = toWireResponse(exchange, answer);
  if (exchange.incoming !== undefined && exchange.failure === undefined) logEndpointRequestId(exchange);
  writeExecutionLog(exchange);
  writeAccessLog(exchange, response.status, response.body.byteLength);
  return response;
}

function runChain(exchange: Exchange): Answer {
  try {
    for (const handle of BEFORE_BACKEND) handle(exchange);
    if (exchange.answer === undefined) for (const handle of [...BACKEND, fillCache]) handle(exchange);
    if (exchange.answer === undefined) throw new Error('The chain ended without an answer.');
    return exchange.answer;
  } catch (error) {
    if (error instanceof NotEmulated) return notImplemented(error);
    if (!(error instanceof GatewayFailure)) throw error;
    exchange.failure = error;
    return answerFailure(exchange, error);
  }
}

/** The 501 of something that the local cloud does not emulate. */
export function notImplemented(error: NotEmulated): Answer {
  const bytes = Buffer.from(JSON.stringify({ message: error.message }));
  return { status: 501, headers: { 'x-amzn-ErrorType': 'NotImplemented' }, payload: { bytes, binary: false } };
}

function answerFailure(exchange: Exchange, failure: GatewayFailure): Answer {
  const { log } = exchange;
  const answer = toGatewayAnswer(exchange, failure);
  if (failure.log !== undefined) log.add(failure.log);
  log.add(`Gateway response type: ${loggedType(exchange, failure)} with status code: ${answer.status}`);
  log.addBody(`Gateway response body: ${decodeUtf8(answer.payload.bytes)}`);
  log.add(`Gateway response headers: ${printMap(Object.entries(answer.headers))}`);
  log.add(`Method completed with status: ${answer.status}`);
  return answer;
}

function logEndpointRequestId({ incoming, log }: Exchange): void {
  const id = Object.entries(incoming?.headers ?? {}).find(([name]) => name.toLowerCase() === 'x-amz-request-id')?.[1];
  if (id !== undefined) log.add(`AWS Integration Endpoint RequestId : ${id}`);
}
