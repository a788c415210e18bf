import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FilterRules, makeFilter } from '../../src/files/filter.js';

describe('makeFilter()', () => {
  it.each<[rules: FilterRules, takes: string[], passesOver: string[]]>([
    [{}, ['a.png', 'a/b.txt', '...x', '-rf'], []],
    [{ include: ['*.png'] }, ['a.png'], ['a/b.png', 'a.jpg']],
    [{ include: ['**/*.png', 'b/**'] }, ['a.png', 'a/b.png', 'b/readme.txt'], ['readme.txt', 'a/b.psd']],
    [{ include: [] }, [], ['a.png']],
    [{ exclude: ['*.png'] }, ['a/b.png', 'a.jpg'], ['a.png']],
    [{ exclude: ['drafts/**'] }, ['a.png', 'a/drafts/b.png', 'drafts2/a.png'], ['drafts/a.png', 'drafts/b/c.png']],
    [{ include: ['**/*.png'], exclude: ['**/x*'] }, ['a.png'], ['x.png', 'a/x.png', 'b.jpg']],
    [{ ignoreText: '*.psd\n# note\n\n!keep.psd' }, ['a.png', 'keep.psd'], ['a.psd', 'a/b.psd']],
    [{ ignoreText: '\uFEFF/top.png\r\na/*.png\r\n' }, ['b/top.png', 'b/a/x.png'], ['top.png', 'a/x.png']],
    [{ ignoreText: 'drafts/\n!drafts/best.png' }, ['a.png'], ['drafts/best.png', 'a/drafts/b.png']],
    [{ ignoreText: 'A.png' }, ['a.png'], ['A.png', 'b/A.png']],
    [{ ignoreText: '*\n!*.png' }, ['a.png'], ['a.jpg']],
    [{ include: ['**/*.png'], ignoreText: 'a.png' }, ['b.png'], ['a.png']],
  ])('takes what the rules leave (%#: %j)', (rules, yes, no) => {
    const { takes } = makeFilter(rules);

    expect([...yes, ...no].filter(takes)).toEqual(yes);
  });

  it.each<[rules: FilterRules, enters: string[], staysOut: string[]]>([
    [{}, ['a', 'a/b'], []],
    [{ include: ['*.png'] }, ['a'], []],
    [{ exclude: ['drafts/**'] }, ['a', 'a/drafts', 'drafts2'], ['drafts']],
    [{ exclude: ['**/drafts/**'] }, ['a'], ['drafts', 'a/drafts']],
    [{ exclude: ['**'] }, ['a'], []],
    [{ exclude: ['drafts/*.png', 'drafts'] }, ['drafts'], []],
    [{ ignoreText: 'drafts/\n/old' }, ['a', 'a/old'], ['drafts', 'a/drafts', 'old']],
  ])('enters only folders that may hold something (%#: %j)', (rules, yes, no) => {
    const { enters } = makeFilter(rules);

    expect([...yes, ...no].filter(enters)).toEqual(yes);
  });

  it.each<[rules: FilterRules, include: string[], exclude: string[]]>([
    [{}, [], []],
    [{ include: ['**/*.png', '*.png', 'a/*', '*.pgn'] }, ['*.pgn'], []],
    [{ include: ['a.png'], exclude: ['*.txt', '**/b.*', 'b.*', 'c.*'] }, [], ['c.*']],
    [{ exclude: ['drafts/**', 'old/**', 'drafts/*.psd'] }, [], ['old/**', 'drafts/*.psd']],
    [{ exclude: ['*.txt'], ignoreText: '*' }, [], []],
  ])('tells which globs matched nothing, also where another one does (%#: %j)', (rules, include, exclude) => {
    const { takes, enters, unmatched } = makeFilter(rules);

    for (const key of ['a.png', 'a/c.png', 'b.txt']) takes(key);
    for (const folder of ['a', 'drafts']) enters(folder);

    expect(unmatched()).toEqual({ include, exclude });
  });

  it('never stays out of a folder that holds something it takes, and never throws', () => {
    const name = fc.constantFrom('a', 'b', 'drafts', 'x.png', '-rf', '...', 'é');
    const key = fc.array(name, { minLength: 2, maxLength: 4 });
    const glob = fc.constantFrom('a/**', '**/drafts/**', '**/*.png', '{a,b}/**', '**', 'a/*/**', '?/**');
    const line = fc.oneof(fc.constantFrom('a/', '/b', '*.png', '!a', '**/drafts'), fc.string({ unit: 'binary' }));

    fc.assert(
      fc.property(key, fc.array(glob), fc.array(line), (names, exclude, lines) => {
        const globs = makeFilter({ exclude });
        const whole = makeFilter({ exclude, ignoreText: lines.join('\n') });

        expect(globs.takes(names.join('/')) && !globs.enters(names.slice(0, -1).join('/'))).toBe(false);
        expect(whole.takes(names.join('/')) && !whole.enters(names.slice(0, -1).join('/'))).toBe(false);
      }),
    );
  });

  it('answers the same however many names it was asked for', () => {
    const { takes } = makeFilter({ ignoreText: '*5.png\n!15.png' });
    const names = Array.from({ length: 25_000 }, (_, n) => `${n % 20}.png`);

    const ruledOut = names.filter((name) => !takes(name));

    expect(new Set(ruledOut)).toEqual(new Set(['5.png']));
    expect(ruledOut).toHaveLength(1250);
  });
});
