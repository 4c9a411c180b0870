/** Questions as rows of one card: each opens to its answer and to what may be asked next. */
import type { ComponentChildren } from 'preact';
import type { Entry } from '../../faq/entry.ts';
import type { Words } from '../../words/words.ts';
import { Icon } from './icons.tsx';
import { ChatButton, Sanitised, WriteButton } from './page.tsx';

export interface EntryRowContent {
  readonly id: string;
  /** The question, perhaps with marks. */
  readonly title: ComponentChildren;
  /** Sanitised HTML. */
  readonly html: string;
  readonly next: readonly Entry[];
  readonly isOpen?: boolean;
  /** Where the chat has to do it. */
  readonly children?: ComponentChildren;
}

export function EntryRow({ id, title, html, next, isOpen, children }: EntryRowContent) {
  return (
    <details id={id} open={isOpen}>
      <summary>
        <span>{title}</span>
        <Icon name="down" />
      </summary>
      <div class="answer">
        <Sanitised html={html} />
        {children}
        <FollowUps entries={next} />
      </div>
    </details>
  );
}

/** A row that leads to the entry's own page. */
export function EntryLink({ id, title }: Pick<EntryRowContent, 'id' | 'title'>) {
  return (
    <a class="row" id={id} href={`/entries/${encodeURIComponent(id)}`}>
      <span>{title}</span>
      <Icon name="forward" />
    </a>
  );
}

function FollowUps({ entries }: { readonly entries: readonly Entry[] }) {
  if (entries.length === 0) return null;
  return (
    <p class="next">
      {entries.map(({ id, question }) => (
        <a key={id} href={`/entries/${encodeURIComponent(id)}`}>
          {question}
        </a>
      ))}
    </p>
  );
}

/** Below the last row: the ways on when no row has it. */
export function NotHere(content: WaysOnContent) {
  const { words } = content;
  return (
    <section class="not-here" aria-labelledby="_not-here">
      <h2 id="_not-here">{words.say('page.notHere')}</h2>
      <p>{words.say('page.notHereText')}</p>
      <WaysOn {...content} />
    </section>
  );
}

/** To the chat and to a person, with what else there is between them. */
export function WaysOn({ words, supportEmail, children }: WaysOnContent) {
  return (
    <p class="buttons">
      <ChatButton words={words} class="button primary" label={words.say('page.askInChat')} />
      {children}
      <WriteButton words={words} email={supportEmail} />
    </p>
  );
}

interface WaysOnContent {
  readonly words: Words;
  readonly supportEmail: string;
  readonly children?: ComponentChildren;
}
