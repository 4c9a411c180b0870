/**
 * The script that other sites include: one button, and nothing asked of this server before it is pressed. The server
 * puts its address and words in front (embed-script.ts).
 */
import { readColour, textOn } from '../colour.ts';
import { type ChatWindow, type ChatWindowWords, createChatWindow, sheetOf } from './chat-window.ts';
import { element, icon } from './element.ts';
import buttonSheet from './embed.css';

declare const ACCESSDESK: { readonly origin: string; readonly words: ChatWindowWords & { readonly button: string } };

interface AccessDeskApi {
  open(): void;
  close(): void;
}

const page = window as { AccessDesk?: AccessDeskApi };
// Included twice, by a template and a tag manager say: the first has done it all. An element of that id is no API.
if (typeof page.AccessDesk?.open !== 'function') start();

function start(): void {
  const { title, position, colour, theme, language } = ownTag()?.dataset ?? {};
  const fill = readColour(colour);
  if (colour && !fill) console.warn(`AccessDesk: data-colour="${colour}" is not a colour such as #0b6461`);
  const wanted = { language, theme: theme === 'light' || theme === 'dark' ? theme : undefined, colour: fill };
  const address = new URL('/chat', ACCESSDESK.origin);
  for (const [name, value] of Object.entries(wanted)) if (value) address.searchParams.set(name, value);
  const name = title?.trim();
  const words = { ...ACCESSDESK.words, ...(name && { title: name, button: name }) };

  let chat: ChatWindow | undefined;
  /** Only once there is a body can the page's own scripts have finished with its head. */
  const mount = () => {
    if (chat) return chat;
    const button = element('button', { class: 'open', type: 'button', 'aria-haspopup': 'dialog' });
    const setOpen = (isOpen: boolean) => {
      button.hidden = isOpen;
      button.setAttribute('aria-expanded', String(isOpen));
    };
    setOpen(false);
    const made = createChatWindow({
      address: address.href,
      words,
      onOpen: () => setOpen(true),
      onClose: () => setOpen(false),
    });
    chat = made;
    if (position === 'start') made.host.dataset.position = position;
    if (wanted.theme) made.host.dataset.theme = wanted.theme;
    made.root.adoptedStyleSheets = [...made.root.adoptedStyleSheets, sheetOf(buttonSheet)];
    const label = element('span', { dir: 'auto' });
    label.textContent = words.button;
    button.append(
      icon(
        'M4 3.5h12A1.5 1.5 0 0 1 17.5 5v8a1.5 1.5 0 0 1-1.5 1.5h-5L7 17.5v-3H4A1.5 1.5 0 0 1 2.5 13V5A1.5 1.5 0 0 1 4 3.5z',
      ),
      label,
    );
    if (fill) Object.assign(button.style, { backgroundColor: fill, color: textOn(fill) });
    button.addEventListener('click', () => made.open(button));
    const region = element('div', { role: 'region', 'aria-label': words.title });
    region.append(button);
    made.root.prepend(region);
    return made;
  };
  page.AccessDesk = { open: () => mount().open(), close: () => chat?.close() };
  if (document.body) mount();
  else document.addEventListener('DOMContentLoaded', mount);
}

/**
 * A script that a tag manager inserts, or of type module, is not told which tag it came from. Other vendors have an
 * /embed.js too, so one of this server comes first; the tag may name it otherwise than it calls itself.
 */
function ownTag(): HTMLScriptElement | undefined {
  const tags = [document.currentScript, ...document.querySelectorAll('script')].filter(
    (tag) => tag instanceof HTMLScriptElement && /\/embed\.js(?:$|[?#])/.test(tag.src),
  ) as HTMLScriptElement[];
  return tags.find(({ src }) => src.startsWith(`${ACCESSDESK.origin}/`)) ?? tags[0];
}
