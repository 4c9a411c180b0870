/** The web server: channels, pages, the inbox of staff. */
import { readTrail } from '../audit/read-trail.ts';
import { ActsOfStaff } from '../changes/acts-of-staff.ts';
import { LookUp } from '../changes/look-up.ts';
import { historyOf } from '../changes/profile-history.ts';
import { azureDirectLine, azureOrigins } from '../channels/azure-direct-line.ts';
import { localDirectLine } from '../channels/chat-access.ts';
import { conversationKey, DirectLine, directLineChannel } from '../channels/direct-line/direct-line.ts';
import { type StreamParts, Streams } from '../channels/direct-line/streams.ts';
import { createChatTokens } from '../channels/direct-line/tokens.ts';
import { knownChat } from '../channels/known-chat.ts';
import { messagesEndpoint } from '../channels/messages-endpoint.ts';
import { addChannelRoutes, type ChannelRouteParts } from '../channels/routes.ts';
import { searchExtension } from '../channels/search-extension.ts';
import { tellAway } from '../channels/tell-away.ts';
import { inboxPlace } from '../instances/presence.ts';
import { keptFigures } from '../metrics/kept-figures.ts';
import type { LookedUp } from '../metrics/metrics.ts';
import { secondsLeft } from '../registration/secret-end.ts';
import { channelTroubles, staffChannelId } from '../staff-channel/staff-channel.ts';
import { ticketFigures } from '../tickets/ticket-figures.ts';
import { createReport } from '../usage/report.ts';
import type { ReportPeriod } from '../usage/report-period.ts';
import { addAccessRoutes } from '../web/access-routes.ts';
import { addAccountsRoutes } from '../web/accounts-routes.ts';
import { addStaff } from '../web/add-staff.ts';
import { addChatSignInRoutes } from '../web/chat-sign-in-routes.ts';
import { clientAddresses } from '../web/client-address.ts';
import { addColleagueRoutes } from '../web/colleague-routes.ts';
import { guardConnections } from '../web/connections.ts';
import { createCookies } from '../web/cookies.ts';
import { addDevMailRoutes } from '../web/dev-mail-routes.ts';
import { createKeptTyping } from '../web/kept-typing.ts';
import { addMetricsRoute } from '../web/metrics-route.ts';
import { privatePages } from '../web/private-page.ts';
import { addProfileRoutes } from '../web/profile-routes.ts';
import { readJson } from '../web/read-json.ts';
import { addWebRoutes } from '../web/routes.ts';
import { createWebServer, stopListening, type Take } from '../web/server.ts';
import { isFromOwnPage } from '../web/sign-in/own-page.ts';
import { nameOfActor } from '../web/staff-actors.ts';
import { profilesOfRequester } from '../web/staff-profiles.ts';
import { createTold } from '../web/told.ts';
import type { Base } from './base.ts';
import type { Connectors } from './connectors.ts';
import type { Conversation } from './conversation.ts';
import type { SupportDesk } from './desk.ts';
import type { People } from './people.ts';

export type Site = ReturnType<typeof joinSite>;

export function joinSite(
  base: Base,
  people: People,
  connectors: Connectors,
  support: SupportDesk,
  conversation: Conversation,
) {
  const {
    config,
    surroundings,
    closers,
    log,
    now,
    newId,
    newRecordId,
    newReference,
    fetch,
    publicUrl,
    supportEmail,
    portalUrl,
    words,
    metrics,
    watched,
    assets,
    store,
    keys,
    records,
    limits,
    presence,
    knowledge,
    loadedAt,
  } = base;
  const {
    directory,
    mail,
    accounts,
    ownProfiles,
    invitations,
    asks,
    sessions,
    signIn,
    signedInChats,
    requests,
    onRequests,
    forPeople,
  } = people;
  const { adapter, allowsService, ownChannels, references, proactive } = connectors;
  const { desk, roster, hours, port, editing, staff } = support;
  const { bot } = conversation;
  const { history, votes } = store;
  const { isLocal, chatOrigins, trustedProxies } = config.web;
  const { accountOf } = signIn;
  const { reassociations, addressChanges } = forPeople;
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
  const { directLineSecret, messagesOpen, secretEnds } = config.channels;
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
        now,
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
    secretSeconds: () => (secretEnds ? secondsLeft(secretEnds, now()) : undefined),
    knowledge: () => ({
      entries: watched.current.entries.length,
      loadedAt: loadedAt(),
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
    newNonce: newId,
  });
  const send = privatePages(frame, words, accountOf);
  const told = createTold(cookies, words);
  const typing = createKeptTyping(cookies, keys, now);
  const account = { ownProfiles, sessions, signIn, told, typing, words, send, supportEmail, clientOf, take, now };
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
    actorName: nameOfActor({ roster, accounts, desk }),
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

  return { server, directLine, report };
}
