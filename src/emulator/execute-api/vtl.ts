import { Compile, parse } from 'velocityjs';
import { cannotTransform } from './binary.js';
import type { Exchange } from './context.js';
import { contextVariables } from './context-variables.js';
import { GatewayFailure } from './gateway-failure.js';
import { callJavaMethod } from './java-methods.js';
import { makeInput } from './vtl-input.js';
import { UTIL } from './vtl-util.js';

type Node = ReturnType<typeof parse>[number];

/** The engine, printing values as AWS does. */
class Template extends Compile {
  protected override getReferences(ast: Node, isPrinted?: boolean): string {
    const value: unknown = super.getReferences(ast, isPrinted);
    return isPrinted === true ? printValue(value) : (value as string);
  }
}

const JAVA = {
  uid: 'java',
  match: (): boolean => true,
  resolve: ({ context, property, params }: { context: unknown; property: string; params: unknown[] }): unknown =>
    callJavaMethod(context, property, params),
};

/**
 * Runs a mapping template on a body. What a reference does not find prints as nothing.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html
 * @throws {GatewayFailure} BAD_REQUEST_BODY when a request's template reads a body as JSON that is not; API_CONFIGURATION_ERROR for
 * every other failure of the template.
 */
export function renderTemplate(
  exchange: Exchange,
  template: string,
  body: string,
  what: 'request' | 'response',
): string {
  const variables = {
    input: makeInput(exchange, body),
    util: { ...UTIL },
    context: contextVariables(exchange),
    stageVariables: { ...exchange.stageVariables },
  };
  try {
    return new Template(parse(template), { customMethodHandlers: [JAVA] }).render(variables, {}, true);
  } catch (error) {
    if (error instanceof GatewayFailure && what === 'request') throw error;
    throw cannotTransform(what);
  }
}

/**
 * A value as AWS prints it: a map in Java's way, a list as JSON, nothing for a missing value.
 * (source: LocalStack's recording of test_input_path_template_formatting)
 */
export function printValue(value: unknown): string {
  if (value === undefined || value === null || typeof value === 'function') return '';
  if (Array.isArray(value)) return JSON.stringify(value);
  if (typeof value !== 'object') return String(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}=${item === null ? 'null' : printValue(item)}`)
    .join(', ')}}`;
}
