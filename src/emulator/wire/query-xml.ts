import type { Call, Handled, OperationInfo, Service, WireRequest, WireResponse } from '../operation.js';
import { constraintMessage, notEmulated, Refusal } from './refusal.js';

/** What an operation of the query protocol answers: an array becomes `<member>` elements, an undefined field none. */
export type XmlValue =
  | string
  | number
  | boolean
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue | undefined };

/** The parameters of one call, by AWS's member names. */
export interface QueryInput {
  /** The value of a member, or undefined when it was not sent. */
  find(name: string): string | undefined;
  /** The value of a member. @throws {Refusal} ValidationError when it was not sent. */
  get(name: string): string;
  /** A whole number from `min` to `max`, or undefined when it was not sent. @throws {Refusal} ValidationError. */
  findInteger(name: string, min: number, max: number): number | undefined;
  /** The values of `Name.member.1`, `Name.member.2` and so on; [] when there are none. */
  list(name: string): string[];
  /** The fields of `Name.member.1.Field` and so on, one record a member; [] when there are none. */
  records(name: string): Record<string, string>[];
  /** Whether any member of this name, or below it, was sent. */
  has(name: string): boolean;
}

/** One operation of a service that speaks the query protocol. */
export interface QueryOperation extends OperationInfo {
  /** Does it, and answers the fields of its result element; undefined when it has no result element. */
  run(input: QueryInput, call: Call): { readonly [name: string]: XmlValue | undefined } | undefined;
}

/** Names of one query service. */
export interface QueryDialect {
  /** 'iam' or 'sts'. */
  readonly signingName: string;
  /** Namespace of its XML. */
  readonly xmlns: string;
}

/**
 * Makes a service of operations that speak the AWS query protocol: form parameters in, XML out.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function createQueryService(dialect: QueryDialect, operations: readonly QueryOperation[]): Service {
  const byName = new Map(operations.map((operation) => [operation.name, operation]));
  return {
    signingName: dialect.signingName,
    operations,
    handle(request: WireRequest, call: Call): Handled {
      const params = new URLSearchParams(request.query);
      for (const [name, value] of new URLSearchParams(Buffer.from(request.body).toString())) params.set(name, value);
      const name = params.get('Action') ?? undefined;
      try {
        if (name === undefined) throw new Refusal('MissingAction', 400, 'Missing Action');
        const operation = byName.get(name);
        if (operation === undefined) throw notEmulated(dialect.signingName, name);
        const result = operation.run(readQuery(params), call);
        return { operation: name, response: toXmlResponse(dialect, name, result, call.requestId) };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { operation: name, response: toXmlError(dialect, error, call.requestId) };
      }
    },
  };
}

/** An error of a query service, as it goes over the wire. */
export function toXmlError(dialect: QueryDialect, refusal: Refusal, requestId: string): WireResponse {
  const error = {
    Type: refusal.status < 500 ? 'Sender' : 'Receiver',
    Code: refusal.code,
    Message: refusal.message,
  };
  const body = `${toXml('Error', error)}${toXml('RequestId', requestId)}`;
  return xmlResponse(refusal.status, `<ErrorResponse xmlns="${dialect.xmlns}">${body}</ErrorResponse>`, requestId);
}

function toXmlResponse(
  dialect: QueryDialect,
  name: string,
  result: { readonly [name: string]: XmlValue | undefined } | undefined,
  requestId: string,
): WireResponse {
  const fields = result === undefined ? '' : toXml(`${name}Result`, result);
  const metadata = toXml('ResponseMetadata', { RequestId: requestId });
  const body = `<${name}Response xmlns="${dialect.xmlns}">${fields}${metadata}</${name}Response>`;
  return xmlResponse(200, body, requestId);
}

function xmlResponse(status: number, text: string, requestId: string): WireResponse {
  const body = Buffer.from(text);
  const headers = {
    'x-amzn-RequestId': requestId,
    'Content-Type': 'text/xml',
    'Content-Length': String(body.length),
  };
  return { status, headers, body };
}

function toXml(name: string, value: XmlValue | undefined): string {
  if (value === undefined) return '';
  let inner: string;
  if (Array.isArray(value)) inner = value.map((item) => toXml('member', item)).join('');
  else if (typeof value === 'object') {
    inner = Object.entries(value)
      .map(([field, item]) => toXml(field, item))
      .join('');
  } else inner = escapeXml(String(value));
  return `<${name}>${inner}</${name}>`;
}

function escapeXml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\r/g, '&#xD;');
}

function readQuery(params: URLSearchParams): QueryInput {
  const find = (name: string) => params.get(name) ?? undefined;
  // Members are numbered from 1 without a gap; the first missing number ends the list.
  const members = (name: string) => {
    const prefixes: string[] = [];
    const names = [...params.keys()];
    for (let n = 1; ; n++) {
      const prefix = `${name}.member.${n}`;
      if (!names.some((key) => key === prefix || key.startsWith(`${prefix}.`))) return prefixes;
      prefixes.push(prefix);
    }
  };
  return {
    find,
    get(name) {
      const value = find(name);
      if (value === undefined) throw invalid(name, undefined, 'Member must not be null');
      return value;
    },
    findInteger(name, min, max) {
      const text = find(name);
      if (text === undefined) return undefined;
      const value = Number(text);
      if (!/^-?\d+$/.test(text)) throw new Refusal('MalformedInput', 400, `Invalid Integer value '${text}'`);
      if (value < min) throw invalid(name, value, `Member must have value greater than or equal to ${min}`);
      if (value > max) throw invalid(name, value, `Member must have value less than or equal to ${max}`);
      return value;
    },
    list: (name) => members(name).map((prefix) => find(prefix) ?? ''),
    records(name) {
      return members(name).map((prefix) => {
        const fields = [...params].filter(([key]) => key.startsWith(`${prefix}.`));
        return Object.fromEntries(fields.map(([key, value]) => [key.slice(prefix.length + 1), value]));
      });
    },
    has: (name) => [...params.keys()].some((key) => key === name || key.startsWith(`${name}.`)),
  };
}

function invalid(name: string, value: unknown, constraint: string): Refusal {
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  return new Refusal('ValidationError', 400, constraintMessage(member, value, constraint));
}
