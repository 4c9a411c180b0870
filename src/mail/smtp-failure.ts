/** What a failure of nodemailer means: whose it is, whether to try again, and what to do about it. */
import type { DeliveryFailure } from './transport.ts';

/** nodemailer's errors, as its `errors.ts` and `smtp-connection` make them. */
export interface SmtpError extends Error {
  /** nodemailer's; `originalCode` is the system's. */
  readonly code?: string;
  readonly originalCode?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
  readonly timeoutType?: string;
}

/** A connection that stood and ended, as the system calls it. */
const endings = ['ECONNRESET', 'EPIPE'];

/**
 * By the server's answer where there is one (RFC 5321, 4.2.1), not by nodemailer's code, which is the same for 450 and
 * 550. A refusal before the recipient was named is about us (not let in, unknown sender), so no mail is to blame.
 */
export function kindOf({ code, originalCode, command = '', responseCode, timeoutType }: SmtpError): DeliveryFailure {
  if (code === 'EAUTH' || code === 'ENOAUTH' || code === 'ETLS' || code === 'EDNS') return 'server';
  if (responseCode) {
    if (responseCode === 421 || !/^(RCPT TO|DATA)/.test(command)) return 'server';
    // 503, a muddle of commands, is the connection's fault and 530-538 ask for another sign-in (RFC 4954).
    if (responseCode === 503) return 'later';
    if (responseCode >= 530 && responseCode <= 538) return 'server';
    return responseCode >= 500 && responseCode < 600 ? 'refused' : 'later';
  }
  if (code === 'ESOCKET' && !endings.includes(originalCode ?? '')) return 'server';
  if (code === 'ETIMEDOUT' && timeoutType !== 'SOCKET_TIMEOUT') return 'server';
  return 'silent';
}

/** One line of what the server said, or of what happened instead, without anybody's address. */
export function answerOf({ code, originalCode, response, message }: SmtpError, to: string): string {
  const text = (response ?? [originalCode ?? code, message].filter(Boolean).join(': '))
    .slice(0, 500)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return withoutAddresses(text, to).slice(0, 200);
}

function withoutAddresses(text: string, to: string): string {
  const local = to.slice(0, to.lastIndexOf('@')).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return text
    .replace(/[^\s<>()"',;:]+@[^\s<>()"',;:]+/g, '[address]')
    .replace(new RegExp(`(?<![\\w.])${local}(?![\\w.])`, 'gi'), '[address]');
}

/** What to do when no mail is taken; for the log and doctor. */
export function adviceFor({ code, originalCode, responseCode }: SmtpError, server: string): string {
  if (code === 'EAUTH' || code === 'ENOAUTH') {
    return `${server} does not take the user and password of MAIL_URL. Correct them; write special characters as %40 for @, %3A for :, %2F for /.`;
  }
  if (code === 'ETLS' || /CERT|SSL|TLS/.test(originalCode ?? '')) {
    return `${server} cannot be spoken to in secret (${originalCode ?? 'no STARTTLS'}). Use smtps:// where it begins with TLS, a name its certificate is for, and NODE_EXTRA_CA_CERTS for an authority of your own.`;
  }
  if (code === 'EDNS') return `The name of ${server} is not known. Correct the host in MAIL_URL.`;
  if (responseCode) return `${server} refuses us. Ask who runs it whether this machine and MAIL_FROM may send mail.`;
  return `${server} does not answer. Check host and port in MAIL_URL, and that nothing in between blocks them.`;
}
