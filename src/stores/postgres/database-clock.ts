/**
 * The database's clock as this process knows it, without asking each time: what it said last, and how long ago that was
 * by a clock that nobody sets. So it is one clock for all instances, whatever their machines say.
 */
export class DatabaseClock {
  /** ms from the process's own to the database's. */
  #offset: number | undefined;

  /**
   * Whoever asked the time says what it was told.
   * @param time - ms since 1970
   * @param asked - by `performance.now()`; the answer came just now
   */
  heard(time: number, asked: number): void {
    // It was told at some moment between: what is known better stays, what cannot be so any more is put right.
    const [least, most] = [time - performance.now(), time - asked];
    this.#offset = Math.min(Math.max(this.#offset ?? (least + most) / 2, least), most);
  }

  /** @throws TypeError before anything was heard */
  readonly now = (): Date => {
    if (this.#offset === undefined) throw new TypeError('the database was not asked for its time yet');
    return new Date(performance.now() + this.#offset);
  };
}
