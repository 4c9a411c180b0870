/** The sample provider's only page: whom to be. It says plainly that it is a sample. */
import type { Words } from '../../words/words.ts';
import { longestName, type SampleAccount } from '../sample-sign-in/sample-accounts.ts';
import { CsrfField } from './csrf-field.tsx';
import { Icon } from './icons.tsx';
import { Bar } from './page.tsx';

export interface SampleAccountsPageContent {
  readonly words: Words;
  readonly csrf: string;
  readonly action: string;
  readonly accounts: readonly SampleAccount[];
  /** Whether the button for a typed name was pressed without one. */
  readonly isNameMissing: boolean;
}

export function SampleAccountsPage({ words, csrf, action, accounts, isNameMissing }: SampleAccountsPageContent) {
  return (
    <div class="column account-page">
      <h1>{words.say('sample.title')}</h1>
      <p class="lead">{words.say('sample.text')}</p>
      <form method="post" action={action}>
        <CsrfField token={csrf} />
        <div class="card rows">
          {accounts.map(({ subject, name, email, part }) => (
            <button key={subject} type="submit" class="row" name="account" value={subject}>
              <span class="what">
                {name}
                <span class="second">
                  {email} · {words.say(`sample.${part}`)}
                </span>
              </span>
              <Icon name="forward" />
            </button>
          ))}
        </div>
      </form>
      <form method="post" action={action} class="form">
        <CsrfField token={csrf} />
        <h2>{words.say('sample.other')}</h2>
        {isNameMissing && (
          <Bar>
            <span id="name-error" role="alert">
              {words.say('sample.nameMissing')}
            </span>
          </Bar>
        )}
        <label for="name">{words.say('sample.name')}</label>
        <input
          class="field"
          id="name"
          name="name"
          maxLength={longestName}
          autoComplete="off"
          aria-describedby={isNameMissing ? 'name-error' : undefined}
        />
        <p class="buttons">
          <button type="submit" class="button" name="account" value="other">
            {words.say('sample.useName')}
          </button>
          <button type="submit" class="button" name="account" value="none">
            {words.say('sample.cancel')}
          </button>
        </p>
      </form>
    </div>
  );
}
