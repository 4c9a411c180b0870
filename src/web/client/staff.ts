/** Runs on staff's pages, which work without it: news as they happen, times of the reader's zone, keys, drafts, alerts. */
import { closeMenus } from './menus.ts';
import { locale, showMoments } from './moments.ts';
import { keepDraft, keptDraft } from './staff-drafts.ts';
import { lettersAreOff, listenToKeys, switchLetters } from './staff-keys.ts';
import { type LiveState, listen, type News } from './staff-live.ts';
import { takeOver } from './staff-parts.ts';

type Said = Readonly<Record<string, string>>;
const words = JSON.parse(document.body.dataset.words ?? '{}') as Said;
const say = (key: string, filled = '') => (words[key] ?? '').replace('#', filled);
const find = <Found extends HTMLElement>(selector: string) => document.querySelector<Found>(selector);
const ticket = find('main[data-ticket]')?.dataset.ticket;
const scroll = find('#_scroll');

closeMenus();
for (const hint of document.querySelectorAll<HTMLElement>('.key-hint, [data-do]')) hint.hidden = false;

/* Times. */
const timeOfDay = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
const dayAndTime = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'short',
  hour: 'numeric',
  minute: '2-digit',
});

function showTimes(): void {
  showMoments();
  const today = new Date().toDateString();
  for (const time of document.querySelectorAll<HTMLTimeElement>('time.clock')) {
    const at = new Date(time.dateTime);
    time.title = at.toLocaleString(locale);
    time.textContent = (at.toDateString() === today ? timeOfDay : dayAndTime).format(at);
  }
}

/* The reply box. */
const composer = () => find<HTMLFormElement>('.composer');
const textField = () => find<HTMLTextAreaElement>('#_text');
const isNote = () => find<HTMLInputElement>('#_as-note')?.checked ?? false;

function keep(): void {
  if (ticket) keepDraft(ticket, { text: textField()?.value ?? '', asNote: isNote() });
}

/** Puts what was typed before back, above what the server brought. */
function restore(): void {
  const field = textField();
  const kept = ticket && keptDraft(ticket);
  if (!field || !kept) return;
  if (!field.value.includes(kept.text))
    field.value = [kept.text, field.value].filter((text) => text !== '').join('\n\n');
  const note = find<HTMLInputElement>('#_as-note');
  if (note && kept.asNote) note.checked = true;
  showHint();
  const closed = field.closest('details');
  if (closed) closed.open = true;
}

/** A note is not a reply to anybody. */
function showHint(): void {
  const field = textField();
  if (field?.dataset.note) field.placeholder = (isNote() ? field.dataset.note : field.dataset.reply) ?? '';
}
addEventListener('change', showHint);

/** The button beside who has it is there once somebody else is chosen. */
function showAssign(): void {
  for (const form of document.querySelectorAll('form.assign')) {
    const chosen = form.querySelector('select');
    const button = form.querySelector('button');
    if (chosen && button)
      button.hidden = [...chosen.options].some((option) => option.selected && option.defaultSelected);
  }
}
addEventListener('change', showAssign);

/* What is being read stays where it is. */
let isAtEnd = true;
const toEnd = () => scroll?.scrollTo({ top: scroll.scrollHeight });
scroll?.addEventListener('scroll', () => {
  isAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 40;
  if (isAtEnd) countNew(0);
});
let unseen = 0;
function countNew(count: number): void {
  unseen = count;
  const line = find('.new-messages');
  const button = line?.querySelector('button');
  if (!line || !button) return;
  line.hidden = count === 0;
  button.textContent = say(count === 1 ? 'newMessage' : 'newMessages', String(count));
}
const said = () => new Set([...document.querySelectorAll('.thread > .said')].map(({ id }) => id));

/** @param isOwn - brought about here: goes to the end, and the reply box begins anew */
function show(fresh: Document, isOwn: boolean): void {
  const before = said();
  const wasAtEnd = isAtEnd;
  takeOver(fresh);
  const wanted = fresh.querySelector<HTMLFormElement>('.composer');
  const box = composer();
  if (box && wanted && (isOwn || box.dataset.composer !== wanted.dataset.composer)) {
    const hadFocus = box.contains(document.activeElement);
    box.replaceWith(document.adoptNode(wanted));
    for (const hint of wanted.querySelectorAll<HTMLElement>('.key-hint, [data-do]')) hint.hidden = false;
    restore();
    if (hadFocus) (textField()?.closest('details:not([open])') ? find('#_take') : textField())?.focus();
  }
  showTimes();
  showAssign();
  const came = [...said()].filter((id) => !before.has(id)).length;
  if (wasAtEnd || isOwn) toEnd();
  else if (came > 0) countNew(unseen + came);
  document.title = fresh.title;
}

/* News. */
let isRefreshing = false;
let wantsRefresh = false;
async function refresh(): Promise<void> {
  if (find('.unknown')) return;
  wantsRefresh = true;
  if (isRefreshing) return;
  isRefreshing = true;
  while (wantsRefresh) {
    wantsRefresh = false;
    const isLooking = document.visibilityState === 'visible' && document.hasFocus();
    const headers = { accept: 'text/html', 'x-by-itself': '1', 'x-seen': isLooking ? '1' : '0' };
    const answer = await fetch(location.pathname + location.search, { headers }).catch(() => undefined);
    const isOurs = answer?.ok && new URL(answer.url).pathname.startsWith('/staff'); // not the sign-in's
    if (answer && isOurs) show(parse(await answer.text()), false);
  }
  isRefreshing = false;
}
const parse = (html: string) => new DOMParser().parseFromString(html, 'text/html');

const state = find('.live');
function showState(next: LiveState): void {
  if (!state) return;
  state.hidden = false;
  state.dataset.state = next;
  state.textContent = say(next);
  if (next !== 'signedOut') return;
  const link = document.createElement('a');
  link.href = `/sign-in?return=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = say('signIn');
  state.append(' ', link);
}

let waiting: { readonly unread: number; readonly requests: number } | undefined;
function onNews({ tickets: [number], counts, requests }: News): void {
  const unread = (counts.mine?.unread ?? 0) + (counts.unassigned?.unread ?? 0);
  if (waiting && unread > waiting.unread && number !== undefined)
    tellOutside(say('alertText', `#${number}`), `/staff/tickets/${number}`);
  else if (waiting && requests > waiting.requests) tellOutside(say('alertRequest'), '/staff/people');
  waiting = { unread, requests };
  void refresh();
}
listen({ onState: showState, onNews });
// Where a proxy lets no stream through, and so that ages stay true.
setInterval(() => document.visibilityState === 'visible' && refresh(), 60_000);
addEventListener('focus', () => void refresh());

/** An open page keeps nobody signed in; whoever does something at it is there. */
let saidHere = Date.now();
for (const sign of ['pointerdown', 'keydown']) {
  addEventListener(sign, () => {
    if (Date.now() - saidHere < 5 * 60_000) return;
    saidHere = Date.now();
    void fetch('/staff/here').catch(() => {});
  });
}

/* Desktop alerts, which say a number and no word of any ticket. */
const alertsKey = 'staff-alerts';
const alertsAreOn = () =>
  'Notification' in window && Notification.permission === 'granted' && localStorage.getItem(alertsKey) !== null;
function tellOutside(body: string, path: string): void {
  if (!alertsAreOn() || !document.hidden) return;
  const shown = new Notification(say('alertTitle'), { body, tag: 'staff' });
  shown.addEventListener('click', () => {
    focus();
    location.assign(path);
  });
}
const label = (name: string, key: string) => {
  const button = find(`[data-do="${name}"]`);
  if (button) button.textContent = say(key);
};
function labelSwitches(): void {
  label('keys', lettersAreOff() ? 'keysOff' : 'keysOn');
  const isDenied = !('Notification' in window) || Notification.permission === 'denied';
  label('alerts', isDenied ? 'alertDenied' : alertsAreOn() ? 'alertOn' : 'alertOff');
}
async function switchAlerts(): Promise<void> {
  if (!('Notification' in window)) return;
  if (alertsAreOn()) localStorage.removeItem(alertsKey);
  else if ((await Notification.requestPermission()) === 'granted') localStorage.setItem(alertsKey, '1');
  labelSwitches();
}

/* Canned replies beside what is being written. */
async function openCanned(address: string): Promise<void> {
  const answer = await fetch(address, { headers: { accept: 'text/html' } }).catch(() => undefined);
  const found = answer?.ok ? parse(await answer.text()).querySelector('[data-part="canned"]') : undefined;
  if (!found) return;
  const dialog = find<HTMLDialogElement>('dialog.canned-box') ?? document.createElement('dialog');
  dialog.className = 'canned-box';
  dialog.replaceChildren(document.adoptNode(found));
  found.removeAttribute('data-part');
  const close = document.createElement('button');
  close.className = 'button';
  close.textContent = say('close');
  close.addEventListener('click', () => dialog.close());
  found.querySelector('.back')?.replaceWith(close);
  if (!dialog.isConnected) document.body.append(dialog);
  if (!dialog.open) dialog.showModal();
  dialog.querySelector('input')?.focus();
}
function insert(text: string): void {
  const field = textField();
  find<HTMLDialogElement>('dialog.canned-box')?.close();
  if (!field) return;
  field.focus();
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
  keep();
}

const help = () => find<HTMLDialogElement>('dialog.keys')?.showModal();
addEventListener('click', (event) => {
  const pressed = (event.target as Element).closest<HTMLElement>('[data-do], [data-insert]');
  const { do: name, insert: text } = pressed?.dataset ?? {};
  if (!pressed || (text !== undefined && !pressed.closest('dialog'))) return;
  if (text !== undefined || name === 'canned') event.preventDefault();
  if (text !== undefined) insert(text);
  if (name === 'canned') void openCanned((pressed as HTMLAnchorElement).href);
  if (name === 'help') help();
  if (name === 'alerts') void switchAlerts();
  if (name === 'end') toEnd();
  if (name === 'keys') {
    switchLetters();
    labelSwitches();
  }
});
addEventListener('input', (event) => {
  if ((event.target as Element).closest('.composer')) keep();
});

/* Forms of a ticket are sent from here, so that the page stays where it is. */
addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  const button = event.submitter as HTMLButtonElement | null;
  if (form.closest('dialog.canned-box')) {
    event.preventDefault();
    const query = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
    void openCanned(`${form.action}?${query}`);
    return;
  }
  if (form.method !== 'post' || !form.closest('main[data-ticket], aside.facts')) return;
  event.preventDefault();
  if (form.getAttribute('aria-busy') === 'true') return;
  form.setAttribute('aria-busy', 'true');
  void send(form, button).finally(() => form.removeAttribute('aria-busy'));
});

async function send(form: HTMLFormElement, button: HTMLButtonElement | null): Promise<void> {
  const fields = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
  if (button?.name) fields.set(button.name, button.value);
  const address = button?.getAttribute('formaction') ?? form.action;
  const answer = await fetch(address, { method: 'POST', body: fields, headers: { accept: 'text/html' } }).catch(
    () => undefined,
  );
  if (!answer) return tell(say('notSent'));
  if (answer.redirected && new URL(answer.url).pathname === '/sign-in') return showState('signedOut');
  const fresh = parse(await answer.text());
  if (!fresh.querySelector('main[data-ticket]')) return tell(say('notSent'));
  if (answer.ok && form.matches('.composer') && address.endsWith('/write') && ticket)
    keepDraft(ticket, { text: '', asNote: false });
  show(fresh, true);
  if (answer.ok) return;
  keep();
  find('#_notice')?.focus();
}

function tell(text: string): void {
  const part = find('[data-part="notice"]');
  if (!part) return;
  const bar = document.createElement('div');
  bar.className = 'bar wrong';
  bar.setAttribute('role', 'alert');
  bar.textContent = text;
  part.replaceChildren(bar);
}

listenToKeys(help);
labelSwitches();
showTimes();
showAssign();
restore();
if (new URLSearchParams(location.search).has('insert')) {
  keep();
  history.replaceState(null, '', location.pathname);
}
find('.ticket[aria-current]')?.scrollIntoView({ block: 'nearest' });
toEnd();
find('#_notice')?.focus();
