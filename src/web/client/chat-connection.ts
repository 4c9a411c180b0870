/**
 * The client of Direct Line that Web Chat is given. It outlives its connections: when one is lost it opens the next
 * under a new token, keeps what is said meanwhile, and sends it once. Web Chat's own client tells nobody that its
 * stream broke, waits 3 to 15 s and then 20 s between tries, and drops messages that fail on the way.
 */
import { type ChatToken, fetchToken, forgetIfGone, rememberConversation, TokenRefused } from './chat-token.ts';
import { type Line, openLine } from './open-line.ts';
import type { Outbox } from './outbox.ts';
import type { Activity, DirectLine, Observable, Observer } from './web-chat.ts';

/** Value of directlinejs' ConnectionStatus. */
const online = 2;
/** ms. Pauses are spread, so that a restarted server does not meet everybody at once. */
const firstPause = 1000;
const longestPause = 20_000;
/** A stream over which nothing can be sent is no connection, whatever it says. */
const triesPerLine = 2;
/** A message that fails so often will not get better; Web Chat then offers to send it again. */
const mostTries = 6;

export class ChatConnection implements DirectLine {
  /** Always online: whatever is sent is kept, and the status line tells the rest. */
  readonly connectionStatus$: Observable<number> = {
    subscribe: (observer) => {
      observer.next?.(online);
      return { unsubscribe() {} };
    },
  };
  readonly activity$: Observable<Activity> = {
    subscribe: (observer) => {
      this.#observers.add(observer);
      return { unsubscribe: () => this.#observers.delete(observer) };
    },
  };

  readonly #observers = new Set<Observer<Activity>>();
  /** Ids of what was shown: every connection begins at the conversation's beginning. */
  readonly #shown = new Set<string>();
  readonly #stops = new AbortController();
  #line: Line | undefined;
  #isOnline = false;
  #isSending = false;
  /** How often the first message of the outbox failed while there was a connection. */
  #tries = 0;
  #pause = firstPause;
  /** What the server asked for, by `performance.now()`: a clock that is put right does not move it. */
  #notBefore = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly outbox: Outbox,
    private readonly onChange: (isOnline: boolean) => void,
  ) {
    const { signal } = this.#stops;
    addEventListener('offline', () => this.#lose(), { signal });
    addEventListener('online', () => this.#reopen(0), { signal });
    addEventListener('pageshow', () => this.#reopen(0), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || this.#reopen(0), { signal });
  }

  /** Opens a connection. Web Chat has to listen by then. */
  connect(token: ChatToken): void {
    this.#line = openLine(token, {
      onBegun: () => rememberConversation(token),
      onOpen: () => {
        this.#isOnline = true;
        this.#pause = firstPause;
        this.onChange(true);
        this.#send();
      },
      onActivity: (activity) => this.#show(activity),
      onLost: (isFailed) => {
        if (isFailed) forgetIfGone(token);
        this.#lose();
      },
    });
  }

  postActivity(activity: Activity): Observable<string> {
    return {
      subscribe: (observer) => {
        if (this.#stops.signal.aborted) observer.error?.(new Error('the conversation has ended'));
        else this.outbox.add({ activity, observer });
        this.#send();
        return { unsubscribe() {} };
      },
    };
  }

  getSessionId(): Observable<string> {
    return this.#line?.getSessionId() ?? { subscribe: () => ({ unsubscribe() {} }) };
  }

  /** For good, whatever is under way: the outbox belongs to the next conversation from now on. */
  end(): void {
    this.#stops.abort();
    clearTimeout(this.#timer);
    this.#isOnline = false;
    this.#line?.drop();
    this.#line = undefined;
    this.#observers.clear();
  }

  #lose(): void {
    if (this.#stops.signal.aborted) return;
    this.#line?.drop();
    this.#line = undefined;
    this.#isOnline = false;
    this.onChange(false);
    this.#reopen(this.#pause * (0.5 + Math.random()));
    this.#pause = Math.min(this.#pause * 2, longestPause);
  }

  #reopen(pause: number): void {
    if (this.#line) return;
    clearTimeout(this.#timer);
    // Never earlier than asked for, so it is spread upwards only; whatever else calls for a connection waits as well.
    const asked = Math.max(0, this.#notBefore - performance.now()) * (1 + Math.random() / 2);
    this.#timer = setTimeout(() => this.#open(), Math.max(pause, asked));
  }

  async #open(): Promise<void> {
    try {
      const token = await fetchToken();
      if (!this.#line && !this.#stops.signal.aborted) this.connect(token);
    } catch (error) {
      if (error instanceof TokenRefused) this.#notBefore = performance.now() + error.retryAfter;
      if (!this.#line) this.#lose();
    }
  }

  #show(activity: Activity): void {
    if (activity.id && this.#shown.has(activity.id)) return;
    if (activity.id) this.#shown.add(activity.id);
    for (const observer of this.#observers) observer.next?.(activity);
  }

  /** Sends what is in the outbox, one after the other, each under its clientActivityID: the server answers a repeated one once. */
  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let item = this.outbox.first; item && this.#isOnline && this.#line; item = this.outbox.first) {
      let outcome: string | undefined | Error;
      try {
        outcome = await this.#line.post(item.activity);
      } catch (error) {
        outcome = error instanceof Error ? error : new Error('the message was refused', { cause: error });
      }
      if (!this.#isOnline && typeof outcome !== 'string') break;
      if (outcome === undefined) {
        if (++this.#tries < mostTries) {
          if (this.#tries % triesPerLine === 0) this.#lose();
          else await passed(firstPause * 2 ** this.#tries);
          continue;
        }
        outcome = new Error('the message did not arrive');
      }
      this.#tries = 0;
      this.outbox.remove(item);
      if (outcome instanceof Error) item.observer?.error?.(outcome);
      else item.observer?.next?.(outcome);
    }
    this.#isSending = false;
  }
}

function passed(time: number): Promise<void> {
  return new Promise((done) => setTimeout(done, time));
}
