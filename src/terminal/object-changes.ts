import type { Change, Step } from '../model/plan.js';
import { describeChange } from './describe-change.js';
import { cutTo, type Page, wrapText } from './page.js';
import { safeText } from './safe-text.js';
import { countOf, countShown, formatBytes } from './units.js';

/** How many images are named before the rest is only counted. */
const NAMED = 5;

const INDENT = '       ';

/** Sets out what is to be done to images: how many are sent, get new headers and go, then the keys, of which `verbose` shows all. `bytes` is what is to be sent. */
export function renderObjectChanges({ changes }: Step, page: Page, verbose: boolean, bytes?: number): string[] {
  const total = describeTotal(changes, bytes);
  const shown = verbose ? changes : changes.slice(0, countShown(changes.length, NAMED));
  const hidden = changes.length - shown.length;
  return [
    ...(total === '' ? [] : wrapText(INDENT + total, page.columns, INDENT.length)),
    ...shown.map((change) => INDENT + describeObjectChange(change, page.columns - INDENT.length, verbose)),
    ...(hidden > 0 ? [page.paint('faint', `${INDENT}and ${hidden} more (--verbose shows them)`)] : []),
  ];
}

function describeTotal(changes: readonly Change[], bytes: number | undefined): string {
  let [put, headers, gone] = [0, 0, 0];
  for (const { path } of changes) {
    if (path.startsWith('put ')) put += 1;
    else if (path.startsWith('headers ')) headers += 1;
    else if (/^(remove|former) /.test(path)) gone += 1;
  }
  const size = bytes === undefined ? '' : `, ${formatBytes(bytes)}`;
  return [
    ...(put > 0 ? [`${countOf(put, 'image')}${size} to send`] : []),
    ...(headers > 0 ? [`${headers} with new headers`] : []),
    ...(gone > 0 ? [`${gone} to remove`] : []),
  ].join('; ');
}

/** Says one change of an image without its digests, which tell a person nothing: `+ new.png`, `~ changed.png`, `- gone.png`. */
function describeObjectChange(change: Change, columns: number, verbose: boolean): string {
  const [, kind, key = ''] = /^(put|headers|remove|former) (.*)$/s.exec(change.path) ?? [];
  if (kind === undefined || (kind === 'headers' && verbose)) return describeChange(change, columns);
  const mark = kind === 'headers' ? '~' : kind !== 'put' ? '-' : change.from === undefined ? '+' : '~';
  const text = `${mark} ${safeText(key)}${kind === 'headers' ? '  headers' : ''}`;
  return cutTo(text, Math.max(columns, 12));
}
