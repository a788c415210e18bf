import type { Call, WireRequest } from '../operation.js';
import { invalidArgument, methodNotAllowed, notEmulated, S3Error } from './error.js';
import { NOT_EMULATED } from './not-emulated.js';
import type { Ask, S3Operation, Scope } from './s3-operation.js';

/** Longest key in UTF-8 bytes. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1024;

const COPY_SOURCE = 'x-amz-copy-source';

/**
 * Takes a path-style request apart.
 *
 * The key is what follows the bucket, percent-decoded once and otherwise taken literally: `..`, `//` and a leading slash
 * are part of it.
 *
 * @throws {S3Error} InvalidURI for a bad escape or bytes that are not UTF-8; KeyTooLongError.
 */
export function toAsk(wire: WireRequest, call: Call): Ask {
  const slash = wire.path.indexOf('/', 1);
  const end = slash === -1 ? wire.path.length : slash;
  const bucketName = decode(wire.path.slice(1, end), wire.path);
  const key = decode(wire.path.slice(end + 1), wire.path);
  const keyBytes = Buffer.byteLength(key);
  if (keyBytes > MAX_KEY_BYTES) {
    throw new S3Error(400, 'KeyTooLongError', 'Your key is too long', {
      Size: keyBytes,
      MaxSizeAllowed: MAX_KEY_BYTES,
    });
  }
  return { call, wire, bucketName, key, query: toQuery(wire) };
}

/** Finds operations by verb, path and sub-resource, and tells apart what S3 cannot do from what the local cloud does not. */
export function createRouter(operations: readonly S3Operation[]): (ask: Ask) => S3Operation {
  const bySignature = new Map(operations.map((operation) => [signature(operation), operation]));
  const selectors = new Set(
    [...bySignature.keys(), ...NOT_EMULATED.keys()].flatMap((key) => key.split(' ')[2]?.split(',') ?? []),
  );
  return (ask) => {
    const scope = scopeOf(ask);
    // AWS: list-type is a parameter of listings and not a sub-resource, so an object's request ignores it.
    const chosen = [...ask.query.keys()].filter(
      (name) => selectors.has(name) && (name !== 'list-type' || scope === 'bucket'),
    );
    if (ask.wire.method === 'PUT' && ask.wire.headers[COPY_SOURCE]) chosen.push(COPY_SOURCE);
    const wanted = signature({ method: ask.wire.method, scope, selectors: chosen.sort().join(',') });
    const operation = bySignature.get(wanted);
    if (operation !== undefined) return operation;
    throw refusal(ask, scope, wanted, chosen);
  };
}

/** What the path names. */
function scopeOf(ask: Ask): Scope {
  if (ask.key !== '') return 'object';
  return ask.bucketName === '' ? 'service' : 'bucket';
}

function signature({ method, scope, selectors = '' }: Pick<S3Operation, 'method' | 'scope' | 'selectors'>): string {
  return `${method} ${scope} ${selectors}`.trimEnd();
}

function refusal(ask: Ask, scope: Scope, wanted: string, chosen: readonly string[]): S3Error {
  const name = NOT_EMULATED.get(wanted);
  if (name !== undefined) return notEmulated(name);
  if (chosen.length > 1) {
    return invalidArgument(
      `Conflicting query string parameters: ${chosen.join(', ')}`,
      'ResourceType',
      chosen[0] ?? '',
    );
  }
  return methodNotAllowed(ask.wire.method, scope);
}

function toQuery(wire: WireRequest): Map<string, string> {
  const query = new Map<string, string>();
  for (const pair of wire.query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode((equals === -1 ? pair : pair.slice(0, equals)).replaceAll('+', ' '), wire.path);
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1).replaceAll('+', ' '), wire.path);
    if (!query.has(name)) query.set(name, value);
  }
  return query;
}

function decode(text: string, uri: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error(400, 'InvalidURI', "Couldn't parse the specified URI.", { URI: uri });
  }
}
