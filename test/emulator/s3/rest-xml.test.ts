import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childrenOf, childText, decodeXml, encodeXml } from '../../../src/emulator/wire/rest-xml.js';

describe('rest-xml', () => {
  it('encodeXml writes children, repeats arrays, and leaves out what is undefined', () => {
    const xml = encodeXml('A', { B: 1, C: undefined, D: ['x', { E: true }], F: '' }, 'urn:n');

    expect(xml.toString()).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<A xmlns="urn:n"><B>1</B><D>x</D><D><E>true</E></D><F></F></A>',
    );
  });

  it('decodeXml reads back any text that encodeXml writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const document = decodeXml(encodeXml('A', { B: text }));

        expect(childText(document?.value, 'B')).toBe(text);
      }),
    );
  });

  it.each([
    ['<a><b>1</b>\n<b>2</b></a>', ['1', '2']],
    ['<n:a xmlns:n="urn:n"><n:b>1</n:b></n:a>', ['1']],
    ['<a><b> </b><b/></a>', [' ', '']],
    ['<a><b><![CDATA[<&amp;>]]></b></a>', ['<&amp;>']],
    ['<a><!-- b --><b>&lt;&#65;&#x1F600;&unknown;</b></a>', ['<A😀&unknown;']],
    ['<?xml version="1.0"?><a><?pi x?><b>1</b></a>', ['1']],
  ])('decodeXml reads %s', (xml, expected) => {
    const document = decodeXml(Buffer.from(xml));

    expect([document?.root, childrenOf(document?.value, 'b')]).toEqual(['a', expected]);
  });

  it.each([
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
    '<a><__proto__>x</__proto__></a>',
  ])('decodeXml refuses %s', (xml) => {
    expect(decodeXml(Buffer.from(xml))).toBeUndefined();
  });

  it('decodeXml refuses bytes that are not UTF-8', () => {
    expect(decodeXml(Buffer.from('<a>\xe4</a>', 'latin1'))).toBeUndefined();
  });
});
