import type { InviteRow } from '../colleagues/colleague.ts';

/**
 * A pasted list of people, one a line or parted by ; or a comma: `Ann Lee <ann@contoso.example>`, `ann@contoso.example`,
 * `Ann Lee, ann@contoso.example`. A part without an address is the name of the next one that has one.
 */
export function readPeople(text: string): readonly InviteRow[] {
  const people: InviteRow[] = [];
  for (const line of text.slice(0, 10_000).split(/[\r\n]+/)) {
    let before: string[] = [];
    for (const part of line.split(/[;,\t]/).map(bare)) {
      if (part === '') continue;
      if (!part.includes('@')) {
        before.push(part);
        continue;
      }
      const { name, email } = readPart(part);
      people.push({ name: [...before, ...(name === '' ? [] : [name])].join(' '), email });
      before = [];
    }
    if (before.length > 0) people.push({ name: '', email: before.join(' ') });
  }
  return people;
}

function readPart(part: string): InviteRow {
  const open = part.lastIndexOf('<');
  if (open >= 0 && part.endsWith('>'))
    return { name: bare(part.slice(0, open)), email: part.slice(open + 1, -1).trim() };
  const blank = part.lastIndexOf(' ');
  return blank < 0 ? { name: '', email: part } : { name: bare(part.slice(0, blank)), email: part.slice(blank + 1) };
}

function bare(text: string): string {
  return text
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .trim();
}
