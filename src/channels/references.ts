/**
 * Where conversations of Bot Framework's channels are reached: written down at every turn, so that what staff write
 * finds its way after a restart too. Only activities that were authenticated, from an allowed address, get here.
 */
import type { Activity } from 'botbuilder';
import { Change, changing, type Records, type RecordType } from '../records/records.ts';

export interface Reference {
  /** `channel/user id`, whoever spoke last. */
  readonly person: string;
  readonly channel: string;
  readonly serviceUrl: string;
  /** Bot Framework's own id of the conversation. */
  readonly conversation: string;
  readonly isShared: boolean;
  readonly bot: { readonly id: string; readonly name: string };
  readonly user: string;
  readonly tenant?: string;
  readonly objectId?: string;
  /** The channel takes nothing for it any more, and why; gone as soon as the user speaks. */
  readonly blocked?: string;
  /** ISO 8601, UTC, to the day: when it was spoken in last. */
  readonly day: string;
}

/** By `channel/conversation id`. */
export const references: RecordType<Reference> = {
  name: 'conversation-references',
  indexes: {},
  names: ({ objectId }) => (objectId ? [objectId] : []),
};

/** Every field of a reference, so that a new one is not forgotten here. */
const fieldsOf: Readonly<Record<Exclude<keyof Reference, 'bot'>, true>> = {
  person: true,
  channel: true,
  serviceUrl: true,
  conversation: true,
  isShared: true,
  user: true,
  tenant: true,
  objectId: true,
  blocked: true,
  day: true,
};
const fields = Object.keys(fieldsOf) as (keyof typeof fieldsOf)[];

/** Asked for each turn, of which hardly any changes something. */
function isSame(one: Reference, other: Reference): boolean {
  const isSameBot = one.bot.id === other.bot.id && one.bot.name === other.bot.name;
  return isSameBot && fields.every((field) => one[field] === other[field]);
}

export class References {
  readonly #records: Records;
  readonly #now: () => Date;

  constructor(records: Records, now: () => Date) {
    this.#records = records;
    this.#now = now;
  }

  /** @param isShared - whether several people are in the conversation */
  async remember(activity: Activity, isShared: boolean): Promise<void> {
    const { channelId, serviceUrl, conversation, from, recipient } = activity;
    if (!serviceUrl) return;
    const { tenant } = (activity.channelData ?? {}) as { tenant?: { id?: unknown } };
    const tenantId = conversation.tenantId ?? tenant?.id;
    const value: Reference = {
      person: `${channelId}/${from.id}`,
      channel: channelId,
      serviceUrl,
      conversation: conversation.id,
      isShared,
      bot: { id: recipient.id, name: recipient.name ?? '' },
      user: from.id,
      ...(typeof tenantId === 'string' && { tenant: tenantId }),
      ...(typeof from.aadObjectId === 'string' && { objectId: from.aadObjectId }),
      day: this.#now().toISOString().slice(0, 10),
    };
    const id = `${channelId}/${conversation.id}`;
    await changing(this.#records, async () => {
      const seen = await this.#records.get(references, id);
      if (seen && isSame(seen.value, value)) return { result: undefined };
      const change = new Change();
      if (seen) change.update(references, seen, value);
      else change.create(references, id, value);
      return { change, result: undefined };
    });
  }

  /** @param conversation - `channel/conversation id` */
  async find(conversation: string): Promise<Reference | undefined> {
    return (await this.#records.get(references, conversation))?.value;
  }

  /** The channel refused it: nothing is sent until the user speaks again. */
  async block(conversation: string, reason: string): Promise<void> {
    await changing(this.#records, async () => {
      const seen = await this.#records.get(references, conversation);
      if (!seen || seen.value.blocked) return { result: undefined };
      return { change: new Change().update(references, seen, { ...seen.value, blocked: reason }), result: undefined };
    });
  }

  /** Removes those that nobody has spoken in since. */
  async clear(before: Date): Promise<void> {
    for await (const seen of this.#records.all(references)) {
      if (Date.parse(seen.value.day) < before.getTime())
        await this.#records.commit(new Change().delete(references, seen));
    }
  }
}
