/** A clock that stands until a test moves it, and alarms that ring when it does. */
export class ManualClock {
  #now: number;
  readonly #alarms = new Set<{ readonly at: number; readonly wake: () => void }>();

  constructor(start = '2026-11-22T10:00:00.000Z') {
    this.#now = Date.parse(start);
  }

  readonly now = (): Date => new Date(this.#now);

  readonly wakeAfter = (ms: number, wake: () => void): (() => void) => {
    const alarm = { at: this.#now + ms, wake };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  };

  /** ms to the next alarm. */
  get next(): number | undefined {
    const times = [...this.#alarms].map(({ at }) => at);
    return times.length > 0 ? Math.min(...times) - this.#now : undefined;
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const alarm of [...this.#alarms]) {
      if (alarm.at > this.#now) continue;
      this.#alarms.delete(alarm);
      alarm.wake();
    }
  }
}
