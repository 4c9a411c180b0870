/** What staff write, as users in Teams and other channels of Bot Framework are shown it. */
import { escaped, escapedLines } from '../replies/escaped.ts';
import { noticeActivity, staffActivity } from '../replies/staff-line.ts';
import type { ConversationPort } from '../tickets/desk.ts';
import type { Words } from '../words/words.ts';
import type { SayUnasked } from './unasked-line.ts';

export interface ProactiveConversationParts {
  readonly sayUnasked: SayUnasked;
  readonly words: Words;
  readonly now: () => Date;
}

export function proactiveConversation({ sayUnasked, words, now }: ProactiveConversationParts): ConversationPort {
  return {
    async say({ id, conversation, person, from, text, notice, ticket }) {
      const at = now().toISOString();
      const line = { id, conversation, person };
      if (notice) {
        const said = words.say(`held.${notice}`, { name: escaped(from.name), number: `#${ticket}` });
        return sayUnasked({ ...line, from: 'bot', text: said, activity: noticeActivity(id, at, undefined) });
      }
      const shown = {
        text: words.say('held.staff', { name: escaped(from.name), text: escapedLines(text) }),
        summary: `${from.name}: ${text}`,
      };
      return sayUnasked({ ...line, from: 'staff', text, activity: staffActivity({ id, at, from }) }, shown);
    },
    // Teams tells its users of messages by itself.
    isPresent: (conversation) => conversation.startsWith('msteams/'),
  };
}
