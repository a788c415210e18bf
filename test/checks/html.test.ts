import { expect, test } from 'vitest';
import { renderHtmlReport } from '../../src/checks/index.js';
import type { ServedImage } from '../../src/model/check.js';
import { HOSTILE, report, result } from './report-example.js';

const PIXEL = 'iVBORw0KGgo=';
const image = (part: Partial<ServedImage> = {}): ServedImage => ({
  path: '/images/caf%C3%A9.png',
  contentType: 'image/png',
  sizeBytes: 2048,
  sha256: 'ab'.repeat(32),
  base64: PIXEL,
  ...part,
});

test.each([
  { results: [result(), result()], title: 'All 2 checks passed' },
  { results: [result()], title: 'All 1 check passed' },
  { results: [result(), result({ status: 'failed' })], title: '1 of 2 checks failed' },
  { results: [result(), result({ status: 'inconclusive' })], title: 'Nothing failed, 1 left open' },
  { results: [], title: 'Nothing was checked' },
])('renderHtmlReport() gives the verdict "$title"', ({ results, title }) => {
  expect(renderHtmlReport(report(results))).toContain(`<h1>${title}</h1>`);
});

test('renderHtmlReport() loads nothing and runs nothing', () => {
  const html = renderHtmlReport(
    report([result()], { images: [image()], samples: [{ path: '/a', cached: false, ms: 4 }] }),
  );

  expect(html).toContain(`content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`);
  expect(html).not.toMatch(/<script|<link|\son\w+=|@import|url\(|(?:src|href)="(?!data:image\/)/i);
});

test('renderHtmlReport() escapes everything from outside', () => {
  const all = {
    title: HOSTILE,
    id: HOSTILE,
    asked: HOSTILE,
    expected: HOSTILE,
    got: HOSTILE,
    cause: HOSTILE,
    fix: HOSTILE,
  };
  const html = renderHtmlReport(
    report([result({ ...all, status: 'failed' })], {
      name: HOSTILE,
      stage: HOSTILE,
      url: HOSTILE,
      account: HOSTILE,
      region: HOSTILE,
      startedAt: HOSTILE,
      images: [image({ path: HOSTILE, contentType: HOSTILE, sha256: HOSTILE, base64: HOSTILE })],
    }),
  );

  expect(html).not.toContain('<script');
  expect(html).not.toContain('\u0000');
  expect(html).toContain('&quot;&gt;&lt;script&gt;');
});

test('renderHtmlReport() shows images as they were served, with a name that can be read', () => {
  const html = renderHtmlReport(report([result()], { images: [image()] }));

  expect(html).toContain(`<img src="data:image/png;base64,${PIXEL}" alt="/images/café.png">`);
  expect(html).toContain('image/png · 2.0 KiB');
});

test.each([
  { part: { contentType: 'text/html' }, says: 'not served as an image' },
  { part: { contentType: 'image/png;x="' }, says: 'not served as an image' },
  { part: { base64: undefined }, says: 'too large to be shown here' },
])('renderHtmlReport() shows no picture of $part', ({ part, says }) => {
  const { base64: _base64, ...bare } = image();
  const shown = 'base64' in part ? bare : { ...image(), ...part };

  const html = renderHtmlReport(report([result()], { images: [shown] }));

  expect(html).not.toContain('<img');
  expect(html).toContain(says);
});

test('renderHtmlReport() keeps a path that is no percent-encoding', () => {
  expect(renderHtmlReport(report([], { images: [image({ path: '/images/%zz' })] }))).toContain('alt="/images/%zz"');
});

test('renderHtmlReport() counts the images beyond those it shows', () => {
  const html = renderHtmlReport(report([result()], { images: Array.from({ length: 63 }, () => image()) }));

  expect(html.match(/<figure>/g)?.length).toBe(60);
  expect(html).toContain('and 3 more');
});

test('renderHtmlReport() names each cause once, with what it fails and the fix', () => {
  const broken = { status: 'failed', cause: 'No key.', fix: 'pixgate wire' } as const;
  const html = renderHtmlReport(
    report([1, 2, 3, 4, 5].map((nth) => result({ ...broken, id: String(nth), title: `Check ${nth}.` }))),
  );

  const wrong = html.slice(html.indexOf('What is wrong'), html.indexOf('Every check'));
  expect(wrong.match(/No key\./g)?.length).toBe(1);
  expect(wrong).toContain('Check 1.<br>Check 2.<br>Check 3.<br>and 2 more');
  expect(wrong).toContain('<code>pixgate wire</code>');
});

test('renderHtmlReport() puts failed checks first, opened', () => {
  const html = renderHtmlReport(
    report([result({ title: 'Good one.' }), result({ id: 'x', title: 'Bad one.', status: 'failed' })]),
  );

  const checks = html.slice(html.indexOf('Every check'));
  expect(checks.indexOf('Bad one.')).toBeLessThan(checks.indexOf('Good one.'));
  expect(checks).toContain('<details class="check failed" open>');
});

test('renderHtmlReport() has no chart without samples', () => {
  expect(renderHtmlReport(report([result()]))).not.toContain('<svg');
});
