import type { LoggedRequest } from '../model/result.js';
import { cutTo, type Page, padTo, type Style, widthOf, wrapText } from './page.js';
import { safeText } from './safe-text.js';
import { formatBytes, formatDuration } from './units.js';

/** Widths that most cells keep to, so that the lines of a stream stand below each other. */
const WIDTHS = { verb: 7, resource: 18, ms: 7, bytes: 8, ip: 15 } as const;

/** Columns that a line of ordinary cells takes; narrower pages get the cells without filling. */
const WIDE = 92;

/** A piece of a line: what it says, and how that is meant. */
interface Cell {
  readonly text: string;
  readonly style?: Style;
}

/** Sets out one request: a line, and below it, indented, what the execution log says of its failure. */
export function renderRequest(request: LoggedRequest, page: Page): string[] {
  const cells = cellsOf(request, page.columns >= WIDE).filter(({ text }) => text.trim() !== '');
  return [
    ...flow(cells, page),
    ...request.execution.flatMap((line) =>
      wrapText(`      ${safeText(line)}`, page.columns, 8).map((part) => page.paint('faint', part)),
    ),
  ];
}

function cellsOf(request: LoggedRequest, wide: boolean): Cell[] {
  const {
    at,
    status,
    method = '-',
    resource = '-',
    ms,
    bytes,
    ip = '-',
    cached,
    error,
    text,
    requestId = '',
  } = request;
  const time: Cell = { text: wide ? at.replace('T', ' ').replace(/\.\d+Z$/, 'Z') : at.slice(11, 19), style: 'faint' };
  if (text !== undefined) return [time, { text: safeText(text) }];
  if (status === undefined) return [time, { text: `request ${safeText(requestId)}` }];
  const fill = (value: string, width: number): string => (wide ? padTo(safeText(value), width) : safeText(value));
  return [
    time,
    { text: String(status), style: styleOf(status) },
    { text: fill(method, WIDTHS.verb) },
    { text: fill(resource, WIDTHS.resource) },
    { text: fill(ms === undefined ? '-' : formatDuration(ms), WIDTHS.ms) },
    { text: fill(bytes === undefined ? '-' : formatBytes(bytes), WIDTHS.bytes) },
    { text: fill(ip, WIDTHS.ip) },
    ...(cached === true ? [{ text: 'hit', style: 'good' } as const] : []),
    ...(error === undefined ? [] : [{ text: safeText(error), style: 'bad' } as const]),
  ];
}

function styleOf(status: number): Style {
  if (status >= 500) return 'bad';
  return status >= 400 ? 'warning' : 'good';
}

/** Puts cells two columns apart, and those that do not fit on further, indented lines; one that never fits is cut. */
function flow(cells: readonly Cell[], page: Page): string[] {
  const lines: { text: string; width: number }[] = [];
  for (const { text, style } of cells) {
    const last = lines.at(-1);
    const fits = last !== undefined && last.width + 2 + widthOf(text) <= page.columns;
    const begin = last === undefined ? '' : fits ? '  ' : '    ';
    const plain = cutTo(text, Math.max(page.columns - begin.length, 1));
    const piece = begin + (style === undefined ? plain : page.paint(style, plain));
    if (fits && last !== undefined) {
      last.text += piece;
      last.width += widthOf(piece);
    } else {
      lines.push({ text: piece, width: widthOf(piece) });
    }
  }
  return lines.map(({ text }) => text.trimEnd());
}
