/**
 * What use teaches: questions in words that the knowledge base did not know well, and what they turned out to mean.
 * Read off one conversation; pure.
 */
import type { HistoryLine } from '../history/history.ts';
import type { Vote } from './votes.ts';

export interface Lesson {
  /** The question, as typed. */
  readonly text: string;
  /** Entry id or `do:NAME`; undefined where it never came out. */
  readonly meant?: string;
  /** How that is known: chosen among suggestions, said to have helped, or asked again in other words. */
  readonly how: 'picked' | 'helped' | 'rephrased' | 'missed';
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** A question that is not settled yet. */
interface Open {
  readonly text: string;
  readonly at: string;
  /** What was suggested; undefined where nothing was. */
  readonly offered?: readonly string[];
}

/** Whoever finds other words does so within this time, in ms; later it is another question. */
const rephrasedWithin = 3 * 60_000;
/** Asking for a person is giving up, not saying the same in other words. */
const givingUp = 'do:handoff';

export function lessonsOf(lines: readonly HistoryLine[], voteOn: (line: string) => Vote | undefined): Lesson[] {
  const lessons: Lesson[] = [];
  let open: Open[] = [];
  let asked = '';
  for (const { from, text, facts, id, at } of lines) {
    if (from === 'user') asked = text;
    if (from !== 'bot' || !facts || asked === '') continue;
    const { decision, id: meant, others } = facts;
    if (decision === 'suggest' || decision === 'none' || meant === undefined) {
      open.push({ text: asked, at, offered: decision === 'suggest' ? others : undefined });
      asked = '';
      continue;
    }
    const vote = voteOn(id);
    if (vote?.helped !== false) {
      const settled = open.map((question) => ({ question, how: howSettled(question, meant, at) }));
      lessons.push(...settled.flatMap(({ question, how }) => (how ? [{ text: question.text, meant, how, at }] : [])));
      const wasPicked = settled.some(({ how }) => how === 'picked');
      if (vote?.helped && !wasPicked) lessons.push({ text: asked, meant, how: 'helped', at });
      open = settled.filter(({ how }) => !how).map(({ question }) => question);
    } else {
      open.push({ text: asked, at: vote.at, offered: others });
    }
    asked = '';
  }
  return [...lessons, ...open.map(({ text, at }) => ({ text, how: 'missed' as const, at }))];
}

function howSettled({ offered, at }: Open, meant: string, answered: string): 'picked' | 'rephrased' | undefined {
  if (offered?.includes(meant)) return 'picked';
  const isSoon = Date.parse(answered) - Date.parse(at) <= rephrasedWithin;
  return isSoon && meant !== givingUp && !offered ? 'rephrased' : undefined;
}
