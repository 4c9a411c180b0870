/** Builds every part and joins them: the only file that knows them all. index.ts runs it, tests run it with other clocks. */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { Accounts } from './accounts/accounts.ts';
import { derivedTokens } from './accounts/derived-token.ts';
import { OwnProfiles } from './accounts/own-profiles.ts';
import { linkSamplePerson } from './accounts/sample-associations.ts';
import { Undos } from './accounts/undos.ts';
import { type AuditPeriod, exportAudit } from './audit/export-audit.ts';
import { readTrail } from './audit/read-trail.ts';
import { Bot } from './bot/bot.ts';
import { DialogRunner } from './bot/dialog-runner.ts';
import { createRoutes } from './bot/routes.ts';
import { ActsOfStaff } from './changes/acts-of-staff.ts';
import { addressChanges as addressChangeRecords } from './changes/address-change.ts';
import { AddressChanges } from './changes/address-changes.ts';
import { AwaitedInChat } from './changes/awaited-in-chat.ts';
import { LookUp } from './changes/look-up.ts';
import { historyOf } from './changes/profile-history.ts';
import { reassociations as reassociationRecords } from './changes/reassociation.ts';
import { Reassociations } from './changes/reassociations.ts';
import { WaitingRequests } from './changes/waiting-requests.ts';
import { azureDirectLine, azureOrigins } from './channels/azure-direct-line.ts';
import { BotAdapter, type BotFrameworkSurroundings } from './channels/bot-adapter.ts';
import { localDirectLine } from './channels/chat-access.ts';
import { conversationKey, DirectLine, directLineChannel } from './channels/direct-line/direct-line.ts';
import { type StreamParts, Streams } from './channels/direct-line/streams.ts';
import { createChatTokens } from './channels/direct-line/tokens.ts';
import { IdleDialogs } from './channels/idle-dialogs.ts';
import { knownChat } from './channels/known-chat.ts';
import { lookIn } from './channels/look-in.ts';
import { messagesEndpoint } from './channels/messages-endpoint.ts';
import { missDesk } from './channels/miss-desk.ts';
import { Proactive } from './channels/proactive.ts';
import { proactiveConversation } from './channels/proactive-conversation.ts';
import { References } from './channels/references.ts';
import { addChannelRoutes, type ChannelRouteParts } from './channels/routes.ts';
import { searchExtension } from './channels/search-extension.ts';
import { serviceHostRule } from './channels/service-hosts.ts';
import { missesPort, staffChannelPort } from './channels/staff-channel-port.ts';
import { staffConversation } from './channels/staff-conversation.ts';
import { staffDesk } from './channels/staff-desk.ts';
import { takeAside } from './channels/take-aside.ts';
import { TeamRoster } from './channels/team-roster.ts';
import { TeamsPeople } from './channels/teams-people.ts';
import { tellAway } from './channels/tell-away.ts';
import { Colleagues } from './colleagues/colleagues.ts';
import type { Config } from './config.ts';
import { openControlSocket } from './control/control-socket.ts';
import { accessDialogs, dialogCommands } from './dialogs/access-dialogs.ts';
import { addToRequest } from './dialogs/add-to-request.ts';
import { handoff } from './dialogs/handoff.ts';
import { Identity } from './dialogs/identity.ts';
import { Directory } from './directory/directory.ts';
import { exportProfiles } from './directory/export-profiles.ts';
import { importer } from './directory/import-profiles.ts';
import { addSampleDirectory } from './directory/sample-directory.ts';
import { createKnowledge } from './faq/knowledge.ts';
import { KnowledgeEditing } from './faq/knowledge-editing.ts';
import type { LoadKnowledge } from './faq/loading-thread.ts';
import { openKnowledgeBase, type WatchedKnowledgeBase } from './faq/watched-knowledge-base.ts';
import { keepRetention } from './history/retention.ts';
import type { Hold } from './instances/hold.ts';
import { OwnPresence } from './instances/own-presence.ts';
import { inboxPlace } from './instances/presence.ts';
import { Asks } from './invitations/asks.ts';
import { Invitations } from './invitations/invitations.ts';
import { createKeys } from './keys.ts';
import { CountedLimits } from './limits/counted-limits.ts';
import { clearCounts, KeptCounter } from './limits/kept-counter.ts';
import { isKept, isShared, type LimitTable } from './limits/limits.ts';
import { MemoryCounter } from './limits/memory-counter.ts';
import type { Log } from './log.ts';
import { capturedFolder } from './mail/captured-mails.ts';
import type { MailLinks } from './mail/links.ts';
import { openMail } from './mail/open-mail.ts';
import { outbox } from './mail/outbox.ts';
import type { SmtpTimeouts } from './mail/smtp-transport.ts';
import { keptFigures } from './metrics/kept-figures.ts';
import { measuredStore } from './metrics/measured-store.ts';
import { type LookedUp, Metrics } from './metrics/metrics.ts';
import { ChatSignIns } from './proofs/chat-sign-ins.ts';
import { clearProofs } from './proofs/clear-proofs.ts';
import { DerivedDigits } from './proofs/derived-digits.ts';
import { MailboxCodes } from './proofs/mailbox-codes.ts';
import type { Proof } from './proofs/proof.ts';
import { Proofs } from './proofs/proofs.ts';
import { Reach } from './proofs/reach.ts';
import { recordTypes } from './record-types.ts';
import { clearDone } from './records/done-once.ts';
import { WatchedRecords } from './records/watched-records.ts';
import { escaped } from './replies/escaped.ts';
import { noticeActivity } from './replies/staff-line.ts';
import { clearSessions } from './sessions/clear-sessions.ts';
import { accountKey } from './sessions/session.ts';
import { Sessions } from './sessions/sessions.ts';
import { SignedInChats } from './sessions/signed-in-chats.ts';
import { answerQuestion } from './skills/answer-question.ts';
import { feedback } from './skills/feedback.ts';
import { myRequests } from './skills/my-requests.ts';
import { channelTroubles, clearTicketCards, staffChannelId, staffChannels } from './staff-channel/staff-channel.ts';
import { StaffChannelWorker } from './staff-channel/staff-channel-worker.ts';
import { clearMissWeeks, WeeklyMisses } from './staff-channel/weekly-misses.ts';
import { openStore } from './stores/open-store.ts';
import type { Store } from './stores/store.ts';
import { clearTickets } from './tickets/clear-tickets.ts';
import type { ConversationPort, Desk } from './tickets/desk.ts';
import { OfficeHours } from './tickets/office-hours.ts';
import { RelayWorker } from './tickets/relay-worker.ts';
import { Roster } from './tickets/roster.ts';
import { StaffAlerts } from './tickets/staff-alerts.ts';
import { relays, tickets } from './tickets/ticket.ts';
import { TicketDesk } from './tickets/ticket-desk.ts';
import { medianFirstResponse, ticketFigures } from './tickets/ticket-figures.ts';
import { TicketNews } from './tickets/ticket-news.ts';
import { ticketReplies } from './tickets/ticket-replies.ts';
import { gatherLessons } from './usage/gather-lessons.ts';
import { topMisses } from './usage/misses.ts';
import { createReport } from './usage/report.ts';
import type { ReportPeriod } from './usage/report-period.ts';
import { addAccessRoutes } from './web/access-routes.ts';
import { addAccountsRoutes } from './web/accounts-routes.ts';
import { addStaff } from './web/add-staff.ts';
import { type Assets, loadAssets } from './web/assets.ts';
import { addChatSignInRoutes } from './web/chat-sign-in-routes.ts';
import { clientAddresses } from './web/client-address.ts';
import { addColleagueRoutes } from './web/colleague-routes.ts';
import { type ConnectionRules, guardConnections } from './web/connections.ts';
import { createCookies } from './web/cookies.ts';
import { addDevMailRoutes } from './web/dev-mail-routes.ts';
import { addMetricsRoute } from './web/metrics-route.ts';
import { privatePages } from './web/private-page.ts';
import { addProfileRoutes } from './web/profile-routes.ts';
import { readJson } from './web/read-json.ts';
import { addWebRoutes } from './web/routes.ts';
import { sampleAccountOf, samplePath, sampleTenant } from './web/sample-sign-in/sample-accounts.ts';
import { createWebServer, listen, stopListening, type Take } from './web/server.ts';
import { isFromOwnPage } from './web/sign-in/own-page.ts';
import { createSignIn, type SignIn } from './web/sign-in/sign-in.ts';
import { profilesOfRequester } from './web/staff-profiles.ts';
import { createTold } from './web/told.ts';
import { createWords } from './words/words.ts';

/** What surrounds the app; tests give their own. */
export interface Surroundings {
  readonly log: Log;
  /** Folder of the built browser files. */
  readonly assets: string;
  readonly loadKnowledge: LoadKnowledge;
  readonly now?: () => Date;
  readonly newId?: () => string;
  readonly fetch?: typeof fetch;
  /** ms after which a reply that its channel does not take has failed. */
  readonly sendTimeout?: number;
  readonly botFramework?: BotFrameworkSurroundings;
  /** ms after which an activity is answered, whatever is still under way. */
  readonly answersWithin?: number;
  /** Numbers of limits that differ. */
  readonly limits?: Partial<LimitTable>;
  /** Rules for connections that differ. */
  readonly connections?: Partial<ConnectionRules>;
  /** How long mail servers may take, where it differs. */
  readonly smtpTimeouts?: Partial<SmtpTimeouts>;
}

export interface App {
  /** Whom one can sign in as; empty where a real provider is set. */
  readonly sampleAccounts: SignIn['sampleAccounts'];
  /** The support desk: bot and inbox act through it. */
  readonly desk: Desk;
  /** Listens; resolves with the port. */
  listen(): Promise<number>;
  /** Ends the turns that were begun, then closes everything. Nothing acknowledged is lost. */
  close(): Promise<void>;
}

/** Rejects with an AccessDeskError that says what to do when a part cannot be built; parts built until then are closed. */
export async function createApp(config: Config, surroundings: Surroundings): Promise<App> {
  const { log, now = () => new Date(), newId = randomUUID, fetch = globalThis.fetch } = surroundings;
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const { publicUrl, isLocal, chatOrigins, trustedProxies } = config.web;
    const supportEmail = config.faq.settings.SUPPORT_EMAIL;
    const words = createWords(config.locale);
    const newReference = () => newId().slice(0, 8).toUpperCase();

    const metrics = new Metrics();
    const [opened, watched, assets] = await openAll(
      openStore({ ...config.store, now, log, recordTypes }),
      openKnowledgeBase({ ...config.faq, load: surroundings.loadKnowledge, log }),
      loadAssets(surroundings.assets),
      closers,
    );
    const store = measuredStore(opened, (commit) => metrics.committed(commit));
    const [firstKey = await store.secretKey(), ...olderKeys] = config.secretKeys;
    const keys = createKeys([firstKey, ...olderKeys]);

    const newRecordId = () => `${now().getTime().toString(36).padStart(9, '0')}-${newId()}`;
    const directory = new Directory(store.records);
    /** The rooms below are made once mail is; a mail is not sent before. */
    const links: MailLinks = {
      invitation: async (id) => addressWith('/invitations/', await invitations.token(id)),
      undo: async (id) => addressWith('/undo/', await undos.token(id)),
      code: (id) => codes.code(id),
      replies: (events) => ticketReplies(store.records, events),
    };
    const addressWith = (path: string, token: string | undefined) => token && publicUrl + path + token;
    const mail = openMail({
      settings: config.mail,
      folder: capturedFolder(config.store.folder),
      publicUrl,
      records: store.records,
      links,
      words,
      now,
      log,
      timeouts: surroundings.smtpTimeouts,
      addressOf: (account, failed) => accounts.addressOf(account, failed),
      tried: (attempt) => metrics.mailTried(attempt),
    });
    closers.push(() => mail.close());
    /** What rooms change; mail among it is sent at once. */
    const records = new WatchedRecords(store.records);
    records.onPut(outbox, () => mail.notify());

    const access = {
      records,
      directory,
      now,
      newId: newRecordId,
      newNonce: () => randomBytes(16).toString('base64url'),
    };
    await clearCounts(store.records, now);
    const limits = new CountedLimits({
      log,
      numbers: surroundings.limits,
      refused: (name) => metrics.limitRefused(name),
      newCounter: (options) =>
        isKept(options.keyPrefix ?? '') || (store.shared && isShared(options.keyPrefix ?? ''))
          ? new KeptCounter(options, { records: store.records, key: keys.for('limits')[0], now })
          : new MemoryCounter(options),
    });
    const undoTokens = { tokens: derivedTokens(keys, 'undo') };
    const accounts = new Accounts({ ...access, ...undoTokens });
    const ownProfiles = new OwnProfiles({ ...access, accounts });
    const invitations: Invitations = new Invitations({
      ...access,
      onMoved: (...moved) => reassociations.addCompletion(...moved),
      accounts,
      tokens: derivedTokens(keys, 'invitation'),
      whyNoAccess: ({ organisation: { value } }, reason, since) =>
        words.say(`access.${reason}`, { company: value.name, portal: value.portal, since: words.day(new Date(since)) }),
    });
    const proofs = new Proofs(access);
    const codes: MailboxCodes = new MailboxCodes({
      ...access,
      proofs,
      limits,
      digits: new DerivedDigits(keys, 'mailbox code', 8),
      mailIsDue: () => mail.notify(),
      log,
    });
    closers.push(() => codes.idle());
    const chatSignIns = new ChatSignIns({
      ...access,
      proofs,
      limits,
      digits: new DerivedDigits(keys, 'chat sign-in', 6),
    });
    const reach = new Reach({ ...access, accounts });
    const ofPeople = { ...access, ...undoTokens, accounts, invitations, reach, limits };
    const reassociations: Reassociations = new Reassociations(ofPeople);
    const addressChanges = new AddressChanges({ ...ofPeople, reassociations, codes });
    const colleagues = new Colleagues({ ...ofPeople, reassociations, addressChanges });
    const undos: Undos = new Undos({
      ...access,
      ...undoTokens,
      takers: {
        link: accounts,
        address: addressChanges,
        'address-request': addressChanges,
        'move-request': reassociations,
      },
    });
    /** For pages and dialogs. */
    const forPeople = { proofs, codes, chatSignIns, reach, reassociations, addressChanges, colleagues, undos };
    const asks = new Asks({
      records,
      directory,
      invitations,
      mailIsDue: () => mail.notify(),
      log,
      now,
      newId: newRecordId,
    });
    closers.push(() => asks.idle());

    const sessions = new Sessions({
      records: store.records,
      now,
      alsoEnds: (...of) => proofs.addEndOfSession(...of),
    });
    const signIn = createSignIn({
      settings: config.signIn,
      listensOn: config.web,
      publicUrl,
      sessions,
      ownProfiles,
      keys,
      words,
      fetch,
      now,
      log,
    });
    const { accountOf } = signIn;
    const signedInChats = new SignedInChats({ records: store.records, now, through: signIn.through });

    const roster = new Roster(records, signIn.staff.listed, (id) => words.say('staff.nameless', { end: id.slice(-4) }));
    for (const [id, name] of signIn.staffNames) await roster.learn({ id, name });
    const ticketNews = new TicketNews();
    store.shared?.onPut((puts) => {
      records.tell(puts?.map(({ kind }) => kind));
      for (const { kind, id } of puts ?? []) if (kind === tickets.name && id) ticketNews.tell(Number(id));
    });
    const presence = store.shared?.presence ?? new OwnPresence(now);
    const lock = store.shared?.conversations;
    const hold: Hold | undefined = lock && ((...held) => lock.hold(...held));
    const ticketMails = {
      records,
      now,
      newId: newRecordId,
      addressKey: (address: string) =>
        createHmac('sha256', keys.for('ticket mails')[0]).update(address).digest('base64url'),
    };
    const { MicrosoftAppId } = config.channels.botFramework;
    const allowsService = serviceHostRule(MicrosoftAppId !== '', config.channels.serviceHosts);
    const adapter = new BotAdapter(config.channels.botFramework, surroundings.sendTimeout, surroundings.botFramework);
    const teamRoster = new TeamRoster((serviceUrl) => adapter.connector(serviceUrl), now);
    /** In Teams the members of the team act too, while its roster says so. */
    const whoMayAct = {
      roleOf: (id: string) => roster.roleOf(id) ?? (teamRoster.isMember(id) ? ('agent' as const) : undefined),
    };
    const desk = new TicketDesk({ ...ticketMails, news: ticketNews, roster: whoMayAct, history: store.history });
    const ownChannels = config.channels.directLineSecret ? [] : [directLineChannel];
    const references = new References(records, now);
    const inProcess = staffConversation({
      add: (line) => bot.add(line),
      isShown: async (conversation) => (await presence.at(conversation)).isThere,
      channels: ownChannels,
      words,
      now,
    });
    const proactive = new Proactive(adapter, allowsService);
    const elsewhere = proactiveConversation({
      proactive,
      references,
      history: store.history,
      add: (line) => bot.add(line),
      words,
      now,
    });
    const portOf = (conversation: string) =>
      ownChannels.some((channel) => conversation.startsWith(`${channel}/`)) ? inProcess : elsewhere;
    const port: ConversationPort = {
      say: (line) => portOf(line.conversation).say(line),
      isPresent: (conversation) => portOf(conversation).isPresent(conversation),
    };
    const relay = new RelayWorker({ ...ticketMails, hold, port, news: ticketNews, wakeAfter, log });
    records.onPut(relays, () => relay.notify());
    closers.push(() => relay.close());
    const hours = new OfficeHours(config.office.hours, config.office.timeZone);
    const staffChannel = new StaffChannelWorker({
      records,
      history: store.history,
      port: staffChannelPort({ proactive, words }),
      hold,
      isOpen: () => hours.isOpen(now()),
      now,
      wakeAfter,
      log,
    });
    closers.push(() => staffChannel.close());
    closers.push(async () => stopWatching());
    const stopWatching = ticketNews.watch((number) => staffChannel.notify(number));
    const weeklyMisses = new WeeklyMisses({
      records,
      port: missesPort({ proactive, words }),
      topMisses: (period, limit) => topMisses(store.history, period, limit),
      isOpen: () => hours.isOpen(now()),
      now,
      wakeAfter,
      log,
    });
    closers.push(() => weeklyMisses.close());
    records.onPut(staffChannels, () => weeklyMisses.notify());
    const editing = new KnowledgeEditing({
      ...config.faq,
      load: surroundings.loadKnowledge,
      current: () => watched.current,
      records,
      now,
      newId: newRecordId,
    });
    closers.push(async () => stopHearing());
    const stopHearing = store.history.watch((lines) => {
      for (const { from, conversation } of lines) if (from === 'user') staffChannel.said(conversation);
    });
    const staff = staffDesk({
      records,
      desk,
      roster: teamRoster,
      groupOf: (serviceUrl, team) => adapter.groupOf(serviceUrl, team),
      isLead: (id) => roster.roleOf(id) === 'lead',
      worker: staffChannel,
      misses: missDesk({ weekly: weeklyMisses, editing, knowledge: () => knowledge(), words }),
      group: config.channels.staffTeam,
      words,
      now,
      log,
    });
    const { staffEmail } = config.mail;
    const requests = new WaitingRequests({ records, staffEmail, now, newId: newRecordId });
    const onRequests = (listener: () => void) => {
      for (const type of [reassociationRecords, addressChangeRecords]) records.onPut(type, listener);
    };
    const others = () => requests.unseen();
    const alerts = new StaffAlerts({ records, others, presence, staffEmail, now, newId: newRecordId, wakeAfter, log });
    records.onPut(tickets, () => alerts.notify());
    onRequests(() => alerts.notify());
    closers.push(() => alerts.close());

    let current = createKnowledge(watched.current);
    let loadedAt = now();
    watched.subscribe((base) => {
      const changed = createKnowledge(base);
      changed.prepare();
      current = changed;
      loadedAt = now();
    });
    const knowledge = () => current;

    const { turns, history, votes, erasure } = store;
    if (config.sampleDirectory) {
      // Where users sign in elsewhere, nobody has a sample account.
      const accountOfSample = config.signIn.users ? () => undefined : sampleAccountOf;
      await addSampleDirectory({
        records,
        now,
        newId,
        teamsOf: (address) => {
          const account = accountOfSample(address);
          return account && { tenant: sampleTenant, objectId: account.objectId };
        },
        also(change, id, profile) {
          const account = profile.role === 'administrator' && accountOfSample(profile.address);
          if (!account) return;
          const { subject, name, email } = account;
          const linked = { key: accountKey({ issuer: publicUrl + samplePath, subject }), name, email };
          linkSamplePerson(change, id, profile, linked, { at: now().toISOString(), newId: newRecordId });
        },
      });
    }
    const isInForce = async (proof: Proof) =>
      proof.level !== 'sign-in' || !proof.session || !(await signedInChats.isThroughOther(proof.session));
    const identity = new Identity({
      proofs: {
        all: async (holder) => {
          const all = await proofs.all(holder);
          const inForce = await Promise.all(all.map(isInForce));
          return all.filter((_, index) => inForce[index]);
        },
      },
      reach,
      known: async ({ person, teams }) => {
        if (teams) return [{ level: 'teams', teams, verifiedAt: now().toISOString() }];
        const signedIn = await signedInChats.accountOf(person);
        if (!signedIn) return [];
        const { account, session, authenticatedAt } = signedIn;
        return [{ level: 'sign-in', account, session, verifiedAt: authenticatedAt.toISOString() }];
      },
      now,
    });
    const awaited = new AwaitedInChat({
      records,
      tell: async ({ id, conversation, person, profile, what, decision }) => {
        const { name = '', portal = '' } = (await directory.member(profile))?.organisation.value ?? {};
        const text = words.say(`reassociate.decided.${what}.${decision}`, { company: escaped(name), portal });
        const activity = noticeActivity(id, now().toISOString(), undefined);
        await bot.add({ conversation, person, id, from: 'bot', text, activity });
      },
      log,
    });
    onRequests(() => awaited.wake());
    closers.push(() => awaited.idle());
    const { settings } = config.faq;
    const portalUrl = (portal: string) =>
      portal === 'PartnerSource' ? settings.PORTAL_URL_PARTNERSOURCE : settings.PORTAL_URL_CUSTOMERSOURCE;
    const guided = [
      ...accessDialogs({
        ...forPeople,
        identity,
        asks,
        invitations,
        awaited,
        limits,
        use: async (talk, profile) => {
          const lent = (await identity.proofs(talk)).flatMap((proof) =>
            proof.level === 'sign-in' && proof.session ? [proof.session] : [],
          );
          for (const id of new Set(lent)) {
            const session = await signedInChats.liveSession(id);
            if (session && (await ownProfiles.use(session.account, profile)))
              return sessions.chooseProfile(session, profile);
          }
          return false;
        },
        portalUrl,
        publicUrl,
        words,
        now,
      }),
      handoff({
        desk,
        words,
        requesterOf: (talk) => identity.requester(talk),
        latest: (conversation) => history.latest(conversation),
        titles: (ids) => knowledge().titles(ids),
        expectation: () => ({ isOpen: hours.isOpen(now()), opens: hours.nextOpening(now()) }),
        usualMinutes: async () => {
          const usual = await medianFirstResponse(records, now());
          return usual === undefined ? undefined : Math.max(1, Math.round(usual / 60_000));
        },
      }),
      addToRequest({ desk, words }),
    ];
    const idleDialogs = new IdleDialogs({
      records,
      look: (looked) => lookIn({ adapter, bot, directLine, ownChannels, references, proactive })(looked),
      now,
      newId: newRecordId,
      wakeAfter,
      log,
    });
    closers.push(() => idleDialogs.close());
    const dialogs = new DialogRunner({
      load: async () => (await import('./dialogs/create-dialogs.ts')).createDialogs(guided, words),
      words,
      now,
      lookAt: (...of) => idleDialogs.lookAt(...of),
    });
    const people = new TeamsPeople((serviceUrl) => adapter.connector(serviceUrl), now, wakeAfter);
    const routes = createRoutes({
      addressOf: (activity) => people.addressOf(activity),
      answerQuestion: answerQuestion({
        knowledge,
        words,
        now,
        supportEmail,
        dialogs: guided.map(({ name }) => name),
      }),
      feedback: feedback({ history, votes, knowledge, words, now }),
      myRequests: myRequests({ desk, latest: (conversation) => history.latest(conversation), words }),
      dialogs,
      desk,
      turns,
      knowledge,
      words,
      now,
      newId,
      commands: [...dialogCommands],
    });
    const bot = new Bot({
      routes,
      turns,
      history,
      words,
      now,
      newId,
      newReference,
      log,
      publicUrl,
      lock,
      figures: metrics,
      takeAside: takeAside({ proactive, words, log }),
    });

    const clients = clientAddresses(trustedProxies);
    const { ofRequest: clientOf } = clients;
    const take: Take = (name, request) => limits.take(name, clientOf(request));

    const tokens = createChatTokens(keys, now);
    const directLine: DirectLine = new DirectLine({
      adapter,
      bot,
      history,
      tokens,
      showNow: (conversationId, activity) => {
        const key = conversationKey({ conversationId });
        streams.showNow(key, activity);
        store.shared?.tellNow(key, activity);
      },
      publicUrl,
      newId,
      now,
    });
    const read: StreamParts['read'] = (...of) => directLine.activities(...of);
    const streams = new Streams({ tokens, history, presence, limits, clientOf, log, read });
    store.shared?.onTold((key, activity) => streams.showNow(key, activity));
    const { directLineSecret, messagesOpen } = config.channels;
    const chatAccess = directLineSecret
      ? azureDirectLine({ secret: directLineSecret, origins: [publicUrl, ...chatOrigins], newId, fetch })
      : localDirectLine(tokens, () => directLine.newIdentity(), publicUrl);

    const frame = {
      styleAddress: assets.address('style.css'),
      scriptAddress: assets.address('page.js'),
      publicUrl,
      supportEmail,
    };
    const server = createWebServer({ log, take, words, frame, publicUrl, isLocal, accountOf, newReference });
    guardConnections(server.server, { clients, log, rules: surroundings.connections });
    const openKnownChat = knownChat(chatAccess, signedInChats, directLineChannel);
    const openChat: ChannelRouteParts['openChat'] = async (request, previous, isOpening) => {
      const session = isFromOwnPage(request, publicUrl) ? await signIn.visitors.sessionOf(request) : undefined;
      return openKnownChat(previous, isOpening, session?.kind === 'user' ? session : undefined);
    };
    const messages = messagesOpen
      ? messagesEndpoint({
          adapter,
          bot,
          references,
          staff: staff.receive,
          search: searchExtension({ knowledge, desk, staffOf: staff.staffOf, publicUrl, words }),
          allowsService,
          ownChannels,
          stillWorking: words.say('teams.stillWorking'),
          away: { tell: tellAway({ proactive, words, now, log }), text: words.say('teams.away') },
          answersWithin: surroundings.answersWithin ?? 12_000,
          log,
        })
      : undefined;
    addChannelRoutes(server, { messages, openChat, directLine, tokens, limits, clientOf, readJson });
    addWebRoutes(server, {
      assets,
      frame,
      knowledge,
      words,
      supportEmail,
      publicUrl,
      chatOrigins,
      chatConnects: directLineSecret ? azureOrigins : [],
      parts: [{ name: 'store', check: () => store.check() }],
      take,
      accountOf,
      now,
    });
    server.server.on('request', (_request, response) => {
      response.once('close', () => metrics.requestAnswered(response.statusCode));
    });
    const figures: LookedUp = {
      queuedTurns: () => bot.queued,
      chatConnections: () => streams.connections,
      isMailServerUp: () => mail.isServerUp(),
      knowledge: () => ({
        entries: watched.current.entries.length,
        loadedAt,
        failedReloads: watched.failedReloads,
        errors: watched.errors,
      }),
      connections: store.shared && (() => store.shared?.connections()),
      kept: keptFigures(store.records),
      now,
    };
    addMetricsRoute(server, {
      token: config.metricsToken,
      isLocal,
      text: () => metrics.text(figures),
      limits,
      clientOf,
      take,
      words,
    });
    if (mail.captured) addDevMailRoutes(server, { captured: mail.captured, frame, words, take });
    signIn.addRoutes(server, { frame, supportEmail, take });
    const cookies = createCookies(publicUrl);
    addAccessRoutes(server, {
      undos: forPeople.undos,
      asks,
      invitations,
      signIn,
      cookies,
      frame,
      words,
      portalUrl,
      clientOf,
      take,
    });
    const send = privatePages(frame, words, accountOf);
    const told = createTold(cookies, words);
    const account = { ownProfiles, sessions, signIn, told, words, send, supportEmail, clientOf, take, now };
    addAccountsRoutes(server, { ...account, returnUrls: config.web.returnUrls });
    addProfileRoutes(server, { ...account, ...forPeople, historyOf: (...of) => historyOf(records, ...of) });
    addColleagueRoutes(server, { ...account, ...forPeople });
    addChatSignInRoutes(server, { ...account, ...forPeople });
    const report = (period: ReportPeriod) =>
      createReport({ history, votes, tickets: () => ticketFigures(records) }, period);
    const inbox = addStaff(server, {
      desk,
      roster,
      history,
      knowledge,
      editing,
      channelTrouble: async () => (await records.get(channelTroubles, staffChannelId))?.value,
      report,
      trail: (...asked) => readTrail(records, ...asked),
      directory,
      lookUp: new LookUp({ records, directory, accounts, invitations, reassociations, addressChanges, now }),
      acts: new ActsOfStaff({ records, directory, accounts, invitations, reassociations, now, newId: newRecordId }),
      reassociations,
      addressChanges,
      requests,
      onRequests,
      clientOf,
      profilesOf: profilesOfRequester({ accounts, directory }),
      isPresent: (conversation) => port.isPresent(conversation),
      isOffice: () => hours.isOpen(now()),
      opened: () => presence.arrived(inboxPlace),
      signIn,
      assets,
      words,
      take,
      log,
      newNonce: newId,
      now,
    });
    server.server.on('upgrade', (request, socket, head) => streams.upgrade(request, socket, head));
    closers.push(async () => {
      const stopped = stopListening(server);
      inbox.close();
      await bot.idle();
      await streams.close();
      await stopped;
    });

    // With a database, commands open it themselves.
    if (config.store.url === undefined) {
      const control = await openControlSocket(
        config.store.folder,
        {
          forget: async (person) => {
            const erased = await erasure.forget(person);
            await mail.erased();
            return erased;
          },
          check: () => store.check(),
          lessons: () => gatherLessons(history, votes),
          report: (period) => report(JSON.parse(period) as ReportPeriod),
          'profiles import': importer({ records, words, now, newId }),
          'profiles export': (_, tell) => exportProfiles(records, tell),
          'audit export': (period, tell) => exportAudit(records, JSON.parse(period) as AuditPeriod, tell),
          mail: () => mail.status(),
          'staff channel': () => staffChannel.status(),
        },
        log,
      );
      closers.push(() => control.close());
    }
    const retention = keepRetention({
      erasure,
      clear: async (before) => {
        await clearTickets(records, before, now());
        await clearDone(records, now());
        await clearTicketCards(records);
        await clearMissWeeks(records, before);
        await references.clear(before);
        await clearCounts(records, now);
      },
      days: config.store.retentionDays,
      now,
      log,
    });
    closers.push(() => retention.close());
    const clearing = clearSessions({ sessions, signedInChats, log });
    closers.push(() => clearing.close());
    const clearingProofs = clearProofs({ records, now, log });
    closers.push(() => clearingProofs.close());

    const workOff = () => {
      mail.notify();
      asks.wake();
      relay.notify();
      codes.wake();
      awaited.wake();
    };
    workOff();
    alerts.notify();
    staffChannel.notify();
    weeklyMisses.notify();
    idleDialogs.notify();
    if (store.shared) {
      // Another process may have died over its work.
      const others = setInterval(workOff, workOffEvery).unref();
      closers.push(async () => clearInterval(others));
    }

    return {
      sampleAccounts: signIn.sampleAccounts,
      desk,
      async listen() {
        const port = await listen(server, config.web.port, config.web.host);
        setImmediate(() => current.prepare());
        return port;
      },
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** ms; with the time of a lease, what a killed process left is taken up within half a minute. */
const workOffEvery = 10_000;

function wakeAfter(ms: number, wake: () => void): () => void {
  const timer = setTimeout(wake, ms);
  return () => clearTimeout(timer);
}

/**
 * What is read from disk, all at once: waiting for one is time to work on another. All have settled before the first
 * failure is thrown, and closers of what opened are added, so that nothing stays open behind it.
 */
async function openAll(
  opensStore: Promise<Store>,
  opensKnowledge: Promise<WatchedKnowledgeBase>,
  opensAssets: Promise<Assets>,
  closers: (() => Promise<void>)[],
): Promise<[Store, WatchedKnowledgeBase, Assets]> {
  const [store, knowledge] = await Promise.allSettled([opensStore, opensKnowledge, opensAssets]);
  for (const one of [store, knowledge]) if (one.status === 'fulfilled') closers.push(() => one.value.close());
  return Promise.all([opensStore, opensKnowledge, opensAssets]);
}
