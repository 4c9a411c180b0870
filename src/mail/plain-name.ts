/** Names of people and companies as harmless text: one line, bounded, and nothing that a mail program makes a link of. */

const controls = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
/** Direction overrides, joiners, halves of characters, what no font has. */
const unseen = /\p{C}|\p{Default_Ignorable_Code_Point}/gu;
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * One line of at most `longest` characters, for places where nothing becomes a link: the subject.
 * Joiners that some scripts need (U+200C, U+200D) are lost with the rest that cannot be seen.
 */
export function oneLine(text: string, longest = 80): string {
  const line = text
    .slice(0, 4 * longest)
    .replace(controls, ' ')
    .replace(unseen, '')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length <= longest
    ? line
    : `${characters
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`;
}

/**
 * As `oneLine`, for the text of a mail. Mail programs make links of what looks like an address ("evil.example"); a word
 * joiner (U+2060) in it stops nearly all of them. Only names that look like one get it: ordinary mail has none, since
 * filters frown on what cannot be seen. A name written from right to left is isolated, so that it leaves the sentence
 * around it alone.
 */
export function plainName(text: string, longest?: number): string {
  const name = oneLine(text, longest).replace(/(?<=\S)[.:/@](?=\S)/g, '\u2060$&');
  return rightToLeft.test(name) ? `\u2068${name}\u2069` : name;
}

/** The lines of a longer text, each made harmless as a name is; empty ones are left out. */
export function plainLines(text: string): readonly string[] {
  return text
    .split(/\r\n|[\r\n\u0085\u2028\u2029]/)
    .map((line) => plainName(line, text.length))
    .filter((line) => line !== '');
}
