/** Ends tickets that were closed longer ago than RETENTION_DAYS, with everything that belongs to them. */
import { Pace } from '../pace.ts';
import { Change, type Records, type Stored } from '../records/records.ts';
import { isActive, relays, type Ticket, ticketEvents, tickets } from './ticket.ts';
import { clearTicketKeys } from './ticket-keys.ts';
import { clearTicketMailCounts } from './ticket-mails.ts';

/** Resolves with how many it removed. */
export async function clearTickets(records: Records, before: Date, now: Date): Promise<number> {
  const pace = new Pace();
  let removed = 0;
  for await (const ticket of records.all(tickets)) {
    const { value } = ticket;
    if (!isActive(value) && Date.parse(value.changedAt) < before.getTime() && (await remove(records, ticket)))
      removed += 1;
    if (pace.isDue) await pace.rest();
  }
  await clearTicketKeys(records, now);
  await clearTicketMailCounts(records, now);
  return removed;
}

/** False where somebody has just reopened it or written on it. */
async function remove(records: Records, ticket: Stored<Ticket>): Promise<boolean> {
  const number = String(ticket.value.number);
  const change = new Change().delete(tickets, ticket);
  for (const event of await records.find(ticketEvents, 'ticket', number)) change.delete(ticketEvents, event);
  for (const relay of await records.find(relays, 'ticket', number)) change.delete(relays, relay);
  return records.commit(change);
}
