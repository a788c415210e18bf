import type { Resource } from '../apigateway/model.js';
import type { Exchange } from './context.js';
import { configurationError, GatewayFailure } from './gateway-failure.js';
import { findMethodSetting } from './method-setting.js';
import { decodePercent } from './percent-encoding.js';

const ANY_VERBS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/** A resource that fits a path, and the raw values of its path parameters. */
export interface PathMatch {
  /** The resource. */
  readonly resource: Resource;
  /** Path parameters by name, still percent-encoded. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Finds the method for the client's verb and path.
 *
 * @throws {GatewayFailure} MISSING_AUTHENTICATION_TOKEN when the path or the verb is not there: AWS does not tell which.
 */
export function routeRequest(exchange: Exchange): void {
  const { client, snapshot, stage } = exchange;
  const verb = client.method;
  const serves = (resource: Resource): boolean => methodOf(resource, verb) !== undefined;
  const match = matchPath(snapshot.resources, client.path, serves);
  const method = match === undefined ? undefined : methodOf(match.resource, verb);
  if (match === undefined || method === undefined) throw new GatewayFailure('MISSING_AUTHENTICATION_TOKEN');
  if (stage !== undefined) {
    const setting = findMethodSetting(stage, match.resource.path, verb);
    if (setting !== undefined) exchange.setting = setting;
  }
  if (method.methodIntegration === undefined) throw configurationError('No integration defined for method');
  const pathParameters = decodeAll(match.values);
  exchange.route = { resource: match.resource, method, integration: method.methodIntegration, pathParameters };
}

/** Path parameters percent-decoded once. */
export function decodeAll(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, decodePercent(value)]));
}

function methodOf(resource: Resource, verb: string): Resource['methods'][string] | undefined {
  const exact = Object.hasOwn(resource.methods, verb) && verb !== 'ANY' ? resource.methods[verb] : undefined;
  return exact ?? (ANY_VERBS.has(verb) ? resource.methods['ANY'] : undefined);
}

/**
 * Walks the tree of resources along a raw path: a static part before `{p}`, `{p}` before `{p+}`, and back again when a branch
 * leads nowhere or its resource does not pass `serves`.
 *
 * A single trailing slash does not count. `{p+}` takes at least one character and keeps inner `//`.
 */
export function matchPath(
  resources: readonly Resource[],
  path: string,
  serves: (resource: Resource) => boolean,
): PathMatch | undefined {
  const root = resources.find((resource) => resource.path === '/');
  const segments = path.replace(/^\//, '').replace(/\/$/, '').split('/');
  if (root === undefined) return undefined;
  if (segments.length === 1 && segments[0] === '') return serves(root) ? { resource: root, values: {} } : undefined;
  return walk(resources, root, segments, serves);
}

function walk(
  resources: readonly Resource[],
  parent: Resource,
  segments: readonly string[],
  serves: (resource: Resource) => boolean,
): PathMatch | undefined {
  const [head, ...rest] = segments;
  if (head === undefined) return serves(parent) ? { resource: parent, values: {} } : undefined;
  for (const child of childrenOf(resources, parent)) {
    const part = child.pathPart ?? '';
    const parameter = /^\{(.+?)(\+?)\}$/.exec(part);
    if (parameter?.[2] === '+') {
      const value = segments.join('/');
      if (value !== '' && serves(child)) return { resource: child, values: { [parameter[1] ?? '']: value } };
    } else if (parameter !== null ? head !== '' : decodePercent(head) === part) {
      const found = walk(resources, child, rest, serves);
      if (found !== undefined && parameter === null) return found;
      if (found !== undefined) return { ...found, values: { [parameter?.[1] ?? '']: head, ...found.values } };
    }
  }
  return undefined;
}

function childrenOf(resources: readonly Resource[], parent: Resource): Resource[] {
  const rank = ({ pathPart = '' }: Resource): number =>
    pathPart.endsWith('+}') ? 2 : pathPart.startsWith('{') ? 1 : 0;
  return resources.filter((resource) => resource.parentId === parent.id).sort((a, b) => rank(a) - rank(b));
}
