import type { XmlSource } from '../wire/rest-xml.js';

/** A refusal in S3's own words. It is thrown before anything is changed, and becomes S3's XML. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  /** HTTP status. */
  readonly status: number;
  /** S3's error code: 'NoSuchKey'. */
  readonly code: string;
  /** Elements between Message and RequestId, in order. */
  readonly details: Readonly<Record<string, XmlSource>>;
  /** Headers of the answer besides the usual ones. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    details: Readonly<Record<string, XmlSource>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

/** The caller may not do this, or must not learn whether it could be done. */
export function accessDenied(headers: Readonly<Record<string, string>> = {}): S3Error {
  return new S3Error(403, 'AccessDenied', 'Access Denied', {}, headers);
}

/** No account has a bucket of this name. */
export function noSuchBucket(name: string): S3Error {
  return new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: name });
}

/** The bucket has no current object under this key. */
export function noSuchKey(key: string, headers: Readonly<Record<string, string>> = {}): S3Error {
  return new S3Error(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key }, headers);
}

/** A query parameter or header holds what it cannot hold. */
export function invalidArgument(message: string, name: string, value: string): S3Error {
  return new S3Error(400, 'InvalidArgument', message, { ArgumentName: name, ArgumentValue: value });
}

/** The request contradicts itself or the bucket. */
export function invalidRequest(message: string): S3Error {
  return new S3Error(400, 'InvalidRequest', message);
}

/** The body is not the XML this operation takes. */
export function malformedXml(): S3Error {
  return new S3Error(
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

/** A conditional header did not hold; `condition` is its name. */
export function preconditionFailed(condition: string): S3Error {
  return new S3Error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });
}

/** The verb is none that this kind of thing takes. */
export function methodNotAllowed(method: string, scope: string): S3Error {
  return new S3Error(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    Method: method,
    ResourceType: scope.toUpperCase(),
  });
}

/** The local cloud does not emulate this; `what` names the operation, and the header or parameter if it hangs on one. */
export function notEmulated(what: string): S3Error {
  return new S3Error(501, 'NotImplemented', `The local cloud does not emulate S3 ${what}.`);
}
