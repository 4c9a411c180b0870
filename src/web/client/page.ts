/** Runs on the pages, which work without it: suggestions, the chat beside the page, and rows that open for their address. */
import { suggestWhileTyping } from './search.ts';

for (const form of document.querySelectorAll<HTMLFormElement>('form.search')) suggestWhileTyping(form);

/** An address may name an entry; browsers scroll there, and leave it closed. */
function openNamed(): void {
  const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (entry instanceof HTMLDetailsElement) entry.open = true;
}
addEventListener('hashchange', openNamed);
openNamed();

/** Menus close as menus do. */
for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu, details.account')) {
  addEventListener('click', (event) => {
    if (!menu.contains(event.target as Node)) menu.open = false;
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    menu.open = false;
    menu.querySelector('summary')?.focus();
  });
}

/** Paper cannot be pressed: all answers are printed, and closed again afterwards. */
let opened: HTMLDetailsElement[] = [];
addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')];
  for (const row of opened) row.open = true;
});
addEventListener('afterprint', () => {
  for (const row of opened) row.open = false;
});

for (const opener of document.querySelectorAll<HTMLElement>('[data-chat]')) {
  opener.addEventListener('click', () => openChat(opener));
  opener.hidden = false;
}

function openChat(opener: HTMLElement): void {
  const box = document.getElementById('chat-box') ?? makeChat(opener);
  box.hidden = false;
  box.querySelector('iframe')?.focus();
}

function makeChat(opener: HTMLElement): HTMLElement {
  const box = document.createElement('div');
  box.id = 'chat-box';
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = opener.dataset.close ?? '';
  const frame = document.createElement('iframe');
  frame.src = opener.dataset.chat ?? '';
  frame.title = opener.dataset.title ?? '';
  const closeChat = () => {
    box.hidden = true;
    opener.focus();
  };
  close.addEventListener('click', closeChat);
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closeChat();
  });
  box.append(close, frame);
  document.body.append(box);
  return box;
}
