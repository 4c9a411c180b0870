/** Lessons of all conversations, the same ones counted together: what `faq proposals` starts from. */
import type { HistoryStore } from '../history/history.ts';
import { type Lesson, lessonsOf } from './lessons.ts';
import type { Vote, VoteStore } from './votes.ts';

export interface CountedLesson extends Lesson {
  readonly count: number;
}

/** Conversations read before others may have the thread. */
const atOnce = 100;

/** In the order in which each was first learned, so that a number given to one stays its own while more come. */
export async function gatherLessons(
  history: Pick<HistoryStore, 'conversations' | 'read'>,
  votes: Pick<VoteStore, 'list'>,
): Promise<CountedLesson[]> {
  const voteByLine = new Map<string, Vote>();
  for (const vote of await votes.list()) voteByLine.set(`${vote.conversation} ${vote.line}`, vote);
  const counted = new Map<string, CountedLesson>();
  for (const [index, conversation] of (await history.conversations()).entries()) {
    if (index % atOnce === 0) await new Promise((resolve) => setImmediate(resolve));
    const lines = await history.read(conversation);
    for (const lesson of lessonsOf(lines, (line) => voteByLine.get(`${conversation} ${line}`))) {
      if (!isPhrasing(lesson.text)) continue;
      const key = JSON.stringify([bare(lesson.text), lesson.meant]);
      const known = counted.get(key);
      const first = !known || lesson.at < known.at ? lesson : known;
      counted.set(key, { ...first, count: (known?.count ?? 0) + 1 });
    }
  }
  return [...counted.values()].sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
}

/**
 * Whether others may ask in these words: short enough to be one question, and nothing in it that belongs to one person,
 * as an address or a number of an account does.
 */
function isPhrasing(text: string): boolean {
  const words = text.trim().split(/\s+/).length;
  return words >= 2 && words <= 25 && text.length <= 160 && !/[@\n]|\d{4}|:\/\//.test(text);
}

function bare(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
