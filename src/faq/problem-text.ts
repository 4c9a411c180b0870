import type { Problem, Source } from './entry.ts';

/** Where a message points to, as `file:line`, the form that editors and terminals turn into a link. */
export function sourceText({ file, line }: Source): string {
  return `${file}:${line}`;
}

/** One problem on one line: `file:line: message`, with `warning: ` before the message of a warning. */
export function problemText({ severity, source, message }: Problem): string {
  return `${sourceText(source)}: ${severity === 'warning' ? 'warning: ' : ''}${message}`;
}
