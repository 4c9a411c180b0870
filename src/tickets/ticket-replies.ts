/** What staff replied, for the mail that carries it: read when it is sent, so that nothing of it stays in the outbox. */
import type { TicketReply } from '../mail/links.ts';
import type { Records } from '../records/records.ts';
import { ticketEvents } from './ticket.ts';

/** @param events - ids of replies, in order. Undefined where none of them is there any more */
export async function ticketReplies(
  records: Records,
  events: readonly string[],
): Promise<readonly TicketReply[] | undefined> {
  const replies: TicketReply[] = [];
  for (const id of events) {
    const { by, text } = (await records.get(ticketEvents, id))?.value ?? {};
    if (text && typeof by === 'object' && 'staff' in by) replies.push({ from: by.staff.name, text });
  }
  return replies.length > 0 ? replies : undefined;
}
