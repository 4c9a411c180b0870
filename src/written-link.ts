/** Links in Markdown for chats, some of which know no escapes in an address. */
import { defaultHandlers, type Handle } from 'mdast-util-to-markdown';

/** As the library writes them, but for the address: `&` is escaped only where it would begin a character reference, and brackets are encoded. */
export const writtenLink: Handle & { peek?: Handle } = (node, parent, state, info) => {
  const text = defaultHandlers.link(node, parent, state, info);
  const address = text.lastIndexOf('](') + 2;
  const plain = text
    .slice(address)
    .replace(/\\&(?!#?\w+;)/g, '&')
    .replaceAll('\\(', '%28')
    .replaceAll('\\)', '%29');
  return text.slice(0, address) + plain;
};
writtenLink.peek = defaultHandlers.link.peek as Handle;
