/** Decides what to do with a question: answer it, begin a dialog, ask back among three, or admit to having nothing. */
import type { ExaminedMatch } from './matcher.ts';

export interface Candidate {
  /** Entry id, or `do:NAME` for a dialog. */
  readonly id: string;
  /** 0 to 100, not rounded. */
  readonly confidence: number;
}

export interface Decision {
  readonly decision: 'answer' | 'suggest' | 'dialog' | 'none';
  /** The entry to answer with or the name of the dialog to begin (without `do:`); null for `suggest` and `none`. */
  readonly id: string | null;
  /** Confidence of the best match; 0 when nothing matches. */
  readonly confidence: number;
  /** The best three matches, best first; for `suggest` those to show, for the others what else it might have been. */
  readonly candidates: readonly Candidate[];
}

/**
 * From this confidence on a match is taken at its word, if no other one comes near. The three were chosen together on 1,700
 * phrasings of two writers, each asked of a base that had learned the other's, and 73 questions out of scope: 79 to 80 % are
 * answered right, 5 % wrong, for 93 % the right one is answered or among three; 3 to 8 % of those out of scope are answered.
 */
export const ANSWER_FROM = 40;
/** From here on it is worth asking back; four fifths of the same questions out of scope stay below, and 4 % of the others. */
export const SUGGEST_FROM = 20;
/** Two matches closer than this are hard to tell apart, so the person is asked: without it 2 % more are answered wrong. */
export const GAP = 8;
/**
 * Where several fit equally well, each takes the others' confidence, down to nothing at four. A question whose best match
 * would be this sure if it were the only one is asked back all the same: of 128 questions out of scope none comes above 44.
 */
export const SURE_ALONE = 60;
/** More are not read. */
const MOST_SUGGESTIONS = 3;

const DIALOG = 'do:';

/** What of a matcher a decision is made on. */
interface Deciding {
  examine(text: string, limit: number): { readonly matches: readonly ConsideredMatch[] };
  saidAs?(text: string): string | undefined;
}

type ConsideredMatch = Pick<ExaminedMatch, 'id' | 'confidence' | 'alone'>;

/** Entries and `do:NAME` actions are told apart here and nowhere before: one matcher finds both. */
export function decide(text: string, matcher: Deciding): Decision {
  const said = matcher.saidAs?.(text);
  const { matches } = matcher.examine(text, said === undefined ? MOST_SUGGESTIONS : Number.POSITIVE_INFINITY);
  const ranked = matches.map(({ id, confidence }) => ({ id, confidence }));
  const candidates = ranked.slice(0, MOST_SUGGESTIONS);
  const [best, second] = candidates;
  // An author wrote that this is what it means: what comes near by its looks, or before it, does not matter.
  const meant = ranked.find(({ id }) => id === said);
  if (meant) return found(meant, [meant, ...ranked.filter((one) => one !== meant)].slice(0, MOST_SUGGESTIONS));
  const confidence = best?.confidence ?? 0;
  const alone = matches[0]?.alone ?? 0;
  if (!best || (confidence < SUGGEST_FROM && alone < SURE_ALONE))
    return { decision: 'none', id: null, confidence, candidates };
  if (confidence < ANSWER_FROM || (second && confidence - second.confidence < GAP)) {
    return { decision: 'suggest', id: null, confidence, candidates };
  }
  return found(best, candidates);
}

function found({ id, confidence }: Candidate, candidates: readonly Candidate[]): Decision {
  return id.startsWith(DIALOG)
    ? { decision: 'dialog', id: id.slice(DIALOG.length), confidence, candidates }
    : { decision: 'answer', id, confidence, candidates };
}
