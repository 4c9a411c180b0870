/**
 * One turn while it runs: it collects replies, state, votes and welcomes, and holds everything back until it is
 * committed as a whole. So a user never sees a reply whose effect was lost, and a crash leaves nothing half done.
 */
import type { Activity, ResourceResponse, Storage, StoreItems, TurnContext } from 'botbuilder';
import type { LineFacts, NewLine } from '../history/history.ts';
import { identityOf } from '../replies/activity-identity.ts';
import { botAccount, type Reply } from '../replies/reply.ts';
import type { Vote } from '../usage/votes.ts';
import type { CompletedTurn, TurnStore } from './turn-store.ts';
import { userActivity } from './user-activity.ts';

const turnKey = Symbol('turn');

export interface TurnParts {
  readonly store: TurnStore;
  readonly now: () => Date;
  /** Makes ids of lines; unique without coordination. */
  readonly newId: () => string;
}

export class Turn {
  readonly conversation: string;
  readonly person: string;
  /** By which a repetition of the activity is recognised; undefined when it came without an id. */
  readonly key: string | undefined;
  /** What its repetition is recognised by within the conversation: its id, where the channel keeps it. */
  readonly id: string | undefined;
  /** Where teams-ai's turn state reads and writes: reads come from the store, writes wait for the commit. */
  readonly storage: Storage;
  readonly votes: Vote[] = [];
  readonly welcomed: string[] = [];
  /** What is to go on in the personal chat, in the user's words. */
  aside: string | undefined;
  readonly #lines: { line: NewLine; activity: Partial<Activity> }[] = [];
  readonly #state = new Map<string, Record<string, unknown> | undefined>();
  #userLine: NewLine | undefined;
  /** When the turn began. */
  readonly #at: string;
  #nextLine: string | undefined;
  #isReleased = false;

  /** Takes over the sending of `context`: messages are collected, anything else (typing) passes. */
  constructor(
    readonly context: TurnContext,
    private readonly parts: TurnParts,
  ) {
    const { activity } = context;
    this.conversation = `${activity.channelId}/${activity.conversation.id}`;
    this.person = `${activity.channelId}/${activity.from.id}`;
    this.id = identityOf(activity);
    this.key = this.id && `${this.conversation}/${this.id}`;
    this.storage = this.#storage();
    this.#nextLine = parts.newId();
    this.#at = parts.now().toISOString();
    const line = userActivity(activity);
    this.#userLine = line && { ...line, id: this.id ?? parts.newId(), from: 'user', at: this.#at };
    context.turnState.set(turnKey, this);
    context.onSendActivities((_context, activities, next) => this.#onSend(activities, next));
  }

  /** Id that the line of the next reply will have, for buttons that name their own line. */
  get nextLine(): string {
    this.#nextLine ??= this.parts.newId();
    return this.#nextLine;
  }

  /** Keeps `instead` of what the user said: a code is for nobody to read later. */
  hideSaid(instead: string): void {
    if (this.#userLine) this.#userLine = { ...this.#userLine, text: instead };
  }

  reply({ activity, facts }: Reply): void {
    this.#collect({ ...activity, replyToId: this.context.activity.id }, facts);
  }

  /** Forgets everything but what the user said: the turn failed, and only an apology follows. */
  discard(): void {
    this.#lines.length = 0;
    this.#state.clear();
    this.votes.length = 0;
    this.welcomed.length = 0;
  }

  /** Everything the turn changes; undefined when it changes nothing. */
  completed(): CompletedTurn | undefined {
    const replies = this.#lines.map(({ line }) => line);
    const lines = this.#userLine ? [this.#userLine, ...replies] : replies;
    if (lines.length + this.#state.size + this.votes.length + this.welcomed.length === 0) return undefined;
    return {
      ...(this.key && { activity: this.key }),
      conversation: this.conversation,
      person: this.person,
      at: this.#at,
      lines,
      state: this.#state,
      votes: this.votes,
      welcomed: this.welcomed,
    };
  }

  /** What is said, in order, with the line each has in the history. */
  get replies(): readonly { readonly line: NewLine; readonly activity: Partial<Activity> }[] {
    return this.#lines;
  }

  /** Sends what the replies came to. Call it after the commit. */
  async release(activities: Partial<Activity>[]): Promise<void> {
    this.#isReleased = true;
    if (activities.length > 0) await this.context.sendActivities(activities);
  }

  #onSend(activities: Partial<Activity>[], next: () => Promise<ResourceResponse[]>): Promise<ResourceResponse[]> {
    if (this.#isReleased || activities.every(({ type }) => type !== 'message')) return next();
    return Promise.resolve(activities.map((activity) => ({ id: this.#collect(activity) })));
  }

  #collect(activity: Partial<Activity>, facts?: LineFacts): string {
    const id = this.nextLine;
    this.#nextLine = undefined;
    const at = this.parts.now().toISOString();
    const { text = '', ...rest } = activity;
    const shown = {
      type: 'message',
      ...rest,
      id,
      timestamp: at,
      from: { id: botAccount.id, role: botAccount.role },
      ...(activity.replyToId && this.id && { replyToId: this.id }),
    };
    const line: NewLine = {
      id,
      from: 'bot',
      at,
      text,
      activity: shown,
      ...(facts && { facts }),
    };
    this.#lines.push({ line, activity });
    return id;
  }

  #storage(): Storage {
    return {
      read: async (keys) => Object.fromEntries(await this.parts.store.readState(keys)),
      write: async (changes: StoreItems) => {
        for (const [key, value] of Object.entries(changes)) this.#state.set(key, value as Record<string, unknown>);
      },
      delete: async (keys) => {
        for (const key of keys) this.#state.set(key, undefined);
      },
    };
  }
}

/** The turn that `context` belongs to. */
export function turnOf(context: TurnContext): Turn {
  return context.turnState.get(turnKey) as Turn;
}
