/**
 * How what staff write gets to users in Teams and other channels of Bot Framework: sent, then written into the history
 * under the line's id. A line that is in the history was sent; a kill in between sends it a second time, which is better
 * than never.
 */
import type { AddedLine } from '../bot/bot.ts';
import type { HistoryStore } from '../history/history.ts';
import { escaped } from '../replies/escaped.ts';
import { noticeActivity, staffActivity } from '../replies/staff-line.ts';
import { type ConversationPort, LineDelayed, LineRefused } from '../tickets/desk.ts';
import type { Words } from '../words/words.ts';
import type { Proactive } from './proactive.ts';
import type { References } from './references.ts';
import { sendFailure } from './send-failure.ts';

export interface ProactiveConversationParts {
  readonly proactive: Pick<Proactive, 'send'>;
  readonly references: Pick<References, 'find' | 'block'>;
  readonly history: Pick<HistoryStore, 'find'>;
  readonly add: (line: AddedLine) => Promise<void>;
  readonly words: Words;
  readonly now: () => Date;
}

export function proactiveConversation(parts: ProactiveConversationParts): ConversationPort {
  const { proactive, references, history, add, words, now } = parts;
  return {
    async say({ id, conversation, person, from, text, notice, ticket }) {
      if (await history.find(conversation, id)) return;
      const reference = await references.find(conversation);
      if (!reference) throw new LineRefused('nobody has spoken in this conversation since it can be reached');
      if (reference.blocked) throw new LineRefused(reference.blocked);
      const at = now().toISOString();
      const said = notice ? words.say(`held.${notice}`, { name: from.name, number: `#${ticket}` }) : text;
      const shown = notice ? said : words.say('held.staff', { name: escaped(from.name), text: escaped(text) });
      const summary = (notice ? said : `${from.name}: ${said}`).slice(0, 200);
      try {
        await proactive.send(reference, { text: shown, textFormat: 'markdown', summary });
      } catch (error) {
        const { isFinal, reason, retryAfter } = sendFailure(error);
        if (isFinal) {
          await references.block(conversation, reason);
          throw new LineRefused(reason, { cause: error });
        }
        throw new LineDelayed(reason, retryAfter ?? 0, { cause: error });
      }
      const line = { id, conversation, person };
      if (notice) return add({ ...line, from: 'bot', text: said, activity: noticeActivity(id, at, undefined) });
      return add({ ...line, from: 'staff', text, activity: staffActivity({ id, at, from }) });
    },
    // Teams tells its users of messages by itself.
    isPresent: (conversation) => conversation.startsWith('msteams/'),
  };
}
