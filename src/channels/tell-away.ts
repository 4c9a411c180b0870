/**
 * Tells whoever writes in a channel of Bot Framework while the store cannot be reached that nothing was kept: once a
 * minute in each conversation, since channels send again what was refused.
 */
import type { Activity } from 'botbuilder';
import type { Log } from '../log.ts';
import type { Words } from '../words/words.ts';
import type { Proactive } from './proactive.ts';
import { sendFailure } from './send-failure.ts';

export interface TellAwayParts {
  readonly proactive: Pick<Proactive, 'send'>;
  readonly words: Words;
  readonly now: () => Date;
  readonly log: Pick<Log, 'info'>;
}

/** ms */
const again = 60_000;
/** Conversations that are remembered to have been told. */
const mostTold = 10_000;

export function tellAway({ proactive, words, now, log }: TellAwayParts) {
  const told = new Map<string, number>();
  return async ({ type, channelId, serviceUrl, conversation, recipient }: Activity): Promise<void> => {
    const time = now().getTime();
    if (type !== 'message' || time - (told.get(conversation.id) ?? Number.NEGATIVE_INFINITY) < again) return;
    if (told.size >= mostTold) told.clear();
    told.set(conversation.id, time);
    const bot = { id: recipient.id, name: recipient.name ?? '' };
    const place = { channel: channelId, serviceUrl, conversation: conversation.id, bot, tenant: conversation.tenantId };
    try {
      await proactive.send(place, { type: 'message', text: words.say('teams.away') });
    } catch (error) {
      log.info({ reason: sendFailure(error).reason }, 'nobody could be told that the store is away');
    }
  };
}
