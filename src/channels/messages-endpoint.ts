/** `POST /api/messages`: an activity from Bot Framework in, a turn run, what the framework wants answered out. */
import { type Activity, ActivityTypes, type InvokeResponse, type TurnContext } from 'botbuilder';
import type { Bot } from '../bot/bot.ts';
import { HttpError, isStoreAway } from '../errors.ts';
import { inTime } from '../in-time.ts';
import type { Log } from '../log.ts';
import { botAccount } from '../replies/reply.ts';
import { isPress, isShared } from '../replies/teams.ts';
import { checkActivity, requiredOfChannels } from './activity-shape.ts';
import type { BotAdapter } from './bot-adapter.ts';
import type { References } from './references.ts';
import { refusal } from './refusal.ts';
import { unwrapTeams } from './teams-activity.ts';
import { type Refused, tellRefused } from './tell-refused.ts';

export interface MessagesEndpointParts {
  readonly adapter: BotAdapter;
  readonly bot: Pick<Bot, 'run'>;
  readonly references: Pick<References, 'remember'>;
  /** Answers a search in the message box; false where it is none. */
  readonly search: (context: TurnContext) => Promise<boolean>;
  /** Deals with what staff do in their channel; false where it is nothing of theirs. */
  readonly staff: (context: TurnContext, isNamed: boolean) => Promise<boolean>;
  /** What is said of a card whose press takes longer than its channel waits. */
  readonly stillWorking: string;
  /** Tells whoever sent this that the store cannot be reached, and what is said of a card that was pressed meanwhile. */
  readonly away: { readonly tell: (activity: Activity) => Promise<void>; readonly text: string };
  /** ms after which an activity is answered, whatever is still under way. */
  readonly answersWithin: number;
  readonly now: () => Date;
  readonly log: Pick<Log, 'error' | 'warn'>;
  readonly allowsService: (serviceUrl: string | undefined) => boolean;
  /** Channel ids that belong to channels in this process: nobody else may speak in their conversations. */
  readonly ownChannels: readonly string[];
}

/** @throws HttpError for every request that is refused; any other error is this server's own fault. */
export function messagesEndpoint(parts: MessagesEndpointParts) {
  const {
    adapter,
    bot,
    references,
    search,
    staff,
    allowsService,
    ownChannels,
    stillWorking,
    away,
    answersWithin,
    now,
    log,
  } = parts;

  /** In a channel or a group, what does not name the bot is dropped unread and unkept. @param known - told when its token was good */
  const receive = (authorization: string, activity: Activity, known: () => void) =>
    adapter.receive(authorization, activity, async (context) => {
      known();
      const isNamed = unwrapTeams(context.activity);
      try {
        if ((await search(context)) || (await staff(context, isNamed)) || !isNamed) return;
        if (isSpoken(context.activity)) await references.remember(context.activity, isShared(context.activity));
        await bot.run(context);
      } catch (error) {
        if (isStoreAway(error) && isNamed) await away.tell(context.activity);
        throw error;
      }
    });

  const tellLog = tellRefused(log, now);
  return async (authorization: string, body: unknown): Promise<InvokeResponse> => {
    try {
      return await answer(authorization, body);
    } catch (error) {
      tellLog(error, (body ?? {}) as Refused);
      throw error;
    }
  };

  async function answer(authorization: string, body: unknown): Promise<InvokeResponse> {
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
      let isKnown = false;
      const answered = receive(authorization, activity, () => {
        isKnown = true;
      });
      const late = () => {
        answered.catch((error) => log.error({ err: error }, 'a turn failed after its answer'));
        return isKnown ? lateAnswer(activity, stillWorking) : unchecked;
      };
      return (await inTime(answered, answersWithin, late)) ?? { status: 200 };
    } catch (error) {
      // The person sees it at the card; a message is refused, so that its channel sends it again.
      if (isStoreAway(error) && isPress(activity)) return said(away.text);
      throw refusal(error) ?? error;
    }
  }
}

/** Somebody spoke with the bot or came to it: that is who it may have to reach later. Of what else happens where others talk, nothing is kept. */
function isSpoken(activity: Activity): boolean {
  if (activity.type === ActivityTypes.ConversationUpdate) return !isShared(activity);
  return activity.type === ActivityTypes.Message || isPress(activity);
}

/** Bot Framework's keys do not come: nobody who may not be who they say is told that all is well. */
const unchecked: InvokeResponse = { status: 503 };

/** To a message nothing need be answered; a card wants to know what became of it. */
function lateAnswer(activity: Activity, text: string): InvokeResponse {
  if (activity.type !== ActivityTypes.Invoke) return { status: 202 };
  return isPress(activity) ? said(text) : { status: 504 };
}

/** A text that is shown with the card that was pressed. */
function said(text: string): InvokeResponse {
  const body = { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: text };
  return { status: 200, body };
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
