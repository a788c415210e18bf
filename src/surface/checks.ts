import { nothingLeft } from './nothing-left.js';
import type { Body, GatewayError, Reply, Route, Surface } from './surface.js';

/** One request that the drawing promises an answer to. */
export interface Question {
  /** Unique within one surface and stable: 'GET /images/{key+}/404'. */
  readonly id: string;
  /** What is proved, as a sentence. */
  readonly title: string;
  /** Verb of the request. */
  readonly method: string;
  /** Path template of the route: '/images/{key+}'. */
  readonly path: string;
  /** Request headers by name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Which object is asked for: one that exists, or one that cannot. */
  readonly object: 'existing' | 'missing';
  /** HTTP status that must come back. */
  readonly status: number;
  /** Headers that must come back, by lower-case name: those of the example and every fixed one of the reply. */
  readonly expectHeaders: Readonly<Record<string, string | true>>;
  /** What the body must be; undefined when no reply of the route has this status. */
  readonly body: Body | undefined;
}

/** One route that hands out images, as far as a client can tell. */
export interface ImageRoute {
  /** Verb of the route: 'GET' or 'HEAD'. */
  readonly method: string;
  /** Path template: '/images/{key+}'. */
  readonly path: string;
  /** Request headers that keep cached answers apart, as named in the drawing. */
  readonly cachedBy: readonly string[];
  /** What each status promises. */
  readonly replies: ReadonlyMap<number, Reply>;
  /** Words that no answer may contain: the bucket's name and the account's number. */
  readonly secrets: readonly string[];
}

/** Everything that the drawing lets a client ask and expect. */
export interface Questionnaire {
  /** In the order of the routes and their examples. */
  readonly questions: readonly Question[];
  /** Routes in front of S3, in the order of the surface. */
  readonly images: readonly ImageRoute[];
  /** Path templates of the preflight routes. */
  readonly preflights: readonly { readonly path: string }[];
  /** What a request gets that no route takes; `error` is undefined while AWS's own body is kept. */
  readonly unrouted: { readonly status: number; readonly error: string | undefined };
}

/**
 * Reads the drawing as a list of questions with the answers they must get.
 *
 * A part of the drawing that no client can see (names, descriptions, endpoint type) is put aside by name, so that a new
 * one does not compile until somebody decides whether it can be asked for.
 */
export function checksFor(surface: Surface): Questionnaire {
  const {
    routes,
    errors,
    name,
    description,
    endpoint,
    binaryMediaTypes,
    validators,
    authorizers,
    policy,
    foreign,
    ...rest
  } = surface;
  nothingLeft(rest);
  return {
    questions: routes.flatMap(questionsOf),
    images: routes.flatMap(imageRoutesOf),
    preflights: routes
      .filter((route) => route.method === 'OPTIONS' && route.backend.kind === 'mock')
      .map(({ path }) => ({ path })),
    unrouted: unroutedOf(errors),
  };
}

/**
 * The headers a reply fixes, by lower-case name.
 *
 * Headers that come from the backend are left out: their value depends on the object.
 */
export function fixedHeaders(reply: Reply | undefined): Record<string, string> {
  const fixed: Record<string, string> = {};
  for (const [name, source] of Object.entries(reply?.headers ?? {})) {
    if ('fixed' in source) fixed[name.toLowerCase()] = source.fixed;
  }
  return fixed;
}

function questionsOf(route: Route): Question[] {
  const { method, path, access: _access, replies, examples, backend, parameters, validator, ...rest } = route;
  nothingLeft(rest);
  const asked = new Map<number, number>();
  return examples.map((example) => {
    const { title, headers, object, status, expectHeaders, ...rest } = example;
    nothingLeft(rest);
    const nth = (asked.get(status) ?? 0) + 1;
    asked.set(status, nth);
    const reply = replies.find((reply) => reply.status === status);
    return {
      id: `${method} ${path}/${status}${nth === 1 ? '' : `-${nth}`}`,
      title,
      method,
      path,
      headers,
      object,
      status,
      expectHeaders: { ...fixedHeaders(reply), ...lowerCase(expectHeaders) },
      body: reply?.body,
    };
  });
}

function imageRoutesOf(route: Route): ImageRoute[] {
  const { backend } = route;
  if (backend.kind !== 's3-object') return [];
  const account = backend.roleArn.split(':')[4] ?? '';
  return [
    {
      method: route.method,
      path: route.path,
      cachedBy: route.parameters
        .filter(({ in: place, cacheKey }) => place === 'header' && cacheKey)
        .map(({ name }) => name),
      replies: new Map(route.replies.map((reply) => [reply.status, reply])),
      secrets: [backend.bucket, account].filter((secret) => secret !== ''),
    },
  ];
}

function unroutedOf(errors: readonly GatewayError[]): Questionnaire['unrouted'] {
  // AWS: an unknown path and an unknown verb both end in MISSING_AUTHENTICATION_TOKEN, 403 unless customised
  // (API Gateway Developer Guide, "Gateway response types").
  const own = errors.find(({ type }) => type === 'MISSING_AUTHENTICATION_TOKEN');
  return { status: own?.status ?? 403, error: own?.body.kind === 'error' ? own.body.error : undefined };
}

function lowerCase<T>(headers: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
