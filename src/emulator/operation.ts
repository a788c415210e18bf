import type { Store } from './store.js';

/** How far to trust an emulated operation: recorded from real AWS, taken from its documentation or model, or guessed. */
export type Fidelity = 'recorded' | 'documented' | 'guessed';

/** One HTTP request as it came over the wire, before any service has looked at it. */
export interface WireRequest {
  readonly method: string;
  /** The host name without its port, lower case. */
  readonly host: string;
  /** The raw request target without its query: still percent-encoded, never normalised. */
  readonly path: string;
  /** The raw query without `?`; '' when there is none. */
  readonly query: string;
  /** Lower-case names. A repeated header is joined by ', '. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Header names and values in the order and case they arrived in; for what depends on case. */
  readonly rawHeaders?: readonly (readonly [string, string])[];
  /** Address of the client. @default '127.0.0.1' */
  readonly sourceIp?: string;
  /** Protocol as the client spoke it. @default 'HTTP/1.1' */
  readonly protocol?: string;
}

/** One HTTP answer. Header names keep the case they are sent in. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Who signs a request. */
export interface Caller {
  /** 'root' may do everything in its account, as the account's owner. */
  readonly kind: 'root' | 'user' | 'assumed-role' | 'anonymous';
  /** Twelve digits; '' for anonymous. */
  readonly accountId: string;
  /** `arn:aws:iam::A:user/N`, `arn:aws:sts::A:assumed-role/R/S`, `arn:aws:iam::A:root`; '' for anonymous. */
  readonly arn: string;
  /** Name of the user or role; absent for root and anonymous. */
  readonly name?: string;
  /** AIDA…, AROA…:session, or the account id for root. */
  readonly userId: string;
  readonly accessKeyId?: string;
  /** Condition keys that come with the session, such as aws:MultiFactorAuthPresent. */
  readonly context?: Readonly<Record<string, string>>;
}

/** How often API Gateway's control plane may be called: as often as one likes, or as AWS's quotas say. */
export type Pace = 'none' | 'aws';

/** Knobs of the local cloud. All default to "at once". */
export interface Settings {
  /** The account id of the local cloud's owner: twelve digits. @default '000000000000' */
  readonly accountId: string;
  readonly partition: string;
  /** Items a page where AWS would send more, so that paging is always exercised. @default 5 */
  readonly pageSize: number;
  /** How long a cache cluster takes to be made, deleted or resized, in milliseconds of the emulator's clock. @default 2000; AWS about 240000 */
  readonly cacheClusterMs: number;
  /**
   * Call quotas of API Gateway's control plane, per account and Region, on the emulator's clock. The account remembers
   * what was asked for last. @default what the account remembers; 'none' for a new one
   */
  readonly pace?: Pace;
  /** How long a function may take, in milliseconds of the world's time. @default 3000, as Lambda's own default is */
  readonly functionTimeoutMs?: number;
}

/** What one operation may touch, for the length of one call. */
export interface Call {
  readonly store: Store;
  /** Now, in milliseconds since 1970, on the emulator's clock. */
  now(): number;
  /** Now, in milliseconds since 1970, in the world: by this people's authenticators go, as signatures do. */
  wall(): number;
  /** Lower-case alphanumeric id of `length` characters, from the emulator's seed. */
  newId(length: number): string;
  /** A UUID from the emulator's seed. */
  newUuid(): string;
  readonly region: string;
  readonly caller: Caller;
  readonly requestId: string;
  readonly settings: Settings;
  /** Other services of the same cloud, for what AWS does between its own services. */
  readonly cloud: Cloud;
  /** What functions have answered to this very call, by `toFunctionKey`. @default nothing yet */
  readonly functionOutcomes?: ReadonlyMap<string, FunctionOutcome>;
}

/** How one service asks another inside the local cloud. */
export interface Cloud {
  /** Sends a request to S3 as `caller` (already authenticated: no signature is looked at, policies are). */
  s3(request: WireRequest, call: Call, caller: Caller): WireResponse;
  /**
   * Has an AWS service take on a role: the trust policy must allow `sts:AssumeRole` to the service principal, with its
   * conditions judged against `context` (a key that is not there makes a positive condition false).
   * Answers the session, or undefined when the role is missing or does not trust the service.
   */
  assumeRoleAsService(
    call: Call,
    roleArn: string,
    servicePrincipal: string,
    context?: Readonly<Record<string, string>>,
  ): Caller | undefined;
  /** Judges identity policies (and a resource policy, if any) for `caller`. */
  authorize(call: Call, ask: Authorization): Verdict;
  /** Writes events to a log group, making the stream; makes the group too when `createGroup`. Silent when the group is missing. */
  putLogEvents(
    call: Call,
    ask: { group: string; stream: string; messages: readonly string[]; createGroup: boolean },
  ): void;
  /** Runs TestInvokeMethod against the undeployed draft of an API. */
  testInvoke(
    call: Call,
    ask: { apiId: string; resourceId: string; httpMethod: string; input: Record<string, unknown> },
  ): Record<string, unknown>;
  /** Empties the cache of a stage. */
  flushStageCache(call: Call, ask: { apiId: string; stageName: string }): void;
  /** Forgets what the authorizers of a stage have answered. */
  flushAuthorizersCache(call: Call, ask: { apiId: string; stageName: string }): void;
  /**
   * Has API Gateway call a function: by leave of the function's own policy, or as a role's session.
   *
   * @throws {FunctionNeeded} as long as the answer is not in `call.functionOutcomes`; the front then gets it, and runs the call again.
   */
  invokeFunction(call: Call, ask: FunctionAsk): FunctionOutcome;
  /** Judges a token of a user pool: a token of any of the pools will do, and any one of the scopes, if there are some. */
  verifyUserPoolToken(call: Call, ask: UserPoolTokenAsk): UserPoolTokenVerdict;
}

/** One invocation of a function. */
export interface FunctionAsk {
  /** ARN without a version. */
  readonly functionArn: string;
  /** What goes to the function; plain JSON, and the same when the call runs again. */
  readonly event: Readonly<Record<string, unknown>>;
  /** On whose behalf the service asks, for conditions on aws:SourceArn. */
  readonly sourceArn: string;
  /** The session that calls it. @default the service itself */
  readonly caller?: Caller | undefined;
}

/**
 * What became of an invocation: the function's JSON, the message of what it threw, the end of its time; or it was not
 * called, since it is not there or must not be.
 */
export type FunctionOutcome =
  | { readonly kind: 'answer'; readonly value: unknown }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'timeout' | 'missing' | 'forbidden' };

/** One question about a token of a user pool. */
export interface UserPoolTokenAsk {
  /** ARNs of the pools whose tokens count. */
  readonly providerArns: readonly string[];
  /** The token without `Bearer `; '' when there is none. */
  readonly token: string;
  /** Without scopes an ID token is wanted, with scopes an access token that has one of them. */
  readonly scopes: readonly string[];
}

/** What a token says, or why it does not count. */
export type UserPoolTokenVerdict =
  | { readonly claims: Readonly<Record<string, unknown>> }
  | {
      readonly refusal: 'missing' | 'malformed' | 'signature' | 'issuer' | 'expired' | 'use' | 'scopes';
    };

/** One question to the policy engine. */
export interface Authorization {
  readonly caller: Caller;
  /** Such as `s3:GetObject`. */
  readonly action: string;
  readonly resource: string;
  /** Account that owns the resource. @default the local account */
  readonly resourceAccount?: string;
  /** The resource's own policy as JSON text. */
  readonly resourcePolicy?: string | undefined;
  /** Condition keys of this request, such as aws:SecureTransport or s3:prefix. */
  readonly context?: Readonly<Record<string, string>>;
  /** A policy as JSON text that speaks for the caller in place of its own ones, as what a Lambda authorizer answers does. */
  readonly callerPolicy?: string;
  /** Principal of an AWS service that asks for itself; `caller` is nobody then. */
  readonly service?: string;
}

/** What the policies say: an explicit Deny wins, and what nobody allows is denied. */
export type Verdict = 'allowed' | 'explicit-deny' | 'implicit-deny';

/** What is known of one operation, for counting and for the call log. */
export interface OperationInfo {
  /** AWS's name of it: 'CreateStage'. */
  readonly name: string;
  readonly fidelity: Fidelity;
  /** Where the behaviour comes from: an AWS page, a published recording by name, or why it is a guess. */
  readonly source: string;
  /** Whether a call can change the account. */
  readonly mutating: boolean;
}

/** What a service made of one request. */
export interface Handled {
  /** AWS's name of the operation; undefined when the request fits none. */
  readonly operation: string | undefined;
  readonly response: WireResponse;
}

/** One emulated AWS service. `handle` is synchronous and runs inside one store transaction. */
export interface Service {
  /** Name in the credential scope of a signature: 's3', 'apigateway', 'iam', 'lambda', 'sts', 'logs'. */
  readonly signingName: string;
  readonly operations: readonly OperationInfo[];
  /**
   * Decodes, authorises, runs and encodes. Errors of the service come back as its wire format says; a thrown error is a
   * bug of the emulator. What is not emulated answers 501 and names the operation.
   */
  handle(request: WireRequest, call: Call): Handled;
}
