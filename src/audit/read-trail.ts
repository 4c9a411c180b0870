/** The trail page by page, newest first, for those who may read it. */
import { Pace } from '../pace.ts';
import type { Records, Stored } from '../records/records.ts';
import { type AuditEntry, auditEntries } from './audit.ts';

/** What has to hold for each entry that is shown. */
export interface TrailFilter {
  readonly profile?: string;
  readonly actor?: string;
  /** YYYY-MM-DD, UTC. */
  readonly day?: string;
}

export interface TrailPage {
  readonly entries: readonly Stored<AuditEntry>[];
  /** Give it to go on; undefined: there are no more. */
  readonly next?: string;
}

/** Entries that are looked at in one go. */
const batch = 200;

export async function readTrail(
  records: Records,
  { profile, actor, day }: TrailFilter,
  limit: number,
  before?: string,
): Promise<TrailPage> {
  // The index with the fewest entries leads; what else was asked for is looked at entry by entry.
  const [index, key] = profile
    ? ['profile', profile]
    : actor
      ? ['actor', actor]
      : day
        ? ['day', day]
        : ['every', 'entry'];
  const isWanted = ({ value }: Stored<AuditEntry>) =>
    (!profile || value.profile === profile) && (!actor || value.actor === actor) && (!day || value.at.startsWith(day));
  const pace = new Pace();
  const found: Stored<AuditEntry>[] = [];
  for (let after = before; ; ) {
    const page = await records.page(auditEntries, index, key, batch, after, 'down');
    for (const entry of page) {
      if (!isWanted(entry)) continue;
      if (found.length === limit) return { entries: found, next: found.at(-1)?.id };
      found.push(entry);
    }
    if (page.length < batch) return { entries: found };
    after = page.at(-1)?.id;
    if (pace.isDue) await pace.rest();
  }
}
