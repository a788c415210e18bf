import { type Exchange, routeOf } from './context.js';
import { printBody, printMap } from './execution-log.js';
import { DEFAULT_TYPE } from './media-type.js';

// AWS: these come out under another name, and Transfer-Encoding not at all.
// (source: LocalStack's recording of TestApiGatewayHeaderRemapping, December 2024)
const REMAPPED = new Set([
  'authorization',
  'connection',
  'content-length',
  'content-md5',
  'date',
  'expect',
  'host',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'trailer',
  'upgrade',
  'user-agent',
  'www-authenticate',
]);

/** Gives the mapped headers the names that reach the client, and the answer a Content-Type and, behind a backend, a trace id. */
export function finishMethodResponse(exchange: Exchange): void {
  const { answer, log } = exchange;
  if (answer === undefined) throw new Error('There is no answer yet.');
  const headers = remapHeaders(answer.headers);
  if (!Object.keys(headers).some((name) => name.toLowerCase() === 'content-type'))
    headers['Content-Type'] = DEFAULT_TYPE;
  exchange.answer = { ...answer, headers };
  const traced = routeOf(exchange).integration.type === 'MOCK' ? [] : [['X-Amzn-Trace-Id', exchange.traceId] as const];
  log.addBody(`Method response body after transformations: ${printBody(answer.payload)}`);
  log.add(`Method response headers: ${printMap([...traced, ...Object.entries(headers)])}`);
  log.add('Successfully completed execution');
  log.add(`Method completed with status: ${answer.status}`);
}

function remapHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const remapped: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (lower === 'transfer-encoding') continue;
    remapped[REMAPPED.has(lower) ? `x-amzn-Remapped-${name}` : name] = value;
  }
  return remapped;
}
