import { describe, expect, it } from 'vitest';
import type { ContentHandling } from '../../../src/emulator/execute-api/binary.js';
import { s3, textOf } from '../execute-api/served-api.js';
import { openBucketBehindApi } from './bucket-behind-api.js';
import { B64, base64Of, CORRUPTED, RAW, TEXT } from './payloads.js';

/** LocalStack's recording of TestApiGatewayS3BinarySupport, March 2025, whose bodies were these three. */
const PAYLOADS = [RAW, B64, TEXT];

const PNG = ['image/png'];
const TO_TEXT = 'CONVERT_TO_TEXT';
const TO_BINARY = 'CONVERT_TO_BINARY';
type Outcome = Buffer | 500;

const handlingOf = (contentHandling: ContentHandling) => (contentHandling === undefined ? {} : { contentHandling });

const shown = (outcome: Outcome) => (outcome === 500 ? 500 : outcome.toString('hex'));

/** Uploads through the gateway, and answers what S3 then holds, or 500. */
function upload(types: string[], contentType: string, handling: ContentHandling, body: Buffer) {
  const { api, ask } = openBucketBehindApi(types);
  api.add('/{key+}', 'PUT', s3({ httpMethod: 'PUT', ...handlingOf(handling) }));

  const { status } = api.send('PUT', '/a', { headers: { 'Content-Type': contentType }, body });

  const stored = ask('GET', '/pics/a');
  return status === 500 && stored.status === 404 ? 500 : Buffer.from(stored.body).toString('hex');
}

/** Downloads what lies in S3 under a type that the request chooses. */
function download(types: string[], type: string, accept: string | undefined, handling: ContentHandling, body: Buffer) {
  const { api, store, ask } = openBucketBehindApi(types);
  store('a', body);
  const requestParameters = {
    'integration.request.path.key': 'method.request.path.key',
    'integration.request.querystring.response-content-type': 'method.request.querystring.type',
  };
  api.add('/{key+}', 'GET', s3({ requestParameters }, handlingOf(handling)));

  const response = api.send('GET', `/a?type=${type}`, { headers: accept === undefined ? {} : { Accept: accept } });

  const etag = ask('HEAD', '/pics/a').headers['ETag'];
  return {
    response,
    isOriginalTag: response.headers['ETag'] === etag,
    hex: Buffer.from(response.body).toString('hex'),
  };
}

describe('a body that is read as UTF-8', () => {
  it('grows from 67 bytes to 99, and a valid pair among the bad bytes survives', () => {
    const stored = upload([], 'image/png', undefined, RAW);
    const { hex } = download([], 'image/png', 'image/png', undefined, RAW);

    expect([RAW.byteLength, CORRUPTED.byteLength]).toEqual([67, 99]);
    expect([stored, hex]).toEqual([CORRUPTED.toString('hex'), CORRUPTED.toString('hex')]);
    expect(hex).toContain('d3b5');
  });

  it.each([
    ['a lone continuation byte', '80', 'efbfbd'],
    ['a start without an end', 'c3', 'efbfbd'],
    ['a start before a letter', 'c341', 'efbfbd41'],
    ['two of three bytes are one part', 'e282', 'efbfbd'],
    ['two of three bytes, then a letter', 'e28241', 'efbfbd41'],
    ['three of four bytes are one part', 'f09f98', 'efbfbd'],
    ['an overlong form is three parts', 'e08080', 'efbfbdefbfbdefbfbd'],
    ['half of a surrogate pair is three parts', 'eda080', 'efbfbdefbfbdefbfbd'],
    ['beyond the last code point is four parts', 'f4908080', 'efbfbdefbfbdefbfbdefbfbd'],
    ['bytes that never occur', 'c0c1f5ff', 'efbfbdefbfbdefbfbdefbfbd'],
    ['whole characters stay', 'c3a9e282acf09f9880', 'c3a9e282acf09f9880'],
  ])('replaces %s: %s', (_what, sent, stored) => {
    expect(upload([], 'image/png', undefined, Buffer.from(sent, 'hex'))).toBe(stored);
  });
});

describe('contentHandling of an integration', () => {
  it.each<[string[], string, ContentHandling, Outcome, Outcome, Outcome]>([
    [[], 'image/png', undefined, CORRUPTED, B64, TEXT],
    [[], 'image/png', TO_TEXT, CORRUPTED, B64, TEXT],
    [[], 'image/png', TO_BINARY, 500, RAW, 500],
    [PNG, 'application/octet-stream', undefined, CORRUPTED, B64, TEXT],
    [PNG, 'application/octet-stream', TO_TEXT, CORRUPTED, B64, TEXT],
    [PNG, 'application/octet-stream', TO_BINARY, 500, RAW, 500],
    [PNG, 'image/png', undefined, RAW, B64, TEXT],
    [PNG, 'image/png', TO_BINARY, RAW, B64, TEXT],
    [PNG, 'image/png', TO_TEXT, B64, base64Of(B64), base64Of(TEXT)],
  ])('with binary types %j, Content-Type %s and %s stores as recorded', (types, contentType, handling, ...outcomes) => {
    const stored = PAYLOADS.map((body) => upload(types, contentType, handling, body));

    expect(stored).toEqual(outcomes.map(shown));
  });

  it.each([
    ['application/json', B64, 500],
    ['application/json', TEXT, 500],
    ['text/plain', B64, 200],
    ['text/plain', TEXT, 500],
  ])(
    'CONVERT_TO_BINARY with a template for JSON answers a body of type %s as recorded',
    (contentType, body, status) => {
      const { api } = openBucketBehindApi(PNG);
      const requestTemplates = { 'application/json': '$input.body' };
      api.add('/{key+}', 'PUT', s3({ httpMethod: 'PUT', contentHandling: TO_BINARY, requestTemplates }));

      expect(api.send('PUT', '/a', { headers: { 'Content-Type': contentType }, body }).status).toBe(status);
    },
  );
});

describe('contentHandling of an integration response', () => {
  const TEXTUAL = 'text/plain';
  const IMAGE = 'image/png';

  it.each<[string[], string, string, ContentHandling, Outcome, Outcome, Outcome]>([
    [[], IMAGE, IMAGE, undefined, CORRUPTED, B64, TEXT],
    [[], IMAGE, TEXTUAL, TO_TEXT, CORRUPTED, B64, TEXT],
    [[], IMAGE, IMAGE, TO_BINARY, 500, RAW, 500],
    [PNG, TEXTUAL, TEXTUAL, undefined, CORRUPTED, B64, TEXT],
    [PNG, TEXTUAL, IMAGE, undefined, 500, RAW, 500],
    [PNG, IMAGE, TEXTUAL, undefined, B64, base64Of(B64), base64Of(TEXT)],
    [PNG, IMAGE, IMAGE, undefined, RAW, B64, TEXT],
    [PNG, TEXTUAL, TEXTUAL, TO_TEXT, CORRUPTED, B64, TEXT],
    [PNG, TEXTUAL, IMAGE, TO_TEXT, CORRUPTED, B64, TEXT],
    [PNG, IMAGE, TEXTUAL, TO_TEXT, B64, base64Of(B64), base64Of(TEXT)],
    [PNG, IMAGE, IMAGE, TO_TEXT, B64, base64Of(B64), base64Of(TEXT)],
    [PNG, TEXTUAL, TEXTUAL, TO_BINARY, 500, RAW, 500],
    [PNG, TEXTUAL, IMAGE, TO_BINARY, 500, RAW, 500],
    [PNG, IMAGE, TEXTUAL, TO_BINARY, RAW, B64, TEXT],
    [PNG, IMAGE, IMAGE, TO_BINARY, RAW, B64, TEXT],
  ])(
    'with binary types %j, payload %s, Accept %s and %s answers as recorded, with the original ETag',
    (types, type, accept, handling, ...outcomes) => {
      const answers = PAYLOADS.map((body) => download(types, type, accept, handling, body));

      const seen = answers.map(({ response: { status }, hex }) => (status === 500 ? 500 : hex));
      expect(seen).toEqual(outcomes.map(shown));
      expect(answers.map(({ isOriginalTag }) => isOriginalTag)).toEqual(outcomes.map((outcome) => outcome !== 500));
    },
  );

  it.each<[string[], string | undefined, boolean]>([
    [PNG, 'image/png', true],
    [PNG, 'image/png;q=0.1', true],
    [PNG, 'image/png,image/*,*/*;q=0.8', true],
    [PNG, 'image/webp,image/png,*/*', false],
    [PNG, 'image/*', false],
    [PNG, '*/*', false],
    [PNG, 'application', false],
    [['image/*'], 'image/png', true],
    [['image/*'], 'image/*', true],
    [['image/*'], 'application/png', false],
    [['*/png', 'image/png'], 'text/png', false],
  ])(
    'with binary types %j takes a client that accepts %s for one that wants bytes: %s',
    (types, accept, wantsBytes) => {
      const { hex } = download(types, 'image/png', accept, undefined, RAW);

      expect(hex).toBe((wantsBytes ? RAW : B64).toString('hex'));
    },
  );

  it.each<[string, Buffer]>([
    ['image/png', RAW],
    ['image/png', B64],
    ['text/plain', RAW],
    ['text/plain', B64],
    ['text/plain', TEXT],
  ])('CONVERT_TO_BINARY with a template is a 500 for a payload of %s', (type, body) => {
    const { api, ask } = openBucketBehindApi(PNG);
    ask('PUT', '/pics/a', { 'content-type': type }, body);
    const responseTemplates = { 'application/json': '$input.body' };
    api.add('/{key+}', 'GET', s3({}, { contentHandling: TO_BINARY, responseTemplates }));

    const response = api.send('GET', '/a');

    expect([response.status, textOf(response)]).toEqual([500, '{"message":"Internal server error"}']);
  });

  it.each<[string, Buffer, Buffer]>([
    ['image/png', RAW, B64],
    ['text/plain', TEXT, TEXT],
    ['text/plain', B64, B64],
  ])('CONVERT_TO_TEXT hands a template the text of a payload of %s', (type, body, text) => {
    const { api, ask } = openBucketBehindApi(PNG);
    ask('PUT', '/pics/a', { 'content-type': type }, body);
    const responseTemplates = { 'application/json': '$input.body' };
    api.add('/{key+}', 'GET', s3({}, { contentHandling: TO_TEXT, responseTemplates }));

    expect(textOf(api.send('GET', '/a'))).toBe(text.toString());
  });
});
