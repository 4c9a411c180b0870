/** A line of somebody who is not the bot, as an activity: who says it, and the words as they were typed. */
import type { StaffPerson } from '../tickets/ticket.ts';
import { botAccount } from './reply.ts';

export interface StaffLine {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly from: StaffPerson;
}

/** Clients of other makers show the text as it is; our own puts the name above it (`channelData.staff`). */
export function staffActivity({ id, at, from }: StaffLine): Record<string, unknown> {
  return {
    type: 'message',
    id,
    timestamp: at,
    from: { id: 'staff', role: botAccount.role, name: from.name },
    textFormat: 'plain',
    channelData: { staff: from.name },
  };
}

/** What became of a request, said by the bot. `who`: who reads the conversation from now on, '' for the bot. */
export function noticeActivity(id: string, at: string, who: string | undefined): Record<string, unknown> {
  return {
    type: 'message',
    id,
    timestamp: at,
    from: { id: botAccount.id, role: botAccount.role },
    ...(who !== undefined && { channelData: { who } }),
  };
}
