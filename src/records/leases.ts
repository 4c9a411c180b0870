/**
 * Documents that this process works on, and no other: taken for a short time, which is renewed while the work goes on. So
 * the work may take as long as it takes, and whoever dies leaves it to the others as soon as that time is over.
 */
import type { Change, Records, RecordType, Stored } from './records.ts';

/** ms; the clocks of several machines may differ by less than half of it. */
export const leaseTime = 15_000;
const renewEvery = leaseTime / 3;

export interface LeasesParts<T extends object> {
  readonly records: Records;
  readonly type: RecordType<T>;
  /** The document as it is while somebody works on it. @param until - ISO 8601, UTC */
  readonly taken: (value: T, until: string) => T;
  readonly now: () => Date;
  /** Calls `wake` after so many ms; the result calls it off. */
  readonly wakeAfter: (ms: number, wake: () => void) => () => void;
}

export class Leases<T extends object> {
  readonly #parts: LeasesParts<T>;
  readonly #held = new Map<string, Stored<T>>();
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

  /** Ends the work with a change; false, and nothing happened, where the document is somebody else's by now. */
  async end(id: string, changeOf: (seen: Stored<T>) => Change): Promise<boolean> {
    await this.#renewing;
    const seen = this.#held.get(id);
    this.drop(id);
    return seen !== undefined && this.#parts.records.commit(changeOf(seen));
  }

  /** Leaves a document as it is: others may take it when its time is over. */
  drop(id: string): void {
    this.#held.delete(id);
    if (this.#held.size > 0) return;
    this.#callOff?.();
    this.#callOff = undefined;
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
    const held = [...this.#held.values()];
    try {
      const still = await records.lease(type, held, (value) => taken(value, until));
      // What is not among them may be somebody else's by now; the change that ends the work tells.
      for (const one of still) if (this.#held.has(one.id)) this.#held.set(one.id, one);
    } catch {
      // Tried again soon; where the store is away for longer, so it is for the others.
    }
  }

  #until(): string {
    return new Date(this.#parts.now().getTime() + leaseTime).toISOString();
  }
}
