/** Forms that were sent a moment ago: the same one, sent again, waits for the first and gets the same answer. */

/** Whoever presses a button twice does so within this time, in ms. */
const kept = 60_000;

export class PressedOnce<T> {
  readonly #under = new Map<string, Promise<T>>();

  /** @param key - of the form and what it says; what failed is tried again */
  do(key: string, act: () => Promise<T>): Promise<T> {
    const before = this.#under.get(key);
    if (before) return before;
    const doing = act();
    this.#under.set(key, doing);
    setTimeout(() => this.#under.delete(key), kept).unref();
    doing.catch(() => this.#under.delete(key));
    return doing;
  }
}
