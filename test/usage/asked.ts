/** Conversations as the history keeps them, for what is read off them. */
import type { HistoryLine, LineFacts } from '../../src/history/history.ts';

export const suggest = (...others: string[]): LineFacts => ({ decision: 'suggest', others });
export const answer = (id: string, ...others: string[]): LineFacts => ({ decision: 'answer', id, others });
export const dialog = (name: string): LineFacts => ({ decision: 'dialog', id: `do:${name}` });
export const none: LineFacts = { decision: 'none' };

/** One turn each: what was asked, what the reply was based on; undefined: a reply without facts. */
export type Turns = readonly (readonly [asked: string, facts?: LineFacts])[];

/** @param at - of all lines, ISO 8601 */
export function conversationOn(at: string, turns: Turns, name = 'webchat/c'): HistoryLine[] {
  const line = { conversation: name, person: 'webchat/p', at, activity: {} };
  return turns.flatMap(([text, facts], index) => [
    { ...line, id: `u${index}`, from: 'user' as const, seq: 2 * index + 1, text },
    { ...line, id: `b${index}`, from: 'bot' as const, seq: 2 * index + 2, text: 'reply', ...(facts && { facts }) },
  ]);
}

/** A history of these conversations, each under the name of its lines. */
export function historyOf(conversations: readonly HistoryLine[][]) {
  const byName = new Map(conversations.map((lines) => [lines[0]?.conversation ?? '', lines]));
  return {
    conversations: async () => [...byName.keys()],
    read: async (name: string) => byName.get(name) ?? [],
  };
}
