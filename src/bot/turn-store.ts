import type { NewLine } from '../history/history.ts';
import type { Vote } from '../usage/votes.ts';

/**
 * Everything one turn changes, written at once or not at all: the lines that were said, turn state, votes, welcomes
 * and the id of the activity, so that a repetition of it is recognised.
 */
export interface CompletedTurn {
  /** Key of the incoming activity (`${conversation}/${activity id}`); undefined when it had no id. */
  readonly activity?: string;
  /** `${channelId}/${conversation id}`. */
  readonly conversation: string;
  /** `${channelId}/${user id}`. */
  readonly person: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly lines: readonly NewLine[];
  /** State documents by key; `undefined` deletes. */
  readonly state: ReadonlyMap<string, Readonly<Record<string, unknown>> | undefined>;
  readonly votes: readonly Vote[];
  /** `${channelId}/${user id}` of the people who were welcomed. */
  readonly welcomed: readonly string[];
}

export interface TurnStore {
  /** Whether a turn with this activity key was committed in the last 24 hours. */
  isRepeated(activity: string): Promise<boolean>;
  isWelcomed(person: string): Promise<boolean>;
  /** A fresh copy of each state document that exists. */
  readState(keys: readonly string[]): Promise<Map<string, Record<string, unknown>>>;
  /**
   * Durable when it resolves. `repeated`: the activity key, or a line with one of these ids in this conversation, was
   * committed before, and nothing was changed. A vote on a
   * line that has one is left out. Rejects with `ERR_STORE_WRITE` when it could not be written; memory and disk then
   * hold the state before the call.
   */
  commit(turn: CompletedTurn): Promise<'committed' | 'repeated'>;
  /** Puts another text in the place of a line's; nothing where there is no such line. Durable when it resolves. */
  replaceText(conversation: string, line: string, text: string): Promise<void>;
}
