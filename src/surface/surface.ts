import type { GatewayAuthorizer, GatewayIntegration } from '../model/gateway.js';

/** The only description of the API in this repository: what is served, and what comes back. */
export interface Surface {
  readonly name: string;
  readonly description: string;
  readonly endpoint: 'REGIONAL' | 'EDGE' | string;
  readonly binaryMediaTypes: readonly string[];
  readonly routes: readonly Route[];
  /** What API Gateway itself answers, by gateway response type. */
  readonly errors: readonly GatewayError[];
  /** Request validators by name: what each looks at. */
  readonly validators: Readonly<Record<string, { readonly body: boolean; readonly parameters: boolean }>>;
  /** Authorizers by name. */
  readonly authorizers: Readonly<Record<string, GatewayAuthorizer>>;
  /** The API's resource policy as JSON text, fields in alphabetical order; undefined: none. */
  readonly policy: string | undefined;
  /** Whatever the API holds that no drawing of ours does, such as a compression threshold. Empty in ours. */
  readonly foreign: Readonly<Record<string, string>>;
}

/** One verb on one path. */
export interface Route {
  readonly method: string;
  /** '/images/{key+}' */
  readonly path: string;
  readonly access: Access;
  /** Name of the request validator; undefined: requests are not validated. */
  readonly validator: string | undefined;
  readonly parameters: readonly Parameter[];
  readonly backend: Backend;
  /** By ascending status. */
  readonly replies: readonly Reply[];
  /** Requests and the answers they must get; AWS keeps none of them. */
  readonly examples: readonly Example[];
}

/** Who may call a route. */
export type Access =
  | { readonly kind: 'public' }
  /** Whoever signs with AWS credentials and may call it; the resource policy says more. */
  | { readonly kind: 'iam' }
  /** Whoever sends an API key of a usage plan of the stage. */
  | { readonly kind: 'api-key' }
  /** Whoever signed in to a user pool that the authorizer names; with scopes by access token, else by ID token. */
  | { readonly kind: 'user-pool'; readonly authorizer: string; readonly scopes?: readonly string[] }
  /** Whomever the authorizer's function lets in. */
  | { readonly kind: 'function'; readonly authorizer: string }
  | {
      readonly kind: 'other';
      readonly authorizationType: string;
      readonly apiKeyRequired: boolean;
      readonly authorizer?: string;
      readonly scopes?: readonly string[];
    };

/** A path, header or query parameter that the route declares and hands on. */
export interface Parameter {
  readonly in: 'path' | 'header' | 'querystring';
  readonly name: string;
  readonly required: boolean;
  /** Name under which the backend gets it; undefined: not handed on. */
  readonly forwardAs?: string;
  /** Whether the stage cache keeps answers apart by it. */
  readonly cacheKey: boolean;
}

/** What stands behind a route. */
export type Backend =
  | {
      readonly kind: 's3-object';
      readonly verb: string;
      readonly region: string;
      readonly bucket: string;
      /** Key template: 'images/{key}'. */
      readonly key: string;
      readonly roleArn: string;
    }
  | { readonly kind: 'mock'; readonly status: number }
  | { readonly kind: 'other'; readonly integration: Omit<GatewayIntegration, 'responses'> | undefined };

/** One status a route can answer with. */
export interface Reply {
  /** 100 to 599. */
  readonly status: number;
  /** Regular expression on the backend's status; '' catches the rest; undefined: declared, never selected. */
  readonly when: string | undefined;
  /** Whether the method declares the status; a selected reply that is not declared makes every such answer a 500. */
  readonly declared: boolean;
  /** By header name. */
  readonly headers: Readonly<Record<string, HeaderSource>>;
  readonly body: Body;
}

/** Where a header of a reply comes from: a fixed value, a header of the backend, any other mapping, or declared without a value. */
export type HeaderSource =
  | { readonly fixed: string; readonly undeclared?: true }
  | { readonly backend: string; readonly undeclared?: true }
  | { readonly expression: string; readonly undeclared?: true }
  | { readonly unset: true };

/** What the body of a reply is. */
export type Body =
  /** The backend's bytes, as they are. */
  | { readonly kind: 'bytes' }
  /** Our JSON error: the name and the message; `$context` variables allowed in the message. */
  | { readonly kind: 'error'; readonly error: string; readonly message: string }
  /** Nothing. */
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'other';
      readonly contentHandling?: string;
      readonly templates: Readonly<Record<string, string>>;
      readonly models: Readonly<Record<string, string>>;
    };

/** An answer that API Gateway gives without asking a backend. */
export interface GatewayError {
  /** 'MISSING_AUTHENTICATION_TOKEN', 'DEFAULT_4XX', … */
  readonly type: string;
  /** Undefined: the type's own. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, HeaderSource>>;
  readonly body:
    | { readonly kind: 'error'; readonly error: string; readonly message: string }
    | { readonly kind: 'other'; readonly templates: Readonly<Record<string, string>> };
}

/** A request and the answer it must get. */
export interface Example {
  /** What is proved, as a sentence. */
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Which object is asked for: one that exists, or one that cannot. */
  readonly object: 'existing' | 'missing';
  readonly status: number;
  /** Headers that must come back: a fixed value, or any. */
  readonly expectHeaders: Readonly<Record<string, string | true>>;
}
