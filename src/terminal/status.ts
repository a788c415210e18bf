import { ChecksFailedError } from '../errors.js';
import type { Status, StatusThing } from '../model/status.js';
import { describeDrift } from './drift-words.js';
import { type Page, padTo, type Style, widthOf, wrapText } from './page.js';
import { safeText } from './safe-text.js';
import { countOf, countShown, formatBytes, formatUsd } from './units.js';
import { describeRefused, REFUSED_REMEDIES } from './unsent.js';

/** How many differing fields of one thing are shown before the rest is only counted. */
const SHOWN = 8;

/** Hours in a month as AWS counts them. */
const HOURS_A_MONTH = 730;

const marks: Readonly<Record<StatusThing['state'] | 'differs', readonly [mark: string, style: Style]>> = {
  present: ['✓', 'good'],
  adopted: ['✓', 'good'],
  missing: ['+', 'warning'],
  differs: ['~', 'warning'],
  refused: ['✗', 'bad'],
  stray: ['?', 'warning'],
};

/** How much of a status is shown. */
export interface StatusShows {
  /** Every field that differs, however many. @default false */
  readonly verbose?: boolean;
  /** The sentence at the end. @default true */
  readonly verdict?: boolean;
}

/** Sets out how an environment stands: where, since when, at what cost, each thing, each field that differs, and the verdict. */
export function renderStatus(
  status: Status,
  page: Page,
  { verbose = false, verdict = true }: StatusShows = {},
): string[] {
  const notices = status.notices.flatMap((notice) =>
    wrapText(`  ! ${safeText(notice)}`, page.columns, 4).map((line) => page.paint('warning', line)),
  );
  const sentence = verdict ? wrapText(`  ${summarizeStatus(status)}`, page.columns, 2) : [];
  const end = sentence.map((line) => page.paint('strong', line));
  const shows = status.exists || status.things.some(({ state }) => state === 'refused');
  if (!shows) return [...renderHead(status, page), ...notices, ...end];
  const width = Math.max(...status.things.map(({ address }) => widthOf(address)));
  return [
    ...renderHead(status, page),
    '',
    ...status.things.flatMap((thing) => renderThing(thing, width, page, verbose)),
    '',
    ...notices,
    ...end,
  ];
}

/** Whether everything is as configured, every edit of the API is deployed, and every file of the folders can be served. */
export function isInOrder({ drifted, deployment, refused = [] }: Status): boolean {
  return drifted === 0 && deployment !== 'edited' && refused.length === 0;
}

/** Says in a few sentences what differs, whether edits wait for a deployment, and which files cannot be served. */
export function summarizeStatus(status: Status): string {
  const { name, stage, exists, drifted, deployment, things, refused: files = [] } = status;
  const inTheWay = things.filter(({ state }) => state === 'refused').length;
  if (!exists) {
    const others = inTheWay === 0 ? '' : ` ${countOf(inTheWay, 'thing')} of others in the way.`;
    return `Nothing of ${name}, stage ${stage}, exists yet.${others}`;
  }
  const edited =
    deployment === 'edited' ? ['The API has edits that are not deployed: the stage still serves what was before.'] : [];
  const count = (state: StatusThing['state']): number => things.filter((thing) => thing.state === state).length;
  const [missing, refused] = [count('missing'), inTheWay];
  const differing = drifted - missing - refused;
  const parts = [
    ...(missing > 0 ? [`${countOf(missing, 'thing')} missing`] : []),
    ...(differing > 0 ? [`${countOf(differing, 'thing')} not as configured`] : []),
    ...(refused > 0 ? [`${countOf(refused, 'thing')} in the way`] : []),
  ];
  const sentences = [
    ...(parts.length > 0 ? [`${parts.join(', ')}.`] : []),
    ...edited,
    ...(files.length > 0 ? [describeRefused(files)] : []),
  ];
  if (sentences.length > 0) return sentences.join(' ');
  const what = (status.unread ?? 0) > 0 ? 'All but the images, which are not compared,' : 'Everything';
  return `${what} is as configured, and every edit is deployed.`;
}

/** Complaint of `--check` about an environment that is not in order. */
export function complainOfDrift(status: Status, suggestions: readonly string[]): ChecksFailedError {
  const { drifted, deployment, things, refused = [] } = status;
  const counts = { failed: drifted + refused.length, total: things.length + refused.length };
  const unless = deployment === 'edited' ? 'NOT_DEPLOYED' : 'FILES_REFUSED';
  return new ChecksFailedError(`Cannot vouch for "${status.name}": ${summarizeStatus(status)}`, counts, {
    code: drifted === 0 ? unless : 'DRIFT',
    suggestions: [...suggestions, ...(refused.length > 0 ? REFUSED_REMEDIES : [])],
  });
}

/** The command that repairs all that differs; undefined where nothing does. */
export function repairOf(status: Status): string | undefined {
  if (!status.exists) return 'up';
  const fixes = status.things.flatMap(({ fix }) => (fix === undefined ? [] : [fix.replace(/^pixgate /, '')]));
  const [one, ...others] = new Set([...fixes, ...(status.deployment === 'edited' ? ['wire'] : [])]);
  return others.length === 0 ? one : 'up';
}

function renderHead(status: Status, page: Page): string[] {
  const { target, account, region, name, stage, createdAt, createdBy, expiresAt, usdPerHour, url } = status;
  const month = `${formatUsd(usdPerHour)} an hour, ${formatUsd(usdPerHour * HOURS_A_MONTH)} a month`;
  const cost = usdPerHour === 0 ? 'nothing by the hour' : `${month}: the cache cluster`;
  const by = createdBy === undefined ? '' : `, by ${createdBy}`;
  const rows: [string, string][] = [
    ['environment', `${name}, stage ${stage}`],
    ['where', `${target === 'local' ? 'local cloud' : 'AWS'}, ${region}, account ${account}`],
    ...(createdAt === undefined ? [] : ([['since', `${minute(createdAt)}${by}`]] as [string, string][])),
    ...(status.exists
      ? ([
          ['costs', target === 'local' && usdPerHour > 0 ? `on AWS ${cost}` : cost],
          ['expires', expiresAt === undefined ? 'never' : minute(expiresAt)],
        ] as [string, string][])
      : []),
    ...(url === undefined ? [] : ([['serves', url]] as [string, string][])),
  ];
  return rows.flatMap(([title, text]) =>
    wrapText(`  ${padTo(title, 11)}  ${safeText(text)}`, page.columns, 15).map((line, n) =>
      n === 0 ? line.replace(title, page.paint('faint', title)) : line,
    ),
  );
}

/** '2026-11-23 06:50 UTC'; what is no instant comes back as it is. */
function minute(instant: string): string {
  const ms = Date.parse(instant);
  return Number.isNaN(ms) ? instant : `${new Date(ms).toISOString().replace('T', ' ').slice(0, 16)} UTC`;
}

function renderThing(thing: StatusThing, width: number, page: Page, verbose: boolean): string[] {
  const differs = thing.drift.length > 0 && thing.state !== 'missing';
  const [mark, style] = marks[differs ? 'differs' : thing.state];
  const head = `  ${mark}  ${padTo(thing.address, width)}  ${safeText(describeThing(thing))}`;
  const kind = thing.address.split('/')[0] ?? '';
  const limit = verbose ? thing.drift.length : countShown(thing.drift.length, SHOWN);
  const hidden = thing.drift.length - limit;
  return [
    ...wrapText(head, page.columns, 7 + width).map((line) =>
      line.replace(`  ${mark}  `, `  ${page.paint(style, mark)}  `),
    ),
    ...thing.drift
      .slice(0, limit)
      .flatMap((change) => wrapText(`       ${describeDrift(kind, change)}`, page.columns, 9)),
    ...(hidden > 0 ? [page.paint('faint', `       and ${hidden} more (--verbose shows them)`)] : []),
  ];
}

function describeThing({ state, label, detail, id, images, bytes = 0, address }: StatusThing): string {
  const kind = address.split('/')[0] ?? '';
  if (state === 'refused') return detail ?? label;
  if (state === 'missing') return `missing: ${kind === 'objects' && detail !== undefined ? detail : label}`;
  if (state === 'stray') return label;
  switch (kind) {
    case 'bucket':
      return state === 'adopted' ? `${label}, not ours and only used` : label;
    case 'objects':
      return [
        `${countOf(images ?? 0, 'image')}, ${formatBytes(bytes)}`,
        ...(detail === undefined ? [] : [detail]),
      ].join(', ');
    case 'logging':
      return detail ?? label;
    case 'api':
      return id === undefined ? label : `${label}, ${id}`;
    default:
      return detail === undefined ? label : `${label}, ${detail}`;
  }
}
