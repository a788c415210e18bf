/**
 * A REST API as plain data, in AWS's words but without ids: the word that `aws` and `surface` exchange.
 * Maps hold no undefined values, and lists whose order means nothing are sorted.
 */
export interface Gateway {
  readonly settings: GatewaySettings;
  /** By resource path: '/images/{key+}'. Resources without methods are left out. */
  readonly resources: Readonly<Record<string, GatewayResource>>;
  /** By type; only those that somebody put. */
  readonly gatewayResponses: Readonly<Record<string, GatewayResponse>>;
  /** By name. */
  readonly validators: Readonly<Record<string, GatewayValidator>>;
  /** By name. */
  readonly authorizers: Readonly<Record<string, GatewayAuthorizer>>;
}

/** What is set on a REST API as a whole. */
export interface GatewaySettings {
  readonly name: string;
  readonly description: string;
  readonly endpointType: string;
  readonly binaryMediaTypes: readonly string[];
  readonly apiKeySource: string;
  /** Bytes from which answers are compressed; absent: never. */
  readonly minimumCompressionSize?: number;
  readonly disableExecuteApiEndpoint: boolean;
  /** Resource policy as JSON text. */
  readonly policy?: string;
}

/** What a request validator looks at. */
export interface GatewayValidator {
  readonly validateRequestBody: boolean;
  readonly validateRequestParameters: boolean;
}

/** Who says whether a caller may come in. */
export interface GatewayAuthorizer {
  /** 'TOKEN', 'REQUEST' or 'COGNITO_USER_POOLS'. */
  readonly type: string;
  /** ARNs of user pools, sorted; empty for a function. */
  readonly providerArns: readonly string[];
  /** How API Gateway calls the function; absent for user pools. */
  readonly uri?: string;
  /** ARN of the role that it calls the function with; absent: the function's own policy lets it. */
  readonly credentials?: string;
  /** 'method.request.header.Authorization', several with commas. */
  readonly identitySource: string;
  /** A regular expression that the identity must match; absent: anything will do. */
  readonly identityValidation?: string;
  /** How long an answer is kept, in seconds: 0 to 3600. Absent for user pools. */
  readonly ttlSeconds?: number;
}

/** One path and the verbs that it takes. */
export interface GatewayResource {
  /** By verb. */
  readonly methods: Readonly<Record<string, GatewayMethod>>;
}

/** What one verb on one path asks of a request, and which answers it declares. */
export interface GatewayMethod {
  readonly authorizationType: string;
  /** Name of an authorizer of this API. */
  readonly authorizer?: string;
  readonly authorizationScopes?: readonly string[];
  readonly apiKeyRequired: boolean;
  /** Name of a validator of this API. */
  readonly validator?: string;
  /** 'method.request.header.Range' → required. */
  readonly requestParameters: Readonly<Record<string, boolean>>;
  readonly requestModels: Readonly<Record<string, string>>;
  readonly integration?: GatewayIntegration;
  /** By status code. */
  readonly responses: Readonly<Record<string, GatewayMethodResponse>>;
}

/** What stands behind a method, and how the request is made into one of its own. */
export interface GatewayIntegration {
  readonly type: string;
  /** Verb sent to the backend; absent for MOCK. */
  readonly httpMethod?: string;
  readonly uri?: string;
  readonly credentials?: string;
  readonly requestParameters: Readonly<Record<string, string>>;
  readonly requestTemplates: Readonly<Record<string, string>>;
  readonly passthroughBehavior: string;
  readonly contentHandling?: string;
  /** Milliseconds, 50 to 29000. */
  readonly timeoutMs: number;
  /** Sorted. */
  readonly cacheKeyParameters: readonly string[];
  /** Absent when it is the resource's own id, which is the default. */
  readonly cacheNamespace?: string;
  /** By status code. */
  readonly responses: Readonly<Record<string, GatewayIntegrationResponse>>;
}

/** A status that a method declares, with the headers it may carry. */
export interface GatewayMethodResponse {
  /** 'method.response.header.ETag' → required (AWS keeps the flag and ignores it). */
  readonly responseParameters: Readonly<Record<string, boolean>>;
  readonly responseModels: Readonly<Record<string, string>>;
}

/** How an answer of the backend becomes one of the method. */
export interface GatewayIntegrationResponse {
  /** '' is the default response. */
  readonly selectionPattern: string;
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
  readonly contentHandling?: string;
}

/** What API Gateway answers by itself to one kind of fault. */
export interface GatewayResponse {
  /** Absent: each type's own. */
  readonly statusCode?: string;
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
}
