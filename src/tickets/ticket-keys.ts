/**
 * Keys of what was done: a form that is pressed five times, or a message that its channel sends again, acts once. A row
 * is committed with what was done, so that both are there or neither.
 */
import { hash } from 'node:crypto';
import { clearOlder } from '../records/done-once.ts';
import type { Records, RecordType } from '../records/records.ts';

interface DoneOnce {
  readonly ticket: number;
  readonly outcome: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export const ticketKeys: RecordType<DoneOnce> = { name: 'ticket-keys', indexes: {} };

/** ms; channels repeat within a minute, and an old form shows what became of it for a month. */
const kept = 30 * 24 * 3600 * 1000;

/** Id of the row. @param about - what the key is for: the same form acts once per verb and ticket */
export function keyId(key: string, ...about: readonly (string | number)[]): string {
  return hash('sha256', JSON.stringify([...about, key]), 'base64url');
}

/** Takes rows out whose time is over. */
export function clearTicketKeys(records: Records, now: Date): Promise<void> {
  return clearOlder(records, ticketKeys, now.getTime() - kept);
}
