/**
 * Takes out of a text what belongs to one person - addresses, links, numbers, codes - so that it can stand in a list
 * that many read. It rather takes out too much: what is left should still say what was asked.
 */

/** Characters read; whatever comes behind is not shown. */
const longestRead = 1000;

/**
 * @param longest - characters of what comes out
 * @returns one line
 */
export function redacted(text: string, longest = 160): string {
  const line = beginning(
    text
      .normalize('NFKC')
      .replace(/\p{Cf}+/gu, '')
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim(),
  );
  const words = line.replace(/ ?@ ?/g, '@').split(' ');
  const shown = words.map(redactedWord).join(' ').replace(numbers, '[number]');
  return shown.length <= longest
    ? shown
    : `${[...shown]
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`;
}

/** Four digits or more, however they are grouped: codes, telephone numbers, ids. */
const numbers = /\+?\p{Nd}(?:[ .\-–/()]{0,2}\p{Nd}){3,}/gu;

function redactedWord(word: string): string {
  if (/@|%40/.test(word)) return '[address]';
  if (/:\/\/|^www\./i.test(word)) return '[link]';
  return word.replace(/[\p{L}\p{N}_-]{6,}/gu, (part) => (isCode(part) ? '[code]' : part));
}

/** Words hardly go from letters to digits and back, and long ones hold no digit: "windows11" is none. */
function isCode(part: string): boolean {
  if (!/\p{L}/u.test(part)) return false;
  if (!/\p{Nd}/u.test(part)) return /^[\w-]{40,}$/.test(part);
  return part.length >= 20 || (part.match(/\p{Nd}+|\p{L}+/gu) ?? []).length > 2;
}

/** Without a word that is cut in two: half an address does not look like one. */
function beginning(line: string): string {
  if (line.length <= longestRead) return line;
  const cut = line.slice(0, longestRead);
  return cut.slice(0, Math.max(0, cut.lastIndexOf(' '))) || cut;
}
