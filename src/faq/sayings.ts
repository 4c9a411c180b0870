/** Knows the phrasings of a knowledge base by heart: who says one is understood without any weighing. */
import { type Phrased, phrasingsOf } from './entry.ts';
import { type Language, words, wordsOfQuestion } from './text.ts';

/** Longer texts are known as they are typed only: nobody says so many words by chance, and reading them takes time. */
const MOST_CORRECTED = 20;

/**
 * Tells which entry has this very phrasing: as it was typed or, where none has, with slips corrected, without words that say
 * nothing and with ways to say the same as one ("i cant sing in" is "can't log in"). Undefined where none or several have it.
 * @param read the words of a question, corrected
 */
export function createSayings(
  entries: readonly Phrased[],
  language: Language,
  read: (text: string) => readonly string[],
): (text: string) => string | undefined {
  const asTyped = new Sayings();
  const plain = new Sayings();
  const plainly = (found: readonly string[]) => language.plain(found).join(' ');
  for (const entry of entries) {
    for (const phrasing of phrasingsOf(entry)) {
      const found = words(phrasing, language);
      asTyped.add(found.join(' '), entry.id);
      plain.add(plainly(found), entry.id);
    }
  }
  return (text) => {
    const typed = wordsOfQuestion(text, language);
    const said = asTyped.get(typed.join(' '));
    if (said !== undefined || typed.length > MOST_CORRECTED) return said;
    return plain.get(plainly(read(text)));
  };
}

/** Entries by what is said; one that several say belongs to none, and so does silence. */
class Sayings {
  readonly #ids = new Map<string, string | undefined>();

  add(said: string, id: string): void {
    if (said !== '') this.#ids.set(said, !this.#ids.has(said) || this.#ids.get(said) === id ? id : undefined);
  }

  get(said: string): string | undefined {
    return this.#ids.get(said);
  }
}
