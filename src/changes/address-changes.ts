/** Changes the address of a profile: the new one is checked by a code, the old one is told and can undo it for seven days. */
import type { By } from '../accounts/accounts.ts';
import type { AddressProblem } from '../mail/email-address.ts';
import type { Asker } from '../proofs/proof.ts';
import type { Stored } from '../records/records.ts';
import type { AddressChange } from './address-change.ts';
import type { Awaiting, Decided } from './reassociations.ts';

export type AddressProposed =
  /** ISO 8601, UTC: how long the code works. */
  | { readonly outcome: 'code-sent'; readonly until: string; readonly newEmail: string }
  | { readonly outcome: 'wrong-address'; readonly problem: AddressProblem }
  | { readonly outcome: 'too-many'; readonly retryAfter: number }
  /** `same`: it is the address already. `pending`: another one waits for staff. */
  | { readonly outcome: 'same' | 'pending' | 'not-allowed' | 'unknown' };

export type AddressConfirmed =
  | { readonly outcome: 'changed' | 'awaiting-approval'; readonly change: AddressChange }
  | { readonly outcome: 'wrong'; readonly triesLeft: number }
  /** `taken`: somebody else of the organisation has it. `none`: no code was asked for here. */
  | { readonly outcome: 'locked' | 'expired' | 'none' | 'taken' | 'not-allowed' };

export class AddressChanges {
  /** Sends a code to the new address; once more: a new code, or another address. */
  async propose(_profile: string, _address: string, _asker: Asker): Promise<AddressProposed> {
    throw new Error('to come');
  }

  /** The code that came to the new address. */
  async confirm(_profile: string, _digits: string, _asker: Asker): Promise<AddressConfirmed> {
    throw new Error('to come');
  }

  /** The one that is under way, `code-sent` among it. */
  async pendingOf(_profile: string): Promise<Stored<AddressChange> | undefined> {
    throw new Error('to come');
  }

  async latestOf(_profile: string): Promise<Stored<AddressChange> | undefined> {
    throw new Error('to come');
  }

  async cancel(_profile: string, _by: Asker | { readonly staff: By }): Promise<'cancelled' | 'gone' | 'not-allowed'> {
    throw new Error('to come');
  }

  async approve(_profile: string, _request: string, _staff: By, _reason: string): Promise<Decided | 'taken'> {
    throw new Error('to come');
  }

  async refuse(_profile: string, _request: string, _staff: By, _reason: string): Promise<Decided> {
    throw new Error('to come');
  }

  async awaitingApproval(): Promise<readonly Awaiting<AddressChange>[]> {
    throw new Error('to come');
  }
}
