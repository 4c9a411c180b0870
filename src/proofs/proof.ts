/** What somebody has proven, for a short while, and where: a conversation's user, or a browser's session. */
import type { By } from '../audit/audit.ts';
import type { TeamsIdentity } from '../directory/directory.ts';
import type { RecordType } from '../records/records.ts';
import type { ProofLevel } from './levels.ts';

/** Where something is proven. A proof of one holder is worth nothing to another. */
export interface Holder {
  /** Chat: channel, conversation and user together; page: `session:` and the session's id. Only its hash is kept. */
  readonly id: string;
  /** As the trail names who acts: `chat:CHANNEL/USER`, `account:ISSUER|SUBJECT`. Limits count by it, and it is erased by it. */
  readonly person: string;
  /** The sender's network, for limits and the trail; undefined where a channel does not tell. */
  readonly from?: string;
}

/** Evidence that has not run out yet. Rooms check for themselves which profiles it reaches (`Reach`). */
export type Proof = { /** ISO 8601, UTC. */ readonly verifiedAt: string } & (
  | { readonly level: 'mailbox' /** Canonical. */; readonly address: string }
  | {
      readonly level: 'sign-in';
      /** `issuer|subject`. */
      readonly account: string;
      /** Id of the session that lent it; undefined where there is none. */
      readonly session?: string;
    }
  | { readonly level: 'teams'; readonly teams: TeamsIdentity }
);

/** Somebody who asks for something, with what they have proven. */
export interface Asker {
  readonly holder: Holder;
  readonly proof: Proof;
}

/** How long a proof lasts, in ms. */
export const proofLasts = 15 * 60 * 1000;

export function isLive({ verifiedAt }: Proof, now: Date): boolean {
  return Date.parse(verifiedAt) > now.getTime() - proofLasts;
}

/** Of a proof, for the trail. */
export function byOf({ holder, proof }: Asker): By {
  const actor = proof.level === 'sign-in' ? `account:${proof.account}` : holder.person;
  return { actor, proof: proof.level, ...(holder.from && { from: holder.from }) };
}

/** Of somebody who has not proven anything yet, for the trail. */
export function byStranger({ person, from }: Pick<Holder, 'person' | 'from'>): By {
  return { actor: person, proof: 'none', ...(from && { from }) };
}

/** A verified proof as it is kept. What names a person stands at the top, so that erasing finds it. */
export interface KeptProof {
  /** Hash of the holder's id. */
  readonly holder: string;
  readonly person: string;
  readonly level: ProofLevel;
  readonly address?: string;
  readonly account?: string;
  readonly tenant?: string;
  readonly objectId?: string;
  /** ISO 8601, UTC. */
  readonly verifiedAt: string;
  /** The session whose end ends this too. */
  readonly session?: string;
}

export const proofRecords: RecordType<KeptProof> = {
  name: 'proofs',
  indexes: { holder: ({ holder }) => [holder], session: ({ session }) => (session ? [session] : []) },
};
