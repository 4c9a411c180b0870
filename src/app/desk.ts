/** The support desk: tickets, who works on them, what staff write on its way to users, the channel of staff in Teams. */
import { createHmac } from 'node:crypto';
import type { Bot } from '../bot/bot.ts';
import { missDesk } from '../channels/miss-desk.ts';
import { proactiveConversation } from '../channels/proactive-conversation.ts';
import { missesPort, staffChannelPort } from '../channels/staff-channel-port.ts';
import { staffConversation } from '../channels/staff-conversation.ts';
import { staffDesk } from '../channels/staff-desk.ts';
import { type SayUnasked, unaskedLine } from '../channels/unasked-line.ts';
import { KnowledgeEditing } from '../faq/knowledge-editing.ts';
import { staffChannels } from '../staff-channel/staff-channel.ts';
import { StaffChannelWorker } from '../staff-channel/staff-channel-worker.ts';
import { WeeklyMisses } from '../staff-channel/weekly-misses.ts';
import type { ConversationPort } from '../tickets/desk.ts';
import { OfficeHours } from '../tickets/office-hours.ts';
import { RelayWorker } from '../tickets/relay-worker.ts';
import { Roster } from '../tickets/roster.ts';
import { StaffAlerts } from '../tickets/staff-alerts.ts';
import { relays, tickets } from '../tickets/ticket.ts';
import { TicketDesk } from '../tickets/ticket-desk.ts';
import { TicketNews } from '../tickets/ticket-news.ts';
import { topMisses } from '../usage/misses.ts';
import type { Base } from './base.ts';
import type { Connectors } from './connectors.ts';
import type { People } from './people.ts';
import { wakeAfter } from './surroundings.ts';

export type SupportDesk = Awaited<ReturnType<typeof joinDesk>>;

/** @param add - puts a line into a conversation */
export async function joinDesk(base: Base, people: People, connectors: Connectors, add: Bot['add']) {
  const {
    config,
    surroundings,
    closers,
    log,
    now,
    sharedNow,
    newRecordId,
    words,
    watched,
    store,
    keys,
    records,
    presence,
    hold,
    knowledge,
  } = base;
  const { signIn, requests, onRequests } = people;
  const { adapter, teamRoster, ownChannels, references, proactive } = connectors;
  const roster = new Roster(records, signIn.staff.listed, (id) => words.say('staff.nameless', { end: id.slice(-4) }));
  for (const [id, name] of signIn.staffNames) await roster.learn({ id, name });
  const ticketNews = new TicketNews();
  store.shared?.onPut((puts) => {
    records.tell(puts?.map(({ kind }) => kind));
    for (const { kind, id } of puts ?? []) if (kind === tickets.name && id) ticketNews.tell(Number(id));
  });
  const ticketMails = {
    records,
    now,
    newId: newRecordId,
    addressKey: (address: string) =>
      createHmac('sha256', keys.for('ticket mails')[0]).update(address).digest('base64url'),
  };
  /** In Teams the members of the team act too, while its roster says so. */
  const whoMayAct = {
    roleOf: (id: string) => roster.roleOf(id) ?? (teamRoster.isMember(id) ? ('agent' as const) : undefined),
  };
  const desk = new TicketDesk({ ...ticketMails, news: ticketNews, roster: whoMayAct, history: store.history });
  const inProcess = staffConversation({
    add,
    isShown: async (conversation) => (await presence.at(conversation)).isThere,
    channels: ownChannels,
    words,
    now,
  });
  const sayUnasked = unaskedLine({ records, proactive, references, history: store.history, add, now });
  const elsewhere = proactiveConversation({ sayUnasked, words, now });
  const isOwn = (conversation: string) => ownChannels.some((channel) => conversation.startsWith(`${channel}/`));
  const portOf = (conversation: string) => (isOwn(conversation) ? inProcess : elsewhere);
  /** The bot's own words, where nobody has just spoken. */
  const tell: SayUnasked = (line) => (isOwn(line.conversation) ? add(line) : sayUnasked(line));
  const port: ConversationPort = {
    say: (line) => portOf(line.conversation).say(line),
    isPresent: (conversation) => portOf(conversation).isPresent(conversation),
  };
  const relay = new RelayWorker({ ...ticketMails, hold, port, news: ticketNews, wakeAfter, log });
  records.onPut(relays, () => relay.wake());
  closers.push(() => relay.close());
  const hours = new OfficeHours(config.office.hours, config.office.timeZone);
  const { staffTeam: group } = config.channels;
  const staffChannel = new StaffChannelWorker({
    records,
    history: store.history,
    port: staffChannelPort({ proactive, words }),
    group,
    hold,
    isOpen: () => hours.isOpen(now()),
    now: sharedNow,
    wakeAfter,
    log,
  });
  closers.push(() => staffChannel.close());
  closers.push(async () => stopWatching());
  const stopWatching = ticketNews.watch((number) => staffChannel.wake(number));
  const weeklyMisses = new WeeklyMisses({
    records,
    port: missesPort({ proactive, words }),
    group,
    topMisses: (period, limit) => topMisses(store.history, period, limit),
    isOpen: () => hours.isOpen(now()),
    now: sharedNow,
    wakeAfter,
    log,
  });
  closers.push(() => weeklyMisses.close());
  records.onPut(staffChannels, () => weeklyMisses.wake());
  const editing = new KnowledgeEditing({
    ...config.faq,
    load: surroundings.loadKnowledge,
    current: () => watched.current,
    records,
    hold,
    now,
    newId: newRecordId,
  });
  closers.push(async () => stopHearing());
  const stopHearing = store.history.watch(
    (lines) => {
      for (const { from, conversation } of lines) if (from === 'user') staffChannel.said(conversation);
    },
    (conversation) => staffChannel.shows(conversation),
  );
  const staff = staffDesk({
    records,
    desk,
    roster: teamRoster,
    groupOf: (serviceUrl, team) => adapter.groupOf(serviceUrl, team),
    isLead: (id) => roster.roleOf(id) === 'lead',
    worker: staffChannel,
    misses: missDesk({ weekly: weeklyMisses, editing, knowledge: () => knowledge(), words }),
    group,
    words,
    now,
    log,
  });
  const { staffEmail } = config.mail;
  const others = () => requests.unseen();
  const alerts = new StaffAlerts({ records, others, presence, staffEmail, now, newId: newRecordId, wakeAfter, log });
  records.onPut(tickets, () => alerts.wake());
  onRequests(() => alerts.wake());
  closers.push(() => alerts.close());

  return { desk, roster, hours, port, tell, relay, staffChannel, weeklyMisses, editing, staff, alerts };
}
