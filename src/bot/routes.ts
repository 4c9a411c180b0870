/** What answers a turn: every route in order, the first that applies. This file is the bot's table of contents. */
import { Application } from '@microsoft/teams-ai/lib/Application.js';
import { type Activity, ActivityTypes, type TurnContext } from 'botbuilder';
import type { Knowledge } from '../faq/knowledge.ts';
import { type Reply, sentence } from '../replies/reply.ts';
import type { answerQuestion } from '../skills/answer-question.ts';
import type { feedback } from '../skills/feedback.ts';
import { smallTalk } from '../skills/small-talk.ts';
import { welcome } from '../skills/welcome.ts';
import type { Words } from '../words/words.ts';
import { type ConversationMemory, ConversationState } from './conversation-state.ts';
import { type Turn, turnOf } from './turn.ts';
import type { TurnStore } from './turn-store.ts';
import { pressedButton, saidText } from './user-activity.ts';

export interface RouteParts {
  readonly answerQuestion: ReturnType<typeof answerQuestion>;
  readonly feedback: ReturnType<typeof feedback>;
  readonly turns: TurnStore;
  readonly knowledge: () => Knowledge;
  readonly words: Words;
  readonly supportEmail: string;
  readonly now: () => Date;
}

type Answer = Reply | undefined | Promise<Reply | undefined>;

export function createRoutes({ answerQuestion, feedback, turns, knowledge, words, supportEmail, now }: RouteParts) {
  const routes = new Application<ConversationState>({
    startTypingTimer: false, // teams-ai has one timer for all users; typing.ts has one per turn
    turnStateFactory: () => new ConversationState(),
  });
  const route = (
    applies: (activity: Activity) => boolean,
    answer: (turn: Turn, memory: ConversationMemory) => Answer,
  ) =>
    routes.activity(
      async ({ activity }: TurnContext) => applies(activity),
      async (context: TurnContext, { conversation }: ConversationState) => {
        const turn = turnOf(context);
        const line = turn.nextLine;
        const reply = await answer(turn, conversation);
        if (!reply) return;
        turn.reply(reply);
        remember(conversation, reply, line);
      },
    );
  const hears = (key: Parameters<Words['hears']>[0]) => (activity: Activity) =>
    isMessage(activity) && words.hears(key, saidText(activity));
  const person = () => sentence(words.say('person', { email: supportEmail }));
  const vote = async (turn: Turn, line: string | undefined, helped: boolean) => {
    const { conversation, person } = turn;
    const { reply, vote: kept } = await feedback({ conversation, person, line: line ?? '', helped });
    if (kept) turn.votes.push(kept);
    return reply;
  };

  route(isArrival, async (turn) => {
    const arrived = arrivedPerson(turn.context.activity);
    if (!arrived || (await turns.isWelcomed(arrived))) return undefined;
    turn.welcomed.push(arrived);
    return welcome(knowledge(), words, now());
  });

  route(isButton, (turn) => {
    const button = pressedButton(turn.context.activity);
    if (button?.verb === 'vote') return vote(turn, button.line, button.helped);
    return button?.verb === 'person' ? person() : sentence(words.say('unknownButton'));
  });

  route(hears('heard.help'), () => sentence(words.say('help'), [words.say('vote.person')]));
  route(hears('heard.person'), person);
  route(hears('heard.helped'), (turn, { answer }) => vote(turn, answer, true));
  route(hears('heard.notMeant'), (turn, { answer }) => vote(turn, answer, false));

  route(isMessage, (turn, { choices, misses }) => {
    const { activity } = turn.context;
    const text = choices?.[pickedNumber(activity) - 1] ?? saidText(activity);
    if (words.hears('heard.none', text)) return answerQuestion.miss(misses ?? 0);
    return (
      smallTalk(text, activity.attachments?.length ?? 0, words) ??
      answerQuestion.answer({ text, misses: misses ?? 0, line: turn.nextLine })
    );
  });

  return routes;
}

const isMessage = ({ type }: Activity) => type === ActivityTypes.Message;
const isArrival = ({ type, membersAdded }: Activity) =>
  type === ActivityTypes.ConversationUpdate && Boolean(membersAdded?.length);
const isButton = (activity: Activity) =>
  isMessage(activity) && !saidText(activity) && typeof activity.value === 'object' && activity.value !== null;

/** The person who joined: the member that is not the bot, else the one whose action added the bot. */
function arrivedPerson({ channelId, membersAdded, recipient, from }: Activity): string | undefined {
  const joined = membersAdded?.find(({ id }) => id !== recipient.id) ?? from;
  return joined.id === recipient.id ? undefined : `${channelId}/${joined.id}`;
}

/** 2 for a message that is "2", "2." or "2)"; NaN for any other. */
function pickedNumber(activity: Activity): number {
  return Number(/^\s*([1-9])[.)]?\s*$/.exec(saidText(activity))?.[1] ?? Number.NaN);
}

/** What later turns need to know of this reply. */
function remember(memory: ConversationMemory, { facts, choices, missed }: Reply, line: string): void {
  memory.choices = choices;
  if (missed) memory.misses = (memory.misses ?? 0) + 1;
  else if (facts) memory.misses = 0;
  if (facts?.decision === 'answer') memory.answer = line;
}
