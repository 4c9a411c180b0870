/** A time on a page: in UTC and marked as such as it is sent, in the reader's own zone once the page's script has run. */
import type { ComponentChildren } from 'preact';
import type { WordKey, Words } from '../../words/words.ts';

/** @param at ISO 8601, UTC */
export function Moment({ at, words }: { readonly at: string; readonly words: Words }) {
  return (
    <time class="moment" dateTime={at}>
      {words.moment(new Date(at))}
    </time>
  );
}

/** Stands where the moment comes; no text that anybody writes has it. */
const mark = '\u0001';

/**
 * A sentence with a moment in it.
 * @param name of the moment among the sentence's values
 */
export function sentenceWithMoment(
  words: Words,
  key: WordKey,
  [name, at]: readonly [name: string, at: string],
  values: Readonly<Record<string, string>> = {},
): ComponentChildren {
  const [before, after] = words.say(key, { ...values, [name]: mark }).split(mark);
  return (
    <>
      {before}
      <Moment at={at} words={words} />
      {after}
    </>
  );
}
