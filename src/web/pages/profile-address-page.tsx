/** Correcting the address of a profile: the new one, then the code that came to it. */
import type { Words } from '../../words/words.ts';
import { StatePage } from './access-pages.tsx';
import { CsrfField } from './csrf-field.tsx';
import { Field, KeptBar, Press } from './form-parts.tsx';
import { sentenceWithMoment } from './moment.tsx';

interface AddressStep {
  readonly words: Words;
  readonly csrf: string;
  /** `/profile/ID/address`. */
  readonly path: string;
  readonly company: string;
  readonly typed: string;
  readonly problem: string | undefined;
}

const back = ['/profile', 'nav.profile'] as const;

export function NewAddressPage({ words, csrf, path, company, typed, problem, email, isKept }: NewAddressContent) {
  return (
    <StatePage
      title={words.say('address.title')}
      text={words.say('address.text', { company })}
      words={words}
      back={back}
    >
      {isKept && <KeptBar words={words} />}
      <form method="post" action={path} class="card form" novalidate>
        <CsrfField token={csrf} />
        <Field
          id="_email"
          name="email"
          type="email"
          label={words.say('address.new')}
          hint={words.say('address.now', { email })}
          error={problem}
          value={typed}
          autocomplete="email"
        />
        <button type="submit" class="button primary">
          {words.say('address.sendCode')}
        </button>
      </form>
      <p class="after">{words.say('address.after', { email })}</p>
    </StatePage>
  );
}

interface NewAddressContent extends AddressStep {
  /** The address as it is. */
  readonly email: string;
  /** Whether `typed` was typed before the person signed in again. */
  readonly isKept: boolean;
}

export function AddressCodePage({ words, csrf, path, company, typed, problem, newEmail, until }: AddressCodeContent) {
  return (
    <StatePage
      title={words.say('address.codeTitle')}
      text={words.say('address.codeText', { email: newEmail, company })}
      words={words}
      back={back}
    >
      <form method="post" action={`${path}/confirm`} class="card form" novalidate>
        <CsrfField token={csrf} />
        <Field
          id="_code"
          name="code"
          label={words.say('address.code')}
          hint={sentenceWithMoment(words, 'address.codeHint', ['until', until])}
          error={problem}
          value={typed}
          inputMode="numeric"
          autocomplete="one-time-code"
        />
        <button type="submit" class="button primary">
          {words.say('address.confirm')}
        </button>
      </form>
      <div class="buttons">
        <a class="button" href={`${path}?other=1`}>
          {words.say('address.another')}
        </a>
        <Press action={`${path}/cancel`} csrf={csrf} label={words.say('address.cancel')} />
      </div>
    </StatePage>
  );
}

interface AddressCodeContent extends AddressStep {
  readonly newEmail: string;
  /** ISO 8601, UTC. */
  readonly until: string;
}
