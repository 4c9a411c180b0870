/**
 * The frame of every page: head, header, main, footer. Ids of the pages' own begin with _, which entries' ids cannot.
 * Pages are functions from values to markup, escaped by preact.
 */
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { WordKey, Words } from '../../words/words.ts';
import { chatWindowWords } from '../chat-window-words.ts';
import { AccountMenu, type AccountOnPage } from './account-menu.tsx';
import { Icon, Mark, markAddress } from './icons.tsx';

/** What every page links to. */
export interface PageFrame {
  readonly styleAddress: string;
  readonly scriptAddress: string;
  readonly publicUrl: string;
  readonly supportEmail: string;
}

export interface PageHead {
  readonly frame: PageFrame;
  readonly words: Words;
  readonly title: string;
  /** One sentence for search engines and previews. */
  readonly description?: string;
  /** The address this page is known by; undefined for what search engines should leave alone. */
  readonly path?: string;
  /** Address of the page of the header that this one belongs to, where that is not `path`. */
  readonly place?: string;
  /** schema.org, as JSON. */
  readonly structuredData?: object;
  /** Who is signed in; a page with it is for one person's eyes and must not be kept. */
  readonly account?: AccountOnPage;
}

/** The pages of the header, by address. */
const places = [
  ['/', 'nav.help'],
  ['/accounts', 'nav.accounts'],
  ['/profile', 'nav.profile'],
] as const;

export function renderPage(head: PageHead, content: VNode): string {
  const { frame, words, title, description, path, place = path, structuredData, account } = head;
  const name = words.say('name');
  return `<!doctype html>${renderToString(
    <html lang={words.locale} dir={words.direction}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title === name ? name : `${title} - ${name}`}</title>
        {description && <meta name="description" content={description} />}
        {path ? <link rel="canonical" href={frame.publicUrl + path} /> : <meta name="robots" content="noindex" />}
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href={markAddress} />
        <link rel="stylesheet" href={frame.styleAddress} />
        <script src={frame.scriptAddress} defer />
        {structuredData && (
          <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: inScript(structuredData) }} />
        )}
      </head>
      <body>
        <a class="skip" href="#_content">
          {words.say('page.skip')}
        </a>
        <Header words={words} path={place} account={account} />
        <main id="_content" tabIndex={-1}>
          {content}
        </main>
        <Footer words={words} supportEmail={frame.supportEmail} />
        <aside aria-label={words.say('page.chatFrame')}>
          <ChatButton words={words} class="chat-button" label={words.say('page.openChat')} />
        </aside>
      </body>
    </html>,
  )}`;
}

/** JSON that cannot end the element it stands in. */
function inScript(data: object): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}

function Header({ words, path, account }: Pick<PageHead, 'words' | 'path' | 'account'>) {
  const links = places.map(([address, word]) => (
    <a key={address} href={address} aria-current={address === path ? 'page' : undefined}>
      {words.say(word)}
    </a>
  ));
  return (
    <header class="top">
      <div class="wide">
        <a class="name" href="/">
          <Mark />
          {words.say('name')}
        </a>
        <nav aria-label={words.say('nav.name')}>{links}</nav>
        <details class="menu">
          <summary aria-label={words.say('nav.menu')}>
            <Icon name="menu" />
          </summary>
          <nav aria-label={words.say('nav.name')}>{links}</nav>
        </details>
        <AccountMenu words={words} path={path} account={account} />
      </div>
    </header>
  );
}

function Footer({ words, supportEmail }: { readonly words: Words; readonly supportEmail: string }) {
  return (
    <footer>
      <div class="wide">
        <a href="/privacy">{words.say('footer.privacy')}</a>
        <a href="/terms">{words.say('footer.terms')}</a>
        <a href={`mailto:${supportEmail}`}>{supportEmail}</a>
      </div>
    </footer>
  );
}

/** Opens the chat beside the page, or in a tab of its own. Hidden until page.ts runs: without JavaScript there is no chat. */
export function ChatButton({
  words,
  label,
  class: kind,
}: {
  readonly words: Words;
  readonly label: string;
  readonly class: string;
}) {
  return (
    <a class={kind} hidden href="/chat" data-chat={JSON.stringify(chatWindowWords(words))}>
      <Icon name="chat" />
      {label}
    </a>
  );
}

/** A line that must not be missed. */
export function Bar({ children }: { readonly children: ComponentChildren }) {
  return (
    <div class="bar">
      <Icon name="note" />
      <div>{children}</div>
    </div>
  );
}

/** To a person, by mail. */
export function WriteButton({ words, email }: { readonly words: Words; readonly email: string }) {
  return (
    <a class="button" href={`mailto:${email}`}>
      {words.say('page.writeTo', { email })}
    </a>
  );
}

/** The way back: to all questions, where it is not said. */
export function BackLink({ words, to = ['/', 'page.back'] }: BackLinkContent) {
  const [address, word] = to;
  return (
    <p class="back">
      <a href={address}>
        <Icon name="back" />
        {words.say(word)}
      </a>
    </p>
  );
}

interface BackLinkContent {
  readonly words: Words;
  readonly to?: readonly [address: string, word: WordKey];
}

/** Markup that the knowledge base's loader has sanitised. */
export function Sanitised({ html }: { readonly html: string }) {
  return <div class="text" dangerouslySetInnerHTML={{ __html: html }} />;
}
