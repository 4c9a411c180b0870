/** `POST /api/messages`: an activity from Bot Framework in, a turn run, what the framework wants answered out. */
import type { Activity, InvokeResponse } from 'botbuilder';
import type { Bot } from '../bot/bot.ts';
import { HttpError } from '../errors.ts';
import { botAccount } from '../replies/reply.ts';
import { checkActivity, requiredOfChannels } from './activity-shape.ts';
import type { BotAdapter } from './bot-adapter.ts';
import { refusal } from './refusal.ts';

export interface MessagesEndpointParts {
  readonly adapter: BotAdapter;
  readonly bot: Pick<Bot, 'run'>;
  readonly allowsService: (serviceUrl: string | undefined) => boolean;
  /** Channel ids that belong to channels in this process: nobody else may speak in their conversations. */
  readonly ownChannels: readonly string[];
}

/** @throws HttpError for every request that is refused; any other error is this server's own fault. */
export function messagesEndpoint({ adapter, bot, allowsService, ownChannels }: MessagesEndpointParts) {
  return async (authorization: string, body: unknown): Promise<InvokeResponse> => {
    const activity = readActivity(body);
    if (ownChannels.includes(activity.channelId)) {
      throw new HttpError(
        403,
        'ChannelNotAllowed',
        `the channel ${activity.channelId} is served at /v3/directline here`,
      );
    }
    if (!allowsService(activity.serviceUrl ?? undefined)) {
      throw new HttpError(403, 'ServiceNotAllowed', 'serviceUrl names a host that is not on the list of service hosts');
    }
    try {
      return (await adapter.receive(authorization, activity, (context) => bot.run(context))) ?? { status: 200 };
    } catch (error) {
      throw refusal(error) ?? error;
    }
  };
}

/** Dates become what the framework's own adapter makes of them; a client that names no recipient means this bot. */
function readActivity(body: unknown): Activity {
  const activity = checkActivity(body, requiredOfChannels);
  for (const field of ['timestamp', 'localTimestamp', 'expiration']) {
    if (activity[field]) activity[field] = new Date(activity[field] as string);
  }
  activity.recipient ??= { ...botAccount };
  return activity as unknown as Activity;
}
