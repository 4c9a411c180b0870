/** `POST /api/messages`: an activity from Bot Framework in, a turn run, what the framework wants answered out. */
import type { Activity, InvokeResponse } from 'botbuilder';
import type { Bot } from '../bot/bot.ts';
import { HttpError } from '../errors.ts';
import { channelActivity, firstProblem, isTooDeep } from './activity-schema.ts';
import type { BotAdapter } from './bot-adapter.ts';
import { refusal } from './refusal.ts';

export interface MessagesEndpointParts {
  readonly adapter: BotAdapter;
  readonly bot: Pick<Bot, 'run'>;
  readonly allowsService: (serviceUrl: string | undefined) => boolean;
}

/** @throws HttpError for every request that is refused; any other error is this server's own fault. */
export function messagesEndpoint({ adapter, bot, allowsService }: MessagesEndpointParts) {
  return async (authorization: string, body: unknown): Promise<InvokeResponse> => {
    const activity = readActivity(body);
    if (!allowsService(activity.serviceUrl)) {
      throw new HttpError(403, 'ServiceNotAllowed', 'serviceUrl names a host that is not on the list of service hosts');
    }
    try {
      return (await adapter.receive(authorization, activity, (context) => bot.run(context))) ?? { status: 200 };
    } catch (error) {
      throw refusal(error) ?? error;
    }
  };
}

function readActivity(body: unknown): Activity {
  if (isTooDeep(body)) throw new HttpError(400, 'BadArgument', 'the activity is nested too deeply');
  const read = channelActivity.safeParse(body);
  if (!read.success) throw new HttpError(400, 'BadSyntax', firstProblem(read.error));
  return read.data as unknown as Activity;
}
