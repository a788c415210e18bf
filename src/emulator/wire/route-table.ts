/** What a route table knows of one route. */
export interface Match<T> {
  /** What lies at the route. */
  readonly target: T;
  /** Decoded segments by their name in the route. */
  readonly path: Readonly<Record<string, string>>;
}

interface Entry<T> {
  readonly segments: readonly string[];
  readonly mode: string | null;
  readonly target: T;
}

/**
 * Finds a route such as 'POST /restapis/{restApiId}/stages' for a verb, a raw path and a query. A route may end in `?mode=…`.
 *
 * Segments are taken apart before they are decoded, so an encoded slash belongs to its segment.
 */
export function routeTable<T>(routes: Iterable<readonly [string, T]>) {
  const byShape = new Map<string, Entry<T>[]>();
  for (const [route, target] of routes) {
    const [verb = '', rest = ''] = route.split(' ');
    const [path = '', query] = rest.split('?');
    const segments = path.split('/');
    const shape = `${verb} ${segments.length}`;
    const entry = { segments, mode: new URLSearchParams(query).get('mode'), target };
    byShape.set(shape, [...(byShape.get(shape) ?? []), entry]);
  }
  return (verb: string, rawPath: string, query: URLSearchParams): Match<T> | undefined => {
    const parts = rawPath.split('/');
    const fitting = (byShape.get(`${verb} ${parts.length}`) ?? []).filter(({ segments }) => fits(segments, parts));
    const mode = query.get('mode');
    const entry =
      fitting.find((one) => one.mode !== null && one.mode === mode) ?? fitting.find((one) => one.mode === null);
    return entry && { target: entry.target, path: readLabels(entry.segments, parts) };
  };
}

const isLabel = (segment: string) => segment.startsWith('{');

function fits(segments: readonly string[], parts: readonly string[]): boolean {
  return segments.every((segment, index) => (isLabel(segment) ? parts[index] !== '' : segment === parts[index]));
}

function readLabels(segments: readonly string[], parts: readonly string[]): Record<string, string> {
  const labels: Record<string, string> = {};
  segments.forEach((segment, index) => {
    if (isLabel(segment)) labels[segment.slice(1, -1)] = decode(parts[index] ?? '');
  });
  return labels;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not a percent-encoding: it names nothing under any spelling, and is not found as it stands.
    return part;
  }
}
