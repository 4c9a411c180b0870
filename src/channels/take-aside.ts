/** Goes on in somebody's personal chat with what they asked where others read along; where they have none yet, the link that was said leads there. */
import type { Activity } from 'botbuilder';
import type { Log } from '../log.ts';
import { suggestedActions } from '../replies/reply.ts';
import type { Words } from '../words/words.ts';
import type { Proactive } from './proactive.ts';
import { sendFailure } from './send-failure.ts';

export interface TakeAsideParts {
  readonly proactive: Pick<Proactive, 'openPersonal' | 'send'>;
  readonly words: Words;
  readonly log: Pick<Log, 'info'>;
}

export function takeAside({ proactive, words, log }: TakeAsideParts) {
  const go = async ({ channelId, serviceUrl, conversation, recipient, from }: Activity, said: string) => {
    const bot = { id: recipient.id, name: recipient.name ?? '' };
    const { tenantId } = conversation;
    const place = { channel: channelId, serviceUrl, conversation: conversation.id, bot, tenant: tenantId };
    const personal = await proactive.openPersonal(place, from.id);
    const text = words.say('teams.privateHere');
    await proactive.send(personal, { text, ...suggestedActions(said === '' ? [] : [said]) });
  };
  return (activity: Activity, said: string): void => {
    go(activity, said).catch((error: unknown) => {
      log.info({ reason: sendFailure(error).reason }, 'a personal chat could not be opened');
    });
  };
}
