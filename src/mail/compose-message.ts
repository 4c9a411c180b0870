/**
 * A rendered mail as the bytes that travel (RFC 5322), composed by nodemailer. Everything that nodemailer would choose
 * by chance or by the clock is given: the same row gives the same bytes, so that a second copy is recognised as one.
 */
import { createHash } from 'node:crypto';
import { AccessDeskError } from '../errors.ts';
import { readEmailAddress } from './email-address.ts';
import type { AnyMail } from './outbox.ts';
import type { RenderedMail } from './render-mail.ts';

export interface Message {
  /** Of the row, as a name that is safe in files and headers. */
  readonly name: string;
  /** ISO 8601, UTC; of the row. */
  readonly at: string;
  /** The one recipient and the sender, as on the envelope. */
  readonly to: string;
  readonly from: string;
  readonly bytes: Buffer;
}

export interface Sender {
  /** What receivers see beside the address. */
  readonly name: string;
  readonly address: string;
  /** Where answers go. */
  readonly replyTo: string;
  /** The host of PUBLIC_URL, for Message-ID. */
  readonly host: string;
}

/** @throws AccessDeskError `ERR_MAIL_ADDRESS` when it would not go to exactly the one address of the row */
export async function composeMessage(
  id: string,
  { to: written, at, about }: Pick<AnyMail, 'to' | 'at' | 'about'>,
  { subject, text, html }: RenderedMail,
  sender: Sender,
): Promise<Message> {
  const to = readEmailAddress(written).ok?.envelope;
  if (!to) throw addressError();
  const name = mailName(id);
  const date = new Date(at);
  // Loaded with the first mail: the start does not wait for it.
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const node = new MailComposer({
    from: { name: sender.name, address: sender.address },
    replyTo: sender.replyTo,
    to: { name: '', address: to },
    subject,
    text,
    html,
    messageId: `<${name}@${sender.host}>`,
    ...threadOf(about, sender),
    date,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    // Of the content too: whoever knows it cannot write a name that ends a part.
    baseBoundary: digest(`${id}\n${subject}\n${text}\n${html}`),
    encoding: 'quoted-printable',
    textEncoding: 'Q',
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  // nodemailer reads addresses once more by rules of its own: what it made of ours is compared before anything is sent.
  const envelope = node.getEnvelope();
  if (envelope.to.length !== 1 || envelope.to[0] !== to || !envelope.from) throw addressError();
  return { name, at: date.toISOString(), to, from: envelope.from, bytes: await node.build() };
}

/** What a row is called where ids might not be safe; nobody gets from it to the id. */
export function mailName(id: string): string {
  return digest(id);
}

/** Mails about one ticket name one mail that none of them is, and mail programs show them together. */
function threadOf(about: string | undefined, { host }: Sender): { inReplyTo?: string; references?: string } {
  if (!about?.startsWith('tickets ')) return {};
  const first = `<${digest(about)}@${host}>`;
  return { inReplyTo: first, references: first };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function addressError(): AccessDeskError {
  return new AccessDeskError('ERR_MAIL_ADDRESS', 'This is not one e-mail address. Correct it on the profile.');
}
