import type { Json } from '../model/json.js';
import type { Change } from '../model/plan.js';
import { cutTo } from './page.js';
import { safeText } from './safe-text.js';

/** Says one change in one line of at most `columns`: `cache.sizeGb 0.5 → 1.6`, `+ cors.origin *`, `- throttle`. */
export function describeChange(change: Change, columns: number): string {
  const { path, from, to } = change;
  const text =
    from === undefined
      ? `+ ${path} ${valueText(to)}`
      : to === undefined
        ? `- ${path} ${valueText(from)}`
        : `${path} ${valueText(from)} → ${valueText(to)}`;
  return cutTo(safeText(text.trimEnd()), Math.max(columns, 12));
}

function valueText(value: Json | undefined): string {
  if (value === undefined) return '';
  return cutTo(typeof value === 'string' && value !== '' ? value : JSON.stringify(value), 60);
}
