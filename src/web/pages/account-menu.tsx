/** The end of the header: the way in, or who is signed in and the way out. Works without JavaScript. */
import type { IncomingMessage } from 'node:http';
import type { ComponentChildren } from 'preact';
import type { Words } from '../../words/words.ts';
import { CsrfField } from './csrf-field.tsx';

/** Who is signed in, as the header shows it. */
export interface AccountOnPage {
  readonly name: string;
  readonly initials: string;
  readonly email: string | undefined;
  /** For the form that signs out. */
  readonly csrf: string;
  /** Staff have no profiles. */
  readonly isStaff: boolean;
  /** The profile in use. */
  readonly profile?: { readonly company: string; readonly portal: string };
  /** Whether there is another profile to use. */
  readonly canSwitch: boolean;
  /** Whether one of the profiles is an administrator's. */
  readonly administers: boolean;
}

/** Who is signed in where this request comes from; undefined for a stranger. */
export type AccountOf = (request: IncomingMessage) => Promise<AccountOnPage | undefined>;

export interface AccountMenuContent {
  readonly words: Words;
  /** Of this page: whoever signs in comes back to it. */
  readonly path: string | undefined;
  readonly account: AccountOnPage | undefined;
}

export function AccountMenu({ words, path = '/', account }: AccountMenuContent) {
  if (!account) {
    const back = path === '/' ? '' : `?return=${encodeURIComponent(path)}`;
    return (
      <a class="button sign-in" href={`/sign-in${back}`} rel="nofollow">
        {words.say('account.signIn')}
      </a>
    );
  }
  return (
    <AccountBox words={words} account={account}>
      {account.isStaff || <a href="/profile">{words.say('nav.profile')}</a>}
      {account.canSwitch && (
        <a href={`/accounts?return=${encodeURIComponent(path === '/accounts' ? '/profile' : path)}`}>
          {words.say('account.switch')}
        </a>
      )}
      {account.administers && <a href="/colleagues">{words.say('account.colleagues')}</a>}
    </AccountBox>
  );
}

/** Initials that open who is signed in, what they can go to, and the way out. */
export function AccountBox({ words, account, children }: AccountBoxContent) {
  const { name, email, profile } = account;
  return (
    <details class="account">
      <summary>
        <span class="spoken">{words.say('account.menu', { name })}</span>
        <span class="person" aria-hidden="true">
          {account.initials}
        </span>
      </summary>
      <div class="account-box">
        <p>
          <strong>
            <bdi>{name}</bdi>
          </strong>
          {email && email !== name && (
            <span class="account-email">
              <bdi>{email}</bdi>
            </span>
          )}
          {profile && (
            <span class="account-email">
              <bdi>{words.say('account.inUse', profile)}</bdi>
            </span>
          )}
        </p>
        {children}
        <form method="post" action="/sign-out">
          <CsrfField token={account.csrf} />
          <button type="submit">{words.say('account.signOut')}</button>
        </form>
      </div>
    </details>
  );
}

interface AccountBoxContent {
  readonly words: Words;
  readonly account: AccountOnPage;
  readonly children: ComponentChildren;
}
