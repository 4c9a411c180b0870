import type { Notice } from './entry.ts';

/** The notices that hold at a moment, the one that began first at the front; those without a beginning come first. */
export function noticesInForce(notices: readonly Notice[], at: Date): Notice[] {
  return notices
    .filter(({ from, until }) => (!from || from <= at) && (!until || at < until))
    .sort((a, b) => beginning(a) - beginning(b));
}

function beginning({ from }: Notice): number {
  return from?.getTime() ?? Number.MIN_SAFE_INTEGER;
}
