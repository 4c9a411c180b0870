/** The rule for names of people and organisations that come from outside. */

/** Code points. */
export const longestName = 100;
/** Letters that join others (U+200C, U+200D) are part of names in some scripts; marks that turn a line around are not. */
const hidden = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u;

export type NameProblem = 'missing' | 'tooLong' | 'invisible';

export type ReadName =
  | { readonly ok: string; readonly problem?: undefined }
  | { readonly ok?: undefined; readonly problem: NameProblem };

/** One name as somebody wrote it, without blanks around it. Takes time in proportion to a hundred characters, however much came. */
export function readPersonName(text: string): ReadName {
  // A code point has up to two units, and normalising makes no more than three of one.
  if (text.length > 8 * longestName) return { problem: 'tooLong' };
  const name = text.trim().normalize('NFC');
  if (name === '') return { problem: 'missing' };
  if (Array.from(name).length > longestName) return { problem: 'tooLong' };
  return hidden.test(name) ? { problem: 'invisible' } : { ok: name };
}
