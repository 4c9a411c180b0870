/**
 * The floating window with the chat's frame, on our own pages and on foreign ones: beside the page on wide screens, in
 * front of everything on a phone. It needs nothing of the page: its style sheet is constructed, its elements are built
 * one by one, so that the strictest content policy and Trusted Types allow them.
 */
import sheetText from './chat-window.css';
import { element, icon } from './element.ts';
import { frameMessage, readFrameMessage } from './frame-message.ts';

export interface ChatWindowWords {
  readonly title: string;
  readonly opening: string;
  readonly close: string;
  /** Why the chat is not shown here, and the link that opens it in a tab of its own. */
  readonly blocked: string;
  readonly openInTab: string;
}

export interface ChatWindowOptions {
  /** Full address of the frame's page. */
  readonly address: string;
  readonly words: ChatWindowWords;
  readonly onOpen?: () => void;
  readonly onClose?: () => void;
}

export interface ChatWindow {
  /** Carries `data-position` and `data-theme`. */
  readonly host: HTMLElement;
  readonly root: ShadowRoot;
  /** Opens it; the focus returns to `opener`, or to where it was, when it closes. */
  open(opener?: HTMLElement): void;
  close(): void;
}

/** The framed page can do nothing that this does not allow; a sign-in there may open a tab of its own. */
const sandbox = 'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox';
/** A frame that has loaded says so at once; one that was refused loads an error page and says nothing. In ms. */
const patience = 3000;
const longestLoad = 20_000;

export function createChatWindow({ address, words, onOpen, onClose }: ChatWindowOptions): ChatWindow {
  const { origin } = new URL(address);
  const host = document.createElement('accessdesk-chat');
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheetOf(sheetText)];

  const dialog = element('dialog', { 'aria-label': words.title });
  const wait = element('div', { class: 'wait' });
  const head = element('div', { class: 'head' });
  const name = element('strong', { dir: 'auto' });
  name.textContent = words.title;
  const closeButton = element('button', { class: 'close', type: 'button', 'aria-label': words.close });
  closeButton.append(icon('M5 5l10 10M15 5L5 15'));
  const says = element('p', { role: 'status' });
  const wayOut = element('a', { class: 'out', href: address, target: '_blank', rel: 'noopener', hidden: '' });
  wayOut.textContent = words.openInTab;
  head.append(name, closeButton);
  wait.append(head, says, wayOut);
  dialog.append(wait);
  root.append(dialog);
  // Not into the body: pages move, hide and transform it.
  document.documentElement.append(host);

  const phone = matchMedia('(max-width: 759.98px), (max-height: 479.98px)');
  let frame: HTMLIFrameElement | undefined;
  let isOpen = false;
  let isReady = false;
  let timer: ReturnType<typeof setTimeout>;
  let backTo: Element | null = null;
  let unlock = () => {};

  const show = () => {
    if (phone.matches) {
      dialog.showModal();
      unlock = lockScrolling();
    } else dialog.show();
  };
  const hide = () => {
    unlock();
    unlock = () => {};
    dialog.close();
  };
  const tell = (message: 'opened' | 'focus') => frame?.contentWindow?.postMessage(frameMessage(message), origin);
  const greet = (takesFocus: boolean) => {
    if (!isReady) return;
    tell('opened');
    if (!takesFocus) return;
    frame?.focus();
    tell('focus');
  };

  const load = () => {
    isReady = false;
    dialog.className = '';
    wayOut.hidden = true;
    says.textContent = words.opening;
    frame = element('iframe', { title: words.title, sandbox });
    frame.src = address;
    const giveUpAfter = (time: number) => {
      clearTimeout(timer);
      if (!isReady) timer = setTimeout(giveUp, time);
    };
    frame.addEventListener('load', () => giveUpAfter(patience));
    giveUpAfter(longestLoad);
    dialog.append(frame);
  };
  const giveUp = () => {
    dialog.className = 'blocked';
    says.textContent = words.blocked;
    wayOut.hidden = false;
    if (root.activeElement) wayOut.focus();
  };

  const open = (opener?: HTMLElement) => {
    if (!isOpen) {
      isOpen = true;
      if (!host.isConnected) document.documentElement.append(host); // a page may have written itself anew
      backTo = opener ?? document.activeElement;
      onOpen?.();
      show();
      if (!isReady) {
        frame?.remove(); // what did not come the last time may come now
        load();
      }
    }
    greet(true);
  };
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    const hadFocus = phone.matches || document.activeElement === host;
    clearTimeout(timer);
    hide();
    onClose?.();
    if (hadFocus && backTo instanceof HTMLElement) backTo.focus();
  };

  closeButton.addEventListener('click', close);
  root.addEventListener('keydown', (event) => {
    if (isOpen && (event as KeyboardEvent).key === 'Escape') close();
  });
  // The browser's own ways out of a modal dialog, such as Android's back.
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    close();
  });
  dialog.addEventListener('close', () => {
    if (!dialog.open) close();
  });
  phone.addEventListener('change', () => {
    if (!isOpen) return;
    hide();
    show();
    greet(true);
  });
  addEventListener('message', ({ source, origin: from, data }) => {
    if (!frame || source !== frame.contentWindow || from !== origin) return;
    const message = readFrameMessage(data);
    if (message === 'close') close();
    if (message !== 'ready') return;
    clearTimeout(timer);
    isReady = true;
    dialog.className = 'ready';
    // Whoever has gone on in the page meanwhile is left in peace.
    if (isOpen) greet(root.activeElement !== null || document.activeElement === document.body);
  });

  return { host, root, open, close };
}

export function sheetOf(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}

/** Keeps the page behind from scrolling; returns what lets it scroll again. */
function lockScrolling(): () => void {
  const { style } = document.documentElement;
  const [value, priority] = [style.getPropertyValue('overflow'), style.getPropertyPriority('overflow')];
  style.setProperty('overflow', 'hidden', 'important');
  return () => style.setProperty('overflow', value, priority);
}
