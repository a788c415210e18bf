import { clientHeader, type Exchange, routeOf } from './context.js';
import { printBody, printMap } from './execution-log.js';
import { maskSecrets } from './mask-secrets.js';
import { DEFAULT_TYPE, isBinaryType, mediaType } from './media-type.js';

/** Writes what came in to the execution log. */
export function startExecution(exchange: Exchange): void {
  const { client, log, snapshot } = exchange;
  const type = mediaType(clientHeader(client, 'content-type')) ?? DEFAULT_TYPE;
  const binary = isBinaryType(snapshot.api.binaryMediaTypes, type);
  const query = Object.entries(client.query).map(([name, values]) => [name, values.at(-1) ?? ''] as const);
  log.add(`Starting execution for request: ${exchange.requestId}`);
  log.add(`HTTP Method: ${client.method}, Resource Path: ${client.path}`);
  log.add(`Method request path: ${printMap(Object.entries(routeOf(exchange).pathParameters))}`);
  log.add(`Method request query string: ${printMap(maskSecrets(exchange, 'querystring', query))}`);
  log.add(`Method request headers: ${printMap(maskSecrets(exchange, 'header', client.headers))}`);
  log.addBody(`Method request body before transformations: ${printBody({ bytes: client.body, binary })}`);
}
