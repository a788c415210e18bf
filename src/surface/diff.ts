import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../model/json.js';
import type { Change } from '../model/plan.js';
import { toGateway } from './gateway.js';
import { nothingLeft } from './nothing-left.js';
import type { Reply, Route, Surface } from './surface.js';

/** What differs between the drawing in the cloud and the one that is wanted. The order of lists means nothing. */
export function diffSurface(from: Surface | undefined, to: Surface): Change[] {
  return diffJson(from === undefined ? undefined : outline(from), outline(to));
}

/** What differs between two JSON values, deepest differing field first named by its path; objects are compared field by field. */
export function diffJson(from: Json | undefined, to: Json | undefined, path = ''): Change[] {
  if (isDeepStrictEqual(from, to)) return [];
  if (!isRecord(from) || !isRecord(to)) return path === '' && isRecord(to) ? fieldsOf(to) : [{ path, from, to }];
  const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return fields.flatMap((field) => diffJson(from[field], to[field], path === '' ? field : `${path}.${field}`));
}

/** A short digest of the API as it is wanted: what a deployment of it carries in its description. */
export function surfaceDigest(surface: Surface): string {
  return createHash('sha256')
    .update(canonical(toGateway(surface)))
    .digest('hex')
    .slice(0, 16);
}

function fieldsOf(value: Readonly<Record<string, Json>>): Change[] {
  return Object.keys(value)
    .sort()
    .flatMap((field) => (value[field] === undefined ? [] : [{ path: field, from: undefined, to: value[field] }]));
}

function isRecord(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON with its fields in order, so that equal values have equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, field: unknown) =>
    typeof field === 'object' && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
      : field,
  );
}

/** The drawing as nested fields, lists keyed by what names their items. */
function outline(surface: Surface): Json {
  const { routes, errors, binaryMediaTypes, ...same } = surface;
  return plain({
    ...same,
    binaryMediaTypes: [...binaryMediaTypes].sort(),
    routes: Object.fromEntries(routes.map((route) => [`${route.method} ${route.path}`, outlineRoute(route)])),
    errors: Object.fromEntries(errors.map(({ type, ...error }) => [type, error])),
  });
}

function outlineRoute(route: Route): object {
  const {
    method: _method,
    path: _path,
    examples: _examples,
    access,
    validator,
    parameters,
    backend,
    replies,
    ...rest
  } = route;
  nothingLeft(rest);
  return {
    access,
    validator,
    backend,
    parameters: Object.fromEntries(parameters.map(({ in: place, name, ...is }) => [`${place} ${name}`, is])),
    replies: Object.fromEntries(replies.map(({ status, ...reply }: Reply) => [String(status), reply])),
  };
}

/** The same value as JSON keeps it: without undefined fields. */
function plain(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
