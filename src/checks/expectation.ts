import { createHash } from 'node:crypto';
import type { Answer } from '../model/check.js';

/** What an answer must be. */
export interface Expectation {
  /** Any of these HTTP statuses. */
  readonly status: readonly number[];
  /** Header values by name; `true` stands for any value, `contains` for a part of it. */
  readonly headers?: Readonly<Record<string, HeaderExpectation>>;
  /** Absent: any body. */
  readonly body?: BodyExpectation;
  /** Texts that must not occur in the body. */
  readonly without?: readonly string[];
}

/** What one header must be: a value, any value, or a value with a part. */
export type HeaderExpectation = string | true | { readonly contains: string };

/** What a body must be. */
export type BodyExpectation =
  /** Bytes known by their digest alone. */
  | { readonly kind: 'digest'; readonly sha256: string; readonly sizeBytes: number }
  /** These bytes. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'empty' }
  /** Our JSON error; any name when `error` is undefined, and AWS's own `{"message"}` will do as well. */
  | { readonly kind: 'error'; readonly error: string | undefined };

/** SHA-256 in lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Lists in words everything in which an answer is not as expected; empty when it is. */
export function mismatches(expected: Expectation, answer: Answer): readonly string[] {
  const wrong: string[] = [];
  if (!expected.status.includes(answer.status)) wrong.push(`the status is ${answer.status}`);
  for (const [name, want] of Object.entries(expected.headers ?? {})) {
    const complaint = headerComplaint(name, want, answer.headers[name.toLowerCase()]);
    if (complaint !== undefined) wrong.push(complaint);
  }
  const complaint = expected.body && bodyComplaint(expected.body, answer.body);
  if (complaint !== undefined) wrong.push(complaint);
  const text = expected.without === undefined ? '' : Buffer.from(answer.body).toString('latin1');
  for (const word of expected.without ?? []) if (text.includes(word)) wrong.push(`the body holds "${word}"`);
  return wrong;
}

/** The JSON object in a body; undefined when it is anything else. */
export function jsonBody(answer: Answer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(answer.body).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** An expectation in words: 'HTTP 200, Content-Type: image/png, 67 bytes with SHA-256 4f2c…'. */
export function describeExpectation(expected: Expectation): string {
  const headers = Object.entries(expected.headers ?? {}).map(([name, want]) => {
    if (want === true) return `${name} present`;
    return typeof want === 'string' ? `${name}: ${want}` : `${name} with ${want.contains}`;
  });
  const body = expected.body === undefined ? [] : [describeBody(expected.body)];
  return [`HTTP ${expected.status.join(' or ')}`, ...headers, ...body].join(', ');
}

/** An answer in words, with the beginning of its body when that is text. */
export function describeAnswer(answer: Answer): string {
  if (answer.status === 0) return `no answer: ${excerpt(answer.body)}`;
  const type = answer.headers['content-type'] ?? 'no Content-Type';
  const body = /json|xml|text/.test(type) && answer.body.length > 0 ? `: ${excerpt(answer.body)}` : '';
  return `HTTP ${answer.status}, ${type}, ${answer.body.length} bytes${body}`;
}

function headerComplaint(name: string, want: HeaderExpectation, got: string | undefined): string | undefined {
  if (got === undefined || got === '') return `${name} is missing`;
  if (want === true) return undefined;
  if (typeof want === 'object') return got.includes(want.contains) ? undefined : `${name} is "${got}"`;
  return got === want ? undefined : `${name} is "${got}"`;
}

function bodyComplaint(want: BodyExpectation, body: Uint8Array): string | undefined {
  switch (want.kind) {
    case 'empty':
      return body.length === 0 ? undefined : `the body has ${body.length} bytes`;
    case 'bytes':
      return Buffer.compare(want.bytes, body) === 0
        ? undefined
        : `the body's ${body.length} bytes are not the right ones`;
    case 'digest': {
      const digest = sha256(body);
      return digest === want.sha256
        ? undefined
        : `the body is ${body.length} bytes with SHA-256 ${digest.slice(0, 12)}…`;
    }
    case 'error':
      return errorComplaint(want.error, body);
  }
}

function errorComplaint(name: string | undefined, body: Uint8Array): string | undefined {
  const json = jsonBody({ status: 0, headers: {}, body, ms: 0 });
  if (json === undefined) return 'the body is not a JSON object';
  if (name === undefined)
    return hasText(json['message'] ?? json['Message']) ? undefined : 'the JSON body has no message';
  if (json['error'] !== name) return `the body's error is ${JSON.stringify(json['error'])}`;
  const missing = ['message', 'requestId'].filter((field) => !hasText(json[field]));
  return missing.length === 0 ? undefined : `the JSON body has no ${missing.join(' and no ')}`;
}

const hasText = (value: unknown): boolean => typeof value === 'string' && value !== '';

function describeBody(body: BodyExpectation): string {
  switch (body.kind) {
    case 'empty':
      return 'no body';
    case 'bytes':
      return `exactly the ${body.bytes.length} bytes of S3`;
    case 'digest':
      return `${body.sizeBytes} bytes with SHA-256 ${body.sha256.slice(0, 12)}…`;
    case 'error':
      return body.error === undefined ? 'a JSON message' : `JSON with error "${body.error}", a message and a requestId`;
  }
}

function excerpt(body: Uint8Array): string {
  const text = Buffer.from(body.subarray(0, 400))
    .toString('utf8')
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
