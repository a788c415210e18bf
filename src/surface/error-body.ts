/** The error body that clients get, as API Gateway templates write it and as the drawing keeps it. */
export interface ErrorBody {
  /** Name of the error: 'ImageNotFound'; `$context` variables allowed. */
  readonly error: string;
  /** Sentence for a person; `$context` variables allowed. */
  readonly message: string;
}

/** Already a quoted JSON string when API Gateway fills it in, so it stands bare in a template. */
const QUOTED_BY_GATEWAY = '$context.error.messageString';

/**
 * The template of an error body. Only `$context` values are filled in, none of which a client can shape freely.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function renderErrorTemplate({ error, message }: ErrorBody): string {
  const said = message === QUOTED_BY_GATEWAY ? message : JSON.stringify(message);
  return `{"error":${JSON.stringify(error)},"message":${said},"requestId":"$context.requestId"}`;
}

/** The error body that a template writes; undefined when the template is not one of ours. */
export function parseErrorTemplate(template: string): ErrorBody | undefined {
  const quoted = template.replace(`"message":${QUOTED_BY_GATEWAY}`, `"message":"${QUOTED_BY_GATEWAY}"`);
  try {
    const { error, message } = (JSON.parse(quoted) ?? {}) as Partial<ErrorBody>;
    if (typeof error !== 'string' || typeof message !== 'string') return undefined;
    return renderErrorTemplate({ error, message }) === template ? { error, message } : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
