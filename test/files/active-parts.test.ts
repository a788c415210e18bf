import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { findActiveParts } from '../../src/files/active-parts.js';

const find = (inside: string) =>
  findActiveParts(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">${inside}</svg>`),
  );

describe('findActiveParts()', () => {
  it.each([
    '<rect fill="url(#a)"/><use href="#b"/><use xlink:href="#b"/><image href="data:image/png;base64,AA=="/>',
    '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><cc:Work rdf:about="http://x.org"/></rdf:RDF></metadata>',
    '<style>.a{fill:red}</style><text>prescription, see https://example.com</text>',
    '<animate attributeName="x" from="0" to="9"/><image href="photo.png"/>',
    '<description>none</description><g font-family="x" version="1"/>',
  ])('finds nothing in a mere picture (%#)', (inside) => {
    expect(find(inside)).toEqual([]);
  });

  it.each(['kite.svg', 'lighthouse.svg'])('finds nothing in %s', async (name) => {
    expect(findActiveParts(await readFile(new URL(`../../samples/${name}`, import.meta.url)))).toEqual([]);
  });

  it('finds nothing in a document type of SVG 1.1', () => {
    const type = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">';

    expect(findActiveParts(Buffer.from(`${type}<svg/>`))).toEqual([]);
  });

  it.each([
    ['<script>alert(1)</script>', 'a script'],
    ['<SCRIPT/>', 'a script'],
    ['<s:script xmlns:s="http://www.w3.org/2000/svg">', 'a script'],
    [`<${'é'.repeat(999)}:script>`, 'a script'],
    ['<script\n\n>', 'a script'],
    ['<!-- <script> -->', 'a script'],
    ['<![CDATA[<script>]]>', 'a script'],
    ['&#60;script&#x3e;', 'a script'],
    ['<g onload="a()"/>', 'an event handler'],
    ['<g\nONLOAD\n=\n"a()"/>', 'an event handler'],
    ['<g a="b"onclick="a()"/>', 'an event handler'],
    ['<a href="javascript:alert(1)"/>', 'a script in an address'],
    ['<a href="&#106;avascript:alert(1)"/>', 'a script in an address'],
    ['<a href="&#x000006A;ava&#10;script&#58;alert(1)"/>', 'a script in an address'],
    ['<set attributeName="href" to="JavaScript:alert(1)"/>', 'a script in an address'],
    ['<a href="data:text/html,hi"/>', 'a page in an address'],
    ['<foreignObject width="9"/>', 'a foreignObject'],
    ['<x:foreignobject/>', 'a foreignObject'],
    ['<h:iframe/>', 'parts of a web page'],
    ['<embed />', 'parts of a web page'],
    ['<object>', 'parts of a web page'],
    ['<!DOCTYPE svg [<!ENTITY a "b">]>', 'an entity declaration'],
    ['<!DOCTYPE svg [<!ENTITY % a SYSTEM "file:///etc/passwd">]>', 'an entity declaration'],
    ['<!DOCTYPE svg [<!ATTLIST svg onload CDATA "alert(1)">]>', 'a declaration of attributes'],
    ['<!DOCTYPE svg SYSTEM "x.dtd">', 'a document type of its own'],
    ["<!DOCTYPE svg\nSYSTEM\n'x.dtd'>", 'a document type of its own'],
    ['<?xml-stylesheet href="a.xsl"?>', 'a style sheet instruction'],
    ['<style>@import "a.css"</style>', 'an imported style sheet'],
    ['<style>@\\69mport "a.css"</style>', 'an imported style sheet'],
    ['<image href="https://example.com/a.png"/>', 'a link to https://example.com'],
    ["<use xlink:href = 'HTTP://example.com:8080/a#b'/>", 'a link to HTTP://example.com:8080'],
    ['<image href="//example.com/a.png"/>', 'a link to //example.com'],
    ['<image href="\\\\example.com/a.png"/>', 'a link to \\\\example.com'],
    ['<image href="ht&#9;tps:&#47;/example.com"/>', 'a link to https://example.com'],
    ['<image href="https:example.com"/>', 'a link to https:example.com'],
    ['<rect fill="url( \'https://example.com/a\')"/>', 'a link to https://example.com'],
    ['<rect style="fill:\\75 rl(//example.com/a)"/>', 'a link to //example.com'],
    ['<animate attributeName="href" values="https://example.com/a"/>', 'a link to https://example.com'],
    ['<a href="https://ex\u202e\x1bample.com"/>', 'a link to https://ex\\u{202e}\\x1bample.com'],
  ])('finds %j to be %s', (inside, what) => {
    expect(find(inside)).toContain(what);
  });

  it('names each place once, and three at most', () => {
    const links = ['a', 'a', 'b', 'c', 'd', 'e'].map((host) => `<image href="https://${host}.com/${host}.png"/>`);

    expect(find(links.slice(0, 4).join(''))).toEqual([
      'a link to https://a.com',
      'a link to https://b.com',
      'a link to https://c.com',
    ]);
    expect(find(links.join('')).slice(-2)).toEqual(['a link to https://c.com', 'more links']);
  });

  it('takes no longer than the text is long, whatever it says', () => {
    const before = performance.now();

    for (const again of [' href=" ', 'url( ', ' ', '<', '<!doctype ', '&#', ' on', 'javascript', '\\a ', '<a:', "='"])
      findActiveParts(Buffer.alloc(2_000_000, again));
    findActiveParts(
      Buffer.from(`url(${' '.repeat(2_000_000)} href=${' '.repeat(2_000_000)} system${' '.repeat(2_000_000)}`),
    );

    expect(performance.now() - before).toBeLessThan(8000);
  });
});
