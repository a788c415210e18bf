/** Content type that the gateway assumes where none is given. */
export const DEFAULT_TYPE = 'application/json';

/** The media type without its parameters: 'text/html' of 'text/html; charset=utf-8'. */
export function mediaType(headerValue: string | undefined): string | undefined {
  const type = headerValue?.split(';')[0]?.trim();
  return type === '' ? undefined : type;
}

/** The first media type of an Accept header without its parameters; the only one that the gateway looks at. */
export function firstAccepted(accept: string | undefined): string | undefined {
  return mediaType(accept?.split(',')[0]);
}

/**
 * Whether a media type is in the API's binary media types.
 *
 * Entries match exactly, and `application/*` matches every application type. The entry with a star on both sides matches everything,
 * a missing type included; one with a star on the left only matches nothing.
 */
export function isBinaryType(binaryMediaTypes: readonly string[], type: string | undefined): boolean {
  if (binaryMediaTypes.includes('*/*')) return true;
  if (type === undefined) return false;
  return binaryMediaTypes.some(
    (entry) => entry === type || (/^[^*/]+\/\*$/.test(entry) && type.startsWith(entry.slice(0, -1))),
  );
}

/** Picks a template by media type; undefined when none fits. */
export function findTemplate(templates: Readonly<Record<string, string>>, type: string): string | undefined {
  return Object.entries(templates).find(([key]) => mediaType(key) === type)?.[1];
}

/**
 * Picks the template of an answer: the first of the client's `Accept` that has one, else application/json, else the first.
 * Undefined when there is no template at all.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function chooseAcceptedTemplate(
  templates: Readonly<Record<string, string>>,
  accept: string | undefined,
): { readonly type: string; readonly template: string } | undefined {
  const wanted = (accept ?? DEFAULT_TYPE).split(',').map((entry) => mediaType(entry) ?? '');
  for (const type of [...wanted, DEFAULT_TYPE, ...Object.keys(templates)]) {
    const template = findTemplate(templates, mediaType(type) ?? type);
    if (template !== undefined) return { type, template };
  }
  return undefined;
}
