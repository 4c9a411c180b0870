/** Which Microsoft Account a profile is linked to, and which it was. */
import type { RecordType } from '../records/records.ts';

/** An account as a sign-in proved it. `issuer|subject` is who it is; the rest is shown and never compared. */
export interface Account {
  /** `issuer|subject`. */
  readonly key: string;
  readonly name?: string;
  readonly email?: string;
}

/** The account a profile is linked to now. One document per profile, so that there is never a second one. */
export interface Association {
  readonly profile: string;
  readonly account: Account;
  /** ISO 8601, UTC. */
  readonly since: string;
}

export const associations: RecordType<Association> = {
  name: 'associations',
  indexes: { account: ({ account }) => [account.key] },
  // Linked by both, so they are one person: profile, account, and whatever else that is linked to.
  person: ({ account }) => [account.key],
};

export type EndReason = 'moved' | 'ended' | 'undone';

/** An association that is over. */
export interface PastAssociation extends Association {
  readonly until: string;
  readonly reason: EndReason;
}

export const pastAssociations: RecordType<PastAssociation> = {
  name: 'past-associations',
  indexes: { profile: ({ profile }) => [profile], account: ({ account }) => [account.key] },
  names: ({ account }) => [account.key],
};

/** "k...@contoso.example", or the name where the provider gave no address: enough to recognise one's own, no more. */
export function shownAccount({ name, email = '' }: Account): string {
  const at = email.lastIndexOf('@');
  if (at > 0) return `${email.slice(0, 1)}...${email.slice(at)}`;
  return name ?? '';
}
