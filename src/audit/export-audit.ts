/** `audit export`: the trail as JSON lines, oldest first. */
import { Pace } from '../pace.ts';
import type { Records, Stored } from '../records/records.ts';
import { type AuditEntry, auditEntries } from './audit.ts';

/** Days as YYYY-MM-DD, UTC, both included; undefined: without a bound. */
export interface AuditPeriod {
  readonly from?: string;
  readonly to?: string;
}

/** @param write - gets whole lines, and is waited for */
export async function exportAudit(
  records: Records,
  { from = '', to = '9999' }: AuditPeriod,
  write: (text: string) => Promise<void>,
): Promise<void> {
  const pace = new Pace();
  const found: Stored<AuditEntry>[] = [];
  for await (const entry of records.all(auditEntries)) {
    const day = entry.value.at.slice(0, 10);
    if (day >= from && day <= to) found.push(entry);
    if (pace.isDue) await pace.rest();
  }
  found.sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const { id, value } of found) await write(`${JSON.stringify({ id, ...value })}\n`);
}
