/**
 * How a line that nobody asked for gets to users in Teams and other channels of Bot Framework: sent, and then written
 * into the history under its id, which waits for the turns of its conversation. That it was sent is noted at once, so that
 * only a kill between the channel's answer and that note, or another process that comes first where the store was away for
 * the note, sends it a second time, which is better than never.
 */
import type { AddedLine } from '../bot/bot.ts';
import type { HistoryStore } from '../history/history.ts';
import { addDone, findDone } from '../records/done-once.ts';
import { Change, type Records } from '../records/records.ts';
import { LineDelayed, LineRefused } from '../tickets/desk.ts';
import type { Proactive } from './proactive.ts';
import type { References } from './references.ts';
import { sendFailure } from './send-failure.ts';

export interface UnaskedLineParts {
  readonly records: Records;
  readonly proactive: Pick<Proactive, 'send'>;
  readonly references: Pick<References, 'find' | 'block'>;
  readonly history: Pick<HistoryStore, 'find'>;
  readonly add: (line: AddedLine) => Promise<void>;
  readonly now: () => Date;
}

/** Sends `shown`, Markdown, for a line, once for each id. Rejects as `ConversationPort.say` does. */
export type SayUnasked = (
  line: AddedLine,
  shown?: { readonly text: string; readonly summary: string },
) => Promise<void>;

export function unaskedLine({ records, proactive, references, history, add, now }: UnaskedLineParts): SayUnasked {
  /** What was sent while the store was away: whoever is told so comes again. */
  const unnoted = new Set<string>();

  return async (line, shown = { text: line.text, summary: line.text }) => {
    if (await history.find(line.conversation, line.id)) return;
    const key = `sent ${line.id}`;
    if (!(await findDone(records, key))) {
      if (!unnoted.has(key)) await send(line, shown);
      unnoted.add(key);
      await records.commit(addDone(new Change(), key, 'sent', now()));
    }
    unnoted.delete(key);
    await add(line);
  };

  async function send({ conversation }: AddedLine, { text, summary }: { text: string; summary: string }) {
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
  }
}
