/** The beginning of a text that is too long, with an ellipsis. @param longest - UTF-16 units of what comes out */
export function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
