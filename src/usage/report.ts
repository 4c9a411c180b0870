/**
 * What people asked, what they got, and what was left to a person: `report`, the report page and the weekly list take
 * their figures from here. Pure over its sources; a hundred thousand lines are gone through in stretches.
 */
import type { HistoryStore } from '../history/history.ts';
import { Pace } from '../pace.ts';
import { MissCount, type MissedQuestion } from './misses.ts';
import { type AskedQuestion, handOffTimes, isAnswered, isMissed, questionsAsked } from './questions-asked.ts';
import { dayOf, daysOf, isWithin, type ReportPeriod } from './report-period.ts';
import { type Spread, spreadOf } from './spread.ts';
import type { TicketFigure, TicketFigures } from './ticket-figures.ts';
import type { Vote, VoteStore } from './votes.ts';

export interface Report {
  /** As asked for. */
  readonly period: ReportPeriod;
  /** Conversations in which something was asked. */
  readonly conversations: number;
  /** Picks among suggestions are none of their own. */
  readonly questions: number;
  /** Questions by what was decided; a dialog that was begun counts here and among `answered`. */
  readonly decisions: Readonly<Record<AskedQuestion['decision'], number>>;
  /** Of the questions with suggestions: those of which one was taken. */
  readonly picked: number;
  /** Answered, a dialog begun, or a suggestion taken. */
  readonly answered: number;
  /** Answered, and nobody was needed in the same conversation within the period. */
  readonly deflected: number;
  /** `deflected / questions`, 0 to 1; null without questions. */
  readonly deflectionRate: number | null;
  readonly votes: { readonly helped: number; readonly notHelped: number };
  /** Those shown or voted on, most shown first. */
  readonly entries: readonly EntryFigures[];
  /** `total` of all, and the most frequent texts of them. */
  readonly misses: { readonly total: number; readonly texts: readonly MissedQuestion[] };
  readonly handOffs: HandOffFigures;
  /** Oldest first. */
  readonly days: readonly DayFigures[];
}

export interface EntryFigures {
  /** Entry id, or `do:NAME`. */
  readonly id: string;
  /** How often it was shown or begun. */
  readonly shown: number;
  readonly helped: number;
  readonly notHelped: number;
}

/** Of the tickets opened in the period, but for `resolved`. */
export interface HandOffFigures {
  /** Conversations that went over to a person. */
  readonly conversations: number;
  readonly opened: number;
  /** Resolved in the period, whenever they were opened. */
  readonly resolved: number;
  /** Neither resolved nor withdrawn now. */
  readonly open: number;
  /** How often one was opened again. */
  readonly reopened: number;
  readonly firstResponse: Spread;
  readonly resolution: Spread;
  /** Most first; '' is without a topic. */
  readonly topics: readonly { readonly topic: string; readonly opened: number }[];
  /** By state now, as the room of tickets calls it; most first. */
  readonly states: readonly { readonly state: string; readonly count: number }[];
}

export interface DayFigures {
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly questions: number;
  readonly answered: number;
  /** Without an answer. The rest was led to a person. */
  readonly missed: number;
  readonly opened: number;
  readonly resolved: number;
}

export interface ReportSources {
  readonly history: Pick<HistoryStore, 'conversations' | 'read'>;
  readonly votes: Pick<VoteStore, 'list'>;
  readonly tickets: TicketFigures;
}

/** Texts of misses in a report. */
const mostMisses = 100;

/** @param period - days by the time of the reply, the vote, the ticket's opening or its resolution */
export async function createReport({ history, votes, tickets }: ReportSources, period: ReportPeriod): Promise<Report> {
  const pace = new Pace();
  const count = new Count(period);
  for await (const ticket of tickets()) {
    count.addTicket(ticket);
    if (pace.isDue) await pace.rest();
  }
  for (const vote of await votes.list()) {
    count.addVote(vote);
    if (pace.isDue) await pace.rest();
  }
  for (const conversation of await history.conversations()) {
    const lines = await history.read(conversation);
    if (handOffTimes(lines).some((at) => isWithin(period, at))) count.addHandOff(conversation);
    const questions = questionsAsked(lines).filter(({ at }) => isWithin(period, at));
    if (questions.length > 0) count.addConversation();
    for (const question of questions) {
      count.addQuestion(question, conversation);
      if (pace.isDue) await pace.rest();
    }
    if (pace.isDue) await pace.rest();
  }
  return count.report(await count.misses.top(mostMisses));
}

class Count {
  readonly misses = new MissCount();
  readonly #decisions = { answer: 0, suggest: 0, dialog: 0, none: 0 };
  readonly #votes = { helped: 0, notHelped: 0 };
  readonly #entries = new Map<string, { shown: number; helped: number; notHelped: number }>();
  readonly #days = new Map<string, Omit<DayFigures, 'day'>>();
  readonly #topics = new Map<string, number>();
  readonly #states = new Map<string, number>();
  /** Conversations that went over to a person. */
  readonly #handedOff = new Set<string>();
  readonly #firstResponses: number[] = [];
  readonly #resolutions: number[] = [];
  #conversations = 0;
  #picked = 0;
  #answered = 0;
  #deflected = 0;
  #opened = 0;
  #resolved = 0;
  #open = 0;
  #reopened = 0;

  constructor(private readonly period: ReportPeriod) {}

  addTicket({ openedAt, firstResponseAt, resolvedAt, reopened = 0, state, topic = '', conversation }: TicketFigure) {
    if (resolvedAt && isWithin(this.period, resolvedAt)) {
      this.#resolved += 1;
      this.#onDay(resolvedAt, 'resolved');
    }
    if (!isWithin(this.period, openedAt)) return;
    this.#opened += 1;
    this.#onDay(openedAt, 'opened');
    this.#reopened += reopened;
    if (!resolvedAt && state !== 'withdrawn') this.#open += 1;
    if (firstResponseAt) this.#firstResponses.push(secondsBetween(openedAt, firstResponseAt));
    if (resolvedAt) this.#resolutions.push(secondsBetween(openedAt, resolvedAt));
    if (conversation) this.#handedOff.add(conversation);
    this.#topics.set(topic, (this.#topics.get(topic) ?? 0) + 1);
    this.#states.set(state, (this.#states.get(state) ?? 0) + 1);
  }

  addVote({ at, entry, helped }: Vote) {
    if (!isWithin(this.period, at)) return;
    const how = helped ? 'helped' : 'notHelped';
    this.#votes[how] += 1;
    this.#entry(entry)[how] += 1;
  }

  addHandOff(conversation: string) {
    this.#handedOff.add(conversation);
  }

  addConversation() {
    this.#conversations += 1;
  }

  /** Call it when all hand-offs of the conversation are known. */
  addQuestion(question: AskedQuestion, conversation: string) {
    const { at, decision, id, isPicked } = question;
    this.#decisions[decision] += 1;
    this.#onDay(at, 'questions');
    this.#picked += Number(isPicked);
    if (id !== undefined) this.#entry(id).shown += 1;
    if (isAnswered(question)) {
      this.#answered += 1;
      this.#deflected += Number(!this.#handedOff.has(conversation));
      this.#onDay(at, 'answered');
    }
    if (isMissed(question)) {
      this.misses.add(question);
      this.#onDay(at, 'missed');
    }
  }

  report(texts: readonly MissedQuestion[]): Report {
    const decisions = { ...this.#decisions };
    const questions = decisions.answer + decisions.suggest + decisions.dialog + decisions.none;
    return {
      period: this.period,
      conversations: this.#conversations,
      questions,
      decisions,
      picked: this.#picked,
      answered: this.#answered,
      deflected: this.#deflected,
      deflectionRate: questions === 0 ? null : this.#deflected / questions,
      votes: { ...this.#votes },
      entries: Array.from(this.#entries, ([id, figures]) => ({ id, ...figures })).sort(
        (a, b) => b.shown - a.shown || b.helped + b.notHelped - a.helped - a.notHelped || compare(a.id, b.id),
      ),
      misses: { total: this.misses.total, texts },
      handOffs: {
        conversations: this.#handedOff.size,
        opened: this.#opened,
        resolved: this.#resolved,
        open: this.#open,
        reopened: this.#reopened,
        firstResponse: spreadOf(this.#firstResponses),
        resolution: spreadOf(this.#resolutions),
        topics: mostFirst(this.#topics).map(([topic, opened]) => ({ topic, opened })),
        states: mostFirst(this.#states).map(([state, count]) => ({ state, count })),
      },
      days: daysOf(this.period, [...this.#days.keys()]).map((day) => ({ day, ...(this.#days.get(day) ?? quietDay) })),
    };
  }

  #entry(id: string) {
    const known = this.#entries.get(id) ?? { shown: 0, helped: 0, notHelped: 0 };
    this.#entries.set(id, known);
    return known;
  }

  #onDay(at: string, figure: keyof Omit<DayFigures, 'day'>) {
    const figures = this.#days.get(dayOf(at)) ?? quietDay;
    this.#days.set(dayOf(at), { ...figures, [figure]: figures[figure] + 1 });
  }
}

const quietDay = { questions: 0, answered: 0, missed: 0, opened: 0, resolved: 0 };

/** Clocks of several servers may differ by a moment; nothing takes less than no time. */
function secondsBetween(begin: string, end: string): number {
  return Math.max(0, Math.round((Date.parse(end) - Date.parse(begin)) / 1000));
}

function mostFirst(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([nameA, a], [nameB, b]) => b - a || compare(nameA, nameB));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
