/** Removes conversations that are past RETENTION_DAYS: at start and once a day. */
import type { Log } from '../log.ts';
import type { Erasure } from './history.ts';

const dayInMs = 24 * 3600 * 1000;

export interface RetentionParts {
  readonly erasure: Erasure;
  readonly days: number;
  readonly now: () => Date;
  readonly log: Log;
}

/** A failed run is logged and tried again the next day. */
export function keepRetention({ erasure, days, now, log }: RetentionParts): { close(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const run = async () => {
    try {
      const removed = await erasure.prune(new Date(now().getTime() - days * dayInMs));
      if (removed.lines > 0) log.info(removed, `removed what is older than ${days} days`);
    } catch (error) {
      log.error({ err: error }, 'what is past RETENTION_DAYS could not be removed');
    }
  };
  const begin = () => {
    running = run();
  };
  begin();
  const timer = setInterval(begin, dayInMs).unref();
  return {
    close() {
      clearInterval(timer);
      return running;
    },
  };
}
