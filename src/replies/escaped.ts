/** Text as it is, where Markdown is read: a question may hold `<name>` or `_x_`, and so may what a user wrote. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>~|]/g, '\\$&');
}
