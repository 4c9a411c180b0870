/**
 * Documents that this process works on, and no other: taken for a short time, which is renewed while the work goes on. So
 * the work may take as long as it takes, and whoever dies leaves it to the others as soon as that time is over.
 */
import type { Change, Records, RecordType, Stored } from './records.ts';

/** ms */
export const leaseTime = 15_000;
const renewEvery = leaseTime / 3;
/** ms between two tries to note what was done, and for how long there are any. */
const endAgain = 500;
const longestEnd = 60_000;

export interface LeasesParts<T extends object> {
  readonly records: Records;
  readonly type: RecordType<T>;
  /** The document as it is while somebody works on it. @param until - ISO 8601, UTC */
  readonly taken: (value: T, until: string) => T;
  /** The same for all processes. */
  readonly now: () => Date;
  /** Calls `wake` after so many ms; the result calls it off. */
  readonly wakeAfter: (ms: number, wake: () => void) => () => void;
  /** Aborted when this process stops and waits for nothing any more. */
  readonly signal: AbortSignal;
}

export class Leases<T extends object> {
  readonly #parts: LeasesParts<T>;
  readonly #held = new Map<string, Stored<T>>();
  /** What a renewal that broke off may have written, by id. */
  readonly #unsure = new Map<string, T>();
  #renewing?: Promise<void>;
  #callOff?: () => void;

  constructor(parts: LeasesParts<T>) {
    this.#parts = parts;
  }

  /** Those of the seen documents that are this process's to work on from now on, until `end` or `drop`. */
  async take(seen: readonly Stored<T>[], claim: (value: T) => T): Promise<readonly Stored<T>[]> {
    const { records, type, taken } = this.#parts;
    const until = this.#until();
    const mine = await records.lease(type, seen, (value) => taken(claim(value), until));
    for (const one of mine) this.#held.set(one.id, one);
    this.#renewLater();
    return mine;
  }

  /**
   * Ends the work with a change; false, and nothing happened, where the document is somebody else's by now. What a store
   * that is away cannot note is noted when it is back, or the work would be done once more.
   * @throws AccessDeskError `ERR_STORE_WRITE` where it is away for longer than a minute, or `signal` is given; the document
   *   stays as it is
   */
  async end(id: string, changeOf: (seen: Stored<T>) => Change): Promise<boolean> {
    const { records, now, signal } = this.#parts;
    const began = now().getTime();
    for (;;) {
      await this.#settled(id);
      const seen = this.#held.get(id);
      this.drop(id);
      if (!seen) return false;
      try {
        return await records.commit(changeOf(seen));
      } catch (error) {
        // Each try may take long itself, where the store hangs.
        if (now().getTime() - began >= longestEnd || signal.aborted) throw error;
        this.#held.set(id, seen);
        this.#renewLater();
      }
      await this.#pause();
    }
  }

  /** Leaves a document as it is: others may take it when its time is over. */
  drop(id: string): void {
    this.#held.delete(id);
    this.#unsure.delete(id);
    if (this.#held.size > 0) return;
    this.#callOff?.();
    this.#callOff = undefined;
  }

  #pause(): Promise<void> {
    const { wakeAfter, signal } = this.#parts;
    return new Promise((resolve) => {
      const goOn = () => {
        callOff();
        signal.removeEventListener('abort', goOn);
        resolve();
      };
      const callOff = wakeAfter(endAgain, goOn);
      signal.addEventListener('abort', goOn);
    });
  }

  #renewLater(): void {
    if (this.#held.size === 0) return;
    this.#callOff ??= this.#parts.wakeAfter(renewEvery, () => {
      this.#callOff = undefined;
      this.#renewing = this.#renew().finally(() => {
        this.#renewing = undefined;
        this.#renewLater();
      });
    });
  }

  async #renew(): Promise<void> {
    const { records, type, taken } = this.#parts;
    const until = this.#until();
    const renewed = (value: T) => taken(value, until);
    let held: readonly Stored<T>[] = [];
    try {
      await this.#makeSure([...this.#unsure.keys()]);
      held = [...this.#held.values()];
      const still = await records.lease(type, held, renewed);
      // What is not among them may be somebody else's by now; the change that ends the work tells.
      for (const one of still) if (this.#held.has(one.id)) this.#held.set(one.id, one);
    } catch {
      // Tried again soon; where the store is away for longer, so it is for the others. It may have been done, though.
      for (const { id, value } of held) if (this.#held.has(id)) this.#unsure.set(id, renewed(value));
    }
  }

  /** Resolves when no renewal is under way, and it is known what the last one came to or cannot be. */
  async #settled(id: string): Promise<void> {
    do {
      await this.#renewing;
      // Where the store is away, the change that follows says so.
      await this.#makeSure([id]).catch(() => {});
    } while (this.#renewing);
  }

  /** Finds out whether renewals that broke off were done: else these documents would seem to be somebody else's. */
  async #makeSure(ids: readonly string[]): Promise<void> {
    const { records, type } = this.#parts;
    for (const id of ids) {
      const [written, before] = [this.#unsure.get(id), this.#held.get(id)];
      if (!written || !before) continue;
      const seen = await records.get(type, id);
      this.#unsure.delete(id);
      const isOurs = seen?.version === before.version + 1 && JSON.stringify(seen.value) === JSON.stringify(written);
      if (isOurs && this.#held.has(id)) this.#held.set(id, seen);
    }
  }

  #until(): string {
    return new Date(this.#parts.now().getTime() + leaseTime).toISOString();
  }
}
