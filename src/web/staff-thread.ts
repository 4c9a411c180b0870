/** What was said and done, as staff read it: the conversation's lines and the ticket's events in one order. Pure. */
import type { HistoryLine, LineFacts } from '../history/history.ts';
import type { TicketView } from '../tickets/desk.ts';
import { isActive, type TicketEvent } from '../tickets/ticket.ts';

export type ThreadItem =
  | {
      readonly kind: 'user' | 'bot' | 'staff' | 'note';
      readonly id: string;
      readonly at: string;
      readonly text: string;
      /** Who of staff; undefined for the user and the bot. */
      readonly name?: string;
      readonly staffId?: string;
      readonly facts?: LineFacts;
      readonly delivery?: { readonly state: string; readonly answer?: string; readonly next?: string };
    }
  | { readonly kind: 'event'; readonly id: string; readonly at: string; readonly event: TicketEvent };

/** The bot's view of a line and the desk's may be this far apart, in ms. */
const sameMoment = 60_000;

/**
 * Each text once: what staff wrote or did is an event with its delivery, and a line of the conversation under the same
 * id; what the user wrote is a line, and an event where it came by another way.
 * @param lines - of the conversation, in order; those with a `seq` up to the ticket's are what was said before
 */
export function threadOf(
  { ticket: { value: ticket }, events, delivery }: TicketView,
  lines: readonly HistoryLine[],
): ThreadItem[] {
  const isOver = !isActive(ticket);
  const ofEvents = new Set(events.map(({ id }) => id));
  const shown = lines.filter(
    (line) =>
      (!isOver || line.seq <= ticket.since || line.at <= ticket.changedAt) &&
      !ofEvents.has(line.id) &&
      line.text.trim() !== '',
  );
  const said = new Map<string, number[]>();
  for (const { from, text, at } of shown) {
    if (from === 'user') said.set(text, [...(said.get(text) ?? []), Date.parse(at)]);
  }
  /** Whether a line of the conversation says the same; each line stands for one event. */
  const isSaid = ({ text = '', at }: TicketEvent) => {
    const times = said.get(text) ?? [];
    const found = times.findIndex((time) => Math.abs(time - Date.parse(at)) < sameMoment);
    if (found >= 0) times.splice(found, 1);
    return found >= 0;
  };

  const fromLines = shown.map(({ id, from, at, text, facts, activity }): ThreadItem => {
    // Of another ticket of the same conversation.
    const { name } = (activity.from ?? {}) as { name?: unknown };
    const who = from === 'staff' && typeof name === 'string' && { name };
    return {
      kind: from,
      id: `l-${id}`,
      at,
      text: from === 'bot' ? unmarked(text) : text,
      ...who,
      ...(facts && { facts }),
    };
  });
  const fromEvents = events.flatMap(({ id, value }): ThreadItem[] => {
    const { kind, at, text = '', by } = value;
    const staff = typeof by === 'object' && 'staff' in by ? by.staff : undefined;
    const who = staff && { name: staff.name, staffId: staff.id };
    if (kind === 'replied') return [{ kind: 'staff', id: `e-${id}`, at, text, ...who, delivery: delivery.get(id) }];
    if (kind === 'noted') return [{ kind: 'note', id: `e-${id}`, at, text, ...who }];
    if (kind === 'user-wrote') return isSaid(value) || text === '' ? [] : [{ kind: 'user', id: `e-${id}`, at, text }];
    return [{ kind: 'event', id: `e-${id}`, at, event: value }];
  });
  return [...fromLines, ...fromEvents].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** The bot's texts are Markdown: without the marks of bold, and with what users typed as they typed it. */
function unmarked(text: string): string {
  return text.replace(/\\([^\p{L}\p{N}\s])|\*\*/gu, '$1');
}
