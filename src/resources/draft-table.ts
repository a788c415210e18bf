import { ImageTable, type TableRow } from './image-table.js';

/** Gathers the rows of a folder, in order. */
export interface TableDraft {
  /** Adds one; its key lies behind all others. */
  add(row: TableRow): void;
  /** All of them: the former table itself, when they are what it holds. */
  finish(): ImageTable;
}

/** Begins a table. Until a row differs from that of a former table, nothing is held. */
export function draftTable(root: string, former: ImageTable = new ImageTable(root)): TableDraft {
  const pattern = former.isOf(root) ? former : new ImageTable(root);
  let same = 0;
  let table: ImageTable | undefined;
  return {
    add(row) {
      if (table === undefined && pattern.holds(same, row)) {
        same += 1;
        return;
      }
      if (table === undefined) table = pattern.first(same);
      table.append(row);
    },
    finish: () => table ?? (same === pattern.rows ? pattern : pattern.first(same)),
  };
}
