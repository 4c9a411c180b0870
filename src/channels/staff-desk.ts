/**
 * Staff at work in Teams: the channel is chosen, cards are pressed, and what is written in a ticket's thread goes to the
 * user (`;;` in front: it stays a note). Who acts is asked of the team's roster each time. Nothing of it is kept as a
 * conversation; it is on the ticket.
 */
import type { Activity, TurnContext } from 'botbuilder';
import { AccessDeskError } from '../errors.ts';
import type { Log } from '../log.ts';
import { Change, changing, type Records } from '../records/records.ts';
import { identityOf } from '../replies/activity-identity.ts';
import { escaped } from '../replies/escaped.ts';
import { isPress, isRefresh } from '../replies/teams.ts';
import { type TicketAct, ticketActs, ticketCardInTeams } from '../replies/ticket-card.ts';
import {
  type ChannelPlace,
  placeOfStaff,
  staffChannelId,
  staffChannels,
  ticketCards,
} from '../staff-channel/staff-channel.ts';
import type { StaffChannelWorker } from '../staff-channel/staff-channel-worker.ts';
import type { Desk, Done } from '../tickets/desk.ts';
import { type StaffPerson, shownNumber } from '../tickets/ticket.ts';
import type { Words } from '../words/words.ts';
import type { TeamRoster } from './team-roster.ts';
import { writtenInThread } from './written-in-thread.ts';

export interface StaffDeskParts {
  readonly records: Records;
  readonly desk: Desk;
  readonly roster: Pick<TeamRoster, 'nameOf' | 'forget'>;
  /** The Entra group of a team, asked of Teams. */
  readonly groupOf: (serviceUrl: string, team: string) => Promise<string | undefined>;
  readonly isLead: (id: string) => boolean;
  readonly worker: Pick<StaffChannelWorker, 'wake' | 'typedHere'>;
  /** What staff do with questions that had no answer: what takes the card's place; undefined for a button of no card. */
  readonly misses: (value: unknown, who: StaffPerson) => Promise<object | undefined>;
  /** STAFF_TEAM_ID; '': there is no channel of staff. */
  readonly group: string;
  readonly words: Words;
  readonly now: () => Date;
  readonly log: Pick<Log, 'warn'>;
}

type Who = StaffPerson | 'nobody' | 'unchecked';

export function staffDesk(parts: StaffDeskParts) {
  const { records, desk, roster, groupOf, isLead, worker, misses, group, words, now, log } = parts;
  const { say } = words;

  /** Whether the activity was one of these and is dealt with. @param isNamed - whether it was for the bot */
  async function receive(context: TurnContext, isNamed: boolean): Promise<boolean> {
    const { activity } = context;
    if (activity.channelId !== 'msteams') return false;
    if (isNamed && isWish(activity) && (group === '' || !isChannel(activity))) {
      return told(context, say(group === '' ? 'staffChannel.noTeam' : 'staffChannel.noChannel'));
    }
    if (group === '') return false;
    if (activity.type === 'conversationUpdate') {
      roster.forget();
      return false;
    }
    const { verb } = (activity.value ?? {}) as { verb?: unknown };
    if (isPress(activity) && verb === 'ticket') return pressed(context);
    if (isPress(activity) && verb === 'miss') return pressedMiss(context);
    if (activity.type !== 'message' || !isChannel(activity)) return false;
    if (isNamed) return isWish(activity) ? useChannel(context) : false;
    return repliedInThread(context);
  }

  /** Who of staff sent it, wherever; `unchecked` where the roster cannot be asked. */
  async function staffOf(activity: Activity): Promise<Who> {
    const place = activity.channelId === 'msteams' ? await placeOf() : undefined;
    return place ? memberOf(activity, place) : 'nobody';
  }

  return { receive, staffOf };

  /** Whether a channel is to be chosen. */
  function isWish({ type, text = '' }: Activity): boolean {
    return type === 'message' && words.hears('heard.useChannel', text);
  }

  async function useChannel(context: TurnContext): Promise<boolean> {
    const { activity } = context;
    const { serviceUrl, conversation, recipient } = activity;
    const { team, channel } = (activity.channelData ?? {}) as { team?: { id?: unknown }; channel?: { id?: unknown } };
    const teamId = textOf(team?.id);
    const place: ChannelPlace = {
      channel: activity.channelId,
      serviceUrl,
      conversation: textOf(channel?.id) || (conversation.id.split(';')[0] ?? ''),
      bot: { id: recipient.id, name: recipient.name ?? '' },
      tenant: conversation.tenantId ?? '',
      team: teamId,
    };
    const who = await memberOf(activity, place, true);
    if (who === 'unchecked') return told(context, say('staffChannel.unchecked'));
    if (who === 'nobody' || !isLead(who.id)) return told(context, say('staffChannel.leadsOnly'));
    await changing(records, async () => {
      const seen = await records.get(staffChannels, staffChannelId);
      const value = { place, group: group.toLowerCase(), by: who.id, at: now().toISOString() };
      const change = new Change();
      if (seen) change.update(staffChannels, seen, value);
      else change.create(staffChannels, staffChannelId, value);
      return { change, result: undefined };
    });
    worker.wake();
    return told(context, say('staffChannel.used'));
  }

  async function pressed(context: TurnContext): Promise<boolean> {
    const { act, number, at } = context.activity.value as { act?: unknown; number?: unknown; at?: unknown };
    const place = await placeOf();
    const who = place ? await memberOf(context.activity, place) : 'nobody';
    const view = typeof number === 'number' && Number.isSafeInteger(number) ? await desk.view(number) : undefined;
    // A client that looks at the card anew may be anybody's in the team: the card stays as it is, and nothing else happens.
    const isLook = isRefresh(context.activity);
    if (isLook && (act !== 'show' || !view || typeof who === 'string')) return answered(context, '');
    if (who === 'nobody') return answered(context, say('staffChannel.notStaff'));
    if (who === 'unchecked') return answered(context, say('staffChannel.unchecked'));
    if (view && act === 'show') return answered(context, ticketCardInTeams(view.ticket.value, words));
    const wanted = ticketActs.find((one) => one === act);
    if (!view || !wanted) return answered(context, say('unknownButton'));
    const { number: known } = view.ticket.value;
    const done = await acting(wanted, known, who, `card ${who.id} ${textOf(at)}`);
    const now = (await desk.view(known))?.ticket.value ?? view.ticket.value;
    return answered(context, ticketCardInTeams(now, words, problemOf(done, wanted)));
  }

  async function pressedMiss(context: TurnContext): Promise<boolean> {
    if (isRefresh(context.activity)) return answered(context, '');
    const who = await staffOf(context.activity);
    if (who === 'nobody') return answered(context, say('staffChannel.notStaff'));
    if (who === 'unchecked') return answered(context, say('staffChannel.unchecked'));
    return answered(context, (await misses(context.activity.value, who)) ?? say('unknownButton'));
  }

  function acting(act: TicketAct, number: number, by: StaffPerson, key: string): Promise<Done> {
    if (act === 'claim') return desk.claim(number, by, key);
    if (act === 'release') return desk.assign(number, undefined, by, key);
    return act === 'resolve' ? desk.resolve(number, by, key) : desk.reopenForStaff(number, by, key);
  }

  /** What nobody addressed to the bot is a reply in a ticket's thread, or it is not ours and was not read. */
  async function repliedInThread(context: TurnContext): Promise<boolean> {
    const { activity } = context;
    const place = await placeOf();
    const [card] = await records.find(ticketCards, 'thread', activity.conversation.id);
    if (!place || !card || card.value.conversation !== place.conversation) return false;
    const { reply, note, hasFiles } = writtenInThread(activity);
    if (reply === '' && note === '' && !hasFiles) return true;
    const who = await memberOf(activity, place);
    if (who === 'nobody') return told(context, say('staffChannel.notStaff'));
    if (who === 'unchecked') return told(context, say('staffChannel.notSent'));
    const key = identityOf(activity) ?? activity.id;
    const problem =
      (note && (await kept('note', card.value.ticket, note, who, `note ${key}`))) ||
      (reply && (await kept('reply', card.value.ticket, reply, who, `thread ${key}`)));
    if (problem) return told(context, problem);
    return hasFiles ? told(context, say(reply === '' ? 'staffChannel.noFiles' : 'staffChannel.wordsAlone')) : true;
  }

  /** What of it is to be told. */
  async function kept(
    verb: 'note' | 'reply',
    ticket: number,
    text: string,
    who: StaffPerson,
    key: string,
  ): Promise<string | undefined> {
    try {
      await worker.typedHere(ticket, text);
      return unsent(await desk[verb](ticket, text, who, key), ticket);
    } catch (error) {
      if (!(error instanceof AccessDeskError) || error.code !== 'ERR_TICKET_TEXT') throw error;
      return say('staffChannel.badText');
    }
  }

  /** Why a press did nothing. */
  function problemOf(done: Done, act: TicketAct): string | undefined {
    if (done.outcome === 'done') return undefined;
    if (done.outcome !== 'taken') return say('staffChannel.notNow');
    const whose = { name: escaped(done.by.name), number: shownNumber(done.ticket.value) };
    return say(act === 'claim' ? 'staffChannel.taken' : 'staffChannel.theirs', whose);
  }

  /** Why what was written in the thread goes to nobody. */
  function unsent(done: Done, ticket: number): string | undefined {
    if (done.outcome === 'done') return undefined;
    const number = shownNumber({ number: ticket });
    if (done.outcome !== 'taken') return say('staffChannel.over', { number });
    return say('staffChannel.notYours', { name: escaped(done.by.name), number });
  }

  function placeOf(): Promise<ChannelPlace | undefined> {
    return placeOfStaff(records, group);
  }

  /** Who of the team of staff it is, now. @param isNew - whether the team itself has to be checked */
  async function memberOf(activity: Activity, place: ChannelPlace, isNew = false): Promise<Who> {
    const { aadObjectId } = activity.from;
    const { tenantId } = activity.conversation;
    if (!aadObjectId || !tenantId || place.team === '') return 'nobody';
    const id = `${tenantId}/${aadObjectId}`.toLowerCase();
    try {
      if (isNew && (await groupOf(place.serviceUrl, place.team))?.toLowerCase() !== group.toLowerCase())
        return 'nobody';
      const name = await roster.nameOf(place, id);
      return name === undefined ? 'nobody' : { id, name };
    } catch (error) {
      log.warn({ err: error }, 'the roster of the team of staff could not be asked');
      return 'unchecked';
    }
  }

  async function told(context: TurnContext, text: string): Promise<true> {
    await context.sendActivities([{ type: 'message', text }]);
    return true;
  }

  /** A card takes the place of the pressed one; a text is shown with it. */
  async function answered(context: TurnContext, what: string | object): Promise<true> {
    const type =
      typeof what === 'string'
        ? 'application/vnd.microsoft.activity.message'
        : 'application/vnd.microsoft.card.adaptive';
    const body = { statusCode: 200, type, value: what };
    await context.sendActivities([{ type: 'invokeResponse', value: { status: 200, body } }]);
    return true;
  }
}

function isChannel({ conversation }: Activity): boolean {
  return conversation.conversationType === 'channel';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
