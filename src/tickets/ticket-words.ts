/** Words of tickets as the search finds them: by how they begin, in any letter case and with or without accents. */

/** Characters that a word is filed under; shorter words are filed whole. */
const filed = 3;
/** Words of one document that can be found; nobody searches for what stands after a thousand others. */
const mostWords = 1000;

/** Words of a text, as they are compared. */
export function wordsOf(text: string): readonly string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return [...new Set(plain.match(/[\p{L}\p{N}]+/gu))].slice(0, mostWords);
}

/** What a text is filed under in an index. */
export function wordKeys(text: string): readonly string[] {
  return [...new Set(wordsOf(text).map(keyOf))];
}

/** Where what begins with this word is filed; a word shorter than that finds itself alone. */
export function keyOf(word: string): string {
  return word.slice(0, filed);
}

/** Whether the words of a text have one that begins with the term, or is it where it is short. */
export function hasWord(words: readonly string[], term: string): boolean {
  return words.some((word) => (term.length < filed ? word === term : word.startsWith(term)));
}
