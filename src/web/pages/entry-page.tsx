/** One entry on a page of its own, to link to. */
import type { Entry } from '../../faq/entry.ts';
import type { Words } from '../../words/words.ts';
import { Sanitised } from './page.tsx';

export interface EntryPageContent {
  readonly entry: Entry;
  /** What to read next. */
  readonly next: readonly Entry[];
  readonly words: Words;
}

export function EntryPage({ entry, next, words }: EntryPageContent) {
  return (
    <>
      <p>
        <a href="/">{words.say('page.back')}</a>
      </p>
      <h1>{entry.question}</h1>
      <Sanitised html={entry.html} />
      {next.length > 0 && (
        <>
          <h2>{words.say('page.also')}</h2>
          <ul>
            {next.map(({ id, question }) => (
              <li key={id}>
                <a href={`/entries/${id}`}>{question}</a>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
