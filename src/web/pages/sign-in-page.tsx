/** The page before the provider's: what comes next, and whether to stay signed in. */
import type { Words } from '../../words/words.ts';
import type { AccountOnPage } from './account-menu.tsx';
import { CsrfField } from './csrf-field.tsx';
import { BackLink, Bar } from './page.tsx';

export interface SignInPageContent {
  readonly words: Words;
  readonly csrf: string;
  readonly returnTo: string;
  /** Where the button leads. */
  readonly provider: string;
  readonly isSample: boolean;
  readonly isStaff: boolean;
  /** The account that has to prove itself once more. */
  readonly again: boolean;
  readonly account: AccountOnPage | undefined;
}

export function SignInPage(content: SignInPageContent) {
  const { words, csrf, returnTo, provider, isSample, isStaff, again, account } = content;
  return (
    <div class="column account-page">
      <BackLink words={words} />
      <h1>{words.say(again ? 'signIn.again' : isStaff ? 'signIn.staff' : 'signIn.title')}</h1>
      <p class="lead">
        {again
          ? words.say('signIn.againText')
          : isSample
            ? words.say('signIn.sampleText')
            : words.say(isStaff ? 'signIn.staffText' : 'signIn.text', { provider })}
      </p>
      {account && !again && (
        <Bar>
          <strong>{words.say('signIn.already', { name: account.name })}</strong>{' '}
          <a href={returnTo}>{words.say('signIn.goOn')}</a>
        </Bar>
      )}
      <form method="post" action="/sign-in" class="form">
        <CsrfField token={csrf} />
        <input type="hidden" name="return" value={returnTo} />
        {again && <input type="hidden" name="again" value="1" />}
        {!again && !isStaff && (
          <div class="check">
            <input type="checkbox" id="stay" name="stay" value="1" aria-describedby="stay-hint" />
            <label for="stay">{words.say('signIn.stay')}</label>
            <p id="stay-hint">{words.say('signIn.stayHint')}</p>
          </div>
        )}
        <p class="buttons">
          <button type="submit" class="button primary">
            {words.say(account && !again ? 'signIn.other' : 'signIn.button', { provider })}
          </button>
        </p>
      </form>
    </div>
  );
}
