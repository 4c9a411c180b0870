/** A store as one would write it without a thought for disks or speed; the random walk compares the real ones with it. */
import type { CompletedTurn } from '../../src/bot/turn-store.ts';
import type { Erased, HistoryLine } from '../../src/history/history.ts';
import type { Vote } from '../../src/usage/votes.ts';

const DAY = 24 * 60 * 60 * 1000;

interface State {
  readonly key: string;
  readonly conversation: string;
  readonly person: string;
  readonly at: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export class NaiveStore {
  lines: HistoryLine[] = [];
  votes: Vote[] = [];
  readonly welcomed = new Map<string, string>();
  readonly #latest = new Map<string, number>();
  readonly #activities = new Map<string, number>();
  #state: State[] = [];

  commit(turn: CompletedTurn, time: number): 'committed' | 'repeated' {
    const { conversation, person, at, activity = '' } = turn;
    if (time - (this.#activities.get(activity) ?? Number.NEGATIVE_INFINITY) < DAY) return 'repeated';
    this.#activities.set(activity, time);
    for (const line of turn.lines) {
      const seq = this.latest(conversation) + 1;
      this.#latest.set(conversation, seq);
      this.lines.push({ ...line, conversation, person, seq });
    }
    for (const [key, value] of turn.state) {
      this.#state = this.#state.filter((state) => state.key !== key);
      if (value) this.#state.push({ key, conversation, person, at, value });
    }
    this.votes.push(...turn.votes);
    for (const one of turn.welcomed) this.welcomed.set(one, at);
    return 'committed';
  }

  read(conversation: string): HistoryLine[] {
    return this.lines.filter((line) => line.conversation === conversation);
  }

  latest(conversation: string): number {
    return this.#latest.get(conversation) ?? 0;
  }

  readState(keys: readonly string[]): Map<string, object> {
    return new Map(this.#state.filter(({ key }) => keys.includes(key)).map(({ key, value }) => [key, value]));
  }

  forget(person: string): Erased {
    const them = `webchat/${person}`;
    const conversations = new Set(this.lines.map(({ conversation }) => conversation));
    const own = new Set([...conversations].filter((one) => this.read(one).every((line) => line.person === them)));
    const isGone = (line: HistoryLine) => line.person === them;
    const votes = this.votes.filter((vote) => vote.person !== them);
    const lines = this.lines.filter((line) => !isGone(line));
    const erased = {
      conversations: own.size,
      lines: this.lines.length - lines.length,
      votes: this.votes.length - votes.length,
      redacted: 0,
      documents: { removed: 0, redacted: 0 },
    };
    this.lines = lines.map((line) => {
      const clean = JSON.parse(erase(JSON.stringify(line), person)) as HistoryLine;
      if (JSON.stringify(clean) === JSON.stringify(line)) return line;
      erased.redacted += 1;
      return clean;
    });
    this.votes = votes;
    this.welcomed.delete(them);
    this.#state = this.#state
      .filter((state) => state.person !== them && !own.has(state.conversation))
      .map((state) => ({ ...state, value: JSON.parse(erase(JSON.stringify(state.value), person)) }));
    return erased;
  }

  prune(before: Date): Erased {
    const isOld = ({ at }: { at: string }) => Date.parse(at) < before.getTime();
    const had = new Set(this.lines.filter(isOld).map(({ conversation }) => conversation));
    const lines = this.lines.filter((line) => !isOld(line));
    const votes = this.votes.filter((vote) => !isOld(vote));
    const left = new Set(lines.flatMap(({ conversation, person }) => [conversation, person]));
    const erased = {
      conversations: [...had].filter((conversation) => !left.has(conversation)).length,
      lines: this.lines.length - lines.length,
      votes: this.votes.length - votes.length,
      redacted: 0,
      documents: { removed: 0, redacted: 0 },
    };
    this.lines = lines;
    this.votes = votes;
    for (const [person, at] of this.welcomed) if (isOld({ at }) && !left.has(person)) this.welcomed.delete(person);
    this.#state = this.#state.filter(
      (state) => !isOld(state) || left.has(state.key.includes('/users/') ? state.person : state.conversation),
    );
    return erased;
  }
}

function erase(json: string, person: string): string {
  return person.includes('@') ? json.replace(/jane@contoso\.example/gi, '[erased]') : json;
}
