/**
 * Mails about a ticket to who asked, queued with what they tell of. Only to the address that was proven or typed in the
 * conversation, and a few a day for each: whoever types somebody else's must not be able to fill their mailbox, nor to
 * keep from them what they are to get themselves.
 */
import { type MailData, queueMail, type Template } from '../mail/outbox.ts';
import { Change, type Records, type RecordType } from '../records/records.ts';
import { type Ticket, ticketId, tickets } from './ticket.ts';

interface MailCount {
  /** Of UTC, ISO 8601. */
  readonly day: string;
  readonly count: number;
}

/** By a key made of the address, not by the address: who wrote from where is nobody's business later. */
export const ticketMailCounts: RecordType<MailCount> = { name: 'ticket-mail-counts', indexes: {} };

const mostPerDay = 20;

export interface TicketMailParts {
  readonly records: Records;
  readonly now: () => Date;
  /** Nobody can guess it. */
  readonly newId: () => string;
  /** Keyed hash of an address. */
  readonly addressKey: (address: string) => string;
}

type ToUser = Extract<Template, 'ticketOpened' | 'ticketReply' | 'ticketResolved'>;

/**
 * Adds a mail to the change, with its place in the count of the day.
 * @returns id of its row; undefined where there is no address, or it had its mails for today
 */
export async function queueTicketMail<Name extends ToUser>(
  change: Change,
  { requester, number }: Pick<Ticket, 'requester' | 'number'>,
  mail: { readonly template: Name; readonly data: MailData[Name] },
  { records, now, newId, addressKey }: TicketMailParts,
): Promise<string | undefined> {
  const { address, proof } = requester;
  if (!address) return undefined;
  const at = now().toISOString();
  const day = at.slice(0, 10);
  const key = addressKey(proof === 'none' ? `typed ${address}` : address);
  const seen = await records.get(ticketMailCounts, key);
  const count = seen?.value.day === day ? seen.value.count : 0;
  if (count >= mostPerDay) return undefined;
  const counted = { day, count: count + 1 };
  if (seen) change.update(ticketMailCounts, seen, counted);
  else change.create(ticketMailCounts, key, counted);
  const id = newId();
  // Staff can reach the user in another way, or see that they cannot.
  queueMail<Name>(change, id, { ...mail, to: address, at, tell: 'staff', about: aboutTicket(number) });
  return id;
}

/** Takes counts out of former days. */
export async function clearTicketMailCounts(records: Records, now: Date): Promise<void> {
  const today = now.toISOString().slice(0, 10);
  for await (const seen of records.all(ticketMailCounts)) {
    if (seen.value.day < today) await records.commit(new Change().delete(ticketMailCounts, seen));
  }
}

/** What the outbox says a mail is about. */
export function aboutTicket(number: number): string {
  return `${tickets.name} ${ticketId(number)}`;
}
