/** Removes what is past RETENTION_DAYS, conversations and closed tickets: at start and once a day. */
import { every } from '../every.ts';
import type { Log } from '../log.ts';
import type { Erasure } from './history.ts';

const dayInMs = 24 * 3600 * 1000;

export interface RetentionParts {
  readonly erasure: Erasure;
  /** Removes what another room has from before then; erasing takes it out of the store's files afterwards. */
  readonly clear?: (before: Date) => Promise<unknown>;
  readonly days: number;
  readonly now: () => Date;
  readonly log: Log;
}

/** A failed run is logged and tried again the next day. */
export function keepRetention({ erasure, clear, days, now, log }: RetentionParts): { close(): Promise<void> } {
  return every({
    ms: dayInMs,
    async work() {
      const before = new Date(now().getTime() - days * dayInMs);
      if (clear) await clear(before);
      const removed = await erasure.prune(before);
      if (removed.lines > 0) log.info(removed, `removed what is older than ${days} days`);
    },
    failed: (error) => log.error({ err: error }, 'what is past RETENTION_DAYS could not be removed'),
  });
}
