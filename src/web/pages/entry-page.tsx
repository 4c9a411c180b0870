/** One entry on a page of its own, to link to. */
import type { Entry } from '../../faq/entry.ts';
import type { Words } from '../../words/words.ts';
import { EntryLink, NotHere } from './entry-list.tsx';
import { BackLink, Sanitised } from './page.tsx';

export interface EntryPageContent {
  readonly entry: Entry;
  /** What to read next. */
  readonly next: readonly Entry[];
  readonly words: Words;
  readonly supportEmail: string;
}

export function EntryPage({ entry, next, words, supportEmail }: EntryPageContent) {
  return (
    <div class="column">
      <BackLink words={words} />
      <article>
        <h1>{entry.question}</h1>
        <Sanitised html={entry.html} />
      </article>
      {next.length > 0 && (
        <section aria-labelledby="_also">
          <h2 id="_also">{words.say('page.also')}</h2>
          <div class="card rows">
            {next.map((other) => (
              <EntryLink key={other.id} id={other.id} title={other.question} />
            ))}
          </div>
        </section>
      )}
      <NotHere words={words} supportEmail={supportEmail} />
    </div>
  );
}
