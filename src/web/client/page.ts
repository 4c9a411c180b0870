/** Runs on the pages, which work without it: suggestions, the chat beside the page, and rows that open for their address. */
import { type ChatWindow, type ChatWindowWords, createChatWindow } from './chat-window.ts';
import { closeMenus } from './menus.ts';
import { showMoments } from './moments.ts';
import { suggestWhileTyping } from './search.ts';

for (const form of document.querySelectorAll<HTMLFormElement>('form.search')) suggestWhileTyping(form);

/** An address may name an entry; browsers scroll there, and leave it closed. */
function openNamed(): void {
  try {
    const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (entry instanceof HTMLDetailsElement) entry.open = true;
  } catch {
    // "#100%" is no name.
  }
}
addEventListener('hashchange', openNamed);
openNamed();

closeMenus();
showMoments();

/** Paper cannot be pressed: all answers are printed, and closed again afterwards. */
let opened: HTMLDetailsElement[] = [];
addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')];
  for (const row of opened) row.open = true;
});
addEventListener('afterprint', () => {
  for (const row of opened) row.open = false;
});

let chat: ChatWindow | undefined;
for (const opener of document.querySelectorAll<HTMLAnchorElement>('a[data-chat]')) {
  opener.hidden = false;
  opener.addEventListener('click', (event) => {
    // A wish for a tab of its own, or a browser that is too old for the window: the link leads to the chat by itself.
    if (event.ctrlKey || event.metaKey || event.shiftKey || !('adoptedStyleSheets' in document)) return;
    event.preventDefault();
    chat ??= createChatWindow({
      address: opener.href,
      words: JSON.parse(opener.dataset.chat ?? '{}') as ChatWindowWords,
      onOpen: () => document.documentElement.classList.add('chat-open'),
      onClose: () => document.documentElement.classList.remove('chat-open'),
    });
    chat.open(opener);
  });
}
