/** A mail as plain text. */
import type { Words } from '../words/words.ts';
import type { MailContent } from './mail-content.ts';

export function textMail(content: MailContent, words: Words): string {
  const { title, greeting, paragraphs, code, button, facts, closing } = content;
  const parts = [
    words.say('name'),
    title,
    greeting,
    ...paragraphs,
    code,
    button && `${button.label}:\n${button.address}`,
    ...facts,
    closing,
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}
