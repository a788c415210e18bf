import { expect, test } from 'vitest';
import { safeText } from '../../src/terminal/safe-text.js';

test.each([
  ['cats/a b.png', 'cats/a b.png'],
  ['café Übersicht 猫 🐈.png', 'café Übersicht 猫 🐈.png'],
  ['\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
  ['two\nlines\r\tand a tab', 'two\\nlines\\r\\tand a tab'],
  ['\u009b2J', '\\x9b2J'],
  ['a\u202egnp.exe', 'a\\u202egnp.exe'],
  ['zero\u200bwidth', 'zero\\u200bwidth'],
  ['lone \ud800 half', 'lone \\ud800 half'],
  ['lone \udc00 half', 'lone \\udc00 half'],
  ['\u0000', '\\x00'],
])('safeText() shows %j as %j', (text, expected) => {
  const shown = safeText(text);

  expect(shown).toBe(expected);
});
