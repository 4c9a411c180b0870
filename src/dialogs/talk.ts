/** What a dialog knows of the turn it is in: what was said, by whom, and how to answer. The bot makes one for each turn. */
import type { Reply } from '../replies/reply.ts';

/** What the user said: typed, or sent with a card. */
export interface Said {
  readonly text: string;
  /** The fields of a card by their ids, texts of at most 4,001 characters; undefined for what was typed. */
  readonly form?: ReadonlyMap<string, string>;
}

/** The question before the dialog began, and what the bot made of it. */
export interface Asked {
  readonly text: string;
  readonly decision: 'answer' | 'suggest' | 'dialog' | 'none';
  readonly id?: string;
  /** 0-100. */
  readonly confidence?: number;
  /** Ids of what came nearest, best first. */
  readonly nearest: readonly string[];
}

export interface Talk {
  /** `channel/conversation id`. */
  readonly conversation: string;
  /** `channel/user id`. */
  readonly person: string;
  readonly channel: string;
  /** What the channel calls them; for display only. */
  readonly name?: string;
  /** Who it is, where the channel vouches for them. */
  readonly teams?: { readonly tenant: string; readonly objectId: string };
  /** An address to fill in for them, where the channel knows one. It proves nothing. */
  readonly likelyAddress?: () => Promise<string | undefined>;
  readonly locale?: string;
  /** Of what was said: a repetition of the same activity has the same. What it causes happens once. */
  readonly key: string;
  readonly said: Said;
  /** The last question that was looked up. */
  readonly asked?: Asked;
  say(reply: Reply): void;
  /** Answers a question that has nothing to do with the prompt; false when it is none that could be answered. */
  aside(text: string): boolean;
  newNonce(): string;
}

/** Of this name wherever it is asked for: dialogs are loaded later than the bot, and may have this file a second time. */
const key = Symbol.for('accessdesk.talk');

/** botbuilder-dialogs hands a dialog the turn context and nothing else: the talk travels in its turn state. */
export function carryTalk(context: { turnState: Map<unknown, unknown> }, talk: Talk): void {
  context.turnState.set(key, talk);
}

export function talkOf(context: { turnState: Map<unknown, unknown> }): Talk {
  return context.turnState.get(key) as Talk;
}
