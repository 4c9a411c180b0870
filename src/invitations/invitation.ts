/** An invitation: a link that whoever reads the profile's mail may use to link the profile to the account they sign in with. */
import type { TokenSeed } from '../accounts/derived-token.ts';
import type { RecordType } from '../records/records.ts';

export interface Invitation extends Omit<TokenSeed, 'id'> {
  readonly profile: string;
  /** `reassociate` replaces the account a profile is linked to; only a proven owner, or staff, brings one about. */
  readonly purpose: 'associate' | 'reassociate';
  /** Without proof: asked for by address alone, which ends no link that is on its way. */
  readonly asked: 'without-proof' | 'proven';
  /** What ended it; an invitation that is none of these lives until it expires. */
  readonly ended?: 'redeemed' | 'revoked' | 'superseded';
  /** ISO 8601, UTC. */
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly endedAt?: string;
  /** The account that redeemed it. */
  readonly account?: string;
}

export const invitations: RecordType<Invitation> = {
  name: 'invitations',
  indexes: { token: ({ tokenHash }) => [tokenHash], profile: ({ profile }) => [profile] },
};

/** How often a profile was invited: every change of its invitations changes this too, so that two at once meet here. */
export interface InvitationHead {
  readonly generation: number;
  /** ISO 8601, UTC: when mails about an invitation were asked for, of the last day. */
  readonly mailedAt: readonly string[];
  /** Those among them that were asked for with proof. */
  readonly provenAt?: readonly string[];
}

export const invitationHeads: RecordType<InvitationHead> = { name: 'invitation-heads', indexes: {} };

export type InvitationState = 'valid' | 'used' | 'replaced' | 'withdrawn' | 'expired';

/** The clock decides last: what was ended keeps its reason. */
export function stateOf({ ended, expiresAt }: Invitation, at: Date): InvitationState {
  if (ended) return ({ redeemed: 'used', superseded: 'replaced', revoked: 'withdrawn' } as const)[ended];
  return expiresAt <= at.toISOString() ? 'expired' : 'valid';
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** Limits of one profile, for everybody who asks together; times in ms. Sources: docs/design.md, "Invitations". */
export const invitationLimits = {
  lifetime: 7 * day,
  /** Live ones that were asked for without proof. */
  mostAlive: 3,
  pause: 5 * minute,
  mostPerDay: 5,
  day,
} as const;
