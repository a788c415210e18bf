import { expect, test } from 'vitest';
import { parsePort, parseWholeNumber } from '../../src/terminal/whole-number.js';

test.each(['', '0', '-1', '1.5', '1e3', 'NaN', ' 7', '65536', '9999999999', '٣'])(
  'parseWholeNumber() refuses %j and repeats it',
  (text) => {
    const act = () => parseWholeNumber('port', text, 1, 65_535);

    expect(act).toThrow(`--port must be a whole number from 1 to 65535: got ${JSON.stringify(text)}.`);
  },
);

test.each([
  [undefined, 4510],
  ['8080', 8080],
  ['1', 1],
  ['65535', 65_535],
])('parsePort() reads %j as %i', (text, expected) => {
  const port = parsePort(text);

  expect(port).toBe(expected);
});
