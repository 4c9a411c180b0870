/** Lets a few work at a time; others wait until it is their turn, in the order in which they came. */
export class Few {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param most - at the same time */
  constructor(most: number) {
    this.#free = most;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
