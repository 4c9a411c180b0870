/** Runs on the pages: opens the chat in a window instead of leaving the page, and opens the entry that the address names. */
import { type ChatWindow, type ChatWindowWords, createChatWindow } from './chat-window.ts';

let chat: ChatWindow | undefined;

for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-chat]')) {
  link.addEventListener('click', (event) => {
    // A wish for a tab of its own, or a browser that is too old for the window: the link leads to the chat by itself.
    if (event.ctrlKey || event.metaKey || event.shiftKey || !('adoptedStyleSheets' in document)) return;
    event.preventDefault();
    chat ??= createChatWindow({
      address: link.href,
      words: JSON.parse(link.dataset.chat ?? '{}') as ChatWindowWords,
      onOpen: () => document.documentElement.classList.add('chat-open'),
      onClose: () => document.documentElement.classList.remove('chat-open'),
    });
    chat.open(link);
  });
}

const openNamed = () => {
  const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (entry instanceof HTMLDetailsElement) entry.open = true;
};
addEventListener('hashchange', openNamed);
openNamed();
