/** The channel in Teams where staff see tickets, and what is shown there of each. Declared here, kept by the worker. */
import { Change, type Records, type RecordType } from '../records/records.ts';
import { tickets } from '../tickets/ticket.ts';

/** Where the channel is reached. */
export interface ChannelPlace {
  readonly channel: string;
  readonly serviceUrl: string;
  /** Of the channel, as Bot Framework names it. */
  readonly conversation: string;
  readonly bot: { readonly id: string; readonly name: string };
  readonly tenant: string;
  /** Of the team, as its roster is asked for. */
  readonly team: string;
}

export interface StaffChannel {
  readonly place: ChannelPlace;
  /** STAFF_TEAM_ID at that time, in lower case; undefined where a version before wrote it. */
  readonly group?: string;
  /** Id on the roster of the lead who chose it. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export const staffChannelId = 'staff';

/** One document: a new channel takes the place of the one before. */
export const staffChannels: RecordType<StaffChannel> = { name: 'staff-channels', indexes: {} };

/**
 * Where the channel is that was chosen in this team; undefined where none was. What was chosen in a team that is staff's
 * no more is not used: its members are nobody here.
 * @param group - STAFF_TEAM_ID; '': staff has no team
 */
export async function placeOfStaff(records: Pick<Records, 'get'>, group: string): Promise<ChannelPlace | undefined> {
  const value = group === '' ? undefined : (await records.get(staffChannels, staffChannelId))?.value;
  const isOurs = value?.group === undefined || value.group === group.toLowerCase();
  return isOurs ? value?.place : undefined;
}

/** Why Teams takes nothing: it refuses what is sent there, our own sign-in fails, or it is away for a while. */
export type TroubleKind = 'refused' | 'unsigned' | 'away';

/** What waits because Teams does not take it; one document, there while it lasts, for whoever runs and whoever looks. */
export interface ChannelTrouble {
  /** Tickets. */
  readonly waiting: number;
  readonly kind: TroubleKind;
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

export const channelTroubles: RecordType<ChannelTrouble> = { name: 'staff-channel-troubles', indexes: {} };

/** A ticket's card in the channel, and how far its thread tells what happened. */
export interface TicketCard {
  readonly ticket: number;
  /** What Teams calls the card; its thread goes by it. Undefined: it is not posted. */
  readonly activity?: string;
  /** ISO 8601, UTC: until then it is somebody's to post. */
  readonly until?: string;
  /** Of the channel that it was posted in, or is to be. */
  readonly conversation: string;
  /** Version of the ticket that it shows. */
  readonly version: number;
  /** Events that were told in the thread. */
  readonly events: number;
  /** `seq` of the conversation's line up to which the user's words were told. */
  readonly lines: number;
  /** ISO 8601, UTC. */
  readonly postedAt: string;
  /** ISO 8601, UTC: when staff were told last that nobody takes it. */
  readonly remindedAt?: string;
  /** Fingerprints of what staff typed in the thread itself and what is not told there once more. */
  readonly typed?: readonly string[];
}

export const ticketCards: RecordType<TicketCard> = {
  name: 'ticket-cards',
  indexes: {
    thread: ({ conversation, activity }) => (activity === undefined ? [] : [threadKey(conversation, activity)]),
  },
  partOf: ({ ticket }) => ({ collection: tickets.name, id: String(ticket).padStart(10, '0') }),
};

export function threadKey(conversation: string, activity: string): string {
  return `${conversation};messageid=${activity}`;
}

/** Removes what is kept of cards whose ticket is gone. */
export async function clearTicketCards(records: Records): Promise<void> {
  for await (const card of records.all(ticketCards)) {
    if (await records.get(tickets, card.id)) continue;
    await records.commit(new Change().delete(ticketCards, card));
  }
}
