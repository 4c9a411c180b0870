/** The bot: what it knows of who speaks, its dialogs, and what answers a turn. */
import { Bot } from '../bot/bot.ts';
import { DialogRunner } from '../bot/dialog-runner.ts';
import { createRoutes } from '../bot/routes.ts';
import { AwaitedInChat } from '../changes/awaited-in-chat.ts';
import { IdleDialogs, type IdleDialogsParts } from '../channels/idle-dialogs.ts';
import { takeAside } from '../channels/take-aside.ts';
import { accessDialogs } from '../dialogs/access-dialogs.ts';
import { addToRequest } from '../dialogs/add-to-request.ts';
import { handoff } from '../dialogs/handoff.ts';
import { Identity } from '../dialogs/identity.ts';
import { DIALOG_NAMES } from '../faq/dialog-name.ts';
import { holdAlone } from '../instances/hold.ts';
import { escaped } from '../replies/escaped.ts';
import { noticeActivity } from '../replies/staff-line.ts';
import { answerQuestion } from '../skills/answer-question.ts';
import { feedback } from '../skills/feedback.ts';
import { myRequests } from '../skills/my-requests.ts';
import { LineRefused } from '../tickets/desk.ts';
import { medianFirstResponse } from '../tickets/ticket-figures.ts';
import type { Base } from './base.ts';
import type { Connectors } from './connectors.ts';
import type { SupportDesk } from './desk.ts';
import type { People } from './people.ts';
import { wakeAfter } from './surroundings.ts';

export type Conversation = ReturnType<typeof joinConversation>;

/** @param look - runs a turn in which nothing is said */
export function joinConversation(
  base: Base,
  people: People,
  connectors: Connectors,
  support: SupportDesk,
  look: IdleDialogsParts['look'],
) {
  const {
    closers,
    log,
    now,
    newId,
    newRecordId,
    newReference,
    publicUrl,
    supportEmail,
    portalUrl,
    words,
    metrics,
    store,
    records,
    limits,
    lock,
    hold = holdAlone,
    knowledge,
  } = base;
  const { directory, ownProfiles, invitations, asks, sessions, signedInChats, onRequests, forPeople } = people;
  const { proactive, teamsPeople } = connectors;
  const { desk, hours, tell } = support;
  const { turns, history, votes } = store;
  const identity = new Identity({
    proofs: forPeople.proofs,
    isThroughOther: (session) => signedInChats.isThroughOther(session),
    reach: forPeople.reach,
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
      const line = { conversation, person, id, from: 'bot', text, activity } as const;
      try {
        await hold(`decision/${id}`, () => tell(line));
      } catch (error) {
        // Whoever cannot be reached there has the mail.
        if (!(error instanceof LineRefused)) throw error;
      }
    },
    wakeAfter,
    log,
  });
  onRequests(() => awaited.wake());
  closers.push(() => awaited.close());
  const expectation = () => ({ isOpen: hours.isOpen(now()), opens: hours.nextOpening(now()) });
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
      expectation,
      usualMinutes: async () => {
        const usual = await medianFirstResponse(records, now());
        return usual === undefined ? undefined : Math.max(1, Math.round(usual / 60_000));
      },
    }),
    addToRequest({ desk, words }),
  ];
  const idleDialogs = new IdleDialogs({
    records,
    look,
    now,
    newId: newRecordId,
    wakeAfter,
    log,
  });
  closers.push(() => idleDialogs.close());
  const dialogs = new DialogRunner({
    load: async () => (await import('../dialogs/create-dialogs.ts')).createDialogs(guided, words),
    words,
    now,
    lookAt: (...of) => idleDialogs.lookAt(...of),
  });
  const routes = createRoutes({
    addressOf: (activity) => teamsPeople.addressOf(activity),
    answerQuestion: answerQuestion({
      knowledge,
      words,
      now,
      supportEmail,
      dialogs: guided.map(({ name }) => name),
    }),
    feedback: feedback({ history, votes, knowledge, words, now }),
    myRequests: myRequests({ desk, latest: (conversation) => history.latest(conversation), words, expectation }),
    dialogs,
    desk,
    turns,
    knowledge,
    words,
    now,
    newId,
    commands: DIALOG_NAMES,
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
    desk,
    lock,
    figures: metrics,
    takeAside: takeAside({ proactive, words, log }),
  });

  return { bot, awaited, idleDialogs };
}
