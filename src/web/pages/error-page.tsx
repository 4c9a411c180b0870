/** A page for what went wrong or is not there: what happened, and the ways on. */
import type { Words } from '../../words/words.ts';
import { BackLink } from './page.tsx';
import { SearchForm } from './search-form.tsx';

export function ErrorPage({
  title,
  text,
  words,
}: {
  readonly title: string;
  readonly text: string;
  readonly words: Words;
}) {
  return (
    <div class="column">
      <BackLink words={words} />
      <h1>{title}</h1>
      <p class="lead">{text}</p>
      <SearchForm words={words} />
    </div>
  );
}
