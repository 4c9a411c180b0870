/** A channel of Bot Framework that wants its replies in the response: the shortest way to talk to the bot over HTTP. */
import { randomUUID } from 'node:crypto';
import type { Activity } from 'botbuilder';

/** As Bot Framework sends it for Teams, with no more than it must have. */
export const messageOfTeams = {
  type: 'message',
  text: 'hello',
  channelId: 'msteams',
  serviceUrl: 'https://smba.trafficmanager.net/emea/',
  conversation: { id: 'c' },
  from: { id: 'u' },
};

export class ChannelClient {
  readonly conversation = randomUUID();
  readonly user = randomUUID();

  constructor(private readonly url: string) {}

  /** Says `text`; resolves with the replies. */
  async say(text: string, more: Record<string, unknown> = {}): Promise<Activity[]> {
    const response = await this.post({ text, ...more });
    const { activities } = (await response.json()) as { activities: Activity[] };
    return activities;
  }

  /** Presses a button: a message with data and no text. */
  press(value: unknown): Promise<Activity[]> {
    return this.say('', { value });
  }

  /** Sends an activity, with every field it needs unless `more` says otherwise. */
  post(more: Record<string, unknown>): Promise<Response> {
    const activity = {
      type: 'message',
      id: randomUUID(),
      channelId: 'emulator',
      deliveryMode: 'expectReplies',
      serviceUrl: 'http://localhost:9',
      conversation: { id: this.conversation },
      from: { id: this.user },
      recipient: { id: 'bot' },
      ...more,
    };
    return fetch(`${this.url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(activity),
    });
  }
}

interface Buttons {
  readonly actions?: readonly { readonly title: string; readonly data: unknown }[];
}

/** The data of the button with this title, below the card or within it. */
export function button(activity: Partial<Activity> | undefined, title: string): unknown {
  const card = activity?.attachments?.[0]?.content as (Buttons & { readonly body?: readonly Buttons[] }) | undefined;
  const sets = [...(card?.body ?? []), ...(card ? [card] : [])];
  return sets.flatMap(({ actions = [] }) => actions).find((action) => action.title === title)?.data;
}
