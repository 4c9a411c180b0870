/** The page inside the chat's frame: a first view that helps at once, Web Chat when it has loaded. */
import { renderToString } from 'preact-render-to-string';
import type { Words } from '../../words/words.ts';
import type { ChatOptions } from '../chat-options.ts';
import { textOn } from '../colour.ts';
import { Icon, Mark, markAddress } from './icons.tsx';

export interface ChatPageContent {
  readonly styleAddresses: readonly string[];
  readonly webChatAddress: string;
  readonly scriptAddress: string;
  readonly supportEmail: string;
  /** Questions that many ask; at most three. */
  readonly oftenAsked: readonly { readonly id: string; readonly question: string }[];
  readonly options: ChatOptions;
  readonly words: Words;
}

export function renderChatPage(content: ChatPageContent): string {
  const { styleAddresses, webChatAddress, scriptAddress, options, words } = content;
  const { colour, direction, theme } = options;
  return `<!doctype html>${renderToString(
    <html
      lang={words.locale}
      dir={direction}
      data-theme={theme}
      style={colour && `--brand:${colour};--on-brand:${textOn(colour)}`}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="robots" content="noindex" />
        <title>{words.say('chat.title')}</title>
        <link rel="icon" href={markAddress} />
        {styleAddresses.map((address) => (
          <link key={address} rel="stylesheet" href={address} />
        ))}
        <link rel="preload" as="script" href={webChatAddress} />
        <script src={scriptAddress} defer />
      </head>
      <body class="chat">
        <Header words={words} />
        <main
          id="chat"
          tabIndex={-1}
          data-web-chat={webChatAddress}
          data-locale={options.language ?? words.locale}
          data-placeholder={words.say('chat.placeholder')}
          data-failed={words.say('chat.failed')}
          data-offline={words.say('chat.offline')}
          data-back={words.say('chat.back')}
        >
          <FirstView {...content} />
          <p id="status" role="status" dir="auto" />
        </main>
      </body>
    </html>,
  )}`;
}

function Header({ words }: { readonly words: Words }) {
  return (
    <header class="chat-header">
      <Mark />
      <div class="who">
        <h1>{words.say('name')}</h1>
        <p id="who" dir="auto" data-bot={words.say('chat.who')} data-person={words.say('chat.person')}>
          {words.say('chat.who')}
        </p>
      </div>
      <details id="more">
        <summary aria-label={words.say('chat.more')} title={words.say('chat.more')}>
          <Icon name="more" />
        </summary>
        <div class="menu">
          <button id="new" type="button">
            {words.say('chat.new')}
          </button>
          <button id="requests" type="button" data-say={words.say('chat.requestsSaid')}>
            {words.say('chat.requests')}
          </button>
          <a href="/" target="_blank" rel="noopener">
            {words.say('chat.toHelp')}
          </a>
        </div>
      </details>
      <button
        id="close"
        type="button"
        hidden
        aria-label={words.say('page.closeChat')}
        title={words.say('page.closeChat')}
      >
        <Icon name="close" />
      </button>
    </header>
  );
}

function FirstView({ oftenAsked, supportEmail, words }: ChatPageContent) {
  return (
    <div id="first-view">
      <p class="bubble">{words.say('welcome')}</p>
      {oftenAsked.length > 0 && (
        <nav aria-labelledby="often">
          <h2 id="often">{words.say('chat.often')}</h2>
          <ul>
            {oftenAsked.map(({ id, question }) => (
              <li key={id}>
                <a href={`/entries/${encodeURIComponent(id)}`} target="_blank" rel="noopener">
                  {question}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <p id="opening" role="status" hidden>
        {words.say('chat.loading')}
      </p>
      <div id="failure" role="alert" hidden>
        <p id="failure-text" />
        <button id="again" type="button">
          {words.say('chat.again')}
        </button>
        <a href={`mailto:${supportEmail}`}>{supportEmail}</a>
      </div>
      <noscript>
        <p>
          {words.say('chat.noScript')}{' '}
          <a href="/" target="_blank" rel="noopener">
            {words.say('chat.toHelp')}
          </a>
        </p>
      </noscript>
    </div>
  );
}
