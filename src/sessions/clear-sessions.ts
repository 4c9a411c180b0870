/** Removes sessions that are over, and chats' bindings to them that no token reaches: at start and once an hour. */
import { every } from '../every.ts';
import type { Log } from '../log.ts';
import type { Sessions } from './sessions.ts';
import type { SignedInChats } from './signed-in-chats.ts';

const hourInMs = 3600 * 1000;

export interface ClearSessionsParts {
  readonly sessions: Pick<Sessions, 'removeOver'>;
  readonly signedInChats: Pick<SignedInChats, 'removeOver'>;
  readonly log: Log;
}

/** A failed run is logged and tried again the next hour: what is over is refused anyway. */
export function clearSessions({ sessions, signedInChats, log }: ClearSessionsParts): { close(): Promise<void> } {
  return every({
    ms: hourInMs,
    async work() {
      const [removed] = await Promise.all([sessions.removeOver(), signedInChats.removeOver()]);
      if (removed > 0) log.debug({ removed }, 'removed sessions that were over');
    },
    failed: (error) => log.error({ err: error }, 'sessions that are over could not be removed'),
  });
}
