/** Long work in stretches, so that the event loop is never held up for long. */
import { setImmediate } from 'node:timers/promises';

/** Longest stretch of work between two rests, in milliseconds. */
const STRETCH = 4;

/**
 * Splits long work into stretches, so that the process answers others in between: ask `isDue`
 * after each piece and await `rest` when it says so.
 */
export class Pace {
  #started = performance.now();

  get isDue(): boolean {
    return performance.now() - this.#started > STRETCH;
  }

  async rest(): Promise<void> {
    await setImmediate();
    this.#started = performance.now();
  }
}
