/** Tells whoever shows tickets which one changed, after the change is durable. The desk and the workers speak, the inbox listens. */
export class TicketNews {
  readonly #listeners = new Set<(number: number) => void>();

  tell(number: number): void {
    for (const listener of this.#listeners) listener(number);
  }

  /** Returns what ends it. */
  watch(listener: (number: number) => void): () => void {
    // Two who pass the same function are two.
    const own = (number: number) => listener(number);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }
}
