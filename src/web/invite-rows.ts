/** Reads a pasted list of people: one a line, name and address in the ways that mail programs and tables write them. */
import type { InviteRow } from '../colleagues/colleague.ts';

/** `Kim Lee <kim@contoso.example>`, `Kim Lee, kim@contoso.example`, `kim@contoso.example`, and cells with tabs or semicolons. */
export function readInviteRows(text: string): InviteRow[] {
  return text.split(/\r\n|[\r\n]/).flatMap((line) => {
    const row = readRow(line.trim());
    return row ? [row] : [];
  });
}

/** A row as it can be typed again. */
export function writeInviteRow({ name, email }: InviteRow): string {
  return name === '' ? email : `${name}, ${email}`;
}

function readRow(line: string): InviteRow | undefined {
  if (line === '') return undefined;
  const open = line.lastIndexOf('<');
  if (open >= 0 && line.endsWith('>')) {
    return { name: bare(line.slice(0, open)), email: line.slice(open + 1, -1).trim() };
  }
  const cells = line.split(/[,;\t]/).map(bare);
  const email = cells.findLast((cell) => cell.includes('@')) ?? cells.at(-1) ?? '';
  const others = cells.filter((cell) => cell !== email && cell !== '');
  // "Kim Lee kim@contoso.example": blanks are the last thing that parts a name from an address.
  const blank = others.length === 0 ? email.lastIndexOf(' ') : -1;
  if (blank > 0) return { name: bare(email.slice(0, blank)), email: email.slice(blank + 1) };
  return { name: others.join(' '), email };
}

function bare(text: string): string {
  return text
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .trim();
}
