/**
 * Decodes UTF-8 and puts U+FFFD where it is broken, one for each maximal part; a byte order mark stays.
 *
 * @see LocalStack's recording of TestApiGatewayS3BinarySupport (March 2025), whose ruined images show these bytes
 */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
