/** What happened to a profile, in words: what, when, and who did it as far as the reader may know. */
import { type HistoryEntry, historyActions } from '../../changes/profile-history.ts';
import type { WordKey, Words } from '../../words/words.ts';
import { StatePage } from './access-pages.tsx';
import { Moment } from './moment.tsx';

export function HistoryList({ words, entries }: { readonly words: Words; readonly entries: readonly HistoryEntry[] }) {
  if (entries.length === 0) return <p>{words.say('history.none')}</p>;
  return (
    <ol class="plain history">
      {entries.map(({ id, at, action, actor, proof }) => (
        <li key={id}>
          {words.say(wordFor(action))}
          <span class="second">
            <Moment at={at} words={words} />, {words.say(`history.by.${actor}`, { proof })}
          </span>
        </li>
      ))}
    </ol>
  );
}

export interface HistoryPageContent {
  readonly words: Words;
  readonly company: string;
  readonly entries: readonly HistoryEntry[];
  /** Address of the next page. */
  readonly next: string | undefined;
}

export function HistoryPage({ words, company, entries, next }: HistoryPageContent) {
  return (
    <StatePage title={words.say('history.title')} text={company} words={words} back={['/profile', 'nav.profile']}>
      <div class="card form">
        <HistoryList words={words} entries={entries} />
      </div>
      {next && (
        <p class="buttons">
          <a class="button" href={next}>
            {words.say('history.older')}
          </a>
        </p>
      )}
    </StatePage>
  );
}

function wordFor(action: HistoryEntry['action']): WordKey {
  const known: readonly string[] = historyActions;
  return known.includes(action) ? (`history.${action}` as WordKey) : 'history.other';
}
