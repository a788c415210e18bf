import type { Json } from '../model/json.js';
import type { Change } from '../model/plan.js';
import { cutTo } from './page.js';
import { safeText } from './safe-text.js';

/**
 * Says one change in one line of at most `columns`: `cache.sizeGb 0.5 → 1.6`, `+ cors.origin *`, `- throttle`. Values that only
 * a machine reads, such as policies, are shown with `verbose` only: without, `policy changes`.
 */
export function describeChange(change: Change, columns: number, verbose = true): string {
  const { path, from, to } = change;
  const isShown = verbose || !(isForMachines(from) || isForMachines(to));
  const value = (is: Json | undefined): string => (isShown ? ` ${valueText(is)}` : '');
  const text =
    from === undefined
      ? `+ ${path}${value(to)}`
      : to === undefined
        ? `- ${path}${value(from)}`
        : isShown
          ? `${path}${value(from)} →${value(to)}`
          : `${path} changes`;
  return cutTo(safeText(text.trimEnd()), Math.max(columns, 12));
}

/** Whether a value is a structure, as a whole or as text, or a digest of one. */
function isForMachines(value: Json | undefined): boolean {
  if (typeof value === 'string') return /^[{[]|^pixgate [0-9a-f]{16}$/.test(value);
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueText(value: Json | undefined): string {
  if (value === undefined) return '';
  return cutTo(typeof value === 'string' && value !== '' ? value : JSON.stringify(value), 60);
}
