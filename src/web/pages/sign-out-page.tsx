/** Asks whether to sign out, here or everywhere; and says that it was done, and what may still be open. */
import type { Words } from '../../words/words.ts';
import type { AccountOnPage } from './account-menu.tsx';
import { CsrfField } from './csrf-field.tsx';
import { BackLink } from './page.tsx';

export function SignOutPage({
  words,
  account,
}: {
  readonly words: Words;
  readonly account: AccountOnPage | undefined;
}) {
  return (
    <div class="column account-page">
      <BackLink words={words} />
      <h1>{words.say(account ? 'signOut.title' : 'signOut.done')}</h1>
      <p class="lead">{account ? words.say('signOut.text', { name: account.name }) : words.say('signOut.doneText')}</p>
      {account ? (
        <form method="post" action="/sign-out" class="buttons">
          <CsrfField token={account.csrf} />
          <button type="submit" class="button primary">
            {words.say('account.signOut')}
          </button>
          <button type="submit" class="button" name="everywhere" value="1">
            {words.say('signOut.everywhere')}
          </button>
        </form>
      ) : (
        <p class="buttons">
          <a class="button" href="/sign-in">
            {words.say('signIn.tryAgain')}
          </a>
        </p>
      )}
    </div>
  );
}
