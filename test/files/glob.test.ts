import { describe, expect, it } from 'vitest';
import { matchGlob } from '../../src/files/glob.js';

describe('matchGlob()', () => {
  it.each([
    ['**/*', ['a.png', 'a/b.png', 'a/.b c.png'], []],
    ['**/*.svg', ['a.svg', 'a/b/c.svg'], ['a.svgz', 'a.png']],
    ['*.svg', ['a.svg'], ['a/b.svg']],
    ['cats/**', ['cats/a.png', 'cats/a/b.png'], ['dogs/a.png', 'a/cats/b.png']],
    ['a/?.png', ['a/b.png', 'a/é.png'], ['a/bc.png', 'a/.png']],
    ['**/*.{jpg,png}', ['a.jpg', 'b/a.png'], ['a.gif']],
    ['café crème.jpg', ['café crème.jpg'], ['cafe creme.jpg']],
    ['a.png', ['a.png'], ['abpng', 'A.png']],
  ])('matches %s', (glob, yes, no) => {
    const matches = matchGlob(glob);

    expect([...yes, ...no].filter(matches)).toEqual(yes);
  });
});
