/** Text as it is, where Markdown is read: a question may hold `<name>` or `_x_`, and so may what a user wrote. */
export function escaped(text: string): string {
  return (
    text
      .replace(/[\\`*_[\]<>~|]/g, '\\$&')
      // `&lt;` is read as a sign, and cards put dates in the place of `{{DATE(...)}}`.
      .replace(/&(?=#?\w+;)|(?<=\{)\{/g, '\\$&')
      // What makes a heading or a list of a line.
      .replace(/^(\s*)(#{1,6}|[-+=]+|\d{1,9}(?=[.)]))(?=[.)]?(?:\s|$))/gm, (_, blanks: string, mark: string) =>
        /\d/.test(mark) ? `${blanks}${mark}\\` : `${blanks}\\${mark}`,
      )
  );
}

/** The same, each line a paragraph: Teams runs lines together that stand right below each other. */
export function escapedLines(text: string): string {
  return escaped(text.trim().replace(/\s*[\r\n\u2028\u2029]\s*/g, '\n\n'));
}
