/** Runs in the chat's frame: a token and Web Chat at once, one conversation at a time, and its state in words. */
import { ChatConnection } from './chat-connection.ts';
import { cardConfig, styleOptions } from './chat-style.ts';
import { type ChatToken, fetchToken, forgetConversation, TokenRefused } from './chat-token.ts';
import { Outbox } from './outbox.ts';
import { shownActivity } from './shown-activity.ts';
import { createStatusLine } from './status-line.ts';
import { loadWebChat, type Store, type StoreAction, webChat } from './web-chat.ts';
import { linkToWindow } from './window-link.ts';

/** A new log may be empty for so long before it is shown, in ms. */
const emptyFor = 2000;

const byId = (id: string) => document.getElementById(id) as HTMLElement;
const chat = byId('chat');
const firstView = byId('first-view');
const failure = byId('failure');
const again = byId('again');
const menu = byId('more') as HTMLDetailsElement;
const closeButton = byId('close');
const words = chat.dataset;
const status = createStatusLine(byId('status'), words.offline ?? '', words.back ?? '');

const outbox = new Outbox();
/** Web Chat's place, for every conversation: React lets go of what it rendered only where it renders the next. */
const place = document.createElement('div');
place.className = 'web-chat';
let connection: ChatConnection | undefined;
let store: Store | undefined;
let conversations = 0;
let render = () => {};
let isStarting = false;

/** Cards have fields as well, and stand before it. */
const field = () => place.querySelector<HTMLTextAreaElement>('.webchat__send-box textarea');
const surrounding = linkToWindow(
  () => {
    closeButton.hidden = false;
  },
  () => (field() ?? chat).focus(),
);

/** Opens the conversation that is remembered, or a new one. A second press while it opens does nothing. */
async function start(isNew: boolean): Promise<void> {
  if (isStarting) return;
  isStarting = true;
  again.setAttribute('aria-busy', 'true');
  if (!place.isConnected) byId('opening').hidden = false;
  try {
    const [token] = await Promise.all([fetchToken({ isNew, opens: true }), loadWebChat(words.webChat ?? '')]);
    if (isNew) {
      forgetConversation();
      outbox.clear();
    }
    begin(token);
  } catch (error) {
    console.warn(error);
    const told = (error instanceof TokenRefused && error.message) || (words.failed ?? '');
    if (place.isConnected) return status.show(told);
    byId('failure-text').textContent = told;
    byId('opening').hidden = true;
    failure.hidden = false;
  } finally {
    again.removeAttribute('aria-busy');
    isStarting = false;
  }
}

function begin(token: ChatToken): void {
  connection?.end();
  status.reset();
  const directLine = new ChatConnection(outbox, status.showConnection);
  connection = directLine;
  showWho('');
  store = webChat().createStore({}, () => (next) => (action) => next(asShown(action)));
  const key = ++conversations;
  render = () =>
    webChat().renderWebChat(
      {
        key, // another one makes React end the Web Chat before
        directLine,
        store,
        locale: words.locale,
        dir: document.documentElement.dir,
        styleOptions: styleOptions(),
        adaptiveCardsHostConfig: cardConfig(),
        overrideLocalizedStrings: { TEXT_INPUT_PLACEHOLDER: words.placeholder },
      },
      place,
    );
  chat.append(place);
  render();
  place.querySelector('.webchat__send-box')?.before(status.element);
  // The first view is worth more than an empty log: it stays until there is something to read, or to say about it.
  const swap = () => {
    if (!firstView.isConnected) return;
    const hadFocus = firstView.contains(document.activeElement) || document.activeElement === chat;
    firstView.remove();
    if (hadFocus) field()?.focus();
  };
  setTimeout(swap, emptyFor);
  const first = directLine.activity$.subscribe({
    next: () => {
      first.unsubscribe();
      // Web Chat shows a message in its next task but one.
      requestAnimationFrame(() => setTimeout(swap));
    },
  });
  directLine.connect(token);
}

function asShown(action: StoreAction): StoreAction {
  const activity = action.payload?.activity;
  if (action.type !== 'DIRECT_LINE/INCOMING_ACTIVITY' || !activity) return action;
  const { staff, who = staff } = activity.channelData ?? {};
  if (who !== undefined) showWho(who);
  return { ...action, payload: { ...action.payload, activity: shownActivity(activity) } };
}

/** Who reads what is written here: the header says so as long as it is a person. */
function showWho(name: string): void {
  const line = byId('who');
  line.textContent = name ? (line.dataset.person ?? '').replace('#', name) : (line.dataset.bot ?? '');
}

byId('new').addEventListener('click', async () => {
  menu.open = false;
  await start(true);
  field()?.focus();
});
byId('requests').addEventListener('click', ({ currentTarget }) => {
  menu.open = false;
  const text = (currentTarget as HTMLElement).dataset.say;
  if (text) store?.dispatch({ type: 'WEB_CHAT/SEND_MESSAGE', payload: { text } });
});
again.addEventListener('click', () => start(false));
closeButton.addEventListener('click', () => surrounding.close());
document.addEventListener('click', ({ target }) => {
  if (!menu.contains(target as Node)) menu.open = false;
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented) return;
  if (menu.open) {
    menu.open = false;
    menu.querySelector('summary')?.focus();
    return;
  }
  // In the log and its help Escape leads back to the message field; the next one closes.
  const isInLog = (event.target as Element).closest('.webchat__basic-transcript, .webchat__keyboard-help');
  if (!isInLog) surrounding.close();
});
for (const condition of ['(prefers-color-scheme: dark)', '(pointer: coarse)', '(forced-colors: active)']) {
  matchMedia(condition).addEventListener('change', () => render());
}
start(false);
