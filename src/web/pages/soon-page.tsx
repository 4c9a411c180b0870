/** Stands at the address of a page that answers already name, and says honestly that it is not there yet. */
import type { WordKey, Words } from '../../words/words.ts';
import { BackLink, ChatButton } from './page.tsx';

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
      <p class="buttons">
        <ChatButton words={words} class="button primary" label={words.say('page.askInChat')} />
        <a class="button" href={`mailto:${supportEmail}`}>
          {words.say('page.writeTo', { email: supportEmail })}
        </a>
      </p>
    </div>
  );
}
