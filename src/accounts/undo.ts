/** What a notice lets its reader take back, for seven days: "this was not me". */
import type { RecordType } from '../records/records.ts';
import type { Account } from './association.ts';
import type { TokenSeed } from './derived-token.ts';

export interface Undo extends Omit<TokenSeed, 'id'> {
  readonly profile: string;
  /** What it goes back to; undefined: linked to nothing. */
  readonly before?: Account;
  /** What it takes back: it does so only while this still holds. */
  readonly after?: Account;
  /** ISO 8601, UTC. */
  readonly until: string;
  readonly usedAt?: string;
}

export const undos: RecordType<Undo> = {
  name: 'undos',
  indexes: { token: ({ tokenHash }) => [tokenHash], profile: ({ profile }) => [profile] },
  // Nothing goes back to an account that was erased.
  names: ({ before, after }) => [before, after].flatMap((account) => (account ? [account.key] : [])),
};

/** Seven days, in ms. */
export const undoWithin = 7 * 24 * 60 * 60 * 1000;
