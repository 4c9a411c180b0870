/**
 * How what staff write gets into conversations of channels in this process: as a line of the history, which their
 * clients are shown. The desk says it again under the same id until it is there.
 */
import type { AddedLine } from '../bot/bot.ts';
import { escaped } from '../replies/escaped.ts';
import { suggestedActions } from '../replies/reply.ts';
import { noticeActivity, staffActivity } from '../replies/staff-line.ts';
import { type ConversationPort, LineRefused } from '../tickets/desk.ts';
import type { Words } from '../words/words.ts';

export interface StaffConversationParts {
  readonly add: (line: AddedLine) => Promise<void>;
  /** Whether a client shows the conversation now. */
  readonly isShown: (conversation: string) => Promise<boolean>;
  /** Ids of the channels in this process. */
  readonly channels: readonly string[];
  readonly words: Words;
  readonly now: () => Date;
}

export function staffConversation({ add, isShown, channels, words, now }: StaffConversationParts): ConversationPort {
  return {
    async say({ id, conversation, person, from, text, notice, ticket }) {
      const [channel = ''] = conversation.split('/');
      if (!channels.includes(channel)) throw new LineRefused(`the channel ${channel} takes no messages by itself`);
      const at = now().toISOString();
      const line = { id, conversation, person };
      if (notice) {
        const said = words.say(`held.${notice}`, { name: escaped(from.name), number: `#${ticket}` });
        const who = notice === 'claimed' ? from.name : '';
        const chips = notice === 'resolved' ? [words.say('request.chip.reopen', { number: `#${ticket}` })] : [];
        const activity = { ...noticeActivity(id, at, who), ...suggestedActions(chips) };
        return add({ ...line, from: 'bot', text: said, activity });
      }
      return add({ ...line, from: 'staff', text, activity: staffActivity({ id, at, from }) });
    },
    isPresent: isShown,
  };
}
