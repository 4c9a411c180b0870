/** What a search found: the questions by order, the one that answers open; or where to turn when there is none. */

import type { Entry } from '../../faq/entry.ts';
import type { Range } from '../../faq/highlight.ts';
import type { WordKey, Words } from '../../words/words.ts';
import { EntryLink, EntryRow, NotHere, WaysOn } from './entry-list.tsx';
import { ChatButton, WriteButton } from './page.tsx';
import { SearchForm } from './search-form.tsx';

export interface Hit {
  readonly id: string;
  readonly question: string;
  /** Words of the question that the search touched. */
  readonly marks: readonly Range[];
  /** Sanitised HTML with marks; undefined where the answer is left to its own page. */
  readonly html: string | undefined;
  readonly next: readonly Entry[];
  /** Something the chat does rather than explains. */
  readonly isAction: boolean;
  /** What the chat would answer with. Where it would ask back, it is none of them. */
  readonly isAnswer: boolean;
}

export interface SearchPageContent {
  readonly text: string;
  readonly hits: readonly Hit[];
  readonly words: Words;
  readonly supportEmail: string;
}

/** The pages where the same can be done without a chat, by the ids of actions; for any other a person is written to. */
const pages = new Map<string, readonly [address: string, name: WordKey]>([
  ['do:resend-invite', ['/associate', 'associate.title']],
  ['do:reassociate', ['/profile', 'nav.profile']],
  ['do:list-profiles', ['/profile', 'nav.profile']],
  ['do:invite-colleague', ['/colleagues', 'account.colleagues']],
]);

export function SearchPage({ text, hits, words, supportEmail }: SearchPageContent) {
  const shown = isolated(text);
  if (hits.length === 0) {
    return (
      <div class="wide results">
        <SearchForm words={words} text={text} />
        <h1 class="small">{words.say('search.nothing', { text: shown })}</h1>
        <p class="lead">{words.say('search.nothingText')}</p>
        <WaysOn words={words} supportEmail={supportEmail}>
          <a class="button" href="/">
            {words.say('search.showAll')}
          </a>
        </WaysOn>
      </div>
    );
  }
  return (
    <div class="wide results">
      <SearchForm words={words} text={text} />
      <h1 class="small">{words.say('search.found', { count: hits.length, text: shown })}</h1>
      <div class="card rows">
        {hits.map((hit) => (
          <HitRow key={hit.id} hit={hit} words={words} supportEmail={supportEmail} />
        ))}
      </div>
      <p class="all">
        <a href="/">{words.say('search.showAll')}</a>
      </p>
      <NotHere words={words} supportEmail={supportEmail} />
    </div>
  );
}

/** A text in whichever direction inside a sentence of ours, which it cannot turn round (Unicode UAX 9: FSI and PDI). */
function isolated(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : `\u2068${text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')}\u2069`;
}

type HitRowContent = Pick<SearchPageContent, 'words' | 'supportEmail'> & { readonly hit: Hit };

function HitRow({ hit, words, supportEmail }: HitRowContent) {
  const { id, question, marks, html, next, isAction, isAnswer } = hit;
  const title = <Marked text={question} marks={marks} />;
  if (html === undefined) return <EntryLink id={id} title={title} />;
  return (
    <EntryRow id={id} title={title} html={html} next={next} isOpen={isAnswer}>
      {isAction && (
        <p class="buttons">
          <ChatButton words={words} class="button" label={words.say('page.askInChat')} />
          <ElsewhereButton action={id} words={words} supportEmail={supportEmail} />
        </p>
      )}
    </EntryRow>
  );
}

interface ElsewhereContent {
  readonly action: string;
  readonly words: Words;
  readonly supportEmail: string;
}

function ElsewhereButton({ action, words, supportEmail }: ElsewhereContent) {
  const page = pages.get(action);
  if (!page) return <WriteButton words={words} email={supportEmail} />;
  const [address, name] = page;
  return (
    <a class="button" href={address}>
      {words.say(name)}
    </a>
  );
}

function Marked({ text, marks }: { readonly text: string; readonly marks: readonly Range[] }) {
  let done = 0;
  const parts = marks.flatMap(({ start, end }) => {
    const before = text.slice(done, start);
    done = end;
    return [before, <mark key={start}>{text.slice(start, end)}</mark>];
  });
  return (
    <>
      {parts}
      {text.slice(done)}
    </>
  );
}
