import { expect, test } from 'vitest';
import { describeRefused, describeUnsent } from '../../src/terminal/unsent.js';

test.each([
  ['is empty', 'a.png is not sent: it is empty', 'a.png is empty'],
  [
    'cannot be read: permission denied',
    'a.png is not sent: it cannot be read: permission denied',
    'a.png cannot be read: permission denied',
  ],
  ['"+" breaks the signature', 'a.png is not sent: "+" breaks the signature', 'a.png: "+" breaks the signature'],
  ['the name is empty', 'a.png is not sent: the name is empty', 'a.png: the name is empty'],
  ['S3 said no.', 'a.png is not sent: S3 said no.', 'a.png: S3 said no'],
])('what is said of a file that is not sent is a sentence, whatever the reason: %s', (reason, alone, among) => {
  expect(describeUnsent({ file: 'a.png', reason })).toBe(alone);
  expect(describeRefused([{ file: 'a.png', reason }])).toBe(`1 file of the folder cannot be sent: ${among}.`);
});
