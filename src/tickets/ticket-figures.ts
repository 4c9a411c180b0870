/** Figures of tickets: what the report counts, and how soon people answered lately. */
import { Pace } from '../pace.ts';
import type { Records } from '../records/records.ts';
import { type Ticket, type TicketState, tickets } from './ticket.ts';

/** One ticket, as the report counts it; names nobody. */
export interface TicketFigures {
  readonly number: number;
  /** ISO 8601, UTC, all of them. */
  readonly openedAt: string;
  readonly firstResponseAt?: string;
  readonly resolvedAt?: string;
  readonly reopened: number;
  readonly state: TicketState;
  readonly topic?: string;
  /** `channel/conversation id`: what was answered there was not enough. */
  readonly conversation: string;
}

/** Every ticket, newest first. */
export async function* ticketFigures(records: Records): AsyncIterable<TicketFigures> {
  for await (const ticket of newestFirst(records)) {
    const { number, openedAt, firstResponseAt, resolvedAt, reopened, state, topic, conversation } = ticket;
    yield {
      number,
      openedAt,
      ...(firstResponseAt && { firstResponseAt }),
      ...(resolvedAt && { resolvedAt }),
      reopened,
      state,
      ...(topic && { topic }),
      conversation,
    };
  }
}

const lately = 30 * 24 * 3600_000;

/** Median ms from asking to the first reply, of tickets opened in the last 30 days; undefined where none has a reply. */
export async function medianFirstResponse(records: Records, now: Date): Promise<number | undefined> {
  const since = new Date(now.getTime() - lately).toISOString();
  const times: number[] = [];
  for await (const { openedAt, firstResponseAt } of newestFirst(records)) {
    if (openedAt < since) break;
    if (firstResponseAt) times.push(Date.parse(firstResponseAt) - Date.parse(openedAt));
  }
  times.sort((a, b) => a - b);
  const middle = times.length / 2;
  const [lower, upper] = [times[Math.ceil(middle) - 1], times[Math.floor(middle)]];
  return lower === undefined || upper === undefined ? undefined : (lower + upper) / 2;
}

const pageSize = 500;

async function* newestFirst(records: Records): AsyncIterable<Ticket> {
  const pace = new Pace();
  for (let after: string | undefined; ; ) {
    const page = await records.page(tickets, 'list', 'all', pageSize, after, 'down');
    for (const { value } of page) yield value;
    after = page.at(-1)?.id;
    if (page.length < pageSize) return;
    if (pace.isDue) await pace.rest();
  }
}
