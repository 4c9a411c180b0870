/** The help page: notices in force, search, every entry by topic, the way to the chat and to a person. */
import type { Entry, Notice, Topic } from '../../faq/entry.ts';
import type { Knowledge } from '../../faq/knowledge.ts';
import type { Words } from '../../words/words.ts';
import type { AccountOnPage } from './account-menu.tsx';
import { EntryLink, EntryRow, NotHere } from './entry-list.tsx';
import { Doors, Icon } from './icons.tsx';
import { sentenceWithMoment } from './moment.tsx';
import { Bar, Sanitised } from './page.tsx';
import { SearchForm } from './search-form.tsx';

export interface HelpPageContent {
  readonly knowledge: Knowledge;
  readonly notices: readonly Notice[];
  readonly words: Words;
  readonly supportEmail: string;
  /** Who is greeted. */
  readonly account?: AccountOnPage;
}

/** Answers stand in the page up to this many characters of HTML; beyond it they would make it slow for everybody. */
const mostInPlace = 100_000;

export function HelpPage({ knowledge, notices, words, supportEmail, account }: HelpPageContent) {
  const { base } = knowledge;
  const inPlace = hasAnswersInPlace(base.entries);
  return (
    <>
      {notices.length > 0 && <Notices notices={notices} words={words} />}
      <div class="band">
        <div class="wide">
          <div>
            {account && (
              <p class="greeting">
                <bdi>{words.say('page.hello', { name: account.name })}</bdi>{' '}
                {account.profile && <bdi>{words.say('page.using', account.profile)}</bdi>}
              </p>
            )}
            <h1>{words.say('page.heading')}</h1>
            <p class="lead">{words.say('page.lead')}</p>
            <SearchForm words={words} />
            <p class="often">
              <span>{words.say('page.often')}</span>
              {knowledge.oftenAsked.map(({ entry, label }) => (
                <a key={entry.id} href={`/entries/${encodeURIComponent(entry.id)}`}>
                  {label}
                </a>
              ))}
            </p>
          </div>
          <Doors />
        </div>
      </div>
      <div class="wide topics">
        {base.topics.map((topic) => (
          <section key={topic.id} class="topic" aria-labelledby={`_topic-${topic.id}`}>
            <TopicHead topic={topic} />
            <div class="card rows">
              {base.entries
                .filter((entry) => entry.topic === topic.id)
                .map((entry) =>
                  inPlace ? row(entry, knowledge) : <EntryLink key={entry.id} id={entry.id} title={entry.question} />,
                )}
            </div>
          </section>
        ))}
        <NotHere words={words} supportEmail={supportEmail} />
      </div>
    </>
  );
}

export function hasAnswersInPlace(entries: readonly Entry[]): boolean {
  return entries.reduce((sum, { html }) => sum + html.length, 0) <= mostInPlace;
}

function row({ id, question, html, next }: Entry, knowledge: Knowledge) {
  const follow = next.flatMap((other) => knowledge.entry(other) ?? []);
  return <EntryRow key={id} id={id} title={question} html={html} next={follow} />;
}

function TopicHead({ topic }: { readonly topic: Topic }) {
  return (
    <div class="topic-head">
      <span class="tile">
        <Icon name={topic.icon} />
      </span>
      <div>
        <h2 id={`_topic-${topic.id}`}>{topic.title}</h2>
        <Sanitised html={topic.html} />
      </div>
    </div>
  );
}

function Notices({ notices, words }: { readonly notices: readonly Notice[]; readonly words: Words }) {
  return (
    <section class="wide notices" aria-label={words.say('page.notices')}>
      {notices.map((notice) => (
        <Bar key={notice.id}>
          <strong>{notice.title}</strong>{' '}
          <span class="scope">
            ({[...notice.portals, ...notice.locations].map((scope) => `${scope}, `)}
            {notice.until
              ? sentenceWithMoment(words, 'notice.until', ['until', notice.until.toISOString()])
              : words.until(undefined)}
            )
          </span>
          <Sanitised html={notice.html} />
        </Bar>
      ))}
    </section>
  );
}
