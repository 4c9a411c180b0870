/** What the report counts of hand-offs. The room that keeps them gives it; this one only reads. */

/** One hand-off in figures: no name, no text. */
export interface TicketFigure {
  /** ISO 8601, UTC, like all times here. */
  readonly openedAt: string;
  /** When a person first wrote to the user. */
  readonly firstResponseAt?: string;
  /** When it was resolved last; undefined while it is not. */
  readonly resolvedAt?: string;
  /** How often it was opened again. */
  readonly reopened?: number;
  /** As the room calls it. */
  readonly state: string;
  readonly topic?: string;
  /** The conversation it came from, as the history names it: what was answered there was not enough. */
  readonly conversation?: string;
}

/** All of them, in any order; asked anew for each report. */
export type TicketFigures = () => AsyncIterable<TicketFigure>;
