/**
 * The address that Teams' roster has for who is in a personal chat: to be shown and filled in for them, and nothing more.
 * Anybody with the right in their organisation can change it, so it proves nothing.
 */
import type { Activity } from 'botbuilder';
import type { ConnectorClient } from 'botframework-connector';
import { isShared } from '../replies/teams.ts';

type Waits = (ms: number, wake: () => void) => () => void;

/** ms */
const lasts = 3600_000;
const failureLasts = 60_000;
/** Longer than this nobody waits for a field to be filled in. */
const patience = 1500;
const mostKept = 1000;

interface Kept {
  readonly until: number;
  readonly address: Promise<string | undefined>;
}

export class TeamsPeople {
  readonly #connector: (serviceUrl: string) => Promise<ConnectorClient>;
  readonly #now: () => Date;
  readonly #wakeAfter: Waits;
  readonly #kept = new Map<string, Kept>();

  constructor(connector: (serviceUrl: string) => Promise<ConnectorClient>, now: () => Date, wakeAfter: Waits) {
    this.#connector = connector;
    this.#now = now;
    this.#wakeAfter = wakeAfter;
  }

  /** Undefined where there is none, where others read along, and where the roster does not answer at once. */
  async addressOf(activity: Activity): Promise<string | undefined> {
    const { channelId, serviceUrl, conversation, from } = activity;
    if (channelId !== 'msteams' || isShared(activity)) return undefined;
    const key = JSON.stringify([serviceUrl, conversation.id, from.id]);
    const time = this.#now().getTime();
    const kept = this.#kept.get(key);
    if (kept && kept.until > time) return this.#soon(kept.address);
    if (this.#kept.size >= mostKept) this.#kept.clear();
    const address = this.#ask(serviceUrl, conversation.id, from.id).catch(() => {
      this.#kept.set(key, { until: this.#now().getTime() + failureLasts, address: Promise.resolve(undefined) });
      return undefined;
    });
    this.#kept.set(key, { until: time + lasts, address });
    return this.#soon(address);
  }

  #soon(address: Promise<string | undefined>): Promise<string | undefined> {
    return new Promise((answer) => {
      const callOff = this.#wakeAfter(patience, () => answer(undefined));
      address.then((found) => {
        callOff();
        answer(found);
      });
    });
  }

  async #ask(serviceUrl: string, conversation: string, user: string): Promise<string | undefined> {
    const { conversations } = await this.#connector(serviceUrl);
    const member = (await conversations.getConversationMember(conversation, user)) as { email?: unknown };
    // A guest's user principal name looks like an address and is none, so it does not stand in for one.
    return typeof member.email === 'string' && member.email !== '' ? member.email : undefined;
  }
}
