import { createPage, type Page } from '../../src/terminal/page.js';

/** A page without colour that only composes. */
export function blankPage(columns = Number.POSITIVE_INFINITY): Page {
  return createPage({ write: () => {}, columns });
}

/** A page without colour that remembers its lines. */
export function openPage(columns = Number.POSITIVE_INFINITY): { page: Page; lines: string[] } {
  const lines: string[] = [];
  return { page: createPage({ write: (text) => lines.push(text.replace(/\n$/, '')), columns }), lines };
}
