/** Says why a question was decided the way it was, for whoever writes the knowledge base: what `faq ask` prints. */
import { ANSWER_FROM, type Decision, GAP, SUGGEST_FROM } from './decide.ts';
import type { Examination, ExaminedMatch } from './matcher.ts';
import type { Reading } from './reading.ts';

const list = (items: readonly string[]) => items.map((item) => `"${item}"`).join(', ');
const rounded = (confidence: number) => String(Math.round(confidence));

/** What was decided, why, and what the author could do about it; `best` is the first candidate as the matcher saw it. */
function verdict({ decision, id, confidence, candidates }: Decision, best: ExaminedMatch | undefined): string[] {
  const sure = rounded(confidence);
  const second = candidates[1];
  const enough =
    confidence < ANSWER_FROM ? 'one of its phrasings says just this' : `confidence ${sure}; ${ANSWER_FROM} is enough`;
  if (decision === 'answer') return [`Answers with ${id} (${enough}).`];
  if (decision === 'dialog') return [`Begins the dialog ${id} (${enough}).`];
  if (!best) return ['Offers nothing: no word of it is in the knowledge base.'];
  const shown = decision === 'none' ? 'Offers nothing' : `Suggests ${candidates.map((match) => match.id).join(', ')}`;
  if (second && isTorn(confidence, best)) {
    const both = `${best.id} (${sure}) and ${second.id} (${rounded(second.confidence)})`;
    const reason =
      confidence < ANSWER_FROM
        ? `Without the others ${best.id} would have ${rounded(best.alone)}, and ${ANSWER_FROM} is enough to answer.`
        : `They are less than ${GAP} apart, so it asks which one is meant.`;
    return [
      `${shown}: it is torn between ${both}. ${reason}`,
      'A phrasing like this question in the one that is meant would tell them apart.',
    ];
  }
  const needed = decision === 'none' ? `${SUGGEST_FROM} is needed to suggest it` : `${ANSWER_FROM} is needed to answer`;
  return [
    `${shown}: nothing is quite like it. The best match, ${best.id}, has a confidence of ${sure}, and ${needed}.`,
    `If ${best.id} is what was meant, add this question to its phrasings.`,
  ];
}

/** Whether the best match would be sure enough if the second one did not fit nearly as well. */
function isTorn(confidence: number, best: ExaminedMatch): boolean {
  return confidence >= ANSWER_FROM || best.alone >= ANSWER_FROM;
}

function described({ id, confidence, evidence, phrasing }: ExaminedMatch): string {
  const covered = `has ${Math.round(100 * evidence.covered)} % of what is asked`;
  const nearest = phrasing === undefined ? 'no phrasing shares a word with it' : `nearest phrasing: "${phrasing}"`;
  return `  ${rounded(confidence).padStart(3)}  ${id}, ${covered}, ${nearest}`;
}

/** What was typed and what it was taken for, in order; a run of several words once. */
function readAs(corrected: Reading['corrected']): string {
  const parts: { typed: string; words: string[] }[] = [];
  for (const { typed, word } of corrected) {
    const last = parts.at(-1);
    if (last?.typed === typed) last.words.push(word);
    else parts.push({ typed, words: [word] });
  }
  return parts.map(({ typed, words }) => `"${typed}" as "${words.join(' ')}"`).join(', ');
}

/**
 * Several lines in plain words: the decision, its reason and what would change it, the candidates with how much of the question
 * they have words for and their nearest phrasings, the words that were corrected and those the knowledge base does not know.
 */
export function explain(decision: Decision, { reading, matches }: Examination): string {
  const examined = decision.candidates.flatMap(({ id }) => matches.find((match) => match.id === id) ?? []);
  const lines = [...verdict(decision, examined[0]), ...examined.map(described)];
  if (reading.corrected.length > 0) {
    lines.push(`Read ${readAs(reading.corrected)}.`);
  }
  if (reading.unknownWords.length > 0) {
    lines.push(`Not in the knowledge base, which lowers the confidence: ${list([...new Set(reading.unknownWords)])}.`);
  }
  return lines.join('\n');
}
