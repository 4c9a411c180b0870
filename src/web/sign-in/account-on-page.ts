/** What the header shows of a session. */
import type { Session } from '../../sessions/session.ts';
import type { Words } from '../../words/words.ts';
import type { AccountOnPage } from '../pages/account-menu.tsx';

export function accountOnPage(session: Session, csrf: string, words: Words): AccountOnPage {
  const name = session.name ?? words.say('account.nameless');
  return { name, initials: initials(name), email: session.email, csrf };
}

/** The first letters of the first and the last word. */
function initials(name: string): string {
  const letters = name.split(/\s+/).flatMap((part) => /[\p{L}\p{N}]/u.exec(part)?.[0] ?? []);
  return (letters.length > 1 ? `${letters[0]}${letters.at(-1)}` : (letters[0] ?? '')).toLocaleUpperCase();
}
