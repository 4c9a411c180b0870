/** Colleagues: the people of an organisation for its administrators, and what can be done about each. */
import type { Colleague, ColleaguePage } from '../../colleagues/colleague.ts';
import type { Member } from '../../directory/directory.ts';
import type { Words } from '../../words/words.ts';
import type { Telling } from '../told.ts';
import { ColleagueRow } from './colleague-row.tsx';
import { ToldBar } from './form-parts.tsx';
import { WriteButton } from './page.tsx';

export interface ColleaguesPageContent {
  readonly words: Words;
  readonly csrf: string;
  readonly told: Telling | undefined;
  /** The administrator's profile that the page is shown for. */
  readonly as: Member;
  /** Further organisations that the account administers. */
  readonly others: readonly Member[];
  readonly page: ColleaguePage;
  readonly search: string;
  readonly after: string;
  /** Only people whose invitation waits to be used. */
  readonly isPending: boolean;
}

export function ColleaguesPage(content: ColleaguesPageContent) {
  const { words, told, as, others, page, search, after, isPending } = content;
  const { name: company, portal } = as.organisation.value;
  const here = { as: as.profile.id, ...(search && { q: search }), ...(isPending && { pending: '1' }) };
  return (
    <div class="column account-page">
      <ToldBar told={told} />
      <h1>{words.say('colleagues.title')}</h1>
      <p class="lead">
        <bdi>{words.say('colleagues.text', { company, portal })}</bdi>
        {others.map(({ profile, organisation }) => (
          <span key={profile.id}>
            {' '}
            <a href={`/colleagues?as=${profile.id}`}>
              <bdi>
                {words.say('colleagues.other', {
                  company: organisation.value.name,
                  portal: organisation.value.portal,
                })}
              </bdi>
            </a>
          </span>
        ))}
      </p>
      <p class="buttons">
        <a class="button primary" href={`/colleagues/invite?as=${as.profile.id}`}>
          {words.say('colleagues.invite')}
        </a>
      </p>
      <form method="get" action="/colleagues" class="find">
        <input type="hidden" name="as" value={as.profile.id} />
        <label for="_q">{words.say('colleagues.search')}</label>
        <input class="field" id="_q" name="q" type="search" value={search} autocomplete="off" spellcheck={false} />
        <div class="check">
          <input type="checkbox" id="_pending" name="pending" value="1" checked={isPending} />
          <label for="_pending">{words.say('colleagues.pendingOnly')}</label>
        </div>
        <button type="submit" class="button">
          {words.say('colleagues.find')}
        </button>
      </form>
      <h2 id="_people" class="count">
        {words.say(search || isPending ? 'colleagues.found' : 'colleagues.count', { count: page.count })}
      </h2>
      {page.people.length === 0 ? (
        <Empty {...content} />
      ) : (
        <div class="card rows people">
          {page.people.map((one: Colleague) => (
            <ColleagueRow key={one.profile} one={one} back={{ ...here, ...(after && { after }) }} {...content} />
          ))}
        </div>
      )}
      <p class="buttons pages">
        {after && (
          <a class="button" href={`/colleagues?${new URLSearchParams(here)}`}>
            {words.say('colleagues.first')}
          </a>
        )}
        {page.next && (
          <a class="button" href={`/colleagues?${new URLSearchParams({ ...here, after: page.next })}`}>
            {words.say('colleagues.next')}
          </a>
        )}
      </p>
    </div>
  );
}

function Empty({ words, as }: ColleaguesPageContent) {
  return (
    <p>
      {words.say('colleagues.nobody')} <a href={`/colleagues?as=${as.profile.id}`}>{words.say('colleagues.all')}</a>
    </p>
  );
}

/** For somebody who administers nothing: who does is not told, whom to ask is. */
export function NoAdministratorPage({ words, told, supportEmail }: NoAdministratorContent) {
  return (
    <div class="column account-page">
      <ToldBar told={told} />
      <h1>{words.say('colleagues.none')}</h1>
      <p class="lead">{words.say('colleagues.noneText')}</p>
      <p class="buttons">
        <a class="button primary" href="/profile">
          {words.say('nav.profile')}
        </a>
        <WriteButton words={words} email={supportEmail} />
      </p>
    </div>
  );
}

interface NoAdministratorContent {
  readonly words: Words;
  readonly told: Telling | undefined;
  readonly supportEmail: string;
}
