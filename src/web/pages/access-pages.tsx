/** The pages of an association: asking for the e-mails, confirming what is linked to what, and taking it back. */
import type { ComponentChildren } from 'preact';
import type { WordKey, Words } from '../../words/words.ts';
import { CsrfField } from './csrf-field.tsx';
import { Icon } from './icons.tsx';
import { BackLink } from './page.tsx';

/** One question or one state, what follows from it, and what may be done. */
export function StatePage({ title, text, words, back, children }: StatePageContent) {
  return (
    <div class="column account-page">
      <BackLink words={words} to={back} />
      <h1>{title}</h1>
      <p class="lead">{text}</p>
      {children}
    </div>
  );
}

interface StatePageContent {
  readonly title: string;
  readonly text: ComponentChildren;
  readonly words: Words;
  /** Address and word of the page before; the help page where it is not said. */
  readonly back?: readonly [string, WordKey];
  readonly children?: ComponentChildren;
}

export function AssociatePage({ words, csrf, nonce, typed, problem }: AssociateContent) {
  return (
    <StatePage title={words.say('associate.title')} text={words.say('associate.text')} words={words}>
      <form method="post" action="/associate" class="card form" novalidate>
        <CsrfField token={csrf} />
        <input type="hidden" name="nonce" value={nonce} />
        <label for="_email">{words.say('associate.label')}</label>
        <p class="hint" id="_hint">
          {words.say('associate.hint')}
        </p>
        {problem && (
          <p class="error" id="_error" role="alert">
            <Icon name="note" />
            <span>{problem}</span>
          </p>
        )}
        <input
          id="_email"
          name="email"
          type="email"
          value={typed}
          autocomplete="email"
          autocapitalize="none"
          spellcheck={false}
          aria-describedby={problem ? '_hint _error' : '_hint'}
          aria-invalid={problem ? true : undefined}
        />
        <button type="submit" class="button primary">
          {words.say('associate.send')}
        </button>
      </form>
    </StatePage>
  );
}

interface AssociateContent {
  readonly words: Words;
  readonly csrf: string;
  readonly nonce: string;
  readonly typed: string;
  /** What is wrong with what was typed. */
  readonly problem?: string;
}

/** The same for every address. */
export function AskedPage({ words, address }: { readonly words: Words; readonly address: string }) {
  return (
    <StatePage title={words.say('associate.sent')} text={words.say('associate.sentText', { address })} words={words}>
      <ol class="card steps">
        <li>{words.say('associate.step1')}</li>
        <li>{words.say('associate.step2')}</li>
        <li>{words.say('associate.step3')}</li>
      </ol>
      <p class="after">{words.say('associate.nothing')}</p>
    </StatePage>
  );
}

/** What is linked to what: two rows that a line joins. */
export function Joined({ first, second, look = 'card pair' }: JoinedContent) {
  return (
    <dl class={look}>
      {[first, second].map(([name, detail]) => (
        <div key={detail}>
          <dt>
            <bdi>{name}</bdi>
          </dt>
          <dd>
            <bdi>{detail}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface JoinedContent {
  /** Name and what it is. */
  readonly first: readonly [string, string];
  readonly second: readonly [string, string];
  /** Classes. */
  readonly look?: 'card pair' | 'pair';
}

export function ConfirmForm({ action, csrf, label, children }: ConfirmFormContent) {
  return (
    <form method="post" action={action} class="buttons">
      <CsrfField token={csrf} />
      <button type="submit" class="button primary">
        {label}
      </button>
      {children}
    </form>
  );
}

interface ConfirmFormContent {
  readonly action: string;
  readonly csrf: string;
  readonly label: string;
  readonly children?: ComponentChildren;
}
