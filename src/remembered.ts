/** Answers that are looked up again and again, kept for a bounded number of questions. */

/** Longer questions hardly come twice, and strangers write them. */
const longestQuestion = 500;

/**
 * `find`, asked once for each text among the last few; it has to give the same for the same text at any time.
 * @param most - texts that are kept; beyond it all are forgotten
 * @param longest - characters of a text that is kept
 */
export function remembered<T>(
  most: number,
  find: (text: string) => T,
  longest: number = longestQuestion,
): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const kept = known.get(text);
    if (kept !== undefined) return kept;
    const found = find(text);
    if (text.length <= longest) {
      if (known.size >= most) known.clear();
      known.set(text, found);
    }
    return found;
  };
}
