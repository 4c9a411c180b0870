/** When the secret of the bot's registration ends. Days are those of UTC, since a portal names a day and no hour. */

const day = 24 * 3600_000;

/** What to do about it, for whoever runs this. */
export const advice = 'make a new one and write MicrosoftAppPassword and MicrosoftAppPasswordEnds';

/** With fewer days left it is time to see to it. */
export const soon = 30;

/** At which numbers of days left staff are told. */
const told = [0, 1, 7, 30] as const;

/** @param ends - YYYY-MM-DD. @returns 0 on that day, less than 0 after it */
export function daysLeft(ends: string, now: Date): number {
  return Math.round((Date.parse(ends) - Date.parse(now.toISOString().slice(0, 10))) / day);
}

/** Until the day begins, since it may end in any hour of it; less than 0 after that. */
export function secondsLeft(ends: string, now: Date): number {
  return (Date.parse(ends) - now.getTime()) / 1000;
}

/** Which of the warnings it is time for, by its days; undefined where there is time. Those before it are past. */
export function warningFor(left: number): number | undefined {
  return told.find((days) => left <= days);
}
