import type { Payload } from './context.js';
import { configurationError } from './gateway-failure.js';
import { decodeUtf8 } from './utf8.js';

/** What an integration or an integration response says about its payload. */
export type ContentHandling = 'CONVERT_TO_BINARY' | 'CONVERT_TO_TEXT' | undefined;

/**
 * Converts a client's payload on its way to the integration.
 *
 * A binary payload stays as it is or becomes base64; any other is read as UTF-8, or as base64 when it is to be binary.
 *
 * @see LocalStack's recording of TestApiGatewayS3BinarySupport (March 2025)
 * @throws {GatewayFailure} API_CONFIGURATION_ERROR when it must be base64 and is not.
 */
export function convertRequest(bytes: Uint8Array, isBinary: boolean, handling: ContentHandling): Payload {
  if (isBinary) return handling === 'CONVERT_TO_TEXT' ? toBase64(bytes) : { bytes, binary: true };
  return handling === 'CONVERT_TO_BINARY' ? fromBase64(bytes, 'request') : toText(bytes);
}

/**
 * Converts an integration's payload on its way to the client.
 *
 * With a content handling the client's Accept does not count. Without one a binary payload becomes base64 for a client that does not
 * accept it first of all, and a text payload must be base64 for a client that wants it binary.
 *
 * @see LocalStack's recording of TestApiGatewayS3BinarySupport (March 2025)
 * @throws {GatewayFailure} API_CONFIGURATION_ERROR when it must be base64 and is not.
 */
export function convertResponse(
  bytes: Uint8Array,
  isBinary: boolean,
  acceptsBinary: boolean,
  handling: ContentHandling,
): Payload {
  const wantsBinary = handling === undefined ? acceptsBinary : handling === 'CONVERT_TO_BINARY';
  if (isBinary) return wantsBinary ? { bytes, binary: true } : toBase64(bytes);
  return wantsBinary ? fromBase64(bytes, 'response') : toText(bytes);
}

/** Text for a template. @throws {GatewayFailure} API_CONFIGURATION_ERROR for bytes: no template can read them. */
export function textForTemplate({ bytes, binary }: Payload, what: 'request' | 'response'): string {
  if (binary) throw cannotTransform(what);
  return decodeUtf8(bytes);
}

/** The failure of a payload that cannot be converted or put through its template. */
export function cannotTransform(what: 'request' | 'response'): Error {
  return configurationError(`Unable to transform ${what}`);
}

function toText(bytes: Uint8Array): Payload {
  return { bytes: Buffer.from(decodeUtf8(bytes)), binary: false };
}

function toBase64(bytes: Uint8Array): Payload {
  return { bytes: Buffer.from(Buffer.from(bytes).toString('base64')), binary: false };
}

function fromBase64(bytes: Uint8Array, what: 'request' | 'response'): Payload {
  const text = Buffer.from(bytes).toString('latin1');
  // Guessed: line breaks, missing padding and the URL-safe alphabet are refused too; AWS is only known to refuse plain text and gzip.
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw cannotTransform(what);
  return { bytes: Buffer.from(text, 'base64'), binary: true };
}
