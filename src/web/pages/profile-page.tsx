/** My Profile: every profile of the account with what can be done about it, where the account is signed in, and what happened. */
import type { ComponentChildren } from 'preact';
import { shownAccount } from '../../accounts/association.ts';
import type { OwnProfile } from '../../accounts/own-profiles.ts';
import type { AddressChange } from '../../changes/address-change.ts';
import type { HistoryEntry } from '../../changes/profile-history.ts';
import type { Reassociation } from '../../changes/reassociation.ts';
import type { Device } from '../../sessions/device.ts';
import type { Session } from '../../sessions/session.ts';
import type { Words } from '../../words/words.ts';
import type { Telling } from '../told.ts';
import { whyShut } from './accounts-page.tsx';
import { AddressText } from './address-text.tsx';
import { Press, ToldBar } from './form-parts.tsx';
import { HistoryList } from './history-list.tsx';
import { Icon } from './icons.tsx';
import { sentenceWithMoment } from './moment.tsx';

/** One profile with what is under way. */
export interface ProfileView {
  readonly own: OwnProfile;
  readonly isInUse: boolean;
  readonly addressChange: AddressChange | undefined;
  readonly reassociation: Reassociation | undefined;
  readonly history: readonly HistoryEntry[];
  /** Whether there is more than that. */
  readonly hasMore: boolean;
}

export interface ProfilePageContent {
  readonly words: Words;
  readonly csrf: string;
  readonly told: Telling | undefined;
  readonly account: string;
  readonly profiles: readonly ProfileView[];
  readonly sessions: readonly Session[];
  /** Id of the session that looks. */
  readonly here: string;
}

export function ProfilePage(content: ProfilePageContent) {
  const { words, told, account, profiles } = content;
  return (
    <div class="column account-page">
      <ToldBar told={told} />
      <h1>{words.say('profile.title')}</h1>
      <p class="lead">{words.say('profile.text', { count: profiles.length, account })}</p>
      {profiles.map((view) => (
        <OneProfile key={view.own.member.profile.id} view={view} isOnly={profiles.length === 1} {...content} />
      ))}
      <p class="after">
        <a href="/associate">{words.say(profiles.length === 0 ? 'accounts.link' : 'accounts.linkAnother')}</a>
      </p>
      <Sessions {...content} />
    </div>
  );
}

interface OneProfileContent extends Pick<ProfilePageContent, 'words' | 'csrf'> {
  readonly view: ProfileView;
  readonly isOnly: boolean;
}

function OneProfile({ words, csrf, view, isOnly }: OneProfileContent) {
  const { own, isInUse, addressChange, reassociation, history, hasMore } = view;
  const { profile, organisation } = own.member;
  const path = `/profile/${profile.id}`;
  const name = `_profile-${profile.id}`;
  const company = `${organisation.value.name} - ${organisation.value.portal}`;
  return (
    <section aria-labelledby={name} class="part">
      <h2 id={name}>
        <bdi>{company}</bdi> {isInUse && !isOnly && <span class="pill">{words.say('accounts.inUse')}</span>}
      </h2>
      {addressChange && <AddressPending words={words} csrf={csrf} path={path} change={addressChange} />}
      <dl class="card facts-list">
        <Fact name={words.say('profile.name')}>
          <bdi>{profile.value.name}</bdi>
        </Fact>
        <Fact
          name={words.say('profile.email')}
          end={
            <a href={`${path}/address`}>
              {words.say('profile.edit')} <span class="spoken">{words.say('profile.editWhat', { company })}</span>
            </a>
          }
        >
          <AddressText address={profile.value.email} />
        </Fact>
        <Fact
          name={words.say('profile.role')}
          end={
            own.access.given &&
            profile.value.role === 'administrator' && (
              <a href={`/colleagues?as=${profile.id}`}>{words.say('account.colleagues')}</a>
            )
          }
        >
          {words.say(`role.${profile.value.role}`)}
        </Fact>
        <Fact name={words.say('profile.access')}>{accessText(own, words)}</Fact>
        <Fact name={words.say('profile.account')}>
          <bdi>{own.association.value.account.email ?? shownAccount(own.association.value.account)}</bdi>
          <span class="second">
            {words.say('profile.linkedOn', { day: words.day(new Date(own.association.value.since)) })}
          </span>
        </Fact>
      </dl>
      <div class="card rows more">
        <details id={`_move-${profile.id}`} open={isOnly || reassociation !== undefined}>
          <summary>
            {words.say('profile.move')}
            <Icon name="down" />
          </summary>
          <div class="answer">
            {reassociation ? (
              <MovePending words={words} csrf={csrf} path={path} move={reassociation} email={profile.value.email} />
            ) : own.access.given ? (
              <>
                <p>
                  {words.say('profile.moveText')} <AddressText address={profile.value.email} />
                </p>
                <p>{words.say('profile.moveCheck')}</p>
                <Press action={`${path}/move`} csrf={csrf} label={words.say('profile.sendInvite')} />
              </>
            ) : (
              <p>{words.say('profile.moveShut')}</p>
            )}
          </div>
        </details>
        <details>
          <summary>
            {words.say('history.title')}
            <Icon name="down" />
          </summary>
          <div class="answer">
            <HistoryList words={words} entries={history} />
            {hasMore && (
              <p class="next">
                <a href={`${path}/history`}>{words.say('history.all')}</a>
              </p>
            )}
          </div>
        </details>
      </div>
    </section>
  );
}

/** One line of what is known: its name, its value, and what can be done about it. */
export function Fact({ name, children, end }: FactContent) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
      {end && <dd class="end">{end}</dd>}
    </div>
  );
}

interface FactContent {
  readonly name: string;
  readonly children: ComponentChildren;
  readonly end?: ComponentChildren;
}

function accessText(own: OwnProfile, words: Words): string {
  const { access, member } = own;
  if (!access.given) return whyShut(own, words);
  const plan = words.say(`plan.${member.organisation.value.plan}`);
  const until = access.planUntil && words.day(new Date(access.planUntil));
  return until ? words.say('profile.planUntil', { plan, until }) : words.say('profile.plan', { plan });
}

interface PendingContent {
  readonly words: Words;
  readonly csrf: string;
  readonly path: string;
}

function AddressPending({ words, csrf, path, change }: PendingContent & { readonly change: AddressChange }) {
  const isCode = change.state === 'code-sent';
  return (
    <div class="bar">
      <Icon name="clock" />
      <div>
        <p>
          <strong>{words.say(isCode ? 'address.codeSent' : 'address.waits')}</strong>{' '}
          <AddressText address={change.newEmail} />
        </p>
        <div class="buttons">
          {isCode && (
            <a class="button" href={`${path}/address`}>
              {words.say('address.enterCode')}
            </a>
          )}
          <Press action={`${path}/address/cancel`} csrf={csrf} label={words.say('address.cancel')} />
        </div>
      </div>
    </div>
  );
}

/** The steps of a move, and which of them is now. */
function MovePending({
  words,
  csrf,
  path,
  move,
  email,
}: PendingContent & { readonly move: Reassociation; readonly email: string }) {
  const isWaiting = move.state === 'awaiting-approval';
  const asked = sentenceWithMoment(words, 'move.asked', ['moment', move.requestedAt]);
  const until = words.day(new Date(move.until));
  const steps = isWaiting
    ? [asked, words.say('move.approval'), words.say('move.invitation'), words.say('move.confirm')]
    : [asked, words.say('move.invited', { email }), words.say('move.waiting', { until }), words.say('move.moves')];
  const now = isWaiting ? 1 : 2;
  return (
    <>
      <ol class="progress">
        {steps.map((step, index) => (
          <li key={index} class={index < now ? 'past' : undefined} aria-current={index === now ? 'step' : undefined}>
            {index < now && <span class="spoken">{words.say('move.done')} </span>}
            <bdi>{step}</bdi>
          </li>
        ))}
      </ol>
      <p class="after">{words.say('move.stays')}</p>
      <Press action={`${path}/move/cancel`} csrf={csrf} label={words.say('move.cancel')} />
    </>
  );
}

function Sessions({ words, csrf, sessions, here }: ProfilePageContent) {
  return (
    <section aria-labelledby="_sessions" class="part">
      <h2 id="_sessions">{words.say('sessions.title')}</h2>
      <ul class="card plain">
        {sessions.map((session) => {
          const isHere = session.id === here;
          const since = sentenceWithMoment(words, 'sessions.since', ['moment', session.startedAt]);
          const device = deviceText(session.device, words);
          return (
            <li key={session.id} class="still session">
              <div>
                <span class="first">
                  {device} {isHere && <span class="pill">{words.say('sessions.here')}</span>}
                </span>
                <span class="second">
                  {since} {!isHere && sentenceWithMoment(words, 'sessions.seen', ['moment', session.seenAt])}
                  {session.staysSignedIn && ` ${words.say('sessions.stays')}`}
                </span>
              </div>
              {!isHere && (
                <Press
                  action="/profile/sessions/end"
                  csrf={csrf}
                  label={
                    <>
                      {words.say('sessions.end')}{' '}
                      <span class="spoken">
                        {device}. {since}
                      </span>
                    </>
                  }
                  hidden={{ session: session.id }}
                />
              )}
            </li>
          );
        })}
      </ul>
      <p class="after">{words.say('sessions.text')}</p>
      <Press action="/sign-out" csrf={csrf} label={words.say('signOut.everywhere')} hidden={{ everywhere: '1' }} />
    </section>
  );
}

function deviceText({ browser = '', system = '' }: Device = {}, words: Words): string {
  if (browser) return words.say(system ? 'sessions.device' : 'sessions.browser', { browser, system });
  return words.say(system ? 'sessions.system' : 'sessions.unknown', { system });
}
