/**
 * A moment in the text of a card: Adaptive Cards write it in the reader's zone and language. Web Chat's and Teams' renderers
 * both know the form; it takes no fractions of a second, and works in text blocks only.
 */
export function cardMoment(at: string): string {
  const written = `${new Date(at).toISOString().slice(0, 19)}Z`;
  return `{{DATE(${written}, SHORT)}}, {{TIME(${written})}}`;
}
