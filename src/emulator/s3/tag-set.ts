import { childOf, childrenOf, childText, type XmlValue } from '../wire/rest-xml.js';
import { invalidArgument, malformedXml, S3Error } from './error.js';
import type { Tag } from './model.js';

/** Most tags on a bucket, and on an object. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export const MAX_TAGS = { bucket: 50, object: 10 } as const;

const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The tags in an element that has a `Tag` child for each. @throws {S3Error} MalformedXML, InvalidTag, BadRequest. */
export function fromTagSet(set: XmlValue | undefined, kind: keyof typeof MAX_TAGS): Tag[] {
  const tags = childrenOf(set, 'Tag').map((tag) => {
    const Key = childText(tag, 'Key');
    const Value = childText(tag, 'Value');
    if (Key === undefined || Value === undefined) throw malformedXml();
    return { Key, Value };
  });
  return checkTags(tags, kind);
}

/** The tags of a Tagging document. @throws {S3Error} as `fromTagSet`. */
export function fromTagging(tagging: XmlValue, kind: keyof typeof MAX_TAGS): Tag[] {
  const set = childOf(tagging, 'TagSet');
  if (set === undefined) throw malformedXml();
  return fromTagSet(set, kind);
}

/** The tags of an `x-amz-tagging` header, written like a query. @throws {S3Error} as `fromTagSet`. */
export function fromTagHeader(header: string | undefined): Tag[] {
  if (header === undefined) return [];
  const tags = header.split('&').map((pair) => {
    const [key = '', value = ''] = pair.split(/=(.*)/s);
    return { Key: decode(key, header), Value: decode(value, header) };
  });
  return checkTags(tags, 'object');
}

function decode(text: string, header: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      header,
    );
  }
}

function checkTags(tags: Tag[], kind: keyof typeof MAX_TAGS): Tag[] {
  if (tags.length > MAX_TAGS[kind]) {
    throw new S3Error(
      400,
      'BadRequest',
      kind === 'object' ? 'Object tags cannot be greater than 10' : 'Bucket tag count cannot be greater than 50',
    );
  }
  const seen = new Set<string>();
  for (const { Key, Value } of tags) {
    if (seen.has(Key)) throw invalidTag('Cannot provide multiple Tags with the same key', Key);
    seen.add(Key);
    if (/^aws:/i.test(Key)) throw invalidTag('System tags cannot be added/updated by requester', Key);
    if (Key === '' || Key.length > 128 || !ALLOWED.test(Key)) {
      throw invalidTag('The TagKey you have provided is invalid', Key);
    }
    if (Value.length > 256 || !ALLOWED.test(Value)) throw invalidTag('The TagValue you have provided is invalid', Key);
  }
  return tags;
}

function invalidTag(message: string, key: string): S3Error {
  return new S3Error(400, 'InvalidTag', message, { TagKey: key });
}
