/** A text from the knowledge base's `pages` folder: privacy, terms. */
import type { TextPage as Text } from '../../faq/entry.ts';
import type { Words } from '../../words/words.ts';
import { BackLink, Sanitised } from './page.tsx';

export function TextPage({ text, words }: { readonly text: Text; readonly words: Words }) {
  return (
    <div class="column">
      <BackLink words={words} />
      <article>
        <h1>{text.title}</h1>
        <Sanitised html={text.html} />
        {text.sections.map(({ title, html }) => (
          <section key={title}>
            <h2>{title}</h2>
            <Sanitised html={html} />
          </section>
        ))}
      </article>
    </div>
  );
}
