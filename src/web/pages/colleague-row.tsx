/** One person of the list: closed, who it is and how far they are; open, what can be done. Each step says what it does. */
import type { ComponentChildren } from 'preact';
import type { Colleague } from '../../colleagues/colleague.ts';
import type { Role } from '../../directory/directory.ts';
import type { Words } from '../../words/words.ts';
import { AddressText } from './address-text.tsx';
import { Press } from './form-parts.tsx';
import { Icon } from './icons.tsx';
import { sentenceWithMoment } from './moment.tsx';

export interface ColleagueRowContent {
  readonly words: Words;
  readonly csrf: string;
  readonly one: Colleague;
  /** What the list shows, so that a form leads back to it; `as` is whom the page was shown for. */
  readonly back: Readonly<Record<string, string>>;
}

export function ColleagueRow({ words, csrf, one, back }: ColleagueRowContent) {
  const { profile, name, email, role, isYou } = one;
  const { label, kind, detail } = standing(one, words);
  return (
    <details id={`_person-${profile}`}>
      <summary>
        <span class="what">
          <bdi class="first">{isYou ? words.say('colleagues.you', { name }) : name}</bdi>
          <span class="second">
            <AddressText address={email} />
          </span>
          <span class="second">
            {words.say(`role.${role}`)} <span class={`pill ${kind}`}>{label}</span>
          </span>
        </span>
        <Icon name="down" />
      </summary>
      <div class="answer">
        {detail && <p>{detail}</p>}
        <Actions words={words} csrf={csrf} one={one} back={back} />
      </div>
    </details>
  );
}

function Actions({ words, csrf, one, back }: ColleagueRowContent) {
  const { profile, name, role, isYou, isLinked, invitation, ended } = one;
  const path = (verb: string) => `/colleagues/${profile}/${verb}`;
  const form = { csrf, hidden: back };
  if (ended) {
    if (!ended.restorableUntil) return <p class="after">{words.say('colleagues.tooLate')}</p>;
    return (
      <>
        <p class="after">
          {words.say('colleagues.restoreText', { until: words.day(new Date(ended.restorableUntil)) })}
        </p>
        <Press {...form} action={path('restore')} label={words.say('colleagues.restore')} />
      </>
    );
  }
  const otherRole: Role = role === 'member' ? 'administrator' : 'member';
  return (
    <>
      <div class="buttons">
        {!isLinked && (
          <Press
            {...form}
            action={path('resend')}
            label={words.say(invitation ? 'colleagues.resend' : 'colleagues.send')}
          />
        )}
        {!isLinked && invitation?.state === 'valid' && (
          <Press {...form} action={path('revoke')} label={words.say('colleagues.revoke')} kind="danger" />
        )}
        <Press
          {...form}
          action={path('role')}
          hidden={{ ...back, role: otherRole }}
          label={words.say(`colleagues.make.${otherRole}`)}
        />
      </div>
      <p class="after">{words.say(`colleagues.makeText.${otherRole}`)}</p>
      {isYou ? (
        <p class="after">{words.say('colleagues.yourself')}</p>
      ) : (
        <details class="inner">
          <summary>
            {words.say('colleagues.end')}
            <Icon name="down" />
          </summary>
          <p>{words.say('colleagues.endText', { name })}</p>
          <Press {...form} action={path('end')} label={words.say('colleagues.endNow')} kind="danger" />
        </details>
      )}
    </>
  );
}

interface Standing {
  readonly label: string;
  readonly kind: 'good' | 'wait' | 'bad' | '';
  readonly detail?: ComponentChildren;
}

/** How far somebody is, by the word that matters most. */
function standing({ isLinked, invitation, delivery, ended }: Colleague, words: Words): Standing {
  const day = (at: string) => words.day(new Date(at));
  if (ended) {
    return {
      label: words.say('standing.ended'),
      kind: '',
      detail: words.say('standing.endedOn', { day: day(ended.at) }),
    };
  }
  if (isLinked) return { label: words.say('standing.linked'), kind: 'good' };
  if (!invitation) return { label: words.say('standing.never'), kind: '' };
  if (invitation.state !== 'valid') {
    const label = words.say(`standing.${invitation.state}`);
    return { label, kind: '', detail: words.say('standing.issued', { day: day(invitation.issuedAt) }) };
  }
  const until = words.say('standing.until', { day: day(invitation.expiresAt) });
  if (!delivery) return { label: words.say('standing.invited'), kind: 'wait', detail: until };
  const detail = (
    <>
      {sentenceWithMoment(words, `delivery.${delivery.state}`, ['moment', delivery.at])} {until}
    </>
  );
  if (delivery.state === 'failed') return { label: words.say('standing.failed'), kind: 'bad', detail };
  return { label: words.say(delivery.state === 'sent' ? 'standing.sent' : 'standing.sending'), kind: 'wait', detail };
}
