/** Keeps a message below what Teams takes: about 100 kB as UTF-16, of which 80 are ours (Teams documentation, "format of bot messages"). */

/** UTF-16 units of its JSON. */
export const largestMessage = 40_000;
/** A text is not cut below this. */
const least = 200;

/**
 * The message, its longest texts cut at a paragraph with `more` below them where it would be too large.
 * @param more - Markdown
 */
export function withinSize<Message extends object>(message: Message, more: string): Message {
  const excess = JSON.stringify(message).length - largestMessage;
  if (excess <= 0) return message;
  const copy = structuredClone(message);
  for (let left = excess; left > 0; ) {
    const longest = longestText(copy);
    if (!longest || longest.text.length <= least + more.length) break;
    const { holder, property, text } = longest;
    // What is escaped in JSON takes more room than it has units.
    const kept = Math.max(least, Math.floor(text.length * (text.length / JSON.stringify(text).length)) - left);
    holder[property] = `${cut(text, kept - more.length - 10)}\n\n${more}`;
    left = JSON.stringify(copy).length - largestMessage;
  }
  return copy;
}

/** At the end of a paragraph, else of a line, else of a word. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const start = text.slice(0, Math.max(0, longest - 1));
  for (const end of ['\n\n', '\n', ' ']) {
    const at = start.lastIndexOf(end);
    if (at > longest / 2)
      return `${start.slice(0, at).trimEnd()}\n\n…`.replace(/ ?\n\n…$/, end === ' ' ? '…' : '\n\n…');
  }
  return `${start.replace(/[\ud800-\udbff]$/, '')}…`;
}

type Holder = Record<string, string>;

function longestText(root: object): { holder: Holder; property: string; text: string } | undefined {
  let longest: { holder: Holder; property: string; text: string } | undefined;
  const look = (node: object) => {
    for (const [property, value] of Object.entries(node)) {
      if (typeof value === 'object' && value !== null) look(value);
      else if (property === 'text' && typeof value === 'string' && value.length > (longest?.text.length ?? 0)) {
        longest = { holder: node as Holder, property, text: value };
      }
    }
  };
  look(root);
  return longest;
}
