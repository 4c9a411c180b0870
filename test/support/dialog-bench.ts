/** The bot with its dialogs over the rooms behind access and a real store, without HTTP: one turn is one call. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Activity, BotAdapter, TurnContext } from 'botbuilder';
import { Bot } from '../../src/bot/bot.ts';
import { DialogRunner } from '../../src/bot/dialog-runner.ts';
import { createRoutes } from '../../src/bot/routes.ts';
import { AwaitedInChat } from '../../src/changes/awaited-in-chat.ts';
import { IdleDialogs } from '../../src/channels/idle-dialogs.ts';
import { accessDialogs } from '../../src/dialogs/access-dialogs.ts';
import { createDialogs } from '../../src/dialogs/create-dialogs.ts';
import { handoff } from '../../src/dialogs/handoff.ts';
import { Identity } from '../../src/dialogs/identity.ts';
import type { Guided } from '../../src/dialogs/move.ts';
import { DIALOG_NAMES } from '../../src/faq/dialog-name.ts';
import { createKnowledge, type Knowledge } from '../../src/faq/knowledge.ts';
import { createLog } from '../../src/log.ts';
import type { Proof } from '../../src/proofs/proof.ts';
import { answerQuestion } from '../../src/skills/answer-question.ts';
import { feedback } from '../../src/skills/feedback.ts';
import { myRequests } from '../../src/skills/my-requests.ts';
import type { TicketDraft } from '../../src/tickets/desk.ts';
import { TicketDesk } from '../../src/tickets/ticket-desk.ts';
import { TicketNews } from '../../src/tickets/ticket-news.ts';
import { createWords } from '../../src/words/words.ts';
import { settings } from '../faq/sample-settings.ts';
import { type AccessRooms, openAccessRooms } from './access-rooms.ts';
import { loadKnowledge, root } from './test-app.ts';

/** What the bot says: the text that says everything, and the data of its buttons by their titles. */
export interface Shown {
  readonly text: string;
  readonly buttons: ReadonlyMap<string, unknown>;
  readonly activity: Partial<Activity>;
}

let known: Promise<Knowledge> | undefined;

class SilentChannel extends BotAdapter {
  readonly sent: Partial<Activity>[] = [];
  override async sendActivities(_context: TurnContext, activities: Partial<Activity>[]) {
    this.sent.push(...activities.filter(({ type }) => type === 'message'));
    return activities.map(() => ({ id: '' }));
  }
  override async updateActivity(): Promise<void> {}
  override async deleteActivity(): Promise<void> {}
  override async continueConversation(): Promise<void> {}
}

/** @param more - dialogs beside those of the app; @param below - where the store's folder is made */
export async function openDialogBench({ more = [], below }: { more?: readonly Guided[]; below?: string } = {}) {
  known ??= loadKnowledge(`${root}/faq`, settings).then(({ base }) => createKnowledge(base));
  const [knowledge, rooms] = [await known, await openAccessRooms(undefined, below)];
  const words = createWords('en');
  const log = createLog('silent');
  const { now } = rooms;
  const handedOver: TicketDraft[] = [];
  const signedIn = new Map<string, Proof>();
  const used: string[] = [];
  const told: { conversation: string; text: string }[] = [];
  let ids = 0;
  const newId = () => `line-${++ids}`;
  /** What was said where nobody had spoken. */
  const saidAlone: { conversation: string; text: string }[] = [];
  let bot = build();

  function build() {
    const { records, history: lines } = rooms;
    const desk = new TicketDesk({
      records,
      now,
      newId,
      history: lines,
      addressKey: (address) => address,
      news: new TicketNews(),
      roster: { roleOf: () => undefined },
    });
    const opening = {
      open: async (draft: TicketDraft, key: string) => {
        handedOver.push(draft);
        return desk.open(draft, key);
      },
    };
    const identity = new Identity({
      isThroughOther: async () => false,
      proofs: rooms.proofs,
      reach: rooms.reach,
      now,
      known: async ({ person }) => [signedIn.get(person)].filter((proof) => proof !== undefined),
    });
    const waiting = new IdleDialogs({
      records,
      look: async ({ conversation, person, turn: id }) => {
        const [inside, user] = [conversation, person].map((key) => key.slice('test/'.length));
        for (const { text } of await send(inside ?? '', user ?? '', { type: 'event', id }))
          saidAlone.push({ conversation, text });
      },
      now,
      newId,
      wakeAfter: () => () => {},
      log,
    });
    const awaited = new AwaitedInChat({
      records: rooms.records,
      tell: async ({ conversation, what, decision }) => {
        told.push({ conversation, text: `${what} ${decision}` });
      },
      wakeAfter: () => () => {},
      log,
    });
    const guided = [
      ...accessDialogs({
        ...rooms,
        identity,
        awaited,
        use: async ({ person }, profile) => {
          if (signedIn.has(person)) used.push(profile);
          return signedIn.has(person);
        },
        portalUrl: (portal) =>
          portal === 'CustomerSource' ? settings.PORTAL_URL_CUSTOMERSOURCE : settings.PORTAL_URL_PARTNERSOURCE,
        publicUrl: 'http://desk.test',
        words,
      }),
      handoff({
        desk: opening,
        words,
        requesterOf: (talk) => identity.requester(talk),
        latest: (conversation) => lines.latest(conversation),
        titles: (found) => knowledge.titles(found),
        expectation: () => ({ isOpen: true }),
        usualMinutes: async () => undefined,
      }),
      ...more,
    ];
    const routes = createRoutes({
      answerQuestion: answerQuestion({
        knowledge: () => knowledge,
        words,
        now,
        supportEmail: settings.SUPPORT_EMAIL,
        dialogs: DIALOG_NAMES,
      }),
      feedback: feedback({ ...rooms, knowledge: () => knowledge, words, now }),
      myRequests: myRequests({
        desk,
        latest: (conversation) => lines.latest(conversation),
        words,
        expectation: () => ({ isOpen: true }),
      }),
      dialogs: new DialogRunner({
        load: async () => createDialogs(guided, words),
        words,
        now,
        lookAt: (...of) => waiting.lookAt(...of),
      }),
      desk,
      turns: rooms.turns,
      knowledge: () => knowledge,
      words,
      now,
      newId,
      commands: [...DIALOG_NAMES, ...more.map(({ name }) => name)],
    });
    const { turns, history } = rooms;
    const bot = new Bot({
      routes,
      turns,
      history,
      words,
      now,
      newId,
      newReference: () => 'REF',
      log,
      publicUrl: 'https://help.test',
      desk: { takeBack: async () => {} },
      takeAside() {},
    });
    return { bot, awaited, waiting };
  }

  async function send(conversation: string, user: string, activity: Partial<Activity>): Promise<readonly Shown[]> {
    const channel = new SilentChannel();
    const whole = {
      type: 'message',
      id: newId(),
      channelId: 'test',
      conversation: { id: conversation },
      from: { id: user },
      recipient: { id: 'bot' },
      ...activity,
    } as Activity;
    await bot.bot.run(new TurnContext(channel, whole));
    return channel.sent.map(shown);
  }

  return {
    rooms: rooms as AccessRooms,
    handedOver,
    /** Profiles that were made the one in use. */
    used,
    told,
    signedIn,
    /** What is said in a conversation by itself when dialogs that nobody answers are looked at now. */
    async lookAtWaiting(): Promise<readonly { conversation: string; text: string }[]> {
      saidAlone.length = 0;
      bot.waiting.wake();
      await bot.waiting.idle();
      return [...saidAlone];
    },
    get awaited() {
      return bot.awaited;
    },
    chat: (name: string, conversation = name) => new Chat(name, (activity) => send(conversation, name, activity)),
    /** What is kept of a conversation, as one text. */
    async kept(conversation: string): Promise<string> {
      return JSON.stringify(await rooms.history.read(`test/${conversation}`));
    },
    /** Everything in the store's folder, as one text. */
    async keptFiles(): Promise<string> {
      const files = await readdir(rooms.folder, { recursive: true, withFileTypes: true });
      const texts = files
        .filter((file) => file.isFile())
        .map((file) => readFile(join(file.parentPath, file.name), 'utf8'));
      return (await Promise.all(texts)).join('\n');
    },
    /** As after a restart of the server. */
    async restart(): Promise<void> {
      await rooms.reopen();
      bot = build();
    },
    close: () => rooms.close(),
  };
}

export type DialogBench = Awaited<ReturnType<typeof openDialogBench>>;

/** One person in one conversation. */
export class Chat {
  /** The newest replies. */
  replies: readonly Shown[] = [];

  constructor(
    readonly name: string,
    private readonly send: (activity: Partial<Activity>) => Promise<readonly Shown[]>,
  ) {}

  /** Says something; resolves with all that was replied, as one text. */
  async say(text: string, more: Partial<Activity> = {}): Promise<string> {
    this.replies = await this.send({ text, ...more });
    return this.text;
  }

  /** Presses a button of the newest card, with what was filled in. */
  async press(title: string, fields: Record<string, unknown> = {}): Promise<string> {
    return this.submit({ ...(this.data(title) as object), ...fields });
  }

  /** Sends the data of a card. */
  async submit(value: unknown): Promise<string> {
    this.replies = await this.send({ value });
    return this.text;
  }

  /** What a button of the newest card sends, or a row that begins with this. */
  data(title: string): unknown {
    const all = this.replies.toReversed().flatMap(({ buttons }) => [...buttons]);
    const found = all.find(([one]) => one === title || one.startsWith(`${title}, `));
    if (!found) throw new Error(`there is no button "${title}" in: ${this.text}`);
    return found[1];
  }

  get text(): string {
    return this.replies.map(({ text }) => text).join('\n\n');
  }

  /** The links that buttons open. */
  get links(): readonly string[] {
    return this.replies.flatMap(({ activity }) => actionsOf(activity).flatMap(({ url }) => (url ? [url] : [])));
  }
}

interface Action {
  readonly title: string;
  readonly data?: unknown;
  readonly url?: string;
}

function shown(activity: Partial<Activity>): Shown {
  const buttons = new Map(
    actionsOf(activity)
      .filter(({ data }) => data)
      .map(({ title, data }) => [title, data]),
  );
  return { text: activity.text ?? '', buttons, activity };
}

/** Buttons of a card, rows that can be pressed among them. */
function actionsOf({ attachments = [] }: Partial<Activity>): readonly Action[] {
  return attachments.flatMap(({ content }) => {
    const { actions = [], body = [] } = content as {
      actions?: Action[];
      body?: { selectAction?: Action; actions?: Action[] }[];
    };
    const within = body.flatMap(({ selectAction, actions: own = [] }) => (selectAction ? [selectAction] : own));
    return [...within, ...actions];
  });
}
