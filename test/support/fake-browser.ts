/**
 * What the chat's connection finds in a browser, in node: a clock that the test moves, storage, a server that the test
 * answers for, and a Direct Line in Web Chat's place.
 */
import { type SinonFakeTimers, type SinonStub, stub, useFakeTimers } from 'sinon';
import type { Activity, DirectLine, Observer } from '../../src/web/client/web-chat.ts';

export interface FakePost {
  readonly activity: Activity;
  readonly observer: Observer<string>;
  isUnsubscribed: boolean;
}

/** One connection; the test says what becomes of it. */
export class FakeLine implements DirectLine {
  readonly posts: FakePost[] = [];
  readonly socket: EventTarget;
  #status: Observer<number> | undefined;
  readonly connectionStatus$ = {
    subscribe: (observer: Observer<number>) => {
      this.#status = observer;
      return { unsubscribe() {} };
    },
  };
  readonly activity$ = { subscribe: () => ({ unsubscribe() {} }) };

  constructor() {
    this.socket = new window.WebSocket('ws://localhost');
  }
  postActivity(activity: Activity) {
    return {
      subscribe: (observer: Observer<string>) => {
        const post: FakePost = { activity, observer, isUnsubscribed: false };
        this.posts.push(post);
        return {
          unsubscribe() {
            post.isUnsubscribed = true;
          },
        };
      },
    };
  }
  end() {}

  /** A value of directlinejs' ConnectionStatus. */
  tell(status: number): void {
    this.#status?.next?.(status);
  }
  open(): void {
    this.socket.dispatchEvent(new Event('open'));
  }
  lose(): void {
    this.socket.dispatchEvent(new Event('close'));
  }
}

export interface FakeBrowser {
  readonly clock: SinonFakeTimers;
  /** Answers every request; 404 until the test says otherwise. */
  readonly fetch: SinonStub<[string, RequestInit?], Promise<Response>>;
  /** Every connection so far, the newest last. */
  readonly lines: readonly FakeLine[];
  readonly window: EventTarget;
  readonly document: EventTarget;
  restore(): void;
}

export function fakeBrowser(): FakeBrowser {
  const lines: FakeLine[] = [];
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { hidden: false });
  const fetch: FakeBrowser['fetch'] = stub();
  fetch.callsFake(async () => new Response(null, { status: 404 }));
  const createDirectLine = () => {
    const line = new FakeLine();
    lines.push(line);
    return line;
  };
  const restores = Object.entries({
    window: Object.assign(window, { WebSocket: class extends EventTarget {}, WebChat: { createDirectLine } }),
    addEventListener: window.addEventListener.bind(window),
    document,
    localStorage: fakeStorage(),
    sessionStorage: fakeStorage(),
    fetch,
  }).map(([name, value]) => replaceGlobal(name, value));
  const clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  return {
    clock,
    fetch,
    lines,
    window,
    document,
    restore() {
      clock.restore();
      for (const restore of restores) restore();
    },
  };
}

function fakeStorage() {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
}

function replaceGlobal(name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  return () => {
    if (before) Object.defineProperty(globalThis, name, before);
    else Reflect.deleteProperty(globalThis, name);
  };
}
