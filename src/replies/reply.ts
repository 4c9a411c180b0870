/** What a skill gives back: an activity to send, what it was based on, and the choices a user may pick by number. */
import type { Activity } from 'botbuilder';
import type { LineFacts } from '../history/history.ts';

export interface Reply {
  /** Has a `text` that says everything, whatever else it has. */
  readonly activity: Partial<Activity>;
  readonly facts?: LineFacts;
  /** What "1", "2" … mean as the next message: each is the text of that choice. */
  readonly choices?: readonly string[];
  /** The question had no answer. */
  readonly missed?: boolean;
  /** The guided dialog that follows. */
  readonly begin?: { readonly dialog: string; readonly options?: Readonly<Record<string, unknown>> };
}

/** Who speaks: the bot's account in channels of this process, and where a client names no recipient. */
export const botAccount = { id: 'accessdesk', name: '', role: 'bot' } as const;

/** A plain sentence. `chips` are offered as suggested actions; pressing one says its text. */
export function sentence(text: string, chips: readonly string[] = []): Reply {
  return { activity: { type: 'message', text, ...suggestedActions(chips) } };
}

/** Suggested actions that say their own text, or nothing where there are none. */
export function suggestedActions(chips: readonly string[]): Partial<Activity> {
  if (chips.length === 0) return {};
  return { suggestedActions: { to: [], actions: chips.map((title) => ({ type: 'imBack', title, value: title })) } };
}

/** Nothing is said here: a dialog goes on. */
export function begins(dialog: string, options?: Readonly<Record<string, unknown>>): Reply {
  return { activity: {}, begin: { dialog, options } };
}
