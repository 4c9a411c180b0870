/** Who is there, at whichever of several processes: clients of a conversation, staff with the inbox open. */
export interface Presence {
  /** Somebody is at this place from now on. Call the result when they go, once or more often. */
  arrived(place: string): () => void;
  at(place: string): Promise<Attendance>;
}

export interface Attendance {
  readonly isThere: boolean;
  /** When the last one left, in ms since 1970; undefined where nobody was there of late. */
  readonly leftAt?: number;
}

/** The place of staff who have the inbox open. */
export const inboxPlace = 'inbox';
