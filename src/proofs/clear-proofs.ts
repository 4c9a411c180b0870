/** Removes codes, numbers and proofs that are over: at start and once an hour. They name people. */
import { every } from '../every.ts';
import type { Log } from '../log.ts';
import type { Records } from '../records/records.ts';
import { chatSignIns } from './chat-sign-ins.ts';
import { mailboxCodes } from './mailbox-codes.ts';
import { proofLasts, proofRecords } from './proof.ts';
import { removeOver } from './proofs.ts';

const hourInMs = 3600 * 1000;

export interface ClearProofsParts {
  readonly records: Records;
  readonly now: () => Date;
  readonly log: Log;
}

/** How many it removed. */
export async function removeProofsThatAreOver(records: Records, now: Date): Promise<number> {
  const end = (verifiedAt: string) => new Date(Date.parse(verifiedAt) + proofLasts).toISOString();
  return (
    (await removeOver(records, mailboxCodes, ({ until }) => until, now)) +
    (await removeOver(records, chatSignIns, ({ until }) => until, now)) +
    (await removeOver(records, proofRecords, ({ verifiedAt }) => end(verifiedAt), now))
  );
}

/** A failed run is logged and tried again the next hour: what is over is refused anyway. */
export function clearProofs({ records, now, log }: ClearProofsParts): { close(): Promise<void> } {
  return every({
    ms: hourInMs,
    async work() {
      const removed = await removeProofsThatAreOver(records, now());
      if (removed > 0) log.debug({ removed }, 'removed proofs that were over');
    },
    failed: (error) => log.error({ err: error }, 'proofs that are over could not be removed'),
  });
}
