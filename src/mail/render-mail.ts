/** A row as the mail that is sent: subject, text and HTML. The same row gives the same mail as long as its links stand. */
import { AccessDeskError } from '../errors.ts';
import { htmlMail } from './html-mail.tsx';
import type { MailContent, NothingToSay } from './mail-content.ts';
import type { AnyMail } from './outbox.ts';
import { textMail } from './text-mail.ts';
import { type WritingParts, writeMail } from './write-mail.ts';

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export type RenderMail = (mail: AnyMail, now: Date) => Promise<RenderedMail | NothingToSay>;

export function mailRenderer(parts: WritingParts): RenderMail {
  const { words, publicUrl } = parts;
  return async (mail, now) => {
    if ('expires' in mail.data && Date.parse(mail.data.expires) <= now.getTime()) return { dropped: 'it has expired' };
    const content = await writeMail(mail, parts);
    if ('dropped' in content) return content;
    refuseForeignLinks(content, publicUrl);
    return { subject: content.subject, text: textMail(content, words), html: htmlMail(content, words) };
  };
}

/** The one link of a mail leads to us, whatever room made it. */
function refuseForeignLinks({ button }: MailContent, publicUrl: string): void {
  if (!button || button.address.startsWith(`${publicUrl}/`)) return;
  throw new AccessDeskError('ERR_MAIL_LINK', `A link for a mail does not begin with PUBLIC_URL (${publicUrl}).`);
}
