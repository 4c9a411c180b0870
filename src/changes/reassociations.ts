/** Moves profiles to other accounts: request, approval, invitation, completion. The link that is there stays until the end. */
import type { By } from '../accounts/accounts.ts';
import type { Member } from '../directory/directory.ts';
import type { Asker } from '../proofs/proof.ts';
import type { Stored } from '../records/records.ts';
import type { Reassociation } from './reassociation.ts';

export type ReassociationRequested =
  | { readonly outcome: 'invited' | 'awaiting-approval'; readonly reassociation: Reassociation }
  /** `pending`: one is under way already. `not-linked`: there is nothing to move, an invitation links it. */
  | { readonly outcome: 'pending' | 'not-allowed' | 'not-linked' | 'no-access' | 'too-many' | 'unknown' };

/** What became of a decision; `gone`: it was decided, cancelled or over before. */
export type Decided = 'done' | 'gone' | 'no-access';

export interface Awaiting<Change> {
  readonly member: Member;
  readonly change: Change;
}

export class Reassociations {
  async request(_profile: string, _asker: Asker): Promise<ReassociationRequested> {
    throw new Error('to come');
  }

  /** The one that is under way. */
  async pendingOf(_profile: string): Promise<Stored<Reassociation> | undefined> {
    throw new Error('to come');
  }

  /** The newest one, whatever became of it. */
  async latestOf(_profile: string): Promise<Stored<Reassociation> | undefined> {
    throw new Error('to come');
  }

  /** By whoever's proof reaches the profile, and by staff. Its invitation is withdrawn. */
  async cancel(_profile: string, _by: Asker | { readonly staff: By }): Promise<'cancelled' | 'gone' | 'not-allowed'> {
    throw new Error('to come');
  }

  /** @param request - the one that was looked at; @param reason - goes to the profile's address */
  async approve(_profile: string, _request: string, _staff: By, _reason: string): Promise<Decided> {
    throw new Error('to come');
  }

  async refuse(_profile: string, _request: string, _staff: By, _reason: string): Promise<Decided> {
    throw new Error('to come');
  }

  /** What waits for staff, oldest first. */
  async awaitingApproval(): Promise<readonly Awaiting<Reassociation>[]> {
    throw new Error('to come');
  }
}
