/** Another address for a profile: proposed, read by who asks (a code), approved where that is needed, in force. */
import type { ProofLevel } from '../proofs/levels.ts';
import type { RecordType } from '../records/records.ts';
import type { Decision } from './decision.ts';
import { alertKeys, type Looked } from './pending.ts';

export type AddressChangeState =
  | 'code-sent'
  | 'awaiting-approval'
  | 'done'
  | 'refused'
  | 'cancelled'
  | 'undone'
  | 'expired';

/** The newest one of a profile. Addresses stand at the top, so that erasing finds them. */
export interface AddressChange extends Looked {
  readonly request: string;
  readonly profile: string;
  /** `expired` is never kept: the clock decides. */
  readonly state: Exclude<AddressChangeState, 'expired'>;
  readonly proof: ProofLevel;
  readonly actor: string;
  /** Hash of the holder that the code is for. */
  readonly holder: string;
  /** As written, and canonical. */
  readonly oldEmail: string;
  readonly oldAddress: string;
  readonly newEmail: string;
  readonly newAddress: string;
  /** ISO 8601, UTC. */
  readonly requestedAt: string;
  readonly until: string;
  readonly changedAt: string;
  readonly decision?: Decision;
  /** The address before the last change that is in force, as long as it is told of what happens to the profile. */
  readonly formerEmail?: string;
  /** ISO 8601, UTC. */
  readonly formerUntil?: string;
}

export const addressChanges: RecordType<AddressChange> = {
  name: 'address-changes',
  indexes: { state: ({ state }) => [state], alert: alertKeys },
};

export function addressChangeState({ state, until }: AddressChange, now: Date): AddressChangeState {
  const isUnderWay = state === 'awaiting-approval' || state === 'code-sent';
  return isUnderWay && until <= now.toISOString() ? 'expired' : state;
}
