import type { Refusal } from '../wire/refusal.js';
import { badRequest } from './errors.js';

const NAME = '[a-zA-Z0-9._$-]+';
const ANYWHERE = [`'[\\s\\S]*'`, `stageVariables\\.${NAME}`, `context\\.${NAME}`];

const whole = (...forms: readonly string[]) => new RegExp(`^(?:${forms.join('|')})$`);

const REQUEST_TARGET = whole(`integration\\.request\\.(?:path|querystring|header)\\.${NAME}`);
const REQUEST_PARAMETER = new RegExp(`^method\\.request\\.(?:(?:multivalue)?(querystring|header)|(path))\\.(${NAME})$`);
const REQUEST_SOURCE = whole('method\\.request\\.body(?:[.[][\\s\\S]+)?', ...ANYWHERE);
const RESPONSE_SOURCE = whole(
  `integration\\.response\\.(?:multivalue)?header\\.${NAME}`,
  'integration\\.response\\.body(?:[.[][\\s\\S]+)?',
  ...ANYWHERE,
);
const MEDIA_TYPE = /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+$/;

const result = (errors: readonly string[]) => `Validation Result: warnings : [], errors : [${errors.join(', ')}]`;
const malformed = (expression: string) => `Invalid mapping expression specified: ${expression}`;
const undeclared = (parameter: string) => `Invalid mapping expression parameter specified: ${parameter}`;

/** The refusal of mappings, with everything that is wrong with them. */
export function mappingRefusal(errors: readonly string[]): Refusal {
  return badRequest(`Invalid mapping expression specified: ${result(errors)}`);
}

/**
 * Checks what an integration sends to its backend: `integration.request.…` by source.
 *
 * @param declared Parameters of the method; one that is mapped must be among them.
 * @throws {Refusal} with all errors.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function checkRequestMappings(
  mappings: Readonly<Record<string, string>> = {},
  declared: Readonly<Record<string, boolean>> = {},
): void {
  const errors = Object.entries(mappings).flatMap(([target, source]) => {
    if (!REQUEST_TARGET.test(target)) return [malformed(target)];
    const parameter = REQUEST_PARAMETER.exec(source);
    if (parameter === null) return REQUEST_SOURCE.test(source) ? [] : [malformed(source)];
    // A multi-value source is declared under the name of its single-value form.
    const [, listed, path, name] = parameter;
    return Object.hasOwn(declared, `method.request.${listed ?? path}.${name}`) ? [] : [undeclared(source)];
  });
  if (errors.length > 0) throw mappingRefusal(errors);
}

/**
 * Checks what an integration response hands to the client: `method.response.header.…` by source.
 *
 * @param declared Headers of the method response of the same status; one that is mapped must be among them.
 * @throws {Refusal} with all errors.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function checkResponseMappings(
  mappings: Readonly<Record<string, string>> = {},
  declared: Readonly<Record<string, boolean>> = {},
): void {
  const errors = Object.entries(mappings).flatMap(([target, source]) => {
    if (!RESPONSE_SOURCE.test(source)) return [malformed(source)];
    return Object.hasOwn(declared, target) ? [] : [undeclared(target)];
  });
  if (errors.length > 0) throw mappingRefusal(errors);
}

/** Refuses templates whose key is no media type. */
export function checkTemplates(templates: Readonly<Record<string, string>> = {}): void {
  const errors = Object.keys(templates)
    .filter((type) => !MEDIA_TYPE.test(type))
    .map((type) => `Invalid content type specified: ${type}`);
  if (errors.length > 0) throw badRequest(result(errors));
}

/** The refusal of an integration response whose status the method does not declare. */
export function noMethodResponse(): Refusal {
  return mappingRefusal(['No method response exists for method.']);
}
