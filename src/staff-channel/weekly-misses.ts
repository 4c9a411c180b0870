/**
 * Once a week, a card in the channel of staff with the questions of the week before that had no answer. A document per
 * week says whose turn it is to post it, so that it is there once, whatever restarts and however many instances there
 * are. The questions are computed anew each time they are shown: nothing that somebody asked is kept a second time.
 */
import { hash } from 'node:crypto';
import type { Log } from '../log.ts';
import { Change, changing, type Records, type RecordType, type Stored } from '../records/records.ts';
import { Rounds, stepAfter } from '../rounds.ts';
import { type ChannelPlace, placeOfStaff } from './staff-channel.ts';

/** What staff made of a question. */
export interface Taught {
  readonly by: string;
  readonly kind: 'answer' | 'phrasing';
  /** Of the entry, or `do:NAME`. */
  readonly entry: string;
}

/** By the week's Monday, YYYY-MM-DD, UTC. */
export interface MissWeek {
  readonly week: string;
  /** What Teams calls the card, and the channel it is in; undefined: it is not posted. */
  readonly activity?: string;
  readonly conversation?: string;
  /** ISO 8601, UTC: until then it is somebody's to post. Undefined where it is posted, or there is nothing to post. */
  readonly until?: string;
  readonly attempts: number;
  /** Why Teams did not take it. */
  readonly reason?: string;
  /** By the question's key. */
  readonly taught: Readonly<Record<string, Taught>>;
  /** How many of `taught` the card shows. */
  readonly shown: number;
}

export const missWeeks: RecordType<MissWeek> = { name: 'miss-weeks', indexes: {} };

export interface WeeklyMiss {
  readonly key: string;
  /** Without addresses, links, numbers and codes. */
  readonly text: string;
  readonly count: number;
  readonly taught?: Taught;
}

export interface MissesOnCard {
  readonly week: string;
  /** The days they were asked in, YYYY-MM-DD, both included. */
  readonly from: string;
  readonly to: string;
  readonly misses: readonly WeeklyMiss[];
}

/** How the card gets into the channel. Each rejects where Teams does not take it. */
export interface MissesPort {
  /** @returns what Teams calls the card */
  post(place: ChannelPlace, misses: MissesOnCard): Promise<string>;
  update(place: ChannelPlace, activity: string, misses: MissesOnCard): Promise<void>;
  /** Why it failed, ms to wait where Teams said so, and whether it will not be taken later either. */
  failure(error: unknown): { readonly retryAfter?: number; readonly reason: string; readonly isFinal: boolean };
}

export interface WeeklyMissesParts {
  readonly records: Records;
  readonly port: MissesPort;
  /** STAFF_TEAM_ID */
  readonly group: string;
  /** What was asked most in these days without an answer, without what tells of a person. */
  readonly topMisses: (
    period: { readonly from: string; readonly to: string },
    limit: number,
  ) => Promise<readonly { readonly text: string; readonly count: number }[]>;
  /** Whether people work now. */
  readonly isOpen: () => boolean;
  readonly now: () => Date;
  readonly wakeAfter: (ms: number, wake: () => void) => () => void;
  readonly log: Pick<Log, 'warn' | 'error'>;
}

/** On a card. */
const most = 5;
/** ms that posting takes at most; then another may try. */
const lease = 60_000;
const lookAgain = 60_000;
const waits = [60_000, 300_000, 1800_000] as const;
const day = 24 * 3600_000;

export class WeeklyMisses extends Rounds {
  readonly #parts: WeeklyMissesParts;

  constructor(parts: WeeklyMissesParts) {
    super({
      failed: (error) =>
        parts.log.error({ err: error }, 'questions without an answer could not be shown in the channel of staff'),
      wakeAfter: parts.wakeAfter,
      afterFailure: lookAgain,
    });
    this.#parts = parts;
  }

  /** The questions of a week that has a card, as they are now. */
  async card(week: string): Promise<MissesOnCard | undefined> {
    const seen = await this.#parts.records.get(missWeeks, week);
    return seen && this.#shown(seen.value);
  }

  /** Notes what came of a question, so that it is not done twice. */
  async note(week: string, key: string, taught: Taught): Promise<void> {
    await this.#change(week, (seen) => ({ ...seen, taught: { ...seen.taught, [key]: taught } }));
    this.wake();
  }

  protected async work(): Promise<number> {
    const { records, group } = this.#parts;
    const place = await placeOfStaff(records, group);
    if (place) await this.#show(place);
    return lookAgain;
  }

  async #show(place: ChannelPlace): Promise<void> {
    const { records, isOpen, now } = this.#parts;
    const week = mondayOf(now());
    const seen = await records.get(missWeeks, week);
    if (!seen ? isOpen() : seen.value.until && Date.parse(seen.value.until) <= now().getTime()) {
      await this.#post(place, week, seen);
    }
    for (const id of [week, daysBefore(week, 7)]) {
      const { value } = (await records.get(missWeeks, id)) ?? {};
      if (value?.activity && value.conversation === place.conversation) await this.#update(place, value);
    }
  }

  async #post(place: ChannelPlace, week: string, seen: Stored<MissWeek> | undefined): Promise<void> {
    const { records, port, now } = this.#parts;
    const { until: _, ...before } = seen?.value ?? { week, attempts: 0, taught: {}, shown: 0 };
    const card = await this.#shown(before);
    const isEmpty = card.misses.length === 0;
    const claimed = isEmpty ? before : { ...before, until: new Date(now().getTime() + lease).toISOString() };
    const change = new Change();
    if (seen) change.update(missWeeks, seen, claimed);
    else change.create(missWeeks, week, claimed);
    if (!(await records.commit(change)) || isEmpty) return;
    try {
      const activity = await port.post(place, card);
      const posted = { ...before, activity, conversation: place.conversation };
      await this.#change(week, ({ taught }) => ({ ...posted, taught }));
    } catch (error) {
      await this.#failed(before, error);
    }
  }

  async #failed(before: MissWeek, error: unknown): Promise<void> {
    const { port, now, log } = this.#parts;
    const { retryAfter = 0, reason } = port.failure(error);
    const wait = Math.max(stepAfter(waits, before.attempts + 1), retryAfter);
    const until = new Date(now().getTime() + wait).toISOString();
    log.warn({ reason, wait }, 'questions without an answer could not be shown in the channel of staff');
    await this.#change(before.week, (seen) => ({ ...seen, until, reason, attempts: before.attempts + 1 }));
  }

  /** The card for everybody shows what one of them did with it. */
  async #update(place: ChannelPlace, value: MissWeek): Promise<void> {
    const { port, log } = this.#parts;
    const count = Object.keys(value.taught).length;
    if (count === value.shown) return;
    try {
      await port.update(place, value.activity ?? '', await this.#shown(value));
    } catch (error) {
      const { reason, isFinal } = port.failure(error);
      log.warn({ reason }, 'the card of questions without an answer could not be edited');
      if (!isFinal) return;
    }
    await this.#change(value.week, (seen) => ({ ...seen, shown: count }));
  }

  async #shown({ week, taught }: MissWeek): Promise<MissesOnCard> {
    const period = { from: daysBefore(week, 7), to: daysBefore(week, 1) };
    const found = await this.#parts.topMisses(period, most);
    const misses = found.map(({ text, count }) => {
      const key = hash('sha256', text, 'base64url').slice(0, 16);
      return { key, text, count, ...(taught[key] && { taught: taught[key] }) };
    });
    return { week, ...period, misses };
  }

  #change(week: string, change: (seen: MissWeek) => MissWeek): Promise<void> {
    const { records } = this.#parts;
    return changing(records, async () => {
      const seen = await records.get(missWeeks, week);
      if (!seen) return { result: undefined };
      return { change: new Change().update(missWeeks, seen, change(seen.value)), result: undefined };
    });
  }
}

/** Removes what is kept of weeks before. */
export async function clearMissWeeks(records: Records, before: Date): Promise<void> {
  for await (const week of records.all(missWeeks)) {
    if (Date.parse(week.id) < before.getTime()) await records.commit(new Change().delete(missWeeks, week));
  }
}

function mondayOf(date: Date): string {
  const today = date.toISOString().slice(0, 10);
  return daysBefore(today, (date.getUTCDay() + 6) % 7);
}

function daysBefore(from: string, days: number): string {
  return new Date(Date.parse(from) - days * day).toISOString().slice(0, 10);
}
