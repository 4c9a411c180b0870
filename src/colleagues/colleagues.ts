/**
 * What an administrator sees and does about the people of the organisation. Each verb checks against the store that
 * the proof reaches the administrator's profile, that it is one, has access, and that the other is of the same organisation.
 */
import type { Role } from '../directory/directory.ts';
import type { Asker } from '../proofs/proof.ts';
import type { ColleaguePage, InvitedRow, InviteRow } from './colleague.ts';

/** Who acts, as which of their profiles. */
export interface Administrator {
  readonly profile: string;
  readonly asker: Asker;
}

/** Another organisation's ids are as unknown as those that never were. */
export type Refused = { readonly outcome: 'not-allowed' | 'unknown' };

export class Colleagues {
  /** By name, page by page. `search` is looked for in names and addresses, any letter case. */
  async list(
    _by: Administrator,
    _of: { readonly limit: number; readonly search?: string; readonly after?: string },
  ): Promise<ColleaguePage | Refused> {
    throw new Error('to come');
  }

  /** Invites up to 20; each row for itself. */
  async invite(
    _by: Administrator,
    _rows: readonly InviteRow[],
  ): Promise<readonly InvitedRow[] | Refused | { readonly outcome: 'too-long' }> {
    throw new Error('to come');
  }

  async resend(
    _by: Administrator,
    _profile: string,
  ): Promise<
    | { readonly outcome: 'invited' | 'already-there' | 'ended' | 'too-soon' }
    | { readonly outcome: 'limit'; readonly retryAfter: number }
    | Refused
  > {
    throw new Error('to come');
  }

  /** Withdraws live invitations; `nothing` where there are none. */
  async revoke(_by: Administrator, _profile: string): Promise<{ readonly outcome: 'revoked' | 'nothing' } | Refused> {
    throw new Error('to come');
  }

  /** `last-administrator`: nobody would be left to do this. */
  async changeRole(
    _by: Administrator,
    _profile: string,
    _role: Role,
  ): Promise<{ readonly outcome: 'changed' | 'same' | 'ended' | 'last-administrator' } | Refused> {
    throw new Error('to come');
  }

  /** Unlinks, withdraws, and tells the person. `yourself`: another administrator has to do that. */
  async endAccess(
    _by: Administrator,
    _profile: string,
  ): Promise<{ readonly outcome: 'ended' | 'ended-before' | 'yourself' } | Refused> {
    throw new Error('to come');
  }

  /** Within seven days, linked as before. */
  async restore(
    _by: Administrator,
    _profile: string,
  ): Promise<{ readonly outcome: 'restored' | 'not-ended' | 'too-late' } | Refused> {
    throw new Error('to come');
  }
}
