/**
 * Cells that a spreadsheet would run. `=1+1` in a name is a formula to it, also in quotes, so such a cell is exported
 * with an apostrophe in front, and imported without it. A cell that has apostrophes before such a character already
 * gets one more, so import(export) is what it was.
 */

/** What spreadsheets take for a formula's beginning, the wide forms of Asian keyboards among it. */
const runs = /^'*[=+\-@\t\r\n＝＋－＠]/;

export function guarded(cell: string): string {
  return runs.test(cell) ? `'${cell}` : cell;
}

export function unguarded(cell: string): string {
  return cell.startsWith("'") && runs.test(cell) ? cell.slice(1) : cell;
}
