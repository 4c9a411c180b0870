/** Runs on the pages: opens the chat in a frame instead of leaving the page, and opens the entry that the address names. */

for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-chat]')) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    openChat(link);
  });
}

const openNamed = () => {
  const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (entry instanceof HTMLDetailsElement) entry.open = true;
};
addEventListener('hashchange', openNamed);
openNamed();

function openChat(opener: HTMLAnchorElement): void {
  const box = document.getElementById('chat-box') ?? makeChat(opener);
  box.hidden = false;
  box.querySelector('iframe')?.focus();
}

function makeChat(opener: HTMLAnchorElement): HTMLElement {
  const box = document.createElement('div');
  box.id = 'chat-box';
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = opener.dataset.close ?? '';
  const frame = document.createElement('iframe');
  frame.src = opener.href;
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
