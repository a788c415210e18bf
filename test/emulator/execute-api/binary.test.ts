import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ContentHandling } from '../../../src/emulator/execute-api/binary.js';
import { isBinaryType } from '../../../src/emulator/execute-api/media-type.js';
import { mock, ServedApi, s3, textOf } from './served-api.js';

/** A black 1×1 PNG. */
const RAW = Buffer.from(
  '89504e470d0a1a0a0000000d4948445200000001000000010100000000376ef9240000000a49444154789c636000000002000148afa4710000000049454e44ae426082',
  'hex',
);
const B64 = Buffer.from(RAW.toString('base64'));
const B64_OF_B64 = Buffer.from(B64.toString('base64'));
const TEXT = Buffer.from('this is a UTF8 text typed object');
const B64_OF_TEXT = Buffer.from(TEXT.toString('base64'));
const CORRUPTED = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(RAW));

const PNG = ['image/png'];
const NONE: string[] = [];
const TO_TEXT = 'CONVERT_TO_TEXT';
const TO_BINARY = 'CONVERT_TO_BINARY';
type Outcome = Buffer | 500;

function handling(value: ContentHandling): { contentHandling?: 'CONVERT_TO_TEXT' | 'CONVERT_TO_BINARY' } {
  return value === undefined ? {} : { contentHandling: value };
}

describe('the payload of a request', () => {
  const IMAGE = 'image/png';
  const PLAIN = 'text/plain';

  it.each<[string[], string, ContentHandling, Outcome, Outcome, Outcome]>([
    [NONE, IMAGE, undefined, CORRUPTED, B64, TEXT],
    [NONE, IMAGE, TO_TEXT, CORRUPTED, B64, TEXT],
    [NONE, IMAGE, TO_BINARY, 500, RAW, 500],
    [PNG, PLAIN, undefined, CORRUPTED, B64, TEXT],
    [PNG, PLAIN, TO_TEXT, CORRUPTED, B64, TEXT],
    [PNG, PLAIN, TO_BINARY, 500, RAW, 500],
    [PNG, IMAGE, undefined, RAW, B64, TEXT],
    [PNG, IMAGE, TO_BINARY, RAW, B64, TEXT],
    [PNG, IMAGE, TO_TEXT, B64, B64_OF_B64, B64_OF_TEXT],
    [['*/*'], PLAIN, undefined, RAW, B64, TEXT],
  ])('with binary types %j, Content-Type %s and %s', (types, contentType, content, ...outcomes) => {
    for (const [index, sent] of [RAW, B64, TEXT].entries()) {
      const api = new ServedApi(types);
      api.add('/{key+}', 'PUT', s3({ httpMethod: 'PUT', ...handling(content) }));

      const response = api.send('PUT', '/a', { headers: { 'Content-Type': contentType }, body: sent });

      const stored = api.objects.get('pics/a')?.body;
      expect(response.status === 500 ? 500 : Buffer.from(stored ?? '').toString('hex')).toBe(
        outcomes[index] === 500 ? 500 : outcomes[index]?.toString('hex'),
      );
    }
  });

  it('is refused by CONVERT_TO_BINARY with a template for it, even when it is base64', () => {
    const api = new ServedApi(PNG);
    const requestTemplates = { 'text/plain': '$input.body' };
    api.add('/{key+}', 'PUT', s3({ httpMethod: 'PUT', contentHandling: TO_BINARY, requestTemplates }));

    const response = api.send('PUT', '/a', { headers: { 'Content-Type': 'text/plain' }, body: B64 });

    expect([response.status, textOf(response)]).toEqual([500, '{"message":"Internal server error"}']);
  });

  it('passes CONVERT_TO_BINARY with a template for another type', () => {
    const api = new ServedApi(PNG);
    const requestTemplates = { 'application/json': '$input.body' };
    api.add('/{key+}', 'PUT', s3({ httpMethod: 'PUT', contentHandling: TO_BINARY, requestTemplates }));

    api.send('PUT', '/a', { headers: { 'Content-Type': 'text/plain' }, body: B64 });

    expect(api.objects.get('pics/a')?.body).toEqual(RAW);
  });

  it('makes a templated OPTIONS fail when everything is binary, and CONVERT_TO_TEXT heals it', () => {
    const api = new ServedApi(['*/*']);
    api.add('/plain', 'OPTIONS', mock());
    api.add('/text', 'OPTIONS', mock({ contentHandling: TO_TEXT }));

    const statuses = [api.send('OPTIONS', '/plain').status, api.send('OPTIONS', '/text').status];

    expect(statuses).toEqual([500, 200]);
    expect(api.test('/plain', 'OPTIONS')['log']).toContain(
      'Execution failed due to configuration error: Unable to transform request\n',
    );
  });
});

describe('the payload of a response', () => {
  const ANY = ['image/png', 'text/html', undefined];
  const IMAGE_ACCEPT = ['image/png', 'image/png,text/html;q=0.9', 'image/png;q=0.1'];
  const OTHER_ACCEPT = ['text/html', 'image/*', '*/*', 'image/webp,image/png,*/*', 'application', undefined];

  it.each<[string, string[], string, (string | undefined)[], ContentHandling, Outcome, Outcome, Outcome]>([
    ['no types', NONE, 'image/png', ANY, undefined, CORRUPTED, B64, TEXT],
    ['no types', NONE, 'image/png', ANY, TO_TEXT, CORRUPTED, B64, TEXT],
    ['no types', NONE, 'image/png', ANY, TO_BINARY, 500, RAW, 500],
    ['text, accept text', PNG, 'text/plain', OTHER_ACCEPT, undefined, CORRUPTED, B64, TEXT],
    ['text, accept binary', PNG, 'text/plain', IMAGE_ACCEPT, undefined, 500, RAW, 500],
    ['binary, accept text', PNG, 'image/png', OTHER_ACCEPT, undefined, B64, B64_OF_B64, B64_OF_TEXT],
    ['binary, accept binary', PNG, 'image/png', IMAGE_ACCEPT, undefined, RAW, B64, TEXT],
    ['text', PNG, 'text/plain', [...OTHER_ACCEPT, ...IMAGE_ACCEPT], TO_TEXT, CORRUPTED, B64, TEXT],
    ['binary', PNG, 'image/png', [...OTHER_ACCEPT, ...IMAGE_ACCEPT], TO_TEXT, B64, B64_OF_B64, B64_OF_TEXT],
    ['text', PNG, 'text/plain', [...OTHER_ACCEPT, ...IMAGE_ACCEPT], TO_BINARY, 500, RAW, 500],
    ['binary', PNG, 'image/png', [...OTHER_ACCEPT, ...IMAGE_ACCEPT], TO_BINARY, RAW, B64, TEXT],
    ['all binary', ['*/*'], 'text/plain', [...OTHER_ACCEPT, ...IMAGE_ACCEPT], undefined, RAW, B64, TEXT],
    ['all binary', ['*/*'], 'text/plain', [...OTHER_ACCEPT, ...IMAGE_ACCEPT], TO_TEXT, B64, B64_OF_B64, B64_OF_TEXT],
  ])('%s, binary types %j, Content-Type %s, Accept %j and %s', (_case, types, type, accepts, content, ...outcomes) => {
    for (const accept of accepts)
      for (const [index, stored] of [RAW, B64, TEXT].entries()) {
        const api = new ServedApi(types);
        api.objects.set('pics/a', { body: stored, type });
        api.add('/{key+}', 'GET', s3({}, handling(content)));

        const response = api.send('GET', '/a', { headers: accept === undefined ? {} : { Accept: accept } });

        const expected = outcomes[index];
        const body = Buffer.from(response.body).toString('hex');
        expect(response.status === 500 ? 500 : body, String(accept)).toBe(
          expected === 500 ? 500 : expected?.toString('hex'),
        );
        expect(response.headers['ETag']).toBe(expected === 500 ? undefined : '"original"');
      }
  });

  it('puts EF BF BD in place of each byte that is no UTF-8', () => {
    const api = new ServedApi();
    api.objects.set('pics/a', { body: Buffer.from('8950fffe4eaec3a9c3', 'hex') });
    api.add('/{key+}', 'GET', s3());

    const hex = Buffer.from(api.send('GET', '/a').body).toString('hex');

    expect(hex).toBe('efbfbd50efbfbdefbfbd4eefbfbdc3a9efbfbd');
  });

  it('keeps a byte order mark and what is UTF-8 among what is not', () => {
    const api = new ServedApi();
    api.objects.set('pics/a', { body: Buffer.from('efbbbfd3b5ff', 'hex') });
    api.add('/{key+}', 'GET', s3());

    expect(Buffer.from(api.send('GET', '/a').body).toString('hex')).toBe('efbbbfd3b5efbfbd');
  });

  it.each([RAW, B64])('is refused by CONVERT_TO_BINARY with a template', (stored) => {
    const api = new ServedApi(PNG);
    api.objects.set('pics/a', { body: stored, type: 'image/png' });
    api.add('/{key+}', 'GET', s3({}, { contentHandling: TO_BINARY, responseTemplates: { 'application/json': 'x' } }));

    expect(api.send('GET', '/a').status).toBe(500);
  });

  it('reaches a template by CONVERT_TO_TEXT', () => {
    const api = new ServedApi(PNG);
    api.objects.set('pics/a', { body: RAW, type: 'image/png' });
    const responseTemplates = { 'application/json': '<$input.body>' };
    api.add('/{key+}', 'GET', s3({}, { contentHandling: TO_TEXT, responseTemplates }));

    expect(textOf(api.send('GET', '/a'))).toBe(`<${B64.toString()}>`);
  });

  it('fails when CONVERT_TO_BINARY meets the XML of an S3 error behind a list of types', () => {
    const api = new ServedApi(PNG);
    api.add('/{key+}', 'GET', s3({}, { contentHandling: TO_BINARY }));

    expect(api.send('GET', '/missing').status).toBe(500);
    expect(api.test('/{key+}', 'GET', { pathWithQueryString: '/missing' })['log']).toContain(
      'Execution failed due to configuration error: Unable to transform response\n',
    );
  });

  it.each([gzipSync('x'), Buffer.from('YQ'), Buffer.from('YQ=\n'), Buffer.from('Y_==')])(
    'is no base64: %s',
    (stored) => {
      const api = new ServedApi();
      api.objects.set('pics/a', { body: stored });
      api.add('/{key+}', 'GET', s3({}, { contentHandling: TO_BINARY }));

      expect(api.send('GET', '/a').status).toBe(500);
    },
  );
});

describe('isBinaryType()', () => {
  it.each([
    ['image/png', 'image/png', true],
    ['image/png', 'image/*', false],
    ['image/png', '*/*', false],
    ['application/*', 'application/pdf', true],
    ['application/*', 'application/*', true],
    ['application/*', 'image/png', false],
    ['*/test', 'image/test', false],
    ['image/png', undefined, false],
    ['image/png', 'application', false],
    ['*/*', 'anything/at-all', true],
    ['*/*', undefined, true],
  ])('%s against %s is %s', (entry, type, expected) => {
    expect(isBinaryType([entry], type)).toBe(expected);
  });
});
