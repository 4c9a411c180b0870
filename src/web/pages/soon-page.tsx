/** Stands at the address of a page that answers already name, and says honestly that it is not there yet. */
import type { WordKey, Words } from '../../words/words.ts';
import { WaysOn } from './entry-list.tsx';
import { BackLink } from './page.tsx';

export interface SoonPageContent {
  readonly page: Extract<WordKey, `soon.${string}`>;
  readonly supportEmail: string;
  readonly words: Words;
}

export function SoonPage({ page, supportEmail, words }: SoonPageContent) {
  return (
    <div class="column">
      <BackLink words={words} />
      <h1>{words.say('soon.title')}</h1>
      <p class="lead">{words.say('soon.text', { page: words.say(page), email: supportEmail })}</p>
      <WaysOn words={words} supportEmail={supportEmail} />
    </div>
  );
}
