import { stripVTControlCharacters, styleText } from 'node:util';

/** How a piece of text is meant. */
export type Style = 'good' | 'bad' | 'warning' | 'strong' | 'faint' | 'link';

const formats = {
  good: 'green',
  bad: 'red',
  warning: 'yellow',
  strong: 'bold',
  faint: 'dim',
  link: 'cyan',
} as const;

/** A stream that lines are written to, with what it can show. */
export interface Page {
  /** Width in columns; Infinity where nothing has to fit, such as a pipe. */
  readonly columns: number;
  /** Colours a text, or gives it back where colour is unwanted. */
  paint(style: Style, text: string): string;
  /** Writes one line. */
  line(text?: string): void;
}

/** What a page is made of. */
export interface PageOptions {
  /** Where lines go; a line feed is added to each. */
  readonly write: (text: string) => void;
  /** Columns. @default Infinity */
  readonly columns?: number;
  /** Whether texts are coloured. @default false */
  readonly color?: boolean;
}

/** Makes a page. */
export function createPage(options: PageOptions): Page {
  return {
    columns: options.columns ?? Number.POSITIVE_INFINITY,
    paint: (style, text) => (options.color ? styleText(formats[style], text, { validateStream: false }) : text),
    line: (text = '') => options.write(`${text}\n`),
  };
}

// Emoji and the East Asian scripts take two columns.
const wide =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
const narrowless = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** Counts the columns that a text takes on a terminal; colours take none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) {
    width += narrowless.test(character) ? 0 : wide.test(character) ? 2 : 1;
  }
  return width;
}

/** Fills a text with spaces up to a width; longer ones stay as they are. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Cuts a text to at most `width` columns, the last being `…` when something was cut; the text must not be coloured. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let cut = '';
  for (const character of text) {
    if (widthOf(cut + character) >= width) break;
    cut += character;
  }
  return `${cut}…`;
}

/**
 * Breaks a text at spaces into lines of at most `columns`, each after the first begun with `hang` spaces.
 * A word that is too long, such as a URL, is never broken: it could not be copied.
 */
export function wrapText(text: string, columns: number, hang = 0): string[] {
  const words = text.trimStart().split(' ');
  const begin = ' '.repeat(Math.min(hang, Math.floor(columns / 3)));
  const lines: string[] = [];
  let line = text.slice(0, text.length - text.trimStart().length) + (words.shift() ?? '');
  for (const word of words) {
    if (widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(line.trimEnd());
      line = begin + word;
    } else {
      line = `${line} ${word}`;
    }
  }
  return [...lines, line];
}
