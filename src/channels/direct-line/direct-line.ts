/**
 * Direct Line 3.0 in this process: what a web chat needs to talk to the bot without Azure. A conversation is its
 * history: what is sent is answered when it is durable, and every client is shown exactly what is kept.
 */
import type { Activity } from 'botbuilder';
import type { Bot } from '../../bot/bot.ts';
import { HttpError } from '../../errors.ts';
import type { HistoryStore } from '../../history/history.ts';
import { botAccount } from '../../replies/reply.ts';
import { checkActivity, required } from '../activity-shape.ts';
import type { BotAdapter, LocalConnector } from '../bot-adapter.ts';
import { refusal } from '../refusal.ts';
import { type ChatIdentity, type ChatTokens, lifetimes } from './tokens.ts';

export const directLineChannel = 'directline';

/** What Direct Line answers when a conversation is begun or taken up again. */
export interface OpenConversation {
  readonly conversationId: string;
  readonly token: string;
  /** Seconds. */
  readonly expires_in: number;
  readonly streamUrl: string;
}

export interface ShownActivities {
  readonly activities: readonly Readonly<Record<string, unknown>>[];
  /** The `seq` of the last line, as text. */
  readonly watermark: string;
}

export interface DirectLineParts {
  readonly adapter: BotAdapter;
  readonly bot: Pick<Bot, 'run'>;
  readonly history: HistoryStore;
  readonly tokens: ChatTokens;
  /** Shows what is not kept (typing) to those who look at the conversation now. */
  readonly showNow: (conversationId: string, activity: Record<string, unknown>) => void;
  /** Base of addresses, such as https://help.contoso.example. */
  readonly publicUrl: string;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** What a client may send; the rest of an activity is the server's to say. */
const sendable = ['text', 'locale', 'attachments', 'value', 'channelData'] as const;
const sendableTypes = ['message', 'event', 'typing'];

export class DirectLine {
  constructor(private readonly parts: DirectLineParts) {}

  /** A new user in a new conversation; both ids are random. */
  newIdentity(): ChatIdentity {
    return { conversationId: this.parts.newId(), userId: `dl_${this.parts.newId()}` };
  }

  /** Begins the conversation, or opens it again: the first time, the bot is told that the user arrived. */
  async start(identity: ChatIdentity): Promise<{ isNew: boolean; conversation: OpenConversation }> {
    const isNew = (await this.parts.history.latest(conversationKey(identity))) === 0;
    if (isNew) {
      await this.#receive(identity, { type: 'conversationUpdate', membersAdded: [{ id: identity.userId, name: '' }] });
    }
    return { isNew, conversation: await this.reconnect(identity, 0) };
  }

  /** A stream from `watermark` on, for 60 s to connect to. */
  async reconnect(identity: ChatIdentity, watermark: number): Promise<OpenConversation> {
    const { tokens, publicUrl } = this.parts;
    const [token, stream] = await Promise.all([tokens.sign('token', identity), tokens.sign('stream', identity)]);
    const address = new URL(`/v3/directline/conversations/${identity.conversationId}/stream`, publicUrl);
    address.protocol = address.protocol.replace('http', 'ws');
    address.search = new URLSearchParams({ watermark: String(watermark), t: stream }).toString();
    return { conversationId: identity.conversationId, token, expires_in: lifetimes.token, streamUrl: address.href };
  }

  /** What was said after `watermark`. */
  async activities(identity: ChatIdentity, watermark: number, limit?: number): Promise<ShownActivities> {
    const lines = await this.parts.history.read(conversationKey(identity), watermark, limit);
    const conversation = { id: identity.conversationId };
    return {
      activities: lines.map(({ activity, text }) => ({
        ...activity,
        text,
        channelId: directLineChannel,
        conversation,
      })),
      watermark: String(lines.at(-1)?.seq ?? watermark),
    };
  }

  /**
   * Runs the turn of an activity that a client sent, and returns its id once everything about it is durable.
   * @throws HttpError when it is refused.
   */
  async post(identity: ChatIdentity, body: unknown): Promise<string> {
    const sent = checkActivity(body, required);
    if (!sendableTypes.includes(sent.type as string)) {
      throw new HttpError(400, 'BadArgument', `type must be one of ${sendableTypes.join(', ')}`);
    }
    const name = clientName(sent.channelData);
    const id = name ? `client-${name}` : this.parts.newId();
    const said = Object.fromEntries(sendable.flatMap((field) => (sent[field] == null ? [] : [[field, sent[field]]])));
    await this.#receive(identity, { ...said, type: sent.type, id } as Partial<Activity>);
    return id;
  }

  /** Runs a turn in which the user says nothing. @param id - of its activity: the same again changes nothing */
  look(identity: ChatIdentity, id: string): Promise<void> {
    return this.#receive(identity, { type: 'event', id });
  }

  async #receive({ conversationId, userId }: ChatIdentity, said: Partial<Activity>): Promise<void> {
    const activity = {
      ...said,
      channelId: directLineChannel,
      serviceUrl: this.parts.publicUrl,
      timestamp: this.parts.now(),
      conversation: { id: conversationId },
      from: { id: userId, name: '', role: 'user' },
      recipient: botAccount,
    } as Activity;
    const { bot, adapter } = this.parts;
    try {
      await adapter.receiveLocally(this.#connector, activity, (context) => bot.run(context));
    } catch (error) {
      throw refusal(error) ?? error;
    }
  }

  /** Messages reach clients through the history they are kept in; only what is not kept is shown from here. */
  readonly #connector: LocalConnector = {
    sendToConversation: async (conversationId, activity) => {
      if (activity.type !== 'message') this.parts.showNow(conversationId, { ...activity, from: botAccount });
      return { id: activity.id ?? '' };
    },
    replyToActivity: (conversationId, _replyToId, activity) =>
      this.#connector.sendToConversation(conversationId, activity),
  };
}

export function conversationKey({ conversationId }: Pick<ChatIdentity, 'conversationId'>): string {
  return `${directLineChannel}/${conversationId}`;
}

/** What a client calls its own message; it makes a retry after a lost answer recognisable. */
function clientName(channelData: unknown): string | undefined {
  const { clientActivityID: name } = (channelData ?? {}) as { clientActivityID?: unknown };
  return typeof name === 'string' && /^[\w.-]{1,80}$/.test(name) ? name : undefined;
}
