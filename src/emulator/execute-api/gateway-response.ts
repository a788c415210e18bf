import type { GatewayResponse } from '../apigateway/model.js';
import { type Answer, clientHeader, type Exchange } from './context.js';
import { contextVariables, readDotted } from './context-variables.js';
import type { GatewayFailure } from './gateway-failure.js';
import { chooseAcceptedTemplate } from './media-type.js';
import { readClientHeader, readParameter } from './parameter.js';

const HEADER = 'gatewayresponse.header.';

/**
 * Turns a failure into the answer for the client: the API's own gateway response of this type, else its DEFAULT_4XX or DEFAULT_5XX,
 * else AWS's.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 */
export function toGatewayAnswer(exchange: Exchange, failure: GatewayFailure): Answer {
  const custom = findCustomised(exchange, failure);
  const status = Number(custom?.statusCode ?? failure.status);
  const headers: Record<string, string> = { 'x-amzn-ErrorType': failure.errorType };
  const chosen = chooseAcceptedTemplate(custom?.responseTemplates ?? {}, clientHeader(exchange.client, 'accept'));
  if (chosen !== undefined) headers['Content-Type'] = chosen.type;
  for (const [target, expression] of Object.entries(custom?.responseParameters ?? {})) {
    const value = readParameter(exchange, expression);
    if (value !== undefined && target.startsWith(HEADER)) setHeader(headers, target.slice(HEADER.length), value);
  }
  const body = chosen === undefined ? defaultBody(failure) : substitute(exchange, chosen.template);
  return { status, headers, payload: { bytes: Buffer.from(body), binary: false } };
}

/** Sets a header and drops one of the same name in another case. */
export function setHeader(headers: Record<string, string>, name: string, value: string): void {
  for (const key of Object.keys(headers)) if (key.toLowerCase() === name.toLowerCase()) delete headers[key];
  headers[name] = value;
}

/** Name under which the execution log tells of a gateway response. */
export function loggedType(exchange: Exchange, failure: GatewayFailure): string {
  // AWS: a configuration error shows as DEFAULT_5XX. (source: execution logs pasted in forums)
  const own = exchange.snapshot.gatewayResponses[failure.type];
  return failure.type === 'API_CONFIGURATION_ERROR' && own === undefined ? 'DEFAULT_5XX' : failure.type;
}

function findCustomised({ snapshot }: Exchange, failure: GatewayFailure): GatewayResponse | undefined {
  const { gatewayResponses } = snapshot;
  return gatewayResponses[failure.type] ?? gatewayResponses[failure.status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX'];
}

function defaultBody(failure: GatewayFailure): string {
  // Remembered from pasted answers, and in no page of AWS's: what is wrong with an authorizer has no message.
  if (failure.type === 'AUTHORIZER_CONFIGURATION_ERROR') return '{"message":null}';
  // AWS: a denial spells its key with a capital letter. (source: serverless/serverless#5071, ASFHyP3/hyp3#2283)
  return JSON.stringify({ [failure.type === 'ACCESS_DENIED' ? 'Message' : 'message']: failure.message });
}

/** AWS: these templates know variables and nothing else of VTL. (source: Developer Guide, "Gateway responses in API Gateway") */
function substitute(exchange: Exchange, template: string): string {
  const context = contextVariables(exchange);
  const read = (name: string): string | undefined => {
    const [, source = '', rest = ''] =
      /^(context|stageVariables|method\.request\.header|method\.request)\.(.+)$/.exec(name) ?? [];
    if (source === 'context') return readDotted(context, rest);
    if (source === 'stageVariables') return exchange.stageVariables[rest];
    if (source === 'method.request.header') return readClientHeader(exchange.client, rest).at(-1);
    return source === '' ? undefined : readParameter(exchange, name);
  };
  return template.replace(
    /\$(?:\{((?:context|stageVariables|method)(?:\.[\w-]+)+)\}|((?:context|stageVariables|method)(?:\.[\w-]+)+))/g,
    (_, wrapped: string | undefined, bare: string | undefined) => read(wrapped ?? bare ?? '') ?? '',
  );
}
