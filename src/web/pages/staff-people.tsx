/** The person view: what is known of a profile, what became of its mail, and what staff can do, each with a reason. */

import type { PersonOnFile } from '../../changes/look-up.ts';
import type { Stored } from '../../records/records.ts';
import { shownNumber, type Ticket } from '../../tickets/ticket.ts';
import type { WordKey, Words } from '../../words/words.ts';
import { Joined } from './access-pages.tsx';
import { AddressText } from './address-text.tsx';
import { CsrfField } from './csrf-field.tsx';
import { FindForm } from './find-form.tsx';
import { Icon } from './icons.tsx';
import { NoticeBar, type StaffNotice } from './staff-frame.tsx';
import { Clock, initialsOf } from './staff-ticket.tsx';
import { oneLine } from './staff-tickets.tsx';

export interface PeopleOnPage {
  readonly text: string;
  /** The ticket that led here. */
  readonly ticket?: number;
  /** The address of that ticket was only typed. */
  readonly isOnlySaid?: boolean;
  /** All that was found; each in full where there are few. */
  readonly people: readonly PersonOnFile[];
  /** There may be more. */
  readonly isCut: boolean;
  readonly tickets: readonly Stored<Ticket>[];
  /** What waits for staff, where nobody was looked up. */
  readonly waiting?: readonly PersonOnFile[];
  readonly csrf: string;
  readonly nonce: string;
  readonly notice?: StaffNotice;
  /** What was typed beside a button that did nothing. */
  readonly reason?: string;
  readonly isLead: boolean;
}

export const longestReason = 300;

export function PeoplePage({ words, shown }: { readonly words: Words; readonly shown: PeopleOnPage }) {
  const { text, ticket, isOnlySaid, people, isCut, tickets, waiting, notice } = shown;
  const wasAsked = text !== '' || ticket !== undefined;
  return (
    <>
      <FindForm
        action="/staff/people"
        text={text}
        label={words.say('staff.people.search')}
        button={words.say('staff.people.find')}
      />
      <NoticeBar notice={notice} />
      {ticket !== undefined && (
        <p class="back">
          <a href={`/staff/tickets/${ticket}`}>
            <Icon name="back" />
            {words.say('staff.canned.back', { number: `#${ticket}` })}
          </a>
        </p>
      )}
      {isOnlySaid && (
        <div class="bar">
          <Icon name="note" />
          <p>
            <strong>{words.say('staff.people.onlySaid')}</strong> {words.say('staff.people.onlySaidText')}
          </p>
        </div>
      )}
      {wasAsked && people.length === 0 && (
        <div class="empty card">
          <p class="empty-fact">{words.say('staff.people.none')}</p>
          <p>{words.say('staff.people.noneText')}</p>
        </div>
      )}
      {!wasAsked && waiting && (
        <div data-part="waiting">
          <Waiting words={words} waiting={waiting} />
        </div>
      )}
      {people.map((person) => (
        <Person
          key={person.member.profile.id}
          words={words}
          person={person}
          shown={shown}
          isOpen={people.length <= 4}
        />
      ))}
      {isCut && <p>{words.say('staff.people.cut')}</p>}
      {tickets.length > 0 && (
        <section class="card part">
          <h2>{words.say('staff.people.tickets')}</h2>
          <ul class="others">
            {tickets.map(({ value }) => (
              <li key={value.number}>
                <a href={`/staff/tickets/${value.number}`}>{shownNumber(value)}</a> <bdi>{oneLine(value.question)}</bdi>
                , {words.say(`staff.stateLower.${value.state}`)}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** Everything that somebody has asked for and that a person has to decide. */
function Waiting({ words, waiting }: { readonly words: Words; readonly waiting: readonly PersonOnFile[] }) {
  if (waiting.length === 0) {
    return (
      <div class="empty card">
        <p class="empty-fact">{words.say('staff.people.nothingWaits')}</p>
        <p>{words.say('staff.people.lookUp')}</p>
      </div>
    );
  }
  return (
    <section class="card part">
      <h2>{words.say('staff.people.waiting')}</h2>
      <ul class="others">
        {waiting.map(({ member, move, address }) =>
          [move && ('staff.people.wantsMove' as const), address && ('staff.people.wantsAddress' as const)].map(
            (wants) =>
              wants && (
                <li key={member.profile.id + wants}>
                  <a href={`/staff/people?q=${encodeURIComponent(member.profile.id)}`}>
                    <bdi>{member.profile.value.name}</bdi>
                  </a>
                  , <bdi>{member.organisation.value.name}</bdi>: {words.say(wants)}
                </li>
              ),
          ),
        )}
      </ul>
    </section>
  );
}

interface OfPerson {
  readonly words: Words;
  readonly person: PersonOnFile;
  readonly shown: PeopleOnPage;
}

function Person({ words, person, shown, isOpen }: OfPerson & { readonly isOpen: boolean }) {
  const { member, access, linked, invitations, mails, move, address } = person;
  const { id, value } = member.profile;
  const { name: company, portal, plan } = member.organisation.value;
  return (
    <details class="card person-card" open={isOpen}>
      <summary>
        <span class="person user" aria-hidden="true">
          {initialsOf(value.name)}
        </span>
        <span class="person-name">
          <strong>
            <bdi>{value.name}</bdi>
          </strong>
          <span>
            <bdi>{company}</bdi> - {portal}
          </span>
        </span>
        {!access.given && <span class="pill urgent">{words.say('staff.people.noAccess')}</span>}
        <span class={linked ? 'pill resolved' : 'pill'}>
          {words.say(linked ? 'staff.people.linked' : 'staff.people.notLinked')}
        </span>
        <Icon name="down" />
      </summary>
      <div class="person-parts">
        <dl class="pairs">
          <Pair name={words.say('staff.address')}>
            <AddressText address={value.email} />
          </Pair>
          <Pair name={words.say('staff.people.role')}>{words.say(`staff.people.role.${value.role}` as WordKey)}</Pair>
          <Pair name={words.say('staff.people.plan')}>
            {words.say(`staff.people.plan.${plan}` as WordKey)}
            {access.given
              ? access.planUntil && words.say('staff.people.until', { day: words.day(new Date(access.planUntil)) })
              : words.say(`staff.people.${access.reason}`, { day: words.day(new Date(access.since)) })}
          </Pair>
          <Pair name={words.say('staff.people.account')}>
            {linked ? (
              <>
                <bdi dir="ltr">{linked.account}</bdi>,{' '}
                {words.say('staff.people.since', { day: words.day(new Date(linked.since)) })}
              </>
            ) : (
              words.say('staff.people.noAccount')
            )}
          </Pair>
          <Pair name={words.say('staff.people.id')}>
            <code class="id">{id}</code>
          </Pair>
        </dl>
        {move && (
          <Decide words={words} shown={shown} id={id} kind="move" request={move.request}>
            <Joined
              look="pair"
              first={[`${company} - ${portal}`, value.name]}
              second={[
                words.say('staff.people.otherAccount'),
                words.say('staff.people.asked', { day: words.day(new Date(move.requestedAt)) }),
              ]}
            />
          </Decide>
        )}
        {address && (
          <Decide words={words} shown={shown} id={id} kind="address" request={address.request}>
            <Joined
              look="pair"
              first={[`${company} - ${portal}`, value.email]}
              second={[words.say('staff.people.newAddress'), newAddressOf(address)]}
            />
          </Decide>
        )}
        <h2>{words.say('staff.people.invitations')}</h2>
        {invitations.length === 0 ? (
          <p>{words.say('staff.people.noInvitations')}</p>
        ) : (
          <ul class="others">
            {invitations.map((one) => (
              <li key={one.id}>
                <span class={one.state === 'valid' ? 'pill open' : 'pill'}>
                  {words.say(`staff.people.invitation.${one.state}`)}
                </span>{' '}
                {words.say('staff.people.issued', { purpose: one.purpose })} <Clock at={one.issuedAt} words={words} />
              </li>
            ))}
          </ul>
        )}
        <h2>{words.say('staff.people.mails')}</h2>
        {mails.length === 0 ? (
          <p>{words.say('staff.people.noMails')}</p>
        ) : (
          <ul class="others">
            {mails.map((mail) => (
              <li key={mail.at + mail.template}>
                <span class={`pill ${mail.state === 'sent' ? 'resolved' : mail.state === 'failed' ? 'urgent' : ''}`}>
                  {words.say(`staff.people.mail.${mail.state}`)}
                </span>{' '}
                {words.say(`staff.people.template.${mail.template}` as WordKey)}{' '}
                <Clock at={mail.doneAt ?? mail.at} words={words} />
                {mail.answer && (
                  <span class={mail.state === 'sent' ? 'answer-of-server good' : 'answer-of-server'}>
                    <bdi>{mail.answer}</bdi>
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
        <h2>{words.say('staff.people.do')}</h2>
        <form method="post" action={`/staff/people/${encodeURIComponent(id)}/resend`} class="act">
          <Common shown={shown} id={id} words={words} />
          <div class="buttons">
            <button type="submit" class="button">
              {words.say('staff.people.resend')}
            </button>
            {invitations.some(({ state }) => state === 'valid') && (
              <button type="submit" class="button danger" formAction={`/staff/people/${encodeURIComponent(id)}/revoke`}>
                {words.say('staff.people.revoke')}
              </button>
            )}
            {linked && (
              <button type="submit" class="button danger" formAction={`/staff/people/${encodeURIComponent(id)}/end`}>
                {words.say('staff.people.end')}
              </button>
            )}
          </div>
        </form>
        {shown.isLead && (
          <p>
            <a href={`/staff/audit?profile=${encodeURIComponent(id)}`}>{words.say('staff.people.trail')}</a>
          </p>
        )}
      </div>
    </details>
  );
}

function newAddressOf(address: object): string {
  return (address as { newEmail?: string }).newEmail ?? '';
}

/** The reason, which every button needs, and what the form needs to be ours. */
function Common({
  shown: { csrf, nonce, reason = '' },
  id,
  words,
}: {
  readonly shown: PeopleOnPage;
  readonly id: string;
  readonly words: Words;
}) {
  return (
    <>
      <CsrfField token={csrf} />
      <input type="hidden" name="nonce" value={nonce} />
      <label>
        {words.say('staff.people.reason')}
        <input
          class="field"
          name="reason"
          value={reason}
          required
          maxLength={longestReason}
          aria-describedby={`_why-${id}`}
        />
      </label>
      <p class="hint" id={`_why-${id}`}>
        {words.say('staff.people.reasonHint')}
      </p>
    </>
  );
}

interface DecideContent {
  readonly words: Words;
  readonly shown: PeopleOnPage;
  readonly id: string;
  readonly kind: 'move' | 'address';
  readonly request: string;
  readonly children: unknown;
}

function Decide({ words, shown, id, kind, request, children }: DecideContent) {
  const address = `/staff/people/${encodeURIComponent(id)}`;
  return (
    <section class="card part decide">
      <h2>{words.say(kind === 'move' ? 'staff.people.wantsMove' : 'staff.people.wantsAddress')}</h2>
      {children as string}
      <form method="post" action={`${address}/approve`} class="act">
        <input type="hidden" name="kind" value={kind} />
        <input type="hidden" name="request" value={request} />
        <Common shown={shown} id={`${id}-${kind}`} words={words} />
        <div class="buttons">
          <button type="submit" class="button primary">
            {words.say('staff.people.approve')}
          </button>
          <button type="submit" class="button" formAction={`${address}/refuse`}>
            {words.say('staff.people.refuse')}
          </button>
        </div>
      </form>
    </section>
  );
}

function Pair({ name, children }: { readonly name: string; readonly children: unknown }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children as string}</dd>
    </div>
  );
}
