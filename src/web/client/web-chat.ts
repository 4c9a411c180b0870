/** What the chat's page uses of Web Chat, whose own script puts it on `window`. */

export interface Activity {
  readonly id?: string;
  readonly type: string;
  readonly text?: string;
  readonly textFormat?: string;
  readonly channelData?: {
    readonly textIsFallback?: boolean;
    readonly clientActivityID?: string;
    /** The name of somebody of staff who wrote this. */
    readonly staff?: string;
    /** Who reads the conversation from now on; '' for the bot. */
    readonly who?: string;
  };
}

export interface Observer<T> {
  next?(value: T): void;
  error?(error: unknown): void;
  complete?(): void;
}

export interface Observable<T> {
  subscribe(observer: Observer<T>): { unsubscribe(): void };
}

/** A client of Direct Line, as Web Chat makes and takes it. */
export interface DirectLine {
  readonly activity$: Observable<Activity>;
  readonly connectionStatus$: Observable<number>;
  postActivity(activity: Activity): Observable<string>;
  getSessionId?(): Observable<string>;
  end(): void;
}

export interface StoreAction {
  readonly type: string;
  readonly payload?: { readonly activity?: Activity; readonly text?: string };
}

/** Web Chat's state; what is dispatched to it happens as if a person did it. */
export interface Store {
  dispatch(action: StoreAction): unknown;
}

interface WebChatScript {
  createDirectLine(options: Readonly<Record<string, unknown>>): DirectLine;
  createStore(
    state: object,
    middleware: () => (next: (action: StoreAction) => unknown) => (action: StoreAction) => unknown,
  ): Store;
  renderWebChat(options: Readonly<Record<string, unknown>>, element: HTMLElement): void;
}

/** Only to be used once `loadWebChat` has resolved. */
export const webChat = (): WebChatScript => (window as unknown as { WebChat: WebChatScript }).WebChat;

/** Loads the script, unless it is there. A try that failed leaves nothing behind. */
export function loadWebChat(address: string): Promise<void> {
  if ('WebChat' in window) return Promise.resolve();
  return new Promise((loaded, failed) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => loaded();
    script.onerror = () => {
      script.remove();
      failed(new Error('the script of the chat did not load'));
    };
    document.head.append(script);
  });
}
