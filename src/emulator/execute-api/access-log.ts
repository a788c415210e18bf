import { type Exchange, routeOf } from './context.js';
import { contextVariables, readDotted } from './context-variables.js';
import { mayLog, streamName } from './execution-log.js';

/**
 * Writes one line for a finished request in the stage's own format; a variable that is not set prints as `-`.
 *
 * The value of an API key is concealed, which is a guess.
 *
 * Needs the account's role as the execution log does; a group that is missing stays so.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export function writeAccessLog(exchange: Exchange, status: number, responseBytes: number): void {
  const { call, snapshot, stage, stageName } = exchange;
  const { destinationArn = '', format = '' } = stage?.accessLogSettings ?? {};
  const group = /:log-group:([^:]+)/.exec(destinationArn)?.[1];
  if (group === undefined || format === '' || !mayLog(call)) return;
  const variables = { ...contextVariables(exchange), ...outcomeVariables(exchange, status, responseBytes) };
  const line = format.replace(
    /\$context\.([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)/g,
    (_, name: string) => readDotted(variables, name) ?? '-',
  );
  const stream = streamName(snapshot.api.id, stageName);
  call.cloud.putLogEvents(call, { group, stream, messages: [exchange.log.redact(line)], createGroup: false });
}

function outcomeVariables(exchange: Exchange, status: number, responseLength: number): Record<string, unknown> {
  const { call, incoming, startedAtMs } = exchange;
  const outcome = { status, responseLength, responseLatency: call.now() - startedAtMs };
  // What a cache hit logs is inferred: no integration took part, so its variables are not set.
  if (incoming === undefined || routeOf(exchange).integration.type === 'MOCK') return outcome;
  const { latencyMs: latency, status: integrationStatus } = incoming;
  const requestId = readDotted(contextVariables(exchange), 'awsEndpointRequestId');
  const integration = { integrationStatus, latency, requestId, status: integrationStatus };
  return { ...outcome, integration, integrationLatency: latency, integrationStatus };
}
