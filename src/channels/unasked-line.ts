/**
 * How a line that nobody asked for gets to users in Teams and other channels of Bot Framework: sent, then written into
 * the history under its id. A line that is in the history was sent; a kill in between sends it a second time, which is
 * better than never.
 */
import type { AddedLine } from '../bot/bot.ts';
import type { HistoryStore } from '../history/history.ts';
import { LineDelayed, LineRefused } from '../tickets/desk.ts';
import type { Proactive } from './proactive.ts';
import type { References } from './references.ts';
import { sendFailure } from './send-failure.ts';

export interface UnaskedLineParts {
  readonly proactive: Pick<Proactive, 'send'>;
  readonly references: Pick<References, 'find' | 'block'>;
  readonly history: Pick<HistoryStore, 'find'>;
  readonly add: (line: AddedLine) => Promise<void>;
}

/** Sends `shown`, Markdown, for a line, once for each id. Rejects as `ConversationPort.say` does. */
export type SayUnasked = (
  line: AddedLine,
  shown?: { readonly text: string; readonly summary: string },
) => Promise<void>;

export function unaskedLine({ proactive, references, history, add }: UnaskedLineParts): SayUnasked {
  return async (line, { text, summary } = { text: line.text, summary: line.text }) => {
    const { conversation } = line;
    if (await history.find(conversation, line.id)) return;
    const reference = await references.find(conversation);
    if (!reference) throw new LineRefused('nobody has spoken in this conversation since it can be reached');
    if (reference.blocked) throw new LineRefused(reference.blocked);
    try {
      await proactive.send(reference, { text, textFormat: 'markdown', summary: summary.slice(0, 200) });
    } catch (error) {
      const { isFinal, reason, retryAfter } = sendFailure(error);
      if (!isFinal) throw new LineDelayed(reason, retryAfter ?? 0, { cause: error });
      await references.block(conversation, reason);
      throw new LineRefused(reason, { cause: error });
    }
    await add(line);
  };
}
