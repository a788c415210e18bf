import { decodeXml, type XmlValue } from '../wire/rest-xml.js';
import { verifyBody } from './checksum.js';
import { malformedXml } from './error.js';
import type { Ask } from './s3-operation.js';

/**
 * The XML document a request carries, after its Content-MD5 and checksum headers were held against it.
 *
 * @throws {S3Error} MalformedXML for anything but a document with this root; what `verifyBody` throws.
 */
export function xmlBody(ask: Ask, root: string): XmlValue {
  verifyBody(ask);
  const document = decodeXml(ask.wire.body);
  if (document?.root !== root) throw malformedXml();
  return document.value;
}
