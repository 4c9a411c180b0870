/** What was asked in one conversation and what came of it, read off its lines; pure. Reports count these. */
import type { HistoryLine, LineFacts } from '../history/history.ts';

export interface AskedQuestion {
  /** As typed. */
  readonly text: string;
  /** Of the reply; ISO 8601, UTC. */
  readonly at: string;
  readonly decision: LineFacts['decision'];
  /** Entry id or `do:NAME` where one was shown at once or picked among suggestions. */
  readonly id?: string;
  /** Whether one of what was suggested was taken: by its button, its number or in other words. */
  readonly isPicked: boolean;
}

/** The dialog that leads to a person. */
const handOff = 'do:handoff';

/**
 * Questions in their order. A pick among suggestions belongs to the question they were for and is none of its own;
 * what was said to a person, and words that mean something by themselves, are none either.
 */
export function questionsAsked(lines: readonly HistoryLine[]): AskedQuestion[] {
  const questions: AskedQuestion[] = [];
  let asked: string | undefined;
  let offered: readonly string[] = [];
  for (const { from, text, facts, at } of lines) {
    if (from === 'user') asked = text;
    if (from !== 'bot' || !facts || asked === undefined) continue;
    const { decision, id, others = [] } = facts;
    const before = questions.at(-1);
    if (before && id !== undefined && offered.includes(id)) {
      questions[questions.length - 1] = { ...before, id, isPicked: true };
      offered = [];
    } else {
      questions.push({ text: asked, at, decision, ...(id !== undefined && { id }), isPicked: false });
      offered = decision === 'suggest' ? others : [];
    }
    asked = undefined;
  }
  return questions;
}

/** Whether something was shown or begun for it; being led to a person is no answer. */
export function isAnswered({ decision, id, isPicked }: AskedQuestion): boolean {
  return id !== handOff && (isPicked || decision === 'answer' || decision === 'dialog');
}

/** Whether there was nothing for it, or nothing of what was suggested was meant. */
export function isMissed({ decision, isPicked }: AskedQuestion): boolean {
  return decision === 'none' || (decision === 'suggest' && !isPicked);
}

/** When the conversation went over to a person, by what was asked for and by what staff wrote: ISO 8601, UTC. */
export function handOffTimes(lines: readonly HistoryLine[]): string[] {
  return lines.filter(({ from, facts }) => from === 'staff' || facts?.id === handOff).map(({ at }) => at);
}
