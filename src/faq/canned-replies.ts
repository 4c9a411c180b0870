/** Answers of the knowledge base as replies that staff can send as they are. */
import type { Entry, Topic } from './entry.ts';
import type { Knowledge } from './knowledge.ts';

export interface CannedReply {
  /** Of the entry. */
  readonly id: string;
  readonly question: string;
  /** The answer, settings filled in and links absolute. */
  readonly markdown: string;
  /** The same without any markup; addresses that only links had are not in it. */
  readonly plain: string;
}

/** A topic's, in the order of its file. */
export interface CannedTopic extends Pick<Topic, 'id' | 'title'> {
  readonly replies: readonly CannedReply[];
}

/** All, by topic. */
export function cannedReplies({ base }: Pick<Knowledge, 'base'>): CannedTopic[] {
  return base.topics.map(({ id, title }) => ({
    id,
    title,
    replies: base.entries.filter(({ topic }) => topic === id).map(replyOf),
  }));
}

/** Those that may answer `text`, a question or the beginning of a word, best first; at most `limit`. */
export function cannedRepliesFor(text: string, knowledge: Knowledge, limit = 5): CannedReply[] {
  const entries = new Map<string, Entry>();
  for (const { id } of [...knowledge.search(text).hits, ...knowledge.suggest(text)]) {
    const entry = knowledge.entry(id);
    if (entry) entries.set(id, entry);
  }
  return [...entries.values()].slice(0, limit).map(replyOf);
}

function replyOf({ id, question, answer, plain }: Entry): CannedReply {
  return { id, question, markdown: answer, plain };
}
