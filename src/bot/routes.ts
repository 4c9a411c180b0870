/** What answers a turn: every route in order, the first that applies. This file is the bot's table of contents. */
import { Application } from '@microsoft/teams-ai/lib/Application.js';
import { type Activity, ActivityTypes, type TurnContext } from 'botbuilder';
import type { Talk } from '../dialogs/talk.ts';
import type { Knowledge } from '../faq/knowledge.ts';
import type { LineFacts } from '../history/history.ts';
import { escaped } from '../replies/escaped.ts';
import { begins, type Reply, sentence } from '../replies/reply.ts';
import { bringsFiles, isPress, isRefresh, isShared, personalChatLink, teamsIdentity } from '../replies/teams.ts';
import type { answerQuestion } from '../skills/answer-question.ts';
import type { feedback } from '../skills/feedback.ts';
import type { myRequests } from '../skills/my-requests.ts';
import { longestText, smallTalk } from '../skills/small-talk.ts';
import { welcome } from '../skills/welcome.ts';
import type { Desk } from '../tickets/desk.ts';
import { shownNumber } from '../tickets/ticket.ts';
import type { Words } from '../words/words.ts';
import { type ConversationMemory, ConversationState } from './conversation-state.ts';
import type { DialogRunner, DialogTurn } from './dialog-runner.ts';
import { hasDigit, hiddenCode, isBareCode, withoutCodes } from './hidden-codes.ts';
import { type Turn, turnOf } from './turn.ts';
import type { TurnStore } from './turn-store.ts';
import { formFields, type PressedButton, pressedButton, saidText } from './user-activity.ts';

export interface RouteParts {
  readonly answerQuestion: ReturnType<typeof answerQuestion>;
  readonly feedback: ReturnType<typeof feedback>;
  readonly myRequests: ReturnType<typeof myRequests>;
  readonly dialogs: DialogRunner;
  readonly desk: Pick<Desk, 'holding' | 'userWrote' | 'leave'>;
  readonly turns: TurnStore;
  readonly knowledge: () => Knowledge;
  readonly words: Words;
  readonly now: () => Date;
  readonly newId: () => string;
  /** An address that the channel has for who speaks; proves nothing. */
  readonly addressOf?: (activity: Activity) => Promise<string | undefined>;
  /** Dialogs that are begun by saying their name, or `/NAME`. */
  readonly commands: readonly string[];
}

interface Here extends DialogTurn {
  readonly turn: Turn;
  readonly activity: Activity;
  /** As typed, or what a suggested number stands for. */
  readonly text: string;
}

/** False: the next route is asked. Undefined: it applies and says nothing (more). */
type Route = (here: Here) => Reply | undefined | false | Promise<Reply | undefined | false>;

export function createRoutes(parts: RouteParts) {
  const {
    answerQuestion,
    feedback,
    myRequests,
    dialogs,
    desk,
    turns,
    knowledge,
    words,
    now,
    newId,
    addressOf,
    commands,
  } = parts;
  const hears = (key: Parameters<Words['hears']>[0], text: string) => words.hears(key, text);
  const vote = async (turn: Turn, line: string | undefined, helped: boolean) => {
    const { conversation, person } = turn;
    const { reply, vote: kept } = await feedback({ conversation, person, line: line ?? '', helped });
    if (kept) turn.votes.push(kept);
    return reply;
  };
  /** To a person, with what a dialog that was under way had found out; or to the one who is there already. */
  const askForPerson = async (here: Here) => {
    const held = await desk.holding(here.turn.conversation);
    if (held) return sentence(words.say('held.help', { name: escaped(held.value.assignee?.name ?? '') }));
    return begins('handoff', { facts: await dialogs.facts(here) });
  };

  /** What only one may see is not said where others read along. */
  const goAside = ({ turn, activity, text }: Here) => {
    turn.aside = text;
    const link = personalChatLink(activity.recipient.id, text);
    return sentence(words.say('teams.private', { link }));
  };

  const arrival: Route = async ({ turn, activity }) => {
    if (!isArrival(activity)) return false;
    // Where others read along the bot says once what it is there for, and greets nobody who comes after it.
    if (isShared(activity)) return isBotAmong(activity) ? sentence(words.say('help.shared')) : undefined;
    const arrived = arrivedPerson(activity);
    if (!arrived || (await turns.isWelcomed(arrived))) return undefined;
    turn.welcomed.push(arrived);
    return welcome(knowledge(), words, now());
  };

  /** An event says nothing. Our own come when a dialog may have waited long enough: `endOver` has ended it then. */
  const lookedIn: Route = async (here) => {
    if (here.activity.type !== ActivityTypes.Event) return false;
    await dialogs.goOnWaiting(here);
    return undefined;
  };

  const nothingSaid: Route = ({ activity }) =>
    activity.type === ActivityTypes.Message || isPress(activity) ? false : undefined;

  /** An answer that was edited is no answer to the question that is open now. */
  const edited: Route = (here) => {
    if (here.activity.valueType !== 'edited' || !dialogs.isRunning(here)) return false;
    return sentence(words.say('teams.edited'));
  };

  /** A client looks at a card anew, without anybody having pressed it: nothing may come of that, and nobody else may read along. */
  const looked = async (here: Here, button: PressedButton | undefined): Promise<Reply | undefined> => {
    if (isShared(here.activity)) return undefined;
    if (button?.verb === 'dialog') return void (await dialogs.look(here, button.nonce));
    const isLook = button?.verb === 'request' && (button.act === 'show' || button.act === 'list');
    return isLook ? myRequests.act(button, here.talk) : undefined;
  };

  const card: Route = async (here) => {
    const { activity, turn, talk } = here;
    if (!isButton(activity)) return false;
    const button = pressedButton(activity);
    if (isRefresh(activity)) return looked(here, button);
    if (button?.verb === 'vote') return vote(turn, button.line, button.helped);
    if (button?.verb === 'person') return askForPerson(here);
    if (button?.verb === 'request' && isShared(activity)) {
      return goAside({ ...here, text: 'number' in button ? `#${button.number}` : words.say('request.chip') });
    }
    if (button?.verb === 'request') return myRequests.act(button, talk);
    if (button?.verb === 'dialog') return void (await dialogs.press(here, button.nonce));
    return sentence(words.say('unknownButton'));
  };

  const globalWord: Route = async (here) => {
    const { text, turn, talk } = here;
    const isInDialog = dialogs.isRunning(here);
    if (hears('heard.leave', text)) {
      const left = await desk.leave(turn.conversation, turn.person, talk.key);
      if (left.outcome === 'done') return sentence(words.say('held.left', { number: shownNumber(left.ticket.value) }));
      return isInDialog ? false : sentence(words.say('held.nobody'));
    }
    if (hears('heard.person', text)) return askForPerson(here);
    if (!isInDialog) return false;
    if (hears('heard.help', text)) return void (await dialogs.help(here));
    if (hears('heard.cancel', text)) return void (await dialogs.cancel(here));
    if (hears('heard.back', text)) return void (await dialogs.back(here));
    return false;
  };

  const secretPrompt: Route = async (here) => {
    if (!dialogs.isSecret(here)) return false;
    if (hasDigit(here.text)) here.turn.hideSaid(hiddenCode);
    else if (await desk.holding(here.turn.conversation)) return false;
    await dialogs.continue(here);
    return undefined;
  };

  /** A code where none is asked for: it is not kept, and nothing is made of it. A person may be told numbers, though. */
  const strayCode: Route = async (here) => {
    if (!isBareCode(here.text)) return false;
    const mayBeANumber = !dialogs.mayKnowCode(here.memory);
    if (mayBeANumber && (await desk.holding(here.turn.conversation))) return false;
    here.turn.hideSaid(hiddenCode);
    here.talk.say(sentence(words.say('dialog.strayCode')));
    if (dialogs.isRunning(here)) await dialogs.askAgain(here);
    return undefined;
  };

  const command: Route = async (here) => {
    const { text, turn, talk, memory, activity } = here;
    const wish = myRequests.heard(text);
    if (wish && isShared(activity)) return goAside(here);
    if (wish) return myRequests.act(wish, talk);
    const name = commandOf(text);
    const dialog = commands.find((one) => one === name);
    if (dialog && isShared(activity)) return goAside(here);
    if (dialog) return begins(dialog);
    if (hears('heard.help', text) && isShared(activity)) return sentence(words.say('help.shared'));
    if (hears('heard.help', text)) return sentence(words.say('help'), [words.say('vote.person')]);
    if (hears('heard.cancel', text)) return sentence(words.say('dialog.none'));
    if (hears('heard.back', text)) return sentence(words.say('dialog.noneBack'));
    if (hears('heard.helped', text)) return vote(turn, memory.answer, true);
    if (hears('heard.notMeant', text)) return vote(turn, memory.answer, false);
    return false;
  };

  /** A person has the conversation: they read it, and the bot is silent but for what it is asked to do. */
  const heldByPerson: Route = async (here) => {
    const { turn, text, talk, activity } = here;
    const ticket = await desk.holding(turn.conversation);
    if (!ticket) return false;
    if (hears('heard.help', text)) {
      return sentence(words.say('held.help', { name: escaped(ticket.value.assignee?.name ?? '') }));
    }
    const wish = myRequests.heard(text);
    if (wish) return myRequests.act(wish, talk);
    const name = escaped(ticket.value.assignee?.name ?? '');
    const hasFiles = bringsFiles(activity);
    if (text.trim() === '') return hasFiles ? sentence(words.say('held.noFiles', { name })) : undefined;
    await desk.userWrote(ticket, text, talk.key);
    if (text.length > longestText) return sentence(words.say('held.tooLong', { name, limit: longestText }));
    return hasFiles ? sentence(words.say('held.wordsAlone', { name })) : undefined;
  };

  const runningDialog: Route = async (here) => {
    if (!dialogs.isRunning(here)) return false;
    if (myRequests.heard(here.text)?.act === 'list') return false;
    await dialogs.continue(here);
    return undefined;
  };

  /** An answer to what the bot asked last: whether it was one of these, whether a person shall look at it, or anything else. */
  const yesOrNo: Route = (here) => {
    const { choices, misses = 0 } = here.memory;
    if (hears('heard.no', here.text)) {
      return choices ? answerQuestion.miss(misses) : sentence(words.say('smallTalk.no'));
    }
    if (!hears('heard.yes', here.text)) return false;
    if (choices) return { ...sentence(words.say('suggest.typed')), choices };
    return misses > 1 ? askForPerson(here) : sentence(words.say('smallTalk.yes'));
  };

  /** Whoever waits for a person and asks whether anybody is there means their request. What only they may see stays out of channels. */
  const waitingForPerson: Route = async ({ text, talk, activity }) => {
    if (!hears('heard.greeting', text) || isShared(activity)) return false;
    return (await myRequests.waiting(talk)) ?? false;
  };

  const question: Route = ({ text, memory, activity, turn }) => {
    const misses = memory.misses ?? 0;
    if (hears('heard.none', text)) return answerQuestion.miss(misses);
    const small = smallTalk(text, activity.attachments?.length ?? 0, words);
    if (small) return small;
    const reply = answerQuestion.answer({ text, misses, line: turn.nextLine });
    rememberQuestion(memory, text, reply);
    return reply;
  };

  /** The order is the rule: what stands first is asked first. */
  const table: readonly Route[] = [
    arrival,
    lookedIn,
    nothingSaid,
    edited,
    card,
    globalWord,
    secretPrompt,
    strayCode,
    heldByPerson,
    runningDialog,
    command,
    yesOrNo,
    waitingForPerson,
    question,
  ];

  async function answer(turn: Turn, memory: ConversationMemory): Promise<void> {
    const { context } = turn;
    const { activity } = context;
    const isForm = isButton(activity);
    const teams = teamsIdentity(activity);
    const clean = cleaner(turn, memory);
    const said = clean(saidText(activity));
    if (said !== saidText(activity)) turn.hideSaid(said.slice(0, longestText));
    const form = isForm && new Map(Array.from(formFields(activity), ([name, field]) => [name, clean(field)]));
    const text = memory.choices?.[pickedNumber(said) - 1] ?? said;
    /** What the bot decided on before a dialog began; the dialog's first words are based on it. */
    let decided: LineFacts | undefined;
    const say = (reply: Reply) => {
      const line = turn.nextLine;
      if (reply.begin) decided = reply.facts;
      else turn.reply({ ...reply, facts: reply.facts ?? decided });
      if (!reply.begin) decided = undefined;
      remember(memory, reply, line);
    };
    const talk: Talk = {
      conversation: turn.conversation,
      person: turn.person,
      channel: activity.channelId,
      ...(teams && { teams }),
      ...(teams && activity.from.name && { name: activity.from.name.slice(0, 100) }),
      ...(addressOf && { likelyAddress: () => addressOf(activity) }),
      ...(activity.locale && { locale: activity.locale }),
      key: turn.key ?? `${turn.conversation}/${newId()}`,
      said: { text: said, ...(form && { form }) },
      asked: memory.asked,
      say,
      aside: (words) => aside(turn, memory, words, say),
      newNonce: newId,
    };
    const here: Here = { context, turn, memory, talk, activity, text };
    // What half an hour ended may have been waiting for a code, which comes now.
    if (dialogs.isSecret(here) && hasDigit(text)) turn.hideSaid(hiddenCode);
    const isHeld = async () => (await desk.holding(turn.conversation)) !== undefined;
    if (!isRefresh(activity)) await dialogs.endOver(here, isHeld);
    for (const route of table) {
      const reply = await route(here);
      if (reply === false) continue;
      if (!reply) return;
      if (reply.begin && isShared(activity)) return say(goAside({ ...here, text: wishOf(text) }));
      say(reply);
      if (reply.begin) await dialogs.begin(here, reply.begin.dialog, reply.begin.options);
      return;
    }
  }

  /** What begins it elsewhere, too: a person is also asked for by a button, or by a word that means nothing without its question. */
  function wishOf(text: string): string {
    return text === '' || hears('heard.yes', text) ? words.say('vote.person') : text;
  }

  /** A code in a sentence, after its question is gone: it is taken out before anything is made of what was said. */
  function cleaner({ person }: Turn, memory: ConversationMemory): (text: string) => string {
    const isAskedFor = dialogs.isSecret({ memory, talk: { person } });
    if (isAskedFor || !dialogs.mayKnowCode(memory)) return (text) => text;
    return (text) => (isBareCode(text) ? text : withoutCodes(text));
  }

  /** A question in the middle of a dialog. What asks nothing is none, whatever entry has the word. */
  function aside(turn: Turn, memory: ConversationMemory, text: string, say: (reply: Reply) => void): boolean {
    if (hears('heard.yes', text) || hears('heard.no', text) || smallTalk(text, 0, words)) return false;
    const { decision } = knowledge().decide(text);
    if (decision === 'dialog') say(sentence(words.say('dialog.busy')));
    else if (decision === 'answer')
      say(answerQuestion.answer({ text, misses: memory.misses ?? 0, line: turn.nextLine }));
    else return false;
    return true;
  }

  const routes = new Application<ConversationState>({
    turnStateFactory: () => new ConversationState(),
  });
  // teams-ai starts it whatever its options say, and has one timer for all users; typing.ts has one per turn.
  routes.startTypingTimer = () => {};
  routes.activity(
    async () => true,
    async (context: TurnContext, { conversation }: ConversationState) => answer(turnOf(context), conversation),
  );
  return routes;
}

const isArrival = ({ type, membersAdded }: Activity) =>
  type === ActivityTypes.ConversationUpdate && Boolean(membersAdded?.length);
const isButton = (activity: Activity) =>
  (activity.type === ActivityTypes.Message || isPress(activity)) &&
  !saidText(activity) &&
  typeof activity.value === 'object' &&
  activity.value !== null;

const isBotAmong = ({ membersAdded, recipient }: Activity) =>
  membersAdded?.some(({ id }) => id === recipient.id) ?? false;

/** The person who joined: the member that is not the bot, else the one whose action added the bot. */
function arrivedPerson({ channelId, membersAdded, recipient, from }: Activity): string | undefined {
  const joined = membersAdded?.find(({ id }) => id !== recipient.id) ?? from;
  return joined.id === recipient.id ? undefined : `${channelId}/${joined.id}`;
}

/** The name of a dialog as it may be said: `resend-invite` for `/resend-invite` and "Resend invite". */
function commandOf(text: string): string {
  return text
    .trim()
    .replace(/^\//, '')
    .replace(/[\s_]+/g, '-')
    .toLowerCase();
}

/** 2 for a message that is "2", "2." or "2)"; NaN for any other. */
function pickedNumber(said: string): number {
  return Number(/^\s*([1-9])[.)]?\s*$/.exec(said)?.[1] ?? Number.NaN);
}

/** What later turns need to know of this reply. */
function remember(memory: ConversationMemory, { facts, choices, missed }: Reply, line: string): void {
  memory.choices = choices;
  if (missed) memory.misses = (memory.misses ?? 0) + 1;
  else if (facts) memory.misses = 0;
  if (facts?.decision === 'answer') memory.answer = line;
}

/** What a hand-off begins with. */
function rememberQuestion(memory: ConversationMemory, text: string, { facts }: Reply): void {
  if (!facts) return;
  const { decision, id, confidence, others = [] } = facts;
  memory.asked = {
    text,
    decision,
    ...(id && { id }),
    ...(confidence !== undefined && { confidence }),
    nearest: others,
  };
}
