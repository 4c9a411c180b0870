/** A person of an organisation, as its administrators see them. */
import type { Role } from '../directory/directory.ts';
import type { InvitationState } from '../invitations/invitation.ts';

/** Of the newest invitation's mail. `retrying`: the server did not take it yet; `dropped`: it meant nothing any more. */
export interface Delivery {
  readonly state: 'waiting' | 'retrying' | 'sent' | 'failed' | 'dropped';
  /** ISO 8601, UTC: since when; of `retrying`: the next try. */
  readonly at: string;
}

export interface Colleague {
  readonly profile: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly isYou: boolean;
  readonly isLinked: boolean;
  /** The newest; undefined: never invited. ISO 8601, UTC. */
  readonly invitation?: { readonly state: InvitationState; readonly issuedAt: string; readonly expiresAt: string };
  /** Undefined where no invitation was mailed of late. */
  readonly delivery?: Delivery;
  /** Access was ended; `restorableUntil` while that can be taken back. ISO 8601, UTC. */
  readonly ended?: { readonly at: string; readonly restorableUntil?: string };
}

export interface ColleaguePage {
  readonly people: readonly Colleague[];
  /** To give as `after` for the next page; undefined: this is the last. */
  readonly next?: string;
  /** Of the organisation, or of what was searched for. */
  readonly count: number;
}

export type InviteOutcome =
  | 'invited'
  /** Had a profile, was not linked yet: a new link went out. */
  | 'invited-again'
  /** Linked: nothing to do. */
  | 'already-there'
  /** Access was ended; it can be restored for seven days. */
  | 'ended'
  | 'same-twice'
  | 'wrong-address'
  | 'wrong-name'
  /** This person was invited a moment ago, or often enough today. */
  | 'too-soon'
  /** The inviter's limit of the day. */
  | 'limit'
  /** The inviter has stopped being an administrator while the list was worked on. */
  | 'not-allowed';

export interface InviteRow {
  readonly name: string;
  readonly email: string;
}

export interface InvitedRow extends InviteRow {
  readonly outcome: InviteOutcome;
  /** Of `wrong-address`: `address.PROBLEM` of the words. Of `wrong-name`: `missing`, `tooLong` or `invisible`. */
  readonly problem?: string;
  readonly profile?: string;
  /** Of `limit`: s. */
  readonly retryAfter?: number;
}

/** Rows of one list. */
export const mostInvited = 20;
/** How long an end of access can be taken back, in ms. */
export const restorableFor = 7 * 24 * 60 * 60 * 1000;
