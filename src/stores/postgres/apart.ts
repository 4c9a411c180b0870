/** Parts what goes to the database in one statement. */

/**
 * Parts items, in their order, so that no two of one part write the same row: a statement can write each once. Nearly
 * always there is one part.
 * @param rowsOf - names of the rows that an item writes
 */
function apart<Item>(items: readonly Item[], rowsOf: (item: Item) => Iterable<string>): readonly (readonly Item[])[] {
  const parts: { readonly items: Item[]; readonly rows: Set<string> }[] = [];
  for (const item of items) {
    const rows = [...rowsOf(item)];
    // Not before an earlier one that it meets.
    const last = parts.findLastIndex((part) => rows.some((row) => part.rows.has(row)));
    const part = parts[last + 1] ?? { items: [], rows: new Set() };
    if (part.items.length === 0) parts.push(part);
    part.items.push(item);
    for (const row of rows) part.rows.add(row);
  }
  return parts.map((part) => part.items);
}

/**
 * Does work for items that go to the database together, part by part as `apart` makes them.
 * @param work - resolves with a result for each item of a part, in their order
 * @returns a result for each item, in their order
 */
export async function inParts<Item extends object, Result>(
  items: readonly Item[],
  rowsOf: (item: Item) => Iterable<string>,
  work: (part: readonly Item[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  const done = new Map<Item, Result>();
  for (const part of apart(items, rowsOf)) {
    const results = await work(part);
    for (const [index, item] of part.entries()) done.set(item, results[index] as Result);
  }
  return items.map((item) => done.get(item) as Result);
}
