/**
 * Work that waits for a reason to look: done in rounds, one after the other, whenever somebody asks for it and again by
 * itself after a while. What is asked for during a round gets a round of its own, so nothing that comes meanwhile is left.
 */

export interface RoundsParts {
  /** Told why a round broke off. Whatever a round throws, others follow it. */
  readonly failed: (error: unknown) => void;
  /** For work that comes again by itself. Calls `wake` after so many ms; the result calls it off. */
  readonly wakeAfter?: (ms: number, wake: () => void) => () => void;
  /** ms until the next round after one that broke off; else it waits until it is asked for. */
  readonly afterFailure?: number;
}

export abstract class Rounds {
  readonly #parts: RoundsParts;
  #underWay: Promise<void> | undefined;
  #isAsked = false;
  #isClosed = false;
  #callOff = () => {};

  constructor(parts: RoundsParts) {
    this.#parts = parts;
  }

  /** One round; ms until the next one, or undefined where the next one waits until it is asked for. */
  protected abstract work(): Promise<number | undefined>;

  protected get isClosed(): boolean {
    return this.#isClosed;
  }

  /** There may be something to do: looks now, or after the round that is under way. To be called at the start too. */
  wake(): void {
    this.#ask();
  }

  /** Resolves when nothing is under way and nothing was asked for. */
  async idle(): Promise<void> {
    while (this.#underWay) await this.#underWay;
  }

  /** Lets the round under way end; none follows. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#callOff();
    // A round, and not what a subclass may wait for beyond it: it may have to break that off first.
    while (this.#underWay) await this.#underWay;
  }

  #ask(): void {
    if (this.#isClosed) return;
    this.#isAsked = true;
    // Not within the call: what is asked for by a round's first steps would begin a second one beside it.
    this.#underWay ??= Promise.resolve()
      .then(() => this.#go())
      .finally(() => {
        this.#underWay = undefined;
        if (this.#isAsked) this.#ask();
      });
  }

  async #go(): Promise<void> {
    this.#callOff();
    let next: number | undefined;
    while (this.#isAsked && !this.#isClosed) {
      this.#isAsked = false;
      next = await this.#round();
    }
    const { wakeAfter } = this.#parts;
    if (wakeAfter && next !== undefined && !this.#isClosed) this.#callOff = wakeAfter(next, () => this.wake());
  }

  async #round(): Promise<number | undefined> {
    try {
      return await this.work();
    } catch (error) {
      this.#parts.failed(error);
      return this.#parts.afterFailure;
    }
  }
}

/** Of times to wait, the one after so many failures, from 1 on; from the last one on always that. */
export function stepAfter(steps: readonly [number, ...number[]], failures: number): number {
  return steps[Math.min(Math.max(failures, 1), steps.length) - 1] ?? steps[0];
}
