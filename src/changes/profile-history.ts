/** What was done to a profile, from the trail, as values that a page can word. */
import type { AuditEntry } from '../audit/audit.ts';
import type { Records } from '../records/records.ts';

/** `you`: the account that looks. `mailbox`: whoever reads the profile's mail. `account`: another account. */
export type ActorKind = 'you' | 'account' | 'administrator' | 'staff' | 'mailbox' | 'chat' | 'somebody' | 'system';

export interface HistoryEntry {
  /** Of the trail; sorts by time. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Stable name, such as `association.moved`; all of them: `historyActions`. */
  readonly action: AuditEntry['action'];
  readonly actor: ActorKind;
  readonly proof: AuditEntry['proof'];
}

/** Newest first. @param viewer - `issuer|subject` of who looks; @param before - the last id of the page before */
export async function historyOf(
  _records: Records,
  _profile: string,
  _of: { readonly viewer: string; readonly limit: number; readonly before?: string },
): Promise<readonly HistoryEntry[]> {
  throw new Error('to come');
}
