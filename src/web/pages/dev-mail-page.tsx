/** Captured mail: the list, and one mail as text and as HTML in a frame that may do nothing but show. */
import type { CapturedMail } from '../../mail/captured-mails.ts';
import type { Words } from '../../words/words.ts';
import { Icon } from './icons.tsx';
import { Moment } from './moment.tsx';

export function DevMailList({ mails, words }: { readonly mails: readonly CapturedMail[]; readonly words: Words }) {
  return (
    <div class="column">
      <h1>{words.say('devMail.title')}</h1>
      <p class="lead">{words.say('devMail.lead')}</p>
      {mails.length === 0 ? (
        <>
          <h2>{words.say('devMail.none')}</h2>
          <p>{words.say('devMail.noneText')}</p>
        </>
      ) : (
        <ol class="mails">
          {mails.map(({ id, subject, to, at }) => (
            <li key={id}>
              <a href={`/dev/mail/${id}`}>
                <bdi>{subject || words.say('devMail.noSubject')}</bdi>
              </a>
              <Facts to={to} at={at} words={words} />
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

export function DevMailPage({ mail, words }: { readonly mail: CapturedMail; readonly words: Words }) {
  return (
    <div class="column">
      <p class="back">
        <a href="/dev/mail">
          <Icon name="back" />
          {words.say('devMail.back')}
        </a>
      </p>
      <h1>
        <bdi>{mail.subject || words.say('devMail.noSubject')}</bdi>
      </h1>
      <Facts to={mail.to} at={mail.at} words={words} />
      <h2>{words.say('devMail.html')}</h2>
      <iframe
        class="mail"
        title={words.say('devMail.html')}
        src={`/dev/mail/${mail.id}/html`}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
      />
      <h2>{words.say('devMail.text')}</h2>
      <pre class="mail">{mail.text}</pre>
    </div>
  );
}

function Facts({ to, at, words }: { readonly to: string; readonly at: string; readonly words: Words }) {
  return (
    <p class="facts">
      {words.say('devMail.to')} <span dir="ltr">{to}</span>
      <br />
      {words.say('devMail.at')} <Moment at={at} words={words} />
    </p>
  );
}
