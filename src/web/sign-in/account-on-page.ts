/** What the header shows of a session. */
import { type OwnProfile, profileInUse } from '../../accounts/own-profiles.ts';
import type { Session } from '../../sessions/session.ts';
import type { Words } from '../../words/words.ts';
import type { AccountOnPage } from '../pages/account-menu.tsx';

/** @param own - the account's profiles; none for staff */
export function accountOnPage(
  session: Session,
  csrf: string,
  words: Words,
  own: readonly OwnProfile[] = [],
): AccountOnPage {
  const name = session.name ?? words.say('account.nameless');
  const inUse = profileInUse(own, session)?.member;
  const open = own.filter(({ access }) => access.given);
  return {
    name,
    initials: initials(name),
    email: session.email,
    csrf,
    isStaff: session.kind === 'staff',
    ...(inUse && {
      profile: { company: inUse.organisation.value.name, portal: inUse.organisation.value.portal },
    }),
    canSwitch: open.length > 1,
    administers: open.some(({ member }) => member.profile.value.role === 'administrator'),
  };
}

/** The first letters of the first and the last word. */
function initials(name: string): string {
  const letters = name.split(/\s+/).flatMap((part) => /[\p{L}\p{N}]/u.exec(part)?.[0] ?? []);
  return (letters.length > 1 ? `${letters[0]}${letters.at(-1)}` : (letters[0] ?? '')).toLocaleUpperCase();
}
