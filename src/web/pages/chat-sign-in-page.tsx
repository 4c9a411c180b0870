/** Signing in for a chat: what asks, what for, and the number to type there. */
import type { Action } from '../../proofs/levels.ts';
import type { Words } from '../../words/words.ts';
import { ConfirmForm, StatePage } from './access-pages.tsx';
import type { TitledPage } from './access-states.tsx';
import { sentenceWithMoment } from './moment.tsx';

export function chatSignInOver(words: Words): TitledPage {
  const title = words.say('chatSignIn.over');
  return { title, content: <StatePage title={title} text={words.say('chatSignIn.overText')} words={words} /> };
}

export interface ChatSignInContent {
  readonly words: Words;
  /** `chat:CHANNEL/USER`. */
  readonly person: string;
  readonly action: Action;
  /** Undefined for a stranger, who signs in first. */
  readonly csrf: string | undefined;
  readonly path: string;
}

export function chatSignInPage({ words, person, action, csrf, path }: ChatSignInContent): TitledPage {
  const title = words.say('chatSignIn.title');
  const text = words.say('chatSignIn.text', {
    channel: channelOf(person, words),
    action: words.say(`action.${action}`),
  });
  const content = (
    <StatePage title={title} text={text} words={words}>
      {csrf === undefined ? (
        <>
          <p>{words.say('chatSignIn.signInText')}</p>
          <p class="buttons">
            <a class="button primary" href={`/sign-in?return=${encodeURIComponent(path)}`} rel="nofollow">
              {words.say('account.signIn')}
            </a>
          </p>
        </>
      ) : (
        <ConfirmForm action={path} csrf={csrf} label={words.say('chatSignIn.show')}>
          <a class="button" href={`/sign-in?return=${encodeURIComponent(path)}`} rel="nofollow">
            {words.say('signIn.other')}
          </a>
        </ConfirmForm>
      )}
    </StatePage>
  );
  return { title, content };
}

export interface ChatNumberContent {
  readonly words: Words;
  readonly number: string;
  readonly action: Action;
  /** ISO 8601, UTC. */
  readonly until: string;
  readonly account: string;
}

export function chatNumberPage({ words, number, action, until, account }: ChatNumberContent): TitledPage {
  const title = words.say('chatSignIn.numberTitle');
  const text = sentenceWithMoment(words, 'chatSignIn.numberText', ['until', until], {
    action: words.say(`action.${action}`),
    account,
  });
  const content = (
    <StatePage title={title} text={text} words={words}>
      <p class="card number">
        <span class="spoken">{words.say('chatSignIn.number')}: </span>
        <output dir="ltr">{number}</output>
      </p>
    </StatePage>
  );
  return { title, content };
}

function channelOf(person: string, words: Words): string {
  const channel = /^chat:([\w-]+)\//.exec(person)?.[1];
  if (channel === 'directline' || channel === 'msteams') return words.say(`chatSignIn.${channel}`);
  return words.say('chatSignIn.other');
}
