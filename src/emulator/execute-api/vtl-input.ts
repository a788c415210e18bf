import type { Exchange } from './context.js';
import { notJson } from './gateway-failure.js';
import { readJsonPath } from './json-path.js';

/**
 * Makes `$input` for one template.
 *
 * An empty body reads as `{}` while `path` finds nothing in it. (source: LocalStack's recording of test_input_body_formatting)
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function makeInput(exchange: Exchange, body: string): Record<string, unknown> {
  const path = (jsonPath: unknown): unknown =>
    body.trim() === '' ? undefined : readJsonPath(parseBody(body), String(jsonPath ?? '$'));
  return {
    body: body === '' ? '{}' : body,
    path,
    // Guessed: a value that is not there reads as an empty JSON string.
    json: (jsonPath: unknown) => (body.trim() === '' && isRoot(jsonPath) ? '{}' : JSON.stringify(path(jsonPath) ?? '')),
    params: (name?: unknown) => (name === undefined ? allParams(exchange) : findParam(exchange, String(name))),
  };
}

function isRoot(jsonPath: unknown): boolean {
  return jsonPath === undefined || jsonPath === '$';
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw notJson(error instanceof Error ? error.message : String(error));
  }
}

function allParams({ client, route }: Exchange): Record<string, Record<string, string>> {
  const last = ([name, values]: [string, readonly string[]]): [string, string] => [name, values.at(-1) ?? ''];
  return {
    path: { ...route?.pathParameters },
    querystring: Object.fromEntries(Object.entries(client.query).map(last)),
    header: Object.fromEntries(client.headers),
  };
}

function findParam(exchange: Exchange, name: string): string {
  const { header = {}, path = {}, querystring = {} } = allParams(exchange);
  for (const values of [path, querystring, header]) if (Object.hasOwn(values, name)) return values[name] ?? '';
  return '';
}
