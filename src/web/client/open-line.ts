/** One connection to Direct Line, from its token to the moment it is lost. It is told about once, and never comes back. */
import type { ChatToken } from './chat-token.ts';
import { type Activity, type DirectLine, type Observable, webChat } from './web-chat.ts';

export interface LineEvents {
  /** The server knows the conversation. */
  readonly onBegun: () => void;
  /** What is said arrives, and what is answered. */
  readonly onOpen: () => void;
  readonly onActivity: (activity: Activity) => void;
  /** `isFailed`: the server did not want it, rather than the network. */
  readonly onLost: (isFailed: boolean) => void;
}

export interface Line {
  /** Resolves with the id that the server gave, or undefined when the message may not have arrived. @throws when it was refused. */
  post(activity: Activity): Promise<string | undefined>;
  getSessionId(): Observable<string> | undefined;
  /** Ends it without a word. */
  drop(): void;
}

/** Values of directlinejs' ConnectionStatus; from `expiredToken` on it gives up by itself. */
const begun = 2;
const expiredToken = 3;
const failedToConnect = 4;
/** What directlinejs' `postActivity` gives instead of an id when the message may not have arrived. */
const notArrived = 'retry';
/** ms. */
const longestOpening = 15_000;
const shortestPause = 2000;

export function openLine({ domain, token, conversationId }: ChatToken, events: LineEvents): Line {
  // From its first line on: what was shown already is left out later, and nothing between two connections is missed.
  const resumed = conversationId ? { conversationId, watermark: '0' } : {};
  const endings = new Set<() => void>();
  let isDropped = false;
  const drop = () => {
    if (isDropped) return;
    isDropped = true;
    for (const end of endings) end();
  };
  const lose = (isFailed: boolean) => {
    if (isDropped) return;
    drop();
    events.onLost(isFailed);
  };

  const late = setTimeout(lose, longestOpening, false);
  const opened = () => {
    clearTimeout(late);
    if (!isDropped) events.onOpen();
  };
  const line = withSocket(
    opened,
    () => lose(false),
    () => webChat().createDirectLine({ domain, token, ...resumed }),
  );
  const status = line.connectionStatus$.subscribe({
    next: (value) => {
      if (value === begun) events.onBegun();
      if (value >= expiredToken) lose(value === failedToConnect);
    },
  });
  const activities = line.activity$.subscribe({ next: events.onActivity, error: () => lose(true) });
  endings.add(() => {
    clearTimeout(late);
    status.unsubscribe();
    activities.unsubscribe();
    line.end();
  });

  return {
    post(activity) {
      let stop = () => {};
      const posted = new Promise<string | undefined>((done, refused) => {
        let posting: { unsubscribe(): void } | undefined;
        let pausing: ReturnType<typeof setTimeout>;
        const send = () => {
          posting = line.postActivity(activity).subscribe({
            next: (id) => done(id === notArrived ? undefined : id),
            error: (error) => {
              const pause = pauseAskedFor(error);
              if (pause === undefined) refused(error);
              else pausing = setTimeout(send, pause);
            },
          });
        };
        stop = () => {
          posting?.unsubscribe();
          clearTimeout(pausing);
          done(undefined);
        };
        endings.add(stop);
        send();
      });
      // A line lives as long as the page: what is settled leaves nothing behind.
      return posted.finally(() => endings.delete(stop));
    },
    getSessionId: () => line.getSessionId?.(),
    drop,
  };
}

/** How long a server that is asked too often wants to be left alone, in ms; undefined when that is not the matter. */
function pauseAskedFor(error: unknown): number | undefined {
  const { status, xhr } = error as { status?: number; xhr?: XMLHttpRequest };
  return status === 429 ? Number(xhr?.getResponseHeader('retry-after')) * 1000 || shortestPause : undefined;
}

/**
 * directlinejs keeps it to itself that its stream opens or breaks. While it is made it takes `window.WebSocket`, and makes
 * every later socket of that: here, of a class whose sockets tell.
 */
function withSocket(onOpen: () => void, onClose: () => void, make: () => DirectLine): DirectLine {
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...address: ConstructorParameters<typeof WebSocket>) {
      super(...address);
      this.addEventListener('open', onOpen);
      this.addEventListener('close', onClose);
    }
  };
  try {
    return make();
  } finally {
    window.WebSocket = Socket;
  }
}
