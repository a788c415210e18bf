import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPage, cutTo, padTo, widthOf, wrapText } from '../../src/terminal/page.js';

test.each([
  ['abc', 3],
  ['\u001b[31mabc\u001b[0m', 3],
  ['猫', 2],
  ['🐈', 2],
  ['e\u0301', 1],
  ['→ ✓ …', 5],
])('widthOf() counts the columns of %j: %i', (text, expected) => {
  const width = widthOf(text);

  expect(width).toBe(expected);
});

test('padTo() fills up to a width and leaves longer texts alone', () => {
  const padded = [padTo('ab', 4), padTo('猫', 4), padTo('abcdef', 4)];

  expect(padded).toEqual(['ab  ', '猫  ', 'abcdef']);
});

test.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdef', 5, 'abcd…'],
  ['猫猫猫', 4, '猫…'],
])('cutTo() cuts %j to %i columns', (text, width, expected) => {
  const cut = cutTo(text, width);

  expect(cut).toBe(expected);
});

test('wrapText() breaks at spaces, keeps the first indent and hangs the rest', () => {
  const lines = wrapText('  one two three four', 12, 4);

  expect(lines).toEqual(['  one two', '    three', '    four']);
});

test('wrapText() never breaks a word, so that a URL can be copied', () => {
  const url = 'https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod/images/a.png';

  const lines = wrapText(`see ${url} now`, 20, 2);

  expect(lines).toEqual(['see', `  ${url}`, '  now']);
});

test('wrapText() leaves a line alone where nothing has to fit', () => {
  const long = 'word '.repeat(100).trim();

  const lines = wrapText(long, Number.POSITIVE_INFINITY, 4);

  expect(lines).toEqual([long]);
});

test('wrapText() loses no word and exceeds no width that its words allow', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 });

  fc.assert(
    fc.property(words, fc.integer({ min: 20, max: 80 }), (list, columns) => {
      const lines = wrapText(list.join(' '), columns, 4);
      expect(lines.join(' ').split(/ +/)).toEqual(list);
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(columns);
    }),
  );
});

test.each([
  [true, '\u001b[32mok\u001b[39m\n'],
  [false, 'ok\n'],
])('createPage() paints only where colour is wanted: %s', (color, expected) => {
  const written: string[] = [];
  const page = createPage({ write: (text) => written.push(text), color });

  page.line(page.paint('good', 'ok'));

  expect(written).toEqual([expected]);
});
