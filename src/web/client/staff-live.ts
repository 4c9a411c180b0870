/**
 * News of tickets for all tabs of a browser over one stream: the tab that holds the lock listens and tells the others,
 * since a browser has few connections to give. When that tab closes, the next one listens.
 */

export type LiveState = 'connecting' | 'live' | 'offline' | 'signedOut';

export interface News {
  /** Numbers of those that changed. */
  readonly tickets: readonly number[];
  readonly counts: Readonly<Record<string, { readonly all: number; readonly unread: number }>>;
  /** How many requests of people wait for a decision. */
  readonly requests: number;
}

interface Told {
  readonly state?: LiveState;
  readonly news?: News;
  /** A tab that has just opened. */
  readonly asks?: true;
}

export interface LiveParts {
  readonly onState: (state: LiveState) => void;
  /** @param isFirst - of a new connection: what changed while there was none is not in it */
  readonly onNews: (news: News, isFirst: boolean) => void;
}

/** Wait before another try where the browser gave up, in ms: doubled each time. */
const firstWait = 2000;
const longestWait = 30_000;

export function listen({ onState, onNews }: LiveParts): void {
  const others = 'BroadcastChannel' in window ? new BroadcastChannel('staff') : undefined;
  let state: LiveState = 'connecting';
  let isListening = false;
  const become = (next: LiveState) => {
    state = next;
    onState(next);
    if (isListening) others?.postMessage({ state } satisfies Told);
  };
  others?.addEventListener('message', ({ data }: MessageEvent<Told>) => {
    if (data.asks && isListening) others.postMessage({ state } satisfies Told);
    if (isListening) return;
    if (data.state) become(data.state);
    if (data.news) onNews(data.news, false);
  });

  let wait = firstWait;
  function open(): void {
    isListening = true;
    become('connecting');
    const source = new EventSource('/staff/events');
    let isFirst = true;
    source.addEventListener('message', ({ data }) => {
      wait = firstWait;
      const news = JSON.parse(data) as News;
      become('live');
      onNews(news, isFirst);
      others?.postMessage({ news } satisfies Told);
      isFirst = false;
    });
    source.addEventListener('error', () => {
      isFirst = true;
      become('offline');
      // Anything but a broken line makes a browser give up.
      if (source.readyState === EventSource.CLOSED) void tryAgain();
    });
  }
  async function tryAgain(): Promise<void> {
    const answer = await fetch('/staff/here', { headers: { 'x-by-itself': '1' } }).catch(() => undefined);
    if (answer?.status === 401) return become('signedOut');
    setTimeout(open, wait);
    wait = Math.min(wait * 2, longestWait);
  }

  onState(state);
  others?.postMessage({ asks: true } satisfies Told);
  if ('locks' in navigator) {
    void navigator.locks.request('staff-events', () => {
      open();
      return new Promise(() => {});
    });
  } else open();
}
