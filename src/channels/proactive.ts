/** Sends into conversations of Bot Framework's channels without having been asked: what staff write, cards of the desk. */
import type { Activity } from 'botbuilder';
import type { BotAdapter } from './bot-adapter.ts';
import type { Reference } from './references.ts';

export type Place = Pick<Reference, 'channel' | 'serviceUrl' | 'conversation' | 'bot' | 'tenant'> & {
  readonly user?: string;
};

export class Proactive {
  readonly #adapter: Pick<BotAdapter, 'connector'>;
  readonly #allowsService: (serviceUrl: string) => boolean;

  /** @param allowsService - asked again each time: what was allowed once may have left the list */
  constructor(adapter: Pick<BotAdapter, 'connector'>, allowsService: (serviceUrl: string) => boolean) {
    this.#adapter = adapter;
    this.#allowsService = allowsService;
  }

  /** Rejects as the connector does (`sendFailure` tells what that means). @returns what the channel calls it */
  async send(place: Place, activity: Partial<Activity>): Promise<string> {
    const { conversations } = await this.#connector(place);
    const { id } = await conversations.sendToConversation(place.conversation, addressed(place, activity));
    return id ?? '';
  }

  /** Puts `activity` in the place of one that was sent. */
  async update(place: Place, id: string, activity: Partial<Activity>): Promise<void> {
    const { conversations } = await this.#connector(place);
    await conversations.updateActivity(place.conversation, id, addressed(place, { ...activity, id }));
  }

  /** Begins a thread in a channel of a team. @returns what its first message is called */
  async startThread(place: Place, message: Partial<Activity>): Promise<string> {
    const { conversations } = await this.#connector(place);
    const { bot, tenant = '', conversation } = place;
    const made = (await conversations.createConversation({
      isGroup: true,
      bot,
      tenantId: tenant,
      activity: { type: 'message', ...message } as Activity,
      channelData: { channel: { id: conversation }, tenant: { id: tenant } },
      members: undefined as never,
    })) as { id: string; activityId?: string };
    return made.activityId ?? made.id.split(';messageid=').at(-1) ?? '';
  }

  /** Opens the personal chat with somebody who spoke elsewhere. @returns its place */
  async openPersonal(place: Place, user: string): Promise<Place> {
    const { conversations } = await this.#connector(place);
    const members = [{ id: user, name: '' }];
    const { bot, tenant = '' } = place;
    const made = await conversations.createConversation({
      isGroup: false,
      bot,
      members,
      tenantId: tenant,
      activity: undefined as never,
      channelData: { tenant: { id: tenant } },
    });
    return { ...place, conversation: made.id, user };
  }

  async #connector({ serviceUrl }: Place) {
    if (this.#allowsService(serviceUrl)) return this.#adapter.connector(serviceUrl);
    throw Object.assign(new Error('the service address is not on the list of service hosts'), { statusCode: 403 });
  }
}

function addressed({ channel, serviceUrl, conversation, bot, user }: Place, activity: Partial<Activity>): Activity {
  return {
    type: 'message',
    ...activity,
    channelId: channel,
    serviceUrl,
    from: bot,
    ...(user && { recipient: { id: user, name: '' } }),
    conversation: { id: conversation },
  } as Activity;
}
