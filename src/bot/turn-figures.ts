/** Whoever counts turns. The port; each call is cheap. */

/** See the table of metrics for what each means. */
export type TurnOutcome = 'committed' | 'silent' | 'repeated' | 'failed' | 'refused' | 'away' | 'lost';

export interface TurnFigures {
  /** @param seconds - from when the turn came until all of it was durable, or it had failed */
  turnEnded(channel: string, outcome: TurnOutcome, seconds: number): void;
  decided(decision: string): void;
  /** @param seconds - that the channel took for the replies of a turn, or until it had not taken them */
  replied(channel: string, outcome: 'taken' | 'untaken', seconds: number): void;
}
