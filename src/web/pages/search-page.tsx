/** What a search found: the questions by order, the first one open; or where to turn when there is none. */

import type { Entry } from '../../faq/entry.ts';
import type { Range } from '../../faq/highlight.ts';
import type { Words } from '../../words/words.ts';
import { EntryRow, NotHere } from './entry-list.tsx';
import { ChatButton } from './page.tsx';
import { SearchForm } from './search-form.tsx';

export interface Hit {
  readonly id: string;
  readonly question: string;
  /** Words of the question that the search touched. */
  readonly marks: readonly Range[];
  /** Sanitised HTML with marks. */
  readonly html: string;
  readonly next: readonly Entry[];
  /** Something the chat does rather than explains. */
  readonly isAction: boolean;
}

export interface SearchPageContent {
  readonly text: string;
  readonly hits: readonly Hit[];
  readonly words: Words;
  readonly supportEmail: string;
}

export function SearchPage({ text, hits, words, supportEmail }: SearchPageContent) {
  const chat = <ChatButton words={words} class="button primary" label={words.say('page.askInChat')} />;
  if (hits.length === 0) {
    return (
      <div class="wide results">
        <SearchForm words={words} text={text} />
        <h1 class="small">{words.say('search.nothing', { text })}</h1>
        <p class="lead">{words.say('search.nothingText')}</p>
        <p class="buttons">
          {chat}
          <a class="button" href="/">
            {words.say('search.showAll')}
          </a>
          <a class="button" href={`mailto:${supportEmail}`}>
            {words.say('page.writeTo', { email: supportEmail })}
          </a>
        </p>
      </div>
    );
  }
  return (
    <div class="wide results">
      <SearchForm words={words} text={text} />
      <h1 class="small">{words.say('search.found', { count: hits.length, text })}</h1>
      <div class="card rows">
        {hits.map(({ id, question, marks, html, next, isAction }, rank) => (
          <EntryRow
            key={id}
            id={id}
            title={<Marked text={question} marks={marks} />}
            html={html}
            next={next}
            isOpen={rank === 0}
          >
            {isAction && (
              <p class="buttons">
                <ChatButton words={words} class="button" label={words.say('page.askInChat')} />
              </p>
            )}
          </EntryRow>
        ))}
      </div>
      <p class="all">
        <a href="/">{words.say('search.showAll')}</a>
      </p>
      <NotHere words={words} supportEmail={supportEmail} chat={chat} />
    </div>
  );
}

function Marked({ text, marks }: { readonly text: string; readonly marks: readonly Range[] }) {
  let end = 0;
  const parts = marks.flatMap(([from, to]) => {
    const before = text.slice(end, from);
    end = to;
    return [before, <mark key={from}>{text.slice(from, to)}</mark>];
  });
  return (
    <>
      {parts}
      {text.slice(end)}
    </>
  );
}
