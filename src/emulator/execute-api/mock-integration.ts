import type { Exchange, IntegrationAnswer } from './context.js';
import { configurationError } from './gateway-failure.js';
import { decodeUtf8 } from './utf8.js';

/**
 * Answers with the status that the mapped request names as `{"statusCode": 200}`; the key may lack its quotes.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 * @throws {GatewayFailure} API_CONFIGURATION_ERROR when the mapped request names none.
 */
export function answerMock({ outgoing }: Exchange): IntegrationAnswer {
  const text = decodeUtf8(outgoing?.payload.bytes ?? new Uint8Array());
  const status = /^\s*\{(?:.*[,\s])?["']?statusCode["']?\s*:\s*["']?(\d{3})["']?\s*[,}]/s.exec(text)?.[1];
  if (status === undefined)
    throw configurationError(
      'Unable to parse statusCode. It should be an integer that is defined in the request template.',
    );
  return { status: Number(status), headers: {}, body: new Uint8Array(), latencyMs: 0 };
}
