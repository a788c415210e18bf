import type { Snapshot, Stage } from '../apigateway/model.js';
import type { Call } from '../operation.js';
import type { ClientRequest, Exchange, SignatureError } from './context.js';
import { clientHeader } from './context.js';
import { ExecutionLog } from './execution-log.js';

/** What a new exchange is made of. */
export interface ExchangeStart {
  /** The API as deployed, or its draft. */
  readonly snapshot: Snapshot;
  /** The stage; absent for a test invocation. */
  readonly stage?: Stage | undefined;
  /** Stage variables in force. */
  readonly stageVariables?: Readonly<Record<string, string>> | undefined;
  /** What is wrong with the client's signature. */
  readonly signatureError?: SignatureError | undefined;
  /** What the client sent. */
  readonly client: ClientRequest;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Begins an exchange: gives it its ids, its clock and an empty log. */
export function startExchange(call: Call, start: ExchangeStart): Exchange {
  const startedAtMs = call.now();
  const seconds = Math.floor(startedAtMs / 1000).toString(16);
  return {
    call,
    snapshot: start.snapshot,
    stage: start.stage,
    stageName: start.stage?.stageName ?? 'test-invoke-stage',
    stageVariables: start.stageVariables ?? start.stage?.variables ?? {},
    signatureError: start.signatureError,
    requestId: chooseRequestId(call, start.client),
    extendedRequestId: Buffer.from(call.newId(11)).toString('base64'),
    traceId: `Root=1-${seconds.padStart(8, '0')}-${call.newUuid().replaceAll('-', '').slice(0, 24)}`,
    startedAtMs,
    client: start.client,
    log: new ExecutionLog(() => call.now()),
    overrides: {
      requestOverride: { header: {}, path: {}, querystring: {} },
      responseOverride: { header: {} },
    },
  };
}

/** AWS: a client may name the request id, by a UUID only. (source: Developer Guide, "$context variables for access logging") */
function chooseRequestId(call: Call, client: ClientRequest): string {
  const named = clientHeader(client, 'x-amzn-requestid');
  if (named === undefined) return call.requestId;
  return UUID.test(named) ? named : 'UUID_REPLACED_INVALID_REQUEST_ID';
}
