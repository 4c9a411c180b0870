/** What was done to a profile, from the trail, as values that a page can word. */
import { type AuditEntry, auditEntries, changeActions } from '../audit/audit.ts';
import type { Records } from '../records/records.ts';

/** Every action that a profile's trail can have; others come from newer versions and have no words yet. */
export const historyActions = changeActions;

/** What changes nothing: it is for staff. Strangers cause some of it, and could bury a change under it. */
const onlyLooked: readonly AuditEntry['action'][] = ['code.sent', 'proof.verified', 'profile.shown', 'profile.chosen'];

/**
 * `you`: the account that looks. `account`: another account. `mailbox`: whoever reads the profile's mail and proved no
 * more. `somebody`: a stranger.
 */
export type ActorKind = 'you' | 'account' | 'administrator' | 'staff' | 'mailbox' | 'teams' | 'somebody' | 'system';

export interface HistoryEntry {
  /** Of the trail; sorts by time. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** One of `historyActions`, or newer. */
  readonly action: AuditEntry['action'];
  readonly actor: ActorKind;
  readonly proof: AuditEntry['proof'];
}

/** Newest first. @param viewer - `issuer|subject` of who looks; @param before - the last id of the page before */
export async function historyOf(
  records: Records,
  profile: string,
  { viewer, limit, before }: { readonly viewer: string; readonly limit: number; readonly before?: string },
): Promise<readonly HistoryEntry[]> {
  const found = await records.find(auditEntries, 'profile', profile);
  return found
    .filter(({ id, value }) => (before === undefined || id < before) && !onlyLooked.includes(value.action))
    .sort((one, other) => (one.id < other.id ? 1 : -1))
    .slice(0, limit)
    .map(({ id, value }) => {
      const { at, action, proof } = value;
      return { id, at, action, actor: actorKind(value, viewer), proof };
    });
}

function actorKind({ actor, proof, details }: AuditEntry, viewer: string): ActorKind {
  if (proof === 'staff') return 'staff';
  if (proof === 'system') return 'system';
  if (actor === `account:${viewer}`) return 'you';
  // Whoever acts for somebody else is written down as what they are (see `asAdministrator`).
  if (details?.as === asAdministrator.as) return 'administrator';
  if (proof === 'mailbox') return 'mailbox';
  if (proof === 'teams') return 'teams';
  return proof === 'none' ? 'somebody' : 'account';
}

/** In the details of what an administrator does to a colleague's profile. */
export const asAdministrator = { as: 'administrator' } as const;
