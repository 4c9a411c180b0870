/**
 * Runs a turn in which nothing is said in a conversation that nobody speaks in: what it replies is sent like what staff
 * write.
 */
import { type Activity, ActivityTypes } from 'botbuilder';
import type { Bot } from '../bot/bot.ts';
import type { BotAdapter, LocalConnector } from './bot-adapter.ts';
import type { DirectLine } from './direct-line/direct-line.ts';
import type { Looked } from './idle-dialogs.ts';
import type { Proactive } from './proactive.ts';
import type { Reference, References } from './references.ts';

export interface LookInParts {
  readonly adapter: Pick<BotAdapter, 'receiveLocally'>;
  readonly bot: Pick<Bot, 'run'>;
  readonly directLine: Pick<DirectLine, 'look'>;
  /** Ids of the channels in this process. */
  readonly ownChannels: readonly string[];
  readonly references: Pick<References, 'find'>;
  readonly proactive: Pick<Proactive, 'send'>;
}

export function lookIn({ adapter, bot, directLine, ownChannels, references, proactive }: LookInParts) {
  return async ({ conversation, person, turn }: Looked): Promise<void> => {
    const [channel, conversationId, user] = [...parted(conversation), parted(person)[1]];
    if (ownChannels.includes(channel)) return directLine.look({ conversationId, userId: user }, turn);
    const reference = await references.find(conversation);
    // Whoever cannot be told now is told when they speak again.
    if (!reference || reference.blocked) return;
    await adapter.receiveLocally(connectorTo(reference), activityIn(reference, user, turn), (context) =>
      bot.run(context),
    );
  };

  function connectorTo(reference: Reference): LocalConnector {
    const send = async (activity: Partial<Activity>) => ({ id: await proactive.send(reference, activity) });
    return {
      sendToConversation: (_conversation, activity) => send(activity),
      replyToActivity: (_conversation, _to, { replyToId: _, ...activity }) => send(activity),
    };
  }
}

function activityIn({ channel, serviceUrl, conversation, isShared, tenant, bot }: Reference, user: string, id: string) {
  return {
    type: ActivityTypes.Event,
    id,
    channelId: channel,
    serviceUrl,
    conversation: { id: conversation, isGroup: isShared, ...(tenant && { tenantId: tenant }) },
    from: { id: user, name: '' },
    recipient: bot,
  } as Activity;
}

/** `channel/id`, taken apart. */
function parted(key: string): readonly [string, string] {
  const end = key.indexOf('/');
  return [key.slice(0, end), key.slice(end + 1)];
}
