/**
 * Figures that are counted in the store when they are asked for: indexes' sizes and the oldest rows that wait, never a
 * whole collection. Whoever asks within a quarter of a minute gets the same, so that no scraper is a load.
 */
import { inTime } from '../in-time.ts';
import { type OutboxMail, outbox } from '../mail/outbox.ts';
import type { AnyRecordType, Records } from '../records/records.ts';
import { relays, type TicketState, tickets } from '../tickets/ticket.ts';

export interface Waiting {
  readonly count: number;
  /** ISO 8601, UTC: since when the oldest waits. */
  readonly since?: string;
}

export interface KeptFigures {
  readonly mails: Readonly<Record<OutboxMail['state'], number>>;
  readonly retrying: number;
  readonly mailSince?: string;
  readonly relays: Waiting;
  readonly tickets: Readonly<Record<TicketState, number>>;
  readonly unread: number;
}

/** ms */
const lasts = 15_000;
/** ms that a scrape waits for the store: less than the 10 s that Prometheus waits for a scrape. */
const longestWait = 3000;
/** Rows that wait which are read to see since when; ids begin with the time, so the oldest come first. */
const mostRead = 200;

const mailStates = ['waiting', 'sent', 'failed', 'dropped'] as const;
const ticketStates = ['open', 'assigned', 'waiting', 'resolved', 'reopened', 'withdrawn'] as const;

/** Resolves with undefined where the store does not answer in time or at all. */
export function keptFigures(records: Records): () => Promise<KeptFigures | undefined> {
  let counted: Promise<KeptFigures | undefined> | undefined;
  return () => {
    if (!counted) {
      const counting = count(records).catch(() => undefined);
      counted = counting;
      const forget = () => {
        if (counted === counting) counted = undefined;
      };
      // A failure is not kept: the store may be back by the next look.
      void counting.then((figures) => (figures ? setTimeout(forget, lasts).unref() : forget()));
    }
    // It goes on behind that, and is there for the next who asks.
    return inTime(counted, longestWait, () => undefined);
  };
}

async function count(records: Records): Promise<KeptFigures> {
  const sizes = async <State extends string>(type: AnyRecordType, states: readonly State[]) => {
    const entries = states.map(async (state) => [state, await records.count(type, 'state', state)] as const);
    return Object.fromEntries(await Promise.all(entries)) as Record<State, number>;
  };
  const [mails, waitingMails, waitingRelays, relaysWaiting, byState, unread] = await Promise.all([
    sizes(outbox, mailStates),
    records.page(outbox, 'state', 'waiting', mostRead),
    records.count(relays, 'state', 'waiting'),
    records.page(relays, 'state', 'waiting', mostRead),
    sizes(tickets, ticketStates),
    records.count(tickets, 'list', 'unread all'),
  ]);
  return {
    mails,
    retrying: waitingMails.filter(({ value }) => value.answer !== undefined).length,
    mailSince: first(waitingMails.map(({ value }) => value.at)),
    relays: { count: waitingRelays, since: first(relaysWaiting.map(({ value }) => value.at)) },
    tickets: byState,
    unread,
  };
}

function first(times: readonly string[]): string | undefined {
  return times.reduce<string | undefined>(
    (least, time) => (least === undefined || time < least ? time : least),
    undefined,
  );
}
