/** One connection to Direct Line, from its token to the moment it is lost. It is told about once, and never comes back. */
import type { ChatToken } from './chat-token.ts';
import { type Activity, type DirectLine, type Observable, webChat } from './web-chat.ts';

export interface LineEvents {
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
const expiredToken = 3;
const failedToConnect = 4;
/** What directlinejs' `postActivity` gives instead of an id when the message may not have arrived. */
const notArrived = 'retry';
/** ms. */
const longestOpening = 15_000;

export function openLine({ domain, token, conversationId }: ChatToken, events: LineEvents): Line {
  // From its first line on: what was shown already is left out later, and nothing between two connections is missed.
  const resumed = conversationId ? { conversationId, watermark: '0' } : {};
  const endings: (() => void)[] = [];
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
    next: (value) => value >= expiredToken && lose(value === failedToConnect),
  });
  const activities = line.activity$.subscribe({ next: events.onActivity, error: () => lose(true) });
  endings.push(
    () => clearTimeout(late),
    () => status.unsubscribe(),
    () => activities.unsubscribe(),
    () => line.end(),
  );

  return {
    post: (activity) =>
      new Promise((done, refused) => {
        const posting = line.postActivity(activity).subscribe({
          next: (id) => done(id === notArrived ? undefined : id),
          error: (error) => (isTemporary(error) ? done(undefined) : refused(error)),
        });
        endings.push(
          () => posting.unsubscribe(),
          () => done(undefined),
        );
      }),
    getSessionId: () => line.getSessionId?.(),
    drop,
  };
}

/** Too many requests, or no answer at all. */
function isTemporary(error: unknown): boolean {
  const { status } = error as { status?: number };
  return !status || status === 429;
}

/** directlinejs keeps it to itself that its stream opens or breaks: the socket it makes meanwhile is one that tells. */
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
