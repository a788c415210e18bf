import type { CheckGroup, CheckResult, CheckStatus, Report, ServedImage } from '../model/check.js';
import { escapeMarkup as text } from './escape-markup.js';
import { REPORT_STYLE } from './html-style.js';
import { median, milliseconds, renderLatencyChart } from './latency-chart.js';

/** Images beyond this many are counted, not shown. */
const MOST_IMAGES = 60;

const GROUPS: readonly { readonly group: CheckGroup; readonly name: string; readonly about: string }[] = [
  { group: 'bytes', name: 'Bytes', about: 'the same image, whichever way it is asked for' },
  { group: 'replies', name: 'Replies', about: 'every answer the API promises' },
  { group: 'auth', name: 'Access', about: 'who gets in' },
  { group: 'cache', name: 'Stage cache', about: 'it answers, and mixes nothing up' },
  { group: 'hardening', name: 'Hardening', about: 'settings read back from AWS' },
  { group: 'logs', name: 'Logs', about: 'what happened can be read afterwards' },
];

/** Worst first. */
const ORDER: readonly CheckStatus[] = ['failed', 'inconclusive', 'skipped', 'passed'];

/** A report as one self-contained page: no script, nothing loaded from anywhere, everything from outside escaped. */
export function renderHtmlReport(report: Report): string {
  const where = `${report.name} · ${report.stage}`;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${text(`${verdict(report).title} · ${where}`)}</title>`,
    `<style>${REPORT_STYLE}</style></head><body><main>`,
    header(report, where),
    tiles(report),
    failures(report),
    gallery(report.images),
    latency(report),
    `<h2>Every check</h2>${GROUPS.map((group) => groupCard(group, report.results)).join('')}`,
    metadata(report),
    '</main></body></html>',
    '',
  ].join('\n');
}

function verdict({ failed, inconclusive, passed, results }: Report): { title: string; kind: string } {
  if (failed > 0) return { title: `${failed} of ${count(results.length, 'check')} failed`, kind: 'failed' };
  if (inconclusive > 0) return { title: `Nothing failed, ${inconclusive} left open`, kind: 'inconclusive' };
  if (passed === 0) return { title: 'Nothing was checked', kind: 'inconclusive' };
  return { title: `All ${count(passed, 'check')} passed`, kind: 'passed' };
}

function header(report: Report, where: string): string {
  const { title, kind } = verdict(report);
  return `<header class="verdict ${kind}"><p class="kicker">${text(where)}</p><h1>${text(title)}</h1><p class="mono">${text(report.url)}</p></header>`;
}

function tiles({ passed, failed, inconclusive, skipped, images, tookMs, samples }: Report): string {
  const cold = samples.filter(({ cached }) => !cached).map(({ ms }) => ms);
  const warm = samples.filter(({ cached }) => cached).map(({ ms }) => ms);
  const verdicts = Object.entries({ passed, failed, inconclusive, skipped });
  return [
    '<section class="tiles" aria-label="Checks">',
    ...verdicts.map(([name, number]) => tile(String(number), name, number > 0 ? name : '')),
    '</section><section class="tiles" aria-label="Figures">',
    tile(String(images.length), images.length === 1 ? 'image served' : 'images served'),
    cold.length > 0 ? tile(milliseconds(median(cold)), 'median from S3') : '',
    warm.length > 0 ? tile(milliseconds(median(warm)), 'median from the cache') : '',
    tile(milliseconds(tookMs), 'for the whole run'),
    '</section>',
  ].join('');
}

function tile(value: string, name: string, kind = ''): string {
  return `<div class="tile ${kind}"><b>${text(value)}</b><span>${text(name)}</span></div>`;
}

/** What failed, by cause: one mistake fails many checks, and the reader wants to see the mistake. */
function failures({ results }: Report): string {
  const causes = new Map<string, CheckResult[]>();
  for (const result of results) {
    if (result.status !== 'failed') continue;
    const cause = result.cause ?? 'No cause is known.';
    causes.set(cause, [...(causes.get(cause) ?? []), result]);
  }
  if (causes.size === 0) return '';
  const cards = [...causes].map(([cause, found]) => {
    const fixes = [...new Set(found.flatMap(({ fix }) => (fix === undefined ? [] : [fix])))];
    const fix = fixes.map((fix) => `<dt>fix</dt><dd class="fix"><code>${text(fix)}</code></dd>`).join('');
    const first = found
      .slice(0, 3)
      .map(({ title }) => text(title))
      .join('<br>');
    const more = found.length > 3 ? `<br>and ${found.length - 3} more` : '';
    return `<div class="card"><dl class="meta"><dt>cause</dt><dd class="cause">${text(cause)}</dd>${fix}<dt>fails</dt><dd>${first}${more}</dd></dl></div>`;
  });
  return `<h2>What is wrong</h2>${cards.join('')}`;
}

function gallery(images: readonly ServedImage[]): string {
  if (images.length === 0) return '';
  const more = images.length > MOST_IMAGES ? `<p class="note">and ${images.length - MOST_IMAGES} more</p>` : '';
  return `<h2>The images, as the gateway served them</h2><div class="images">${images.slice(0, MOST_IMAGES).map(figure).join('')}</div>${more}`;
}

function figure({ path, contentType, sizeBytes, sha256, base64 }: ServedImage): string {
  const name = readable(path);
  // Only a media type of the plainest form may stand in a URL of ours.
  const shown = base64 !== undefined && /^image\/[\w.+-]+$/.test(contentType);
  const picture = shown
    ? `<img src="data:${contentType};base64,${text(base64)}" alt="${text(name)}">`
    : base64 === undefined
      ? 'too large to be shown here'
      : 'not served as an image';
  return `<figure><div class="frame">${picture}</div><figcaption><strong>${text(name).replaceAll('/', '/<wbr>')}</strong><span title="SHA-256 ${text(sha256)}">${text(contentType || 'no Content-Type')} · ${size(sizeBytes)}</span></figcaption></figure>`;
}

function latency({ samples }: Report): string {
  const chart = renderLatencyChart(samples);
  if (chart === '') return '';
  const note = samples.some(({ cached }) => cached)
    ? 'One dot a request. Hits and misses are told apart by the access log where there is one.'
    : 'One dot a request. No answer is known to have come from a stage cache.';
  return `<h2>Latency</h2><div class="card">${chart}<p class="note">${note}</p></div>`;
}

function groupCard({ group, name, about }: (typeof GROUPS)[number], results: readonly CheckResult[]): string {
  const own = results.filter((result) => result.group === group);
  if (own.length === 0) return '';
  const sorted = own.toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  const counts = ORDER.toReversed()
    .map((status) => [own.filter((result) => result.status === status).length, status] as const)
    .filter(([number]) => number > 0)
    .map(([number, status]) => `${number} ${status}`);
  const open = own.some(({ status }) => status === 'failed') || own.length <= 6 ? ' open' : '';
  return `<details class="card group"${open}><summary>${name}<span class="about">${about}</span><span class="count">${counts.join(', ')}</span></summary>${sorted.map(checkRow).join('')}</details>`;
}

function checkRow(result: CheckResult): string {
  const { status, title, asked, expected, got, cause, fix, id, tookMs } = result;
  const rows = [
    ['asked', asked, 'mono'],
    ['expected', expected, ''],
    ['got', got, ''],
    ['cause', cause, 'cause'],
    ['fix', fix, 'fix'],
    ['id', id, 'mono'],
  ] as const;
  const list = rows
    .flatMap(([name, value, style]) => {
      if (value === undefined) return [];
      const shown = style === 'fix' ? `<code>${text(value)}</code>` : text(value);
      return [`<dt>${name}</dt><dd class="${style}">${shown}</dd>`];
    })
    .join('');
  const open = status === 'failed' ? ' open' : '';
  return `<details class="check ${status}"${open}><summary><span class="badge ${status}">${status}</span><span class="title">${text(title)}</span><span class="ms">${milliseconds(tookMs)}</span></summary><dl>${list}</dl></details>`;
}

function metadata({ target, account, region, name, stage, url, startedAt, tookMs }: Report): string {
  const rows = Object.entries({
    environment: `${name}, stage ${stage}`,
    target: target === 'aws' ? 'AWS' : 'the local cloud',
    account,
    region,
    url,
    started: startedAt,
    took: milliseconds(tookMs),
  });
  return `<h2>About this run</h2><div class="card"><dl class="meta">${rows.map(([name, value]) => `<dt>${name}</dt><dd>${text(value)}</dd>`).join('')}</dl></div>`;
}

/** A served path without its percent-encoding, where it can be undone. */
function readable(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1_048_576 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1_048_576).toFixed(2)} MiB`;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
