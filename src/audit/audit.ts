/** The trail: who changed an association, invitation, address or role, by which proof, when and from where. Rows are added only. */
import type { Change, RecordType } from '../records/records.ts';

/** What changes something of a profile, or asks for that. */
export const changeActions = [
  'invitation.issued',
  'invitation.declined',
  'invitation.redeemed',
  'invitation.revoked',
  'association.created',
  'association.moved',
  'association.ended',
  'association.restored',
  'association.undone',
  'move.requested',
  'move.approved',
  'move.refused',
  'move.cancelled',
  'move.completed',
  'address.proposed',
  'address.requested',
  'address.approved',
  'address.refused',
  'address.cancelled',
  'address.changed',
  'address.undone',
  'profile.added',
  'profile.moved',
  'profile.reinstated',
  'role.given',
  'role.changed',
  'teams.changed',
  'access.ended',
  'access.restored',
] as const;

/** Everything that leaves a row. A row that a newer version left may name something else. */
export const trailActions = [
  ...changeActions,
  'invitation.asked',
  'code.asked',
  'code.sent',
  'code.locked',
  'sign-in.asked',
  'sign-in.offered',
  'sign-in.locked',
  'proof.verified',
  'profile.shown',
  'profile.chosen',
  'teams.tied',
  'knowledge.phrasing',
  'knowledge.answer',
] as const;

export type TrailAction = (typeof trailActions)[number];

export interface AuditEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Stable name of what happened, such as `invitation.redeemed`. */
  readonly action: TrailAction;
  /** Who did it: `account:ISSUER|SUBJECT`, `chat:CHANNEL/USER`, `staff:...`, `system`, or `nobody` for a stranger. */
  readonly actor: string;
  /** What proved who that was; `none` for a stranger. */
  readonly proof: 'none' | 'mailbox' | 'sign-in' | 'teams' | 'staff' | 'system';
  /** What it was done to: ids of this store, no addresses. */
  readonly profile?: string;
  readonly organisation?: string;
  readonly invitation?: string;
  /** Before and after where something was replaced, in words for whoever reads the trail. */
  readonly details?: Readonly<Record<string, string>>;
  /** The sender's network (limits count by the same), or the name of a command. */
  readonly from?: string;
}

/** Who does something, for the trail. */
export type By = Pick<AuditEntry, 'actor' | 'proof' | 'from'>;

export const auditEntries: RecordType<AuditEntry> = {
  name: 'audit',
  indexes: {
    profile: ({ profile }) => (profile ? [profile] : []),
    actor: ({ actor }) => [actor],
    day: ({ at }) => [at.slice(0, 10)],
    every: () => ['entry'],
  },
  erasing: 'trail',
};

/** Adds an entry to the change it tells of, so that neither can happen without the other. @param id - sorts by time */
export function recordInAudit(change: Change, id: string, entry: AuditEntry): Change {
  return change.create(auditEntries, id, entry);
}
