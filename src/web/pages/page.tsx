/** The frame of every page: head, header, main. Pages are functions from values to markup, escaped by preact. */
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Words } from '../../words/words.ts';

/** What every page links to. */
export interface PageFrame {
  readonly styleAddress: string;
  readonly scriptAddress: string;
}

export interface PageHead {
  readonly frame: PageFrame;
  readonly words: Words;
  readonly title: string;
}

export function renderPage({ frame, words, title }: PageHead, content: VNode): string {
  const name = words.say('name');
  return `<!doctype html>${renderToString(
    <html lang={words.locale} dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title === name ? name : `${title} - ${name}`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={frame.styleAddress} />
        <script src={frame.scriptAddress} defer />
      </head>
      <body>
        <a class="skip" href="#content">
          {words.say('page.skip')}
        </a>
        <header class="top">
          <a class="name" href="/">
            <Mark />
            {name}
          </a>
        </header>
        <main id="content">{content}</main>
      </body>
    </html>,
  )}`;
}

/** Markup that the knowledge base's loader has sanitised. */
export function Sanitised({ html }: { readonly html: string }) {
  return <div class="text" dangerouslySetInnerHTML={{ __html: html }} />;
}

export function Section({
  title,
  id,
  children,
}: {
  readonly title: string;
  readonly id: string;
  readonly children: ComponentChildren;
}) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

/** The door. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 28 28" width="28" height="28" aria-hidden="true">
      <rect width="28" height="28" rx="6" fill="var(--brand, var(--accent))" />
      <path d="M8 23v-9a6 6 0 0 1 12 0v9z" fill="var(--surface)" />
      <circle cx="16.5" cy="16" r="1.5" fill="var(--lamp)" />
    </svg>
  );
}
