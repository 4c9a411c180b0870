/** Questions that had no answer, the same ones counted together: for the report, and for whoever writes the weekly list. */
import type { HistoryStore } from '../history/history.ts';
import { Pace } from '../pace.ts';
import { type AskedQuestion, isMissed, questionsAsked } from './questions-asked.ts';
import { redacted } from './redacted.ts';
import { isWithin, type ReportPeriod } from './report-period.ts';

export interface MissedQuestion {
  /** As it was typed last, without addresses, links, numbers and codes; one line of at most 160 characters. */
  readonly text: string;
  /** How often it was asked; letter case and punctuation make no difference. */
  readonly count: number;
  /** How often of these something was suggested and not taken; the other times there was nothing to suggest. */
  readonly suggested: number;
  /** ISO 8601, UTC. */
  readonly newest: string;
}

/** Counts misses one after the other. */
export class MissCount {
  readonly #byText = new Map<string, MissedQuestion>();
  #total = 0;

  /** Misses that were added. */
  get total(): number {
    return this.#total;
  }

  /** @param question - one that `isMissed` */
  add({ text, at, decision }: AskedQuestion): void {
    const shown = redacted(text);
    const key = bare(shown);
    const known = this.#byText.get(key);
    const isNewest = !known || known.newest <= at;
    this.#total += 1;
    this.#byText.set(key, {
      text: isNewest ? shown : known.text,
      count: (known?.count ?? 0) + 1,
      suggested: (known?.suggested ?? 0) + Number(decision === 'suggest'),
      newest: isNewest ? at : known.newest,
    });
  }

  /** The most frequent, and of equals the newest, first. Others are served while a hundred thousand are gone through. */
  async top(limit: number): Promise<MissedQuestion[]> {
    const pace = new Pace();
    const best: MissedQuestion[] = [];
    for (const miss of this.#byText.values()) {
      if (pace.isDue) await pace.rest();
      const last = best[limit - 1];
      if (last && !isBefore(miss, last)) continue;
      const place = best.findIndex((other) => isBefore(miss, other));
      best.splice(place < 0 ? best.length : place, 0, miss);
      best.length = Math.min(best.length, limit);
    }
    return best;
  }
}

/** The weekly list: what was asked most in these days without an answer. */
export async function topMisses(
  history: Pick<HistoryStore, 'conversations' | 'read'>,
  period: ReportPeriod,
  limit: number,
): Promise<MissedQuestion[]> {
  const pace = new Pace();
  const misses = new MissCount();
  for (const conversation of await history.conversations()) {
    for (const question of questionsAsked(await history.read(conversation))) {
      if (isMissed(question) && isWithin(period, question.at)) misses.add(question);
      if (pace.isDue) await pace.rest();
    }
  }
  return misses.top(limit);
}

function isBefore(one: MissedQuestion, other: MissedQuestion): boolean {
  return one.count === other.count ? one.newest > other.newest : one.count > other.count;
}

/** What is left of a text without letter case, punctuation and symbols; the text itself where that is nothing. */
function bare(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
  return words || text;
}
