/** What an import leaves in the trail: whatever decides who somebody is and what they may do. */
import { type AuditEntry, recordInAudit } from '../audit/audit.ts';
import { maskedAddress } from '../mail/email-address.ts';
import type { Change } from '../records/records.ts';
import type { Profile } from './directory.ts';

export interface ImportAudit {
  readonly newId: () => string;
  /** When the import began. */
  readonly at: string;
}

export function auditImport(
  change: Change,
  profile: string,
  before: Profile | undefined,
  after: Profile,
  { newId, at }: ImportAudit,
): void {
  const record = (action: AuditEntry['action'], details?: Record<string, string>) =>
    recordInAudit(change, `${at}/${newId()}`, {
      at,
      action,
      actor: 'system',
      proof: 'system',
      profile,
      organisation: after.organisation,
      ...(details ? { details } : {}),
      from: 'profiles import',
    });
  if (!before) {
    if (after.role !== 'member') record('role.given', { after: after.role });
    return;
  }
  if (before.role !== after.role) record('role.changed', { before: before.role, after: after.role });
  if (before.address !== after.address)
    record('address.changed', { before: maskedAddress(before.email), after: maskedAddress(after.email) });
  if (before.organisation !== after.organisation)
    record('profile.moved', { before: before.organisation, after: after.organisation });
  if (before.endedAt !== undefined) record('profile.reinstated');
  if (JSON.stringify(before.teams) !== JSON.stringify(after.teams)) record('teams.changed');
}
