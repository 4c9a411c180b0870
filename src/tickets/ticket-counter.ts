/** Numbers of tickets: 1001 and up. A number is taken in the change that opens its ticket, so none is left out. */
import type { Change, Records, RecordType } from '../records/records.ts';

interface Counter {
  readonly last: number;
}

export const ticketCounter: RecordType<Counter> = { name: 'ticket-counter', indexes: {} };

const id = 'tickets';
const first = 1001;

/** The next number; the change holds only if nobody else took it. */
export async function takeNumber(records: Records, change: Change): Promise<number> {
  const seen = await records.get(ticketCounter, id);
  if (!seen) {
    change.create(ticketCounter, id, { last: first });
    return first;
  }
  const last = seen.value.last + 1;
  change.update(ticketCounter, seen, { last });
  return last;
}
