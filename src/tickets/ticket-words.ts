/** Words of tickets as the search finds them: by how they begin, in any letter case and with or without accents. */

/** Characters that a word is filed under; shorter words are filed whole. */
const filed = 3;
/** Words of one document that can be found; nobody searches for what stands after a thousand others. */
const mostWords = 1000;

/** A text as it is compared. */
export function folded(text: string): string {
  const plain = /[^ -~\s]/.test(text) ? text.normalize('NFKD').replace(/\p{M}/gu, '') : text;
  return plain.toLowerCase();
}

/** Words of a text, as they are compared. */
export function wordsOf(text: string): readonly string[] {
  return [...new Set(folded(text).match(/[\p{L}\p{N}]+/gu))].slice(0, mostWords);
}

/** What a text is filed under in an index. */
export function wordKeys(text: string): readonly string[] {
  return [...new Set(wordsOf(text).map(keyOf))];
}

/** Where what begins with this word is filed; a word shorter than that finds itself alone. */
export function keyOf(word: string): string {
  return word.slice(0, filed);
}

const partOfWord = /[\p{L}\p{N}]/u;

/** Whether a folded text has a word that begins with the term, or is it where the term is short. */
export function hasWord(text: string, term: string): boolean {
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
    const end = at + term.length;
    const isBegin = at === 0 || !partOfWord.test(text.charAt(at - 1));
    if (isBegin && (term.length >= filed || end === text.length || !partOfWord.test(text.charAt(end)))) return true;
  }
  return false;
}
