/** Who is there, at this process. In memory only: after a restart nobody is, until they connect again. */
import type { Attendance, Presence } from './presence.ts';

/** Places that everybody left and that are remembered. */
const mostLeft = 1000;

export class OwnPresence implements Presence {
  readonly #now: () => Date;
  readonly #counts = new Map<string, number>();
  readonly #left = new Map<string, number>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  arrived(place: string): () => void {
    this.#counts.set(place, (this.#counts.get(place) ?? 0) + 1);
    let isThere = true;
    return () => {
      if (!isThere) return;
      isThere = false;
      this.#leave(place);
    };
  }

  async at(place: string): Promise<Attendance> {
    return { isThere: this.#counts.has(place), leftAt: this.#left.get(place) };
  }

  #leave(place: string): void {
    const left = (this.#counts.get(place) ?? 1) - 1;
    if (left > 0) this.#counts.set(place, left);
    else this.#counts.delete(place);
    this.#left.delete(place);
    this.#left.set(place, this.#now().getTime());
    const [oldest] = this.#left.keys();
    if (this.#left.size > mostLeft && oldest !== undefined) this.#left.delete(oldest);
  }
}
