/** Messages that were not acknowledged yet, in their order. They survive a reload of the page. */
import type { Activity, Observer } from './web-chat.ts';

export interface Unsent {
  readonly activity: Activity;
  /** Who waits for the id that the server gives it; nobody after a reload. */
  readonly observer?: Observer<string>;
}

/** Of this tab alone: another tab has sent its own. */
const kept = 'accessdesk.unsent';

export class Outbox {
  #items: Unsent[] = recall().map((activity) => ({ activity }));

  get first(): Unsent | undefined {
    return this.#items[0];
  }

  add(item: Unsent): void {
    this.#items.push(item);
    this.#keep();
  }

  remove(item: Unsent): void {
    this.#items = this.#items.filter((one) => one !== item);
    this.#keep();
  }

  clear(): void {
    this.#items = [];
    this.#keep();
  }

  /** Storage may be switched off or full; a reload then loses what was not sent. */
  #keep(): void {
    try {
      const activities = this.#items.map(({ activity }) => activity);
      if (activities.length > 0) sessionStorage.setItem(kept, JSON.stringify(activities));
      else sessionStorage.removeItem(kept);
    } catch {}
  }
}

function recall(): Activity[] {
  try {
    return JSON.parse(sessionStorage.getItem(kept) ?? '[]') as Activity[];
  } catch {
    return [];
  }
}
