/** Whether somebody of staff has the inbox open. In memory only: after a restart nobody has, until they connect again. */
export class StaffPresence {
  readonly #now: () => Date;
  #open = 0;
  #leftAt: number | undefined;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Somebody opened the inbox. Call the result when they close it, once or more often. */
  opened(): () => void {
    this.#open += 1;
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      this.#open -= 1;
      this.#leftAt = this.#now().getTime();
    };
  }

  get isThere(): boolean {
    return this.#open > 0;
  }

  /** When the last one left, in ms since 1970; undefined while nobody was there since the start. */
  get leftAt(): number | undefined {
    return this.#leftAt;
  }
}
