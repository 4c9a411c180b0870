/** Inviting colleagues: one, or a pasted list; afterwards what became of each. */
import { type InvitedRow, mostInvited } from '../../colleagues/colleague.ts';
import type { Member } from '../../directory/directory.ts';
import type { WordKey, Words } from '../../words/words.ts';
import { StatePage } from './access-pages.tsx';
import { AddressText } from './address-text.tsx';
import { CsrfField } from './csrf-field.tsx';
import { Field, KeptBar } from './form-parts.tsx';
import { Icon } from './icons.tsx';

export interface InvitePageContent {
  readonly words: Words;
  readonly csrf: string;
  readonly as: Member;
  readonly typed: string;
  readonly problem: string | undefined;
  /** Whether `typed` was typed before the person signed in again. */
  readonly isKept: boolean;
  /** What became of the last list. */
  readonly rows: readonly InvitedRow[];
}

export function InvitePage({ words, csrf, as, typed, problem, rows, isKept }: InvitePageContent) {
  const { name: company, portal } = as.organisation.value;
  const back = [`/colleagues?as=${as.profile.id}`, 'colleagues.title'] as const;
  return (
    <StatePage
      title={words.say('invite.title')}
      text={words.say('invite.text', { company, portal })}
      words={words}
      back={back}
    >
      {rows.length > 0 && <Results words={words} rows={rows} />}
      {isKept && <KeptBar words={words} />}
      <form method="post" action="/colleagues/invite" class="card form" novalidate>
        <CsrfField token={csrf} />
        <input type="hidden" name="as" value={as.profile.id} />
        <Field
          id="_people"
          name="people"
          label={words.say('invite.people')}
          hint={words.say('invite.hint', { most: mostInvited })}
          error={problem}
          value={typed}
          rows={6}
        />
        <button type="submit" class="button primary">
          {words.say('invite.send')}
        </button>
      </form>
      <p class="after">{words.say('invite.after')}</p>
    </StatePage>
  );
}

function Results({ words, rows }: Pick<InvitePageContent, 'words' | 'rows'>) {
  const went = rows.filter(({ outcome }) => isSent(outcome)).length;
  return (
    <section aria-labelledby="_results">
      <div class={went === rows.length ? 'bar done' : 'bar'} role="status">
        <Icon name={went === rows.length ? 'done' : 'note'} />
        <h2 id="_results" class="plainly">
          {words.say('invite.result', { went })}
        </h2>
      </div>
      <ul class="card plain results-list">
        {rows.map((row, index) => (
          <li key={index} class="still">
            <bdi class="first">{row.name || row.email}</bdi>
            {row.name && (
              <span class="second">
                <AddressText address={row.email} />
              </span>
            )}
            <span
              class={row.outcome === 'already-there' ? 'second' : isSent(row.outcome) ? 'second good' : 'second bad'}
            >
              {resultOf(row, words)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function resultOf({ outcome, problem, email, name, retryAfter = 0 }: InvitedRow, words: Words): string {
  if (outcome === 'wrong-address')
    return words.say(`address.${problem ?? 'missing'}` as WordKey, { text: email.slice(0, 100) });
  if (outcome === 'wrong-name') return words.say(`invite.name.${problem ?? 'missing'}` as WordKey, { name });
  return words.say(`invite.${outcome}`, { hours: Math.max(1, Math.ceil(retryAfter / 3600)) });
}

export function isSent(outcome: InvitedRow['outcome']): boolean {
  return outcome === 'invited' || outcome === 'invited-again';
}
