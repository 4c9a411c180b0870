/** Turns to commit, of which a test gives only what it is about. */
import type { CompletedTurn } from '../../src/bot/turn-store.ts';
import type { NewLine } from '../../src/history/history.ts';
import type { Vote } from '../../src/usage/votes.ts';

export const START = Date.parse('2026-03-02T09:00:00.000Z');
export const HOUR = 60 * 60 * 1000;
export const CHAT = 'webchat/chat-1';
export const ANNA = 'webchat/anna-7f3a';
export const BEN = 'webchat/ben-90c1';

/** A turn of Anna's in the chat in which nothing happens but what is given. */
export function turn(given: Partial<CompletedTurn>): CompletedTurn {
  return {
    conversation: CHAT,
    person: ANNA,
    at: iso(1),
    lines: [],
    state: new Map(),
    votes: [],
    welcomed: [],
    ...given,
  };
}

export function newLine(id: string, given: Partial<NewLine> = {}): NewLine {
  return { id, from: 'user', at: iso(1), text: `text of ${id}`, activity: { type: 'message' }, ...given };
}

export function vote(line: string, given: Partial<Vote> = {}): Vote {
  return {
    conversation: CHAT,
    line,
    entry: 'forgot-password',
    version: 'v1',
    helped: true,
    person: ANNA,
    at: iso(1),
    ...given,
  };
}

/** The `code` that a promise is rejected with. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error) => error.code,
  );
}

/** A time on the day with this number. */
export function iso(day: number): string {
  return new Date(START + day * 24 * HOUR).toISOString();
}
