/** Whether mail gets out at all. While it does not, one mail at a time tries whether it does again. */
import type { Log } from '../log.ts';
import { pauseAfter } from './retry-times.ts';

export interface MailTrouble {
  /** ISO 8601, UTC. */
  readonly since: string;
  /** What happened and what to do. */
  readonly reason: string;
}

export class MailServerState {
  readonly #log: Pick<Log, 'warn' | 'info'>;
  readonly #now: () => Date;
  #failures = 0;
  #trouble?: MailTrouble;
  #pausedUntil = 0;

  constructor(log: Pick<Log, 'warn' | 'info'>, now: () => Date) {
    this.#log = log;
    this.#now = now;
  }

  get trouble(): MailTrouble | undefined {
    return this.#trouble;
  }

  /** ms since 1970 before which nothing is tried. */
  get pausedUntil(): number {
    return this.#pausedUntil;
  }

  /** Said once in the log, until mail gets out again. */
  failed(reason: string): void {
    const now = this.#now();
    this.#failures += 1;
    this.#pausedUntil = now.getTime() + pauseAfter(this.#failures);
    if (!this.#trouble) this.#log.warn({ reason }, 'no mail gets out; it is kept and tried again');
    this.#trouble = { since: this.#trouble?.since ?? now.toISOString(), reason };
  }

  /** A server answered, be it with a refusal. */
  answered(): void {
    if (this.#trouble) this.#log.info({ since: this.#trouble.since }, 'mail gets out again');
    this.#failures = 0;
    this.#pausedUntil = 0;
    this.#trouble = undefined;
  }
}
