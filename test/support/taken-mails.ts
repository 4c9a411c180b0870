/** What a real SMTP server took, read as a mail program reads it. */
import { once } from 'node:events';
import PostalMime from 'postal-mime';
import type { SmtpSink } from '../mail/smtp-sink.ts';
import type { CapturedMail, MailsTo } from './linked-visitor.ts';

export function takenMails(sink: SmtpSink): MailsTo {
  return async (to, count, fits = () => true) => {
    for (;;) {
      const seen = sink.taken.length;
      const all = await Promise.all(sink.taken.map(({ bytes, to: [first = ''] }) => read(bytes, first)));
      const found = all.reverse().filter((mail) => mail.to === to && fits(mail));
      if (found.length >= count) return found;
      if (sink.taken.length === seen) await once(sink, 'mail');
    }
  };
}

async function read(bytes: Buffer, to: string): Promise<CapturedMail> {
  const { subject = '', text = '' } = await PostalMime.parse(bytes);
  return { to, subject, text };
}
