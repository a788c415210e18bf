import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseErrorTemplate, renderErrorTemplate } from '../../src/surface/error-body.js';

const SAID = '$context.error.messageString';
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(SAID, `"${SAID}"`, `"message":${SAID}`, '$&', "$'"),
);

test('renderErrorTemplate() writes JSON in which only $context values are filled in', () => {
  const template = renderErrorTemplate({ error: 'ImageNotFound', message: 'No image at $context.path.' });

  expect(template).toBe(
    '{"error":"ImageNotFound","message":"No image at $context.path.","requestId":"$context.requestId"}',
  );
});

test('renderErrorTemplate() leaves a message bare that API Gateway quotes itself', () => {
  const template = renderErrorTemplate({ error: '$context.error.responseType', message: SAID });

  expect(template).toBe(
    '{"error":"$context.error.responseType","message":$context.error.messageString,"requestId":"$context.requestId"}',
  );
});

test('renderErrorTemplate() stays JSON whatever the words are', () => {
  fc.assert(
    fc.property(text, text, (error, message) => {
      const filledIn = renderErrorTemplate({ error, message }).replace(`"message":${SAID},`, '"message":"said",');

      expect(JSON.parse(filledIn)).toEqual({
        error,
        message: message === SAID ? 'said' : message,
        requestId: '$context.requestId',
      });
    }),
  );
});

test('parseErrorTemplate() is the inverse of renderErrorTemplate()', () => {
  fc.assert(
    fc.property(text, text, (error, message) => {
      expect(parseErrorTemplate(renderErrorTemplate({ error, message }))).toEqual({ error, message });
    }),
  );
});

test('parseErrorTemplate() answers only with what renders to the same template, so that nothing hides', () => {
  const template = fc.oneof(
    fc.json(),
    fc
      .record({ error: fc.anything(), message: fc.anything(), requestId: fc.anything() })
      .map((is) => JSON.stringify(is)),
    fc.tuple(text, text, fc.nat()).map(([error, message, at]) => {
      const whole = renderErrorTemplate({ error, message });
      return whole.slice(0, at % whole.length) + whole.slice((at % whole.length) + 1);
    }),
  );

  fc.assert(
    fc.property(template, (is) => {
      const body = parseErrorTemplate(is);

      expect(body === undefined ? is : renderErrorTemplate(body)).toBe(is);
    }),
  );
});

test.each([
  '',
  'null',
  '[]',
  '42',
  '"text"',
  '{}',
  '{"message":$context.error.messageString}',
  '{"error":"A","message":"b"}',
  '{"error":"A","message":"b","requestId":"fixed"}',
  '{"error": "A","message":"b","requestId":"$context.requestId"}',
  '{"message":"b","error":"A","requestId":"$context.requestId"}',
  '{"error":"A","message":"b","requestId":"$context.requestId","more":1}',
  '{"error":1,"message":"b","requestId":"$context.requestId"}',
  "#set($a = 1){'error':'A'}",
])('parseErrorTemplate() does not take %j for one of ours', (template) => {
  expect(parseErrorTemplate(template)).toBeUndefined();
});
