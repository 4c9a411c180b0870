/** Phrasings that use proposes for the knowledge base: what people asked, and did not find at once. */
import { ANSWER_FROM, type Decision } from './decide.ts';
import type { Phrased } from './entry.ts';

/** A question that came out to mean an entry or action; `meant` is undefined where it never did. */
export interface Learned {
  readonly text: string;
  readonly meant?: string;
  readonly how: 'picked' | 'helped' | 'rephrased' | 'missed';
  readonly count: number;
}

export type Proposal = Learned & { readonly meant: string };

export interface Proposals {
  /** What could be written down, in the order in which it was learned. */
  readonly proposals: readonly Proposal[];
  /** What has no answer, most frequent first: perhaps an entry to write. */
  readonly unanswered: readonly Learned[];
}

/** An answer that helped needs no further phrasing when it was given with this confidence. */
const SURE = (ANSWER_FROM + 100) / 2;

/**
 * Leaves out what the knowledge base answers by now, or has already as a phrasing.
 * @param phrased entries and actions
 */
export function proposalsFrom(
  learned: readonly Learned[],
  phrased: readonly Phrased[],
  decide: (text: string) => Decision,
): Proposals {
  const known = new Set(phrased.map(({ id }) => id));
  const written = new Set(phrased.flatMap(({ question, alternates }) => [question, ...alternates]).map(bare));
  const proposals: Proposal[] = [];
  const unanswered: Learned[] = [];
  for (const lesson of learned) {
    if (written.has(bare(lesson.text))) continue;
    const { decision, id, confidence } = decide(lesson.text);
    const answers = decision === 'dialog' ? `do:${id}` : id;
    const { meant } = lesson;
    if (meant !== undefined && known.has(meant)) {
      const isLearned = answers === meant && (lesson.how !== 'helped' || confidence >= SURE);
      if (!isLearned) proposals.push({ ...lesson, meant });
    } else if (answers === null) {
      unanswered.push(lesson);
    }
  }
  return { proposals, unanswered: unanswered.sort((a, b) => b.count - a.count) };
}

function bare(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
