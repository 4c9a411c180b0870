/** What staff write in a ticket's thread: words for the user, and from the first line that begins with `;;` on a note. */
import type { Activity } from 'botbuilder';
import { bringsFiles } from '../replies/teams.ts';
import { namesOf } from './teams-activity.ts';

export interface WrittenInThread {
  /** '': nothing. */
  readonly reply: string;
  /** '': none. */
  readonly note: string;
  /** Pictures or files came with it. */
  readonly hasFiles: boolean;
}

/** @param activity - without what Teams wraps around names */
export function writtenInThread(activity: Activity): WrittenInThread {
  const lines = (activity.text ?? '').split(/\r\n|[\r\n\u2028\u2029]/);
  const names = namesOf(activity);
  const at = lines.findIndex((line) => beginsNote(line, names));
  const end = at < 0 ? lines.length : at;
  const note = lines.slice(end).join('\n').replace(marks, '$1 ');
  return { reply: visible(lines.slice(0, end).join('\n')), note: visible(note), hasFiles: bringsFiles(activity) };
}

/** The first marks of a note; what stands before them is a name. Some keyboards have wide ones. */
const marks = /^[\s\p{Cf}]*([^;；]*?)[\s\p{Cf}]*[;；]{2,}\s*/u;

/** Also behind what cannot be seen, and behind the colleagues that it is for: in doubt it stays with staff. */
function beginsNote(line: string, names: readonly string[]): boolean {
  const rest = line.replace(/\p{Cf}/gu, '').replace(/^[\s,:]+/, '');
  const name = names.find((one) => rest.startsWith(one));
  return name === undefined ? /^[;；]{2}/u.test(rest) : beginsNote(rest.slice(name.length), names);
}

/** '' where nobody would see anything. */
function visible(text: string): string {
  return /[^\s\p{Cf}\p{Cc}]/u.test(text) ? text.trim() : '';
}
