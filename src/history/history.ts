/**
 * Conversations as they were: one line for everything that was said. Lines are written by the bot, together with
 * the rest of a turn (`TurnStore.commit`); this room reads them, for replay in the web chat, tickets and reports.
 */

/** What the bot based a line of its own on; shown to staff and read back when a button under the line is pressed. */
export interface LineFacts {
  readonly decision: 'answer' | 'suggest' | 'dialog' | 'none';
  /** Entry id, or `do:NAME` for a dialog. */
  readonly id?: string;
  /** Version of the entry that was shown. */
  readonly version?: string;
  /** 0-100, as the matcher gave it. */
  readonly confidence?: number;
  /** Ids of the next best, best first: what a down-vote offers. */
  readonly others?: readonly string[];
}

export interface NewLine {
  /** Unique in its conversation. */
  readonly id: string;
  readonly from: 'user' | 'bot' | 'staff';
  /** ISO 8601, UTC. */
  readonly at: string;
  /** What was said, as typed; a card's plain-text fallback for the bot. */
  readonly text: string;
  /** The Bot Framework activity as a client of the conversation is shown it, but for its `text`, which stands above. */
  readonly activity: Readonly<Record<string, unknown>>;
  readonly facts?: LineFacts;
}

export interface HistoryLine extends NewLine {
  /** `${channelId}/${conversation id}`. */
  readonly conversation: string;
  /** 1 for the first line of a conversation, without gaps at the time of writing. */
  readonly seq: number;
  /** `${channelId}/${user id}` of the user whose turn wrote the line. */
  readonly person: string;
}

export interface HistoryStore {
  /** Every conversation that has a line. */
  conversations(): Promise<readonly string[]>;
  /** Lines with a `seq` greater than `after` (default 0), in order, at most `limit` (default all). */
  read(conversation: string, after?: number, limit?: number): Promise<readonly HistoryLine[]>;
  /** The line with this id, or undefined. */
  find(conversation: string, id: string): Promise<HistoryLine | undefined>;
  /** The newest `seq` of the conversation; 0 when there is none. */
  latest(conversation: string): Promise<number>;
  /**
   * Calls `listener` with the lines of each committed turn, after they are durable, in the order of `seq` for any
   * one conversation. Returns a function that ends it.
   * @param wants - of which conversations, asked when there are new lines; by default of all. Whoever begins to want one
   *   reads it from then on.
   */
  watch(listener: (lines: readonly HistoryLine[]) => void, wants?: (conversation: string) => boolean): () => void;
}

/** What was removed or rewritten. */
export interface Erased {
  readonly conversations: number;
  readonly lines: number;
  readonly votes: number;
  /** Lines of other people in which an e-mail address was replaced by `[erased]`. */
  readonly redacted: number;
  /** Documents of other rooms (profiles, mail, ...) that were removed, and those that were changed. */
  readonly documents: { readonly removed: number; readonly redacted: number };
}

/** Erasing people and what is past its time; the implementation covers everything that a turn may have stored. */
export interface Erasure {
  /**
   * Erases a person for good: by chat user id (any channel), everything of that person's conversations, state, votes
   * and welcomes; by e-mail address, every mention of it (letter case ignored) in anybody's lines and state becomes
   * `[erased]`. A person with a profile is known by its id and its address, and erased by both: profiles and mail go,
   * and the audit trail has an opaque id in their place. Afterwards no file of the store holds the person any more.
   */
  forget(person: string): Promise<Erased>;
  /** Removes what is older than `before`: lines, then state and welcomes of people and conversations left without one, votes. */
  prune(before: Date): Promise<Erased>;
}
