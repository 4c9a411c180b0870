/** Says why a question was decided the way it was, for whoever writes the knowledge base: what `faq ask` prints. */
import { ANSWER_FROM, type Decision, GAP, SUGGEST_FROM } from './decide.ts';
import type { Examination } from './matcher.ts';

const list = (items: readonly string[]) => items.map((item) => `"${item}"`).join(', ');
const rounded = (confidence: number) => String(Math.round(confidence));

function verdict({ decision, id, confidence, candidates }: Decision): string {
  const sure = rounded(confidence);
  const [best, second] = candidates;
  if (decision === 'answer') return `Answers with ${id} (confidence ${sure}; ${ANSWER_FROM} is enough).`;
  if (decision === 'dialog') return `Begins the dialog ${id} (confidence ${sure}; ${ANSWER_FROM} is enough).`;
  if (decision === 'none') {
    return best
      ? `Offers nothing: the best match, ${best.id}, has a confidence of ${sure}, and ${SUGGEST_FROM} is needed to suggest it.`
      : 'Offers nothing: no word of it is in the knowledge base.';
  }
  const shown = `Suggests ${candidates.map((candidate) => candidate.id).join(', ')}`;
  if (confidence < ANSWER_FROM) {
    return `${shown}: the best has a confidence of ${sure}, and ${ANSWER_FROM} is needed to answer.`;
  }
  return `${shown}: ${best?.id} (${sure}) and ${second?.id} (${rounded(second?.confidence ?? 0)}) are less than ${GAP} apart, so it asks which one is meant.`;
}

/**
 * Several lines in plain words: the decision and its reason, the candidates with their nearest phrasings, the words that were
 * corrected and those the knowledge base does not know.
 */
export function explain(decision: Decision, { reading, matches }: Examination): string {
  const lines = [verdict(decision)];
  for (const { id } of decision.candidates) {
    const match = matches.find((examined) => examined.id === id);
    if (!match) continue;
    const nearest =
      match.phrasing === undefined ? 'no phrasing shares a word with it' : `nearest phrasing: "${match.phrasing}"`;
    lines.push(`  ${rounded(match.confidence).padStart(3)}  ${id}, ${nearest}`);
  }
  if (reading.corrected.length > 0) {
    lines.push(`Read ${reading.corrected.map(({ typed, word }) => `"${typed}" as "${word}"`).join(', ')}.`);
  }
  if (reading.unknownWords.length > 0) {
    lines.push(`Not in the knowledge base, which lowers the confidence: ${list([...new Set(reading.unknownWords)])}.`);
  }
  return lines.join('\n');
}
