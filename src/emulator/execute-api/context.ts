import type { Integration, Method, Resource, Snapshot, Stage } from '../apigateway/model.js';
import type { UsagePlan } from '../apigateway/usage-plan-model.js';
import type { Call } from '../operation.js';
import type { ExecutionLog } from './execution-log.js';
import type { GatewayFailure } from './gateway-failure.js';
import type { MethodSettingMatch } from './method-setting.js';

/** What a client asked of the API, taken apart but not yet routed. */
export interface ClientRequest {
  /** The verb that is routed: X-HTTP-Method-Override has replaced the one on the wire. */
  readonly method: string;
  /** The raw path behind the stage, still percent-encoded; begins with '/'. */
  readonly path: string;
  /** Decoded query string values by decoded name, in the order sent. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** Names and values in the order, and where known in the case, they were sent in. */
  readonly headers: readonly (readonly [string, string])[];
  /** Whether the names in `headers` are in the client's own case. */
  readonly headerCaseKnown: boolean;
  /** The payload as sent. */
  readonly body: Uint8Array;
  /** Host name the request was addressed to. */
  readonly host: string;
  /** Such as 'HTTP/1.1'. */
  readonly protocol: string;
  /** Address of the client. */
  readonly sourceIp: string;
}

/** A body and whether the gateway holds it as bytes or as text; templates work on text only. */
export interface Payload {
  /** The bytes; UTF-8 when not binary. */
  readonly bytes: Uint8Array;
  /** True for bytes that no template may touch. */
  readonly binary: boolean;
}

/** Where a request leads. */
export interface Route {
  /** The resource whose path matched. */
  readonly resource: Resource;
  /** Its method for the verb. */
  readonly method: Method;
  /** The method's integration. */
  readonly integration: Integration;
  /** Path parameters by name, percent-decoded once. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** The request as it goes to the integration. */
export interface IntegrationRequest {
  /** Values for the placeholders of the uri, by name. */
  readonly path: Record<string, string>;
  /** Query string values, by name. */
  readonly querystring: Record<string, readonly string[]>;
  /** Headers, in the case of the mapping. */
  readonly header: Record<string, string>;
  /** Body after conversion and template. */
  readonly payload: Payload;
}

/** What the integration answered. */
export interface IntegrationAnswer {
  /** HTTP status of the backend. */
  readonly status: number;
  /** Headers of the backend, in its own case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body of the backend. */
  readonly body: Uint8Array;
  /** Milliseconds the backend took, on the emulator's clock. */
  readonly latencyMs: number;
}

/** An answer on its way to the client. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** Headers without those that the gateway adds to every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body after conversion and template. */
  readonly payload: Payload;
}

/** What templates may set about a request or an answer. */
export interface Overrides {
  /** `$context.requestOverride`. */
  readonly requestOverride: Record<'header' | 'path' | 'querystring', Record<string, unknown>>;
  /** `$context.responseOverride`. */
  readonly responseOverride: { header: Record<string, unknown>; status?: unknown };
}

/** How the stage cache takes part in one request. */
export interface CacheUse {
  /** Key of the entry in the store. */
  readonly entryKey: string;
  /** Seconds an answer is kept. */
  readonly ttlSeconds: number;
  /** Headers the cache adds to the answer of this one request. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The API key that opened a method, and the plan that it counts against. */
export interface AuthorisedKey {
  /** Id of the key. */
  readonly id: string;
  /** What the client sent: a secret, which no log may show. */
  readonly value: string;
  /** The plan that names this stage. */
  readonly plan: UsagePlan;
}

/** One request on its way through the chain; each handler fills in its own part. */
export interface Exchange {
  /** What the chain may touch. */
  readonly call: Call;
  /** The API as deployed, or its draft for a test invocation. */
  readonly snapshot: Snapshot;
  /** Name of the stage; 'test-invoke-stage' for a test invocation. */
  readonly stageName: string;
  /** The stage; absent for a test invocation. */
  readonly stage: Stage | undefined;
  /** Stage variables in force. */
  readonly stageVariables: Readonly<Record<string, string>>;
  /** Why the client's signature does not count, if it sent one that does not. */
  readonly signatureError: SignatureError | undefined;
  /** `$context.requestId`. */
  readonly requestId: string;
  /** `$context.extendedRequestId`. */
  readonly extendedRequestId: string;
  /** `$context.xrayTraceId`. */
  readonly traceId: string;
  /** Milliseconds since 1970 at which the request came in. */
  readonly startedAtMs: number;
  /** What the client sent. */
  readonly client: ClientRequest;
  /** The execution log, written as the chain goes. */
  readonly log: ExecutionLog;
  /** What templates have set so far. */
  readonly overrides: Overrides;
  /** Filled in by routing. */
  route?: Route;
  /** The stage's setting for the method; filled in by routing. */
  setting?: MethodSettingMatch;
  /** `$context.authorizer`: what the method's authorizer told of the caller. Filled in by the authorisation. */
  authorizer?: Readonly<Record<string, unknown>>;
  /** Filled in by the key check for a method that wants a key. */
  apiKey?: AuthorisedKey;
  /** Filled in by the cache look-up when the answer is to be cached. */
  cache?: CacheUse;
  /** Filled in by the integration request. */
  outgoing?: IntegrationRequest;
  /** Filled in by the integration; stays absent on a cache hit. */
  incoming?: IntegrationAnswer;
  /** Filled in by the cache look-up or by the integration response. */
  answer?: Answer;
  /** Filled in when a handler gave up. */
  failure?: GatewayFailure;
}

/** What is wrong with a client's signature, found before the chain. */
export interface SignatureError {
  /** Such as 'InvalidSignatureException' or 'UnrecognizedClientException'. */
  readonly errorType: string;
  /** Sentence for the client. */
  readonly message: string;
}

/** One step of the chain: reads and fills in the exchange, or throws. */
export type Handler = (exchange: Exchange) => void;

/**
 * Answers the route of an exchange that was routed.
 *
 * @throws {Error} before routing, which is a bug of the chain.
 */
export function routeOf(exchange: Exchange): Route {
  if (exchange.route === undefined) throw new Error('The request was not routed yet.');
  return exchange.route;
}

/** The first value of a client's header, whatever the case of its name. */
export function clientHeader(client: ClientRequest, name: string): string | undefined {
  return client.headers.find(([key]) => key.toLowerCase() === name)?.[1];
}

/** Names and values of the overrides that a template gave a value, as text. */
export function setOverrides(overrides: Readonly<Record<string, unknown>>): [string, string][] {
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined && value !== null);
  return given.map(([name, value]) => [name, String(value)]);
}
