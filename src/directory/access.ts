/** Whether a profile gives access to its portal, and if not, why. */
import type { Organisation, Profile } from './directory.ts';

export type Access =
  | { readonly given: true; readonly planUntil?: string }
  /** `since` is the last day of the plan, or the day on which the profile ended, YYYY-MM-DD. */
  | { readonly given: false; readonly reason: 'planEnded' | 'profileEnded'; readonly since: string };

/** The last place on earth where it still is a day is 12 hours behind UTC. */
const lastPlace = 12 * 60 * 60 * 1000;

/**
 * What entitles is the organisation's: a plan with an end, or partnership and employment, which end by being given one.
 * A plan holds through its last day, wherever on earth its people are.
 */
export function accessOf(profile: Profile, { planUntil }: Organisation, now: Date): Access {
  const { endedAt } = profile;
  if (endedAt !== undefined && Date.parse(endedAt) <= now.getTime())
    return { given: false, reason: 'profileEnded', since: endedAt.slice(0, 10) };
  const earliestToday = new Date(now.getTime() - lastPlace).toISOString().slice(0, 10);
  if (planUntil !== undefined && planUntil < earliestToday)
    return { given: false, reason: 'planEnded', since: planUntil };
  return planUntil === undefined ? { given: true } : { given: true, planUntil };
}
