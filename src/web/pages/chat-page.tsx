/** The page inside the chat's frame: a first view at once, Web Chat when it has loaded. */
import { renderToString } from 'preact-render-to-string';
import type { Words } from '../../words/words.ts';

export interface ChatPageContent {
  readonly styleAddress: string;
  readonly webChatAddress: string;
  readonly scriptAddress: string;
  readonly supportEmail: string;
  readonly words: Words;
}

export function renderChatPage({
  styleAddress,
  webChatAddress,
  scriptAddress,
  supportEmail,
  words,
}: ChatPageContent): string {
  return `<!doctype html>${renderToString(
    <html lang={words.locale} dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{words.say('chat.title')}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={styleAddress} />
        <script src={webChatAddress} defer />
        <script src={scriptAddress} defer />
      </head>
      <body class="chat">
        <h1 class="hidden">{words.say('chat.title')}</h1>
        <main
          id="chat"
          data-locale={words.locale}
          data-placeholder={words.say('chat.placeholder')}
          data-failed={words.say('chat.failed', { email: supportEmail })}
        >
          <p class="first-view" role="status">
            {words.say('chat.loading')}
          </p>
          <noscript>
            <p class="first-view">
              {words.say('chat.noScript')} <a href="/">{words.say('chat.toHelp')}</a>
            </p>
          </noscript>
        </main>
      </body>
    </html>,
  )}`;
}
