/** Says why a sign-in came to nothing, that nothing was changed, and how to go on. */
import type { Words } from '../../words/words.ts';
import { BackLink, WriteButton } from './page.tsx';

export interface SignInTroublePageContent {
  readonly words: Words;
  readonly title: string;
  readonly text: string;
  /** An id to pass on. */
  readonly id?: string;
  readonly returnTo: string;
  readonly supportEmail: string;
}

export function SignInTroublePage({ words, title, text, id, returnTo, supportEmail }: SignInTroublePageContent) {
  const back = returnTo === '/' ? '' : `?return=${encodeURIComponent(returnTo)}`;
  return (
    <div class="column account-page">
      <BackLink words={words} />
      <h1>{title}</h1>
      <p class="lead">{text}</p>
      {id && (
        <p>
          <code class="id">{id}</code>
        </p>
      )}
      <p class="buttons">
        <a class="button primary" href={`/sign-in${back}`}>
          {words.say('signIn.tryAgain')}
        </a>
        <WriteButton words={words} email={supportEmail} />
      </p>
    </div>
  );
}
