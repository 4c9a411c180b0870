/** A page for what went wrong: what happened, and the way back. */
import type { Words } from '../../words/words.ts';

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
    <>
      <h1>{title}</h1>
      <p>{text}</p>
      <p>
        <a href="/">{words.say('page.back')}</a>
      </p>
    </>
  );
}
