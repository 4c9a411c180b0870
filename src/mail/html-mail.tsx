/**
 * A mail as HTML: one table, styles inline, since mail programs drop sheets; a dark scheme for those that read one. No
 * pictures, nothing fetched. Escaping is preact's.
 */
import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Words } from '../words/words.ts';
import type { MailContent } from './mail-content.ts';

const text = '"Segoe UI",Arial,sans-serif';
const mono = '"Cascadia Mono",Consolas,monospace';

/** The tokens of the look. Class names carry the dark ones; `!important` is what wins over inline styles. */
const dark = [
  ['page', 'background-color:#101716'],
  ['card', 'background-color:#192221;border-color:#30403d'],
  ['ink', 'color:#e9f0ee'],
  ['ink2', 'color:#b6c4c1'],
  ['accent', 'color:#5fc9bd'],
  ['fill', 'background-color:#5fc9bd'],
  ['onfill', 'color:#04211e'],
  ['rule', 'border-color:#30403d'],
];
const sheet = `:root{color-scheme:light dark;supported-color-schemes:light dark}@media (max-width:600px){.card{padding:20px!important}}@media (prefers-color-scheme:dark){${dark
  .map(([name, style]) => `.${name}{${style?.replaceAll(';', '!important;')}!important}`)
  .join('')}}`;

export function htmlMail(content: MailContent, words: Words): string {
  const { subject, preview, title, greeting, paragraphs, code, button, facts, closing } = content;
  return `<!doctype html>${renderToString(
    <html lang={words.locale} dir={words.direction}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        {/* Apple's programs make links of what looks like a number, a date or an address; this one word stops them. */}
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no" />
        <title>{subject}</title>
        <style dangerouslySetInnerHTML={{ __html: sheet }} />
      </head>
      <body class="page" style="margin:0;padding:0;background-color:#f5f7f6">
        <div style="display:none;max-height:0;overflow:hidden">{preview}</div>
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0">
          <tr>
            <td class="page" align="center" style="padding:24px 12px;background-color:#f5f7f6">
              <table role="presentation" width="560" cellpadding="0" cellspacing="0" style={wide}>
                <tr>
                  <td class="card" align={words.direction === 'rtl' ? 'right' : 'left'} style={card}>
                    <p class="accent" style={`margin:0 0 16px;font:600 14px/20px ${text};color:#0b6461`}>
                      {words.say('name')}
                    </p>
                    <h1 class="ink" style={`margin:0 0 8px;font:600 22px/30px ${text};color:#182524`}>
                      {title}
                    </h1>
                    {greeting && <Reading>{greeting}</Reading>}
                    {paragraphs.map((paragraph) => (
                      <Reading key={paragraph}>{paragraph}</Reading>
                    ))}
                    {code && (
                      <p
                        class="ink"
                        style={`margin:0 0 24px;font:600 32px/40px ${mono};letter-spacing:4px;color:#182524`}
                      >
                        {code}
                      </p>
                    )}
                    {button && <Button {...button} />}
                    {facts.map((fact) => (
                      <Small key={fact}>{fact}</Small>
                    ))}
                    {button && (
                      <Small>
                        {words.say('mail.copyAddress')}
                        <br />
                        <span class="ink" style={`font:14px/20px ${mono};color:#182524;word-break:break-all`}>
                          {button.address}
                        </span>
                      </Small>
                    )}
                    <div class="rule" style="border-top:1px solid #d6dedd;margin:16px 0">
                      {' '}
                    </div>
                    <p class="ink2" style={`margin:0;font:14px/20px ${text};color:#495756`}>
                      {closing}
                    </p>
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>,
  )}`;
}

const wide = 'width:100%;max-width:560px';
const card =
  'padding:28px;background-color:#ffffff;border:1px solid #d6dedd;border-radius:8px;overflow-wrap:anywhere;word-break:break-word';

function Reading({ children }: { readonly children: ComponentChildren }) {
  return (
    <p class="ink" style={`margin:0 0 20px;font:16px/24px ${text};color:#182524`}>
      {children}
    </p>
  );
}

function Small({ children }: { readonly children: ComponentChildren }) {
  return (
    <p class="ink2" style={`margin:0 0 12px;font:14px/20px ${text};color:#495756`}>
      {children}
    </p>
  );
}

/** 44 high: a line of 24 and 10 above and below. The cell is coloured too, for programs that give a link no padding. */
function Button({ label, address }: { readonly label: string; readonly address: string }) {
  return (
    <table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 20px">
      <tr>
        <td class="fill" style="background-color:#0b6461;border-radius:4px">
          <a
            class="onfill"
            href={address}
            style={`display:inline-block;padding:10px 22px;font:600 16px/24px ${text};color:#ffffff;text-decoration:none;border-radius:4px`}
          >
            {label}
          </a>
        </td>
      </tr>
    </table>
  );
}
