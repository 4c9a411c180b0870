/**
 * What is to be committed at one moment goes in one call. What cannot be for what it is, or waits for what somebody else
 * has in hand, goes alone, so that nobody has to wait with it.
 */
import { inParts } from './apart.ts';
import { isHeldUp, isOfOne } from './database.ts';
import { Few } from './few.ts';
import { Together } from './together.ts';

/** How long a call waits for what somebody else has in hand, as PostgreSQL's lock_timeout. */
export const patience = {
  /** Of several: longer than others take to commit. */
  brief: '100ms',
  /** Alone, as long as a statement may take. */
  full: '0',
} as const;
export type Patience = (typeof patience)[keyof typeof patience];

/** ms: what waited for its turn to wait in the database for longer does not wait there, or it would be told too late. */
const longestQueue = 3000;

export interface CommitsParts<Item, Result> {
  /**
   * Commits items in one call, all or none but those it gives null for: these have to go alone.
   * @returns a result for each item, in their order
   */
  readonly commit: (items: readonly Item[], patience: Patience) => Promise<readonly (Result | null)[]>;
  /** Names of the rows that an item writes; two that write the same one go in different calls. */
  readonly rowsOf: (item: Item) => Iterable<string>;
  /** Most connections that are taken by those who wait. */
  readonly mostWaiting: number;
}

/** It is there when the others are that went along, or later. */
interface Outcome<Result> {
  readonly result: Promise<Result>;
}

export class Commits<Item extends object, Result> {
  readonly #parts: CommitsParts<Item, Result>;
  readonly #together: Together<Item, Outcome<Result>>;
  readonly #alone: Few;
  readonly #waiting: Few;

  constructor(parts: CommitsParts<Item, Result>) {
    this.#parts = parts;
    this.#alone = new Few(2 * parts.mostWaiting);
    this.#waiting = new Few(parts.mostWaiting);
    this.#together = new Together((items) => inParts(items, parts.rowsOf, (part) => this.#commitPart(part)));
  }

  async commit(item: Item): Promise<Result> {
    return (await this.#together.ask(item)).result;
  }

  /** @param items - of which no two write the same row */
  async #commitPart(items: readonly Item[]): Promise<readonly Outcome<Result>[]> {
    try {
      const results = await this.#parts.commit(items, patience.brief);
      return await Promise.all(
        items.map((item, n) => {
          const result = results[n] ?? null;
          return result === null ? this.#commitAlone(item) : outcomeOf(Promise.resolve(result));
        }),
      );
    } catch (error) {
      const [item] = items;
      if (items.length > 1 && isOfOne(error)) return Promise.all(items.map((one) => this.#commitAlone(one)));
      if (items.length === 1 && item && isHeldUp(error)) return [outcomeOf(this.#wait(item))];
      return items.map(() => outcomeOf(Promise.reject(error)));
    }
  }

  #commitAlone(item: Item): Promise<Outcome<Result>> {
    return this.#alone.run(async () => {
      const [outcome] = await this.#commitPart([item]);
      return outcome as Outcome<Result>;
    });
  }

  #wait(item: Item): Promise<Result> {
    const asked = performance.now();
    return this.#waiting.run(async () => {
      const isLate = performance.now() - asked > longestQueue;
      const [result] = await this.#parts.commit([item], isLate ? patience.brief : patience.full);
      return result as Result;
    });
  }
}

function outcomeOf<Result>(result: Promise<Result>): Outcome<Result> {
  // Whoever asked hears of it, perhaps a moment later.
  result.catch(() => {});
  return { result };
}
