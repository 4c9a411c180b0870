/** The search: a form that any browser can send; page.ts adds suggestions while typing. */
import type { Words } from '../../words/words.ts';
import { Icon } from './icons.tsx';

/** Longer texts are no search. */
export const longestSearch = 200;

export function SearchForm({ words, text = '' }: { readonly words: Words; readonly text?: string }) {
  return (
    <search>
      <form action="/" class="search" data-found={words.say('search.suggested')} data-none={words.say('search.none')}>
        <div class="search-field">
          <Icon name="search" />
          <input
            name="q"
            type="search"
            value={text}
            maxLength={longestSearch}
            placeholder={words.say('search.placeholder')}
            aria-label={words.say('search.label')}
            autocomplete="off"
            spellcheck={false}
            enterKeyHint="search"
          />
        </div>
        <button class="button primary" type="submit">
          {words.say('search.button')}
        </button>
      </form>
    </search>
  );
}
