/** What users said of an answer: one vote per answer shown, with the entry's version, so that an edit starts anew. */
export interface Vote {
  /** Conversation and id of the line that was voted on. */
  readonly conversation: string;
  readonly line: string;
  readonly entry: string;
  readonly version: string;
  readonly helped: boolean;
  /** `${channelId}/${user id}`. */
  readonly person: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface VoteStore {
  find(conversation: string, line: string): Promise<Vote | undefined>;
  /** Every vote, oldest first. */
  list(): Promise<readonly Vote[]>;
}
