/** Stands at the address of a page that answers already name, and says honestly that it is not there yet. */
import type { WordKey, Words } from '../../words/words.ts';
import { ChatLink } from './help-page.tsx';

export interface SoonPageContent {
  readonly page: Extract<WordKey, `soon.${string}`>;
  readonly supportEmail: string;
  readonly words: Words;
}

export function SoonPage({ page, supportEmail, words }: SoonPageContent) {
  return (
    <>
      <h1>{words.say('soon.title')}</h1>
      <p>{words.say('soon.text', { page: words.say(page), email: supportEmail })}</p>
      <ChatLink words={words} />
      <p>
        <a href="/">{words.say('page.back')}</a>
      </p>
    </>
  );
}
