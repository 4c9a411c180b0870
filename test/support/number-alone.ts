/**
 * Finds a number that stands by itself, as a code or a text with one would be kept: not the digits that an id, a hash or
 * a fraction happens to have in a row. A line break stands in JSON as a backslash and a letter.
 */
export function numberAlone(digits: string): RegExp {
  return new RegExp(`(?:^|[^\\w.-]|\\\\[nrt])${digits}(?![\\w-])`, 'm');
}
