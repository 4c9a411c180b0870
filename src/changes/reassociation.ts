/** A profile that is to be linked to another account: asked for, approved where that is needed, invited, done. */
import type { ProofLevel } from '../proofs/levels.ts';
import type { RecordType } from '../records/records.ts';
import type { Decision } from './decision.ts';
import { alertKeys, type Looked } from './pending.ts';

export type ReassociationState = 'awaiting-approval' | 'invited' | 'completed' | 'refused' | 'cancelled' | 'expired';

/** The newest one of a profile: one document, so that no two can be under way. */
export interface Reassociation extends Looked {
  /** Of this request, to tell it from the next. */
  readonly request: string;
  readonly profile: string;
  /** `expired` is never kept: the clock decides. */
  readonly state: Exclude<ReassociationState, 'expired'>;
  /** How it was asked for. */
  readonly proof: ProofLevel;
  /** Who asked, as the trail names them. */
  readonly actor: string;
  /** ISO 8601, UTC. */
  readonly requestedAt: string;
  readonly until: string;
  /** When it became what it is now. */
  readonly changedAt: string;
  readonly decision?: Decision;
}

export const reassociations: RecordType<Reassociation> = {
  name: 'reassociations',
  indexes: { state: ({ state }) => [state], alert: alertKeys },
};

export function reassociationState({ state, until }: Reassociation, now: Date): ReassociationState {
  const isUnderWay = state === 'awaiting-approval' || state === 'invited';
  return isUnderWay && until <= now.toISOString() ? 'expired' : state;
}
