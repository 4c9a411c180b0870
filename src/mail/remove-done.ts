/** Removes rows of mail that is done, some time afterwards: they hold addresses. */
import { Change, type Records } from '../records/records.ts';
import { outbox } from './outbox.ts';
import { keepDone } from './retry-times.ts';

/** Resolves with how many it removed. */
export async function removeDone(records: Records, now: Date): Promise<number> {
  const before = now.getTime() - keepDone;
  let removed = 0;
  for await (const row of records.all(outbox)) {
    const { doneAt } = row.value;
    if (doneAt && Date.parse(doneAt) < before && (await records.commit(new Change().delete(outbox, row)))) removed += 1;
  }
  return removed;
}
