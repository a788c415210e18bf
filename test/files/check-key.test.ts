import { describe, expect, it } from 'vitest';
import { checkKey } from '../../src/files/check-key.js';

describe('checkKey()', () => {
  it.each([
    'a.png',
    'A-z_0.9~x.png',
    'cats/tom.png',
    'a/b/c/d.png',
    '-rf',
    '...png',
    'a..b/c.png',
    '.../x.png',
    'x'.repeat(1024),
  ])('takes %s in silence', (key) => {
    expect(checkKey(key)).toEqual({ ok: true });
  });

  it.each([
    ['blue hour.jpg', 'a space'],
    ['café.png', '"é"'],
    ['日本.png', '"日"'],
    ['photo(1).png', '"("'],
    ['a=b.png', '"="'],
    ['a@2x.png', '"@"'],
    ['a,b.png', '","'],
    ['a!.png', '"!"'],
    ['a:b.png', '":"'],
    ['a$b.png', '"$"'],
    ['a*b.png', '"*"'],
    ['❤️.png', '"❤"'],
    ['a\u00a0b.png', 'U+00A0'],
    ['a\u202fb.png', 'U+202F'],
  ])('takes %j with a warning', (key, character) => {
    expect(checkKey(key)).toEqual({
      ok: true,
      warning: `${character} must be percent-encoded in addresses, which not every client does`,
    });
  });

  it('warns of accents written apart', () => {
    expect(checkKey('cafe\u0301.png')).toEqual({
      ok: true,
      warning:
        'U+0301 must be percent-encoded in addresses, which not every client does, and its accents are written apart from their letters (NFD)',
    });
  });

  it.each([
    ['', 'the name is empty'],
    ['/a.png', 'the name begins with "/"'],
    ['a/', 'the name ends with "/"'],
    ['a//b.png', 'the name holds "//"'],
    ['.', 'the name holds "."'],
    ['..', 'the name holds ".."'],
    ['a/../b', 'the name holds ".."'],
    ['a/./b', 'the name holds "."'],
    ['%2e%2e', '"%" is encoded twice by API Gateway'],
    ['a%00.png', '"%" is encoded twice by API Gateway'],
    ['100%.png', '"%" is encoded twice by API Gateway'],
    ['a+b.png', '"+" breaks the signature between API Gateway and S3'],
    ['a?b.png', '"?" could turn a part of the name into a query'],
    ['a#b.png', '"#" could turn a part of the name into a query'],
    ['a&b.png', '"&" could turn a part of the name into a query'],
    ['a;b.png', '";" could turn a part of the name into a query'],
    ['a|b.png', '"|" cannot stand in the path of an address'],
    ['a"b.png', '""" cannot stand in the path of an address'],
    ["a'b.png", '"\'" cannot stand in the path of an address'],
    ['a`b.png', '"`" cannot stand in the path of an address'],
    ['a\\b.png', '"\\" cannot stand in the path of an address'],
    ['a{b.png', '"{" cannot stand in the path of an address'],
    ['a}b.png', '"}" cannot stand in the path of an address'],
    ['a[b.png', '"[" cannot stand in the path of an address'],
    ['a]b.png', '"]" cannot stand in the path of an address'],
    ['a<b.png', '"<" cannot stand in the path of an address'],
    ['a>b.png', '">" cannot stand in the path of an address'],
    ['a^b.png', '"^" cannot stand in the path of an address'],
    ['a\0b.png', 'U+0000 is a control character or a line break'],
    ['a\nb.png', 'U+000A is a control character or a line break'],
    ['a\rb.png', 'U+000D is a control character or a line break'],
    ['a\tb.png', 'U+0009 is a control character or a line break'],
    ['a\x1b[2Jb.png', 'U+001B is a control character or a line break'],
    ['a\x7fb.png', 'U+007F is a control character or a line break'],
    ['a\u0085b.png', 'U+0085 is a control character or a line break'],
    ['a\u2028b.png', 'U+2028 is a control character or a line break'],
    ['a\u202egnp.exe', 'U+202E cannot be seen'],
    ['a\u200bb.png', 'U+200B cannot be seen'],
    ['a\u200db.png', 'U+200D cannot be seen'],
    ['\ufeffa.png', 'U+FEFF cannot be seen'],
    ['a\u00adb.png', 'U+00AD cannot be seen'],
    ['a\u3164b.png', 'U+3164 cannot be seen'],
    ['a\u{e0041}.png', 'U+E0041 cannot be seen'],
    ['a\ud800b.png', 'U+D800 is half a character'],
    ['a\udc00b.png', 'U+DC00 is half a character'],
    ['a\ufffdb.png', '"\ufffd" stands for a character that was lost'],
    ['a\uffffb.png', 'U+FFFF stands for a character that was lost'],
  ])('refuses %j', (key, reason) => {
    const verdict = checkKey(key);

    expect(verdict).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });

  it.each([
    ['x'.repeat(1024), '', true],
    ['x'.repeat(1025), '', false],
    ['x'.repeat(1017), 'images/', true],
    ['x'.repeat(1018), 'images/', false],
    ['é'.repeat(512), '', true],
    [`x${'é'.repeat(512)}`, '', false],
    ['😀'.repeat(256), '', true],
    [`${'😀'.repeat(255)}xxxxx`, '', false],
  ])('counts bytes and not characters, prefix included (%#)', (key, prefix, ok) => {
    expect(checkKey(key, prefix).ok).toBe(ok);
  });

  it('says how long a key is that is too long', () => {
    expect(checkKey('x'.repeat(1018), 'images/')).toEqual({
      ok: false,
      reason: 'the key has 1025 bytes with its prefix, more than the 1024 that S3 takes',
    });
  });

  it('refuses soap, which S3 cannot be asked for, and takes it behind a prefix', () => {
    expect(checkKey('soap').ok).toBe(false);
    expect(checkKey('soap', 'images/').ok).toBe(true);
  });
});
