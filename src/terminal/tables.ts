import { cutTo, type Page, padTo, widthOf } from './page.js';

/**
 * Sets rows below a faint heading in columns two spaces apart.
 * On a page too narrow for that, each row becomes a block of `heading: cell` lines.
 */
export function renderTable(headings: readonly string[], rows: readonly (readonly string[])[], page: Page): string[] {
  const widths = headings.map((heading, column) =>
    Math.max(widthOf(heading), ...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const total = widths.reduce((sum, width) => sum + width + 2, 0);
  if (total > page.columns) return renderBlocks(headings, rows, page);
  const lineOf = (cells: readonly string[]) =>
    cells
      .map((cell, column) => `  ${padTo(cell, widths[column] ?? 0)}`)
      .join('')
      .trimEnd();
  return [page.paint('faint', lineOf(headings)), ...rows.map(lineOf)];
}

function renderBlocks(headings: readonly string[], rows: readonly (readonly string[])[], page: Page): string[] {
  return rows.flatMap((row, index) => [
    ...(index > 0 ? [''] : []),
    ...headings.map((heading, column) => cutTo(`  ${heading}: ${row[column] ?? ''}`, Math.max(page.columns, 40))),
  ]);
}
