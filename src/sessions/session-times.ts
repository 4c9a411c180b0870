/** How long a session lasts. */
import type { SessionRecord } from './session.ts';

const minute = 60_000;

/** Times in ms. */
export const sessionTimes = {
  /** Without use. */
  idle: 15 * minute,
  /** At most, however much it is used. */
  most: 8 * 60 * minute,
  /** With "stay signed in", used or not. */
  stay: 30 * 24 * 60 * minute,
  /** Use is written down no more often, so that reading a page seldom costs a write. */
  seenEvery: minute,
  /** Since the person last signed in, for steps that cannot be taken back easily. */
  fresh: 15 * minute,
} as const;

/** Whether a session has ended by itself. A time that cannot be read ends it. */
export function isOver(session: SessionRecord, now: Date): boolean {
  const since = (moment: string) => now.getTime() - Date.parse(moment);
  if (session.staysSignedIn && session.kind === 'user') return !(since(session.startedAt) < sessionTimes.stay);
  return !(since(session.seenAt) < sessionTimes.idle && since(session.startedAt) < sessionTimes.most);
}

/** Whether the person proved who they are just now, so that a sensitive step need not ask again. */
export function isFresh({ authenticatedAt }: SessionRecord, now: Date): boolean {
  return now.getTime() - Date.parse(authenticatedAt) < sessionTimes.fresh;
}
