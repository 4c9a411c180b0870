/**
 * One attempt at one mail whose row was taken: render, hand over, note what came of it. Whatever ends this process in
 * between, the row is still waiting, and its lease ends.
 */
import type { Log } from '../log.ts';
import type { Leases } from '../records/leases.ts';
import { Change, type Records, type Stored } from '../records/records.ts';
import { composeMessage, type Message, type Sender } from './compose-message.ts';
import { maskedAddress } from './email-address.ts';
import type { NothingToSay } from './mail-content.ts';
import { type AnyMail, type OutboxMail, outbox, queueMail, type Tell } from './outbox.ts';
import type { RenderMail } from './render-mail.ts';
import { giveUpAfter, waitAfter } from './retry-times.ts';
import { DeliveryError, type DeliveryFailure, type Transport } from './transport.ts';

/** What is known of a mail that could not be sent, for choosing whom to tell. */
export type FailedMail = Pick<OutboxMail, 'to' | 'about'>;

export interface SendParts {
  readonly records: Records;
  readonly render: RenderMail;
  readonly sender: Sender;
  readonly transport: Transport;
  /** Where a failure is told of; undefined for nobody. */
  readonly addressFor: (tell: Tell, failed: FailedMail) => Promise<string | undefined>;
  readonly now: () => Date;
  /** The same for all processes: by it rows are due, and somebody's in hand. */
  readonly sharedNow: () => Date;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
}

/** `failed` tells of the mail server too, hence its kind; `gone` needed no server. */
export type Attempt =
  | { readonly outcome: 'sent' | 'gone' }
  | { readonly outcome: 'failed'; readonly kind: DeliveryFailure; readonly answer: string };

/** Another attempt at a mail, as its row says from before it on. */
export function claimed(mail: OutboxMail): OutboxMail {
  return { ...mail, attempts: mail.attempts + 1 };
}

/** Rejects only when the store cannot write; the row then stays taken until its lease ends. */
export async function sendMail(
  row: Stored<OutboxMail>,
  leases: Pick<Leases<OutboxMail>, 'end'>,
  { render, sender, transport, addressFor, now, sharedNow, log }: SendParts,
  signal: AbortSignal,
): Promise<Attempt> {
  const { id, value: mail } = row;
  const { attempts } = mail;

  const isOlderThan = (ms: number) => now().getTime() - Date.parse(mail.at) >= ms;
  const done = async (state: OutboxMail['state'], answer: string) => {
    const to = state === 'failed' ? await addressFor(mail.tell, mail) : undefined;
    // Not committed: the lease was over and somebody else took it. Theirs to note.
    await leases.end(id, (seen) => {
      const change = new Change().update(outbox, seen, { ...seen.value, state, answer, doneAt: now().toISOString() });
      return to ? tellOf(change, seen, to, answer, now()) : change;
    });
  };

  const again = (next: string, more: Partial<OutboxMail>) =>
    leases.end(id, (seen) => new Change().update(outbox, seen, { ...seen.value, ...more, next }));
  const about = { mail: id, template: mail.template, attempts };

  let message: Message | NothingToSay;
  try {
    message = await write(row, render, sender, now());
  } catch (error) {
    const { code, message: reason } = error as NodeJS.ErrnoException;
    log.error({ ...about, code, reason }, 'a mail could not be written');
    // Our own faults stay; a store that could not be read, or a version that knows more, may come.
    const isFinal = code === 'ERR_MAIL_ADDRESS' || isOlderThan(giveUpAfter.mail);
    if (isFinal) await done('failed', code ?? 'ERR_MAIL');
    else await again(after(sharedNow(), waitAfter(attempts)), { answer: code ?? 'ERR_MAIL' });
    return { outcome: 'gone' };
  }
  if ('dropped' in message) {
    await done('dropped', message.dropped);
    log.info({ ...about, reason: message.dropped }, 'a mail was not needed any more');
    return { outcome: 'gone' };
  }

  const delivered = await transport.deliver(message, signal).then((answer) => ({ answer }), failureOf);
  const { answer } = delivered;
  if (!('kind' in delivered)) {
    await done('sent', answer);
    log.info(about, 'a mail was sent');
    return { outcome: 'sent' };
  }
  const { kind } = delivered;
  if (kind === 'refused' || isOlderThan(giveUpAfter[kind === 'server' ? 'server' : 'mail'])) {
    log.warn({ ...about, answer }, kind === 'refused' ? 'a mail was refused for good' : 'a mail is given up');
    await done('failed', answer);
  } else {
    // No fault of this mail: it is due as soon as any is tried, and its steps begin when its own server answers.
    const isOurs = kind === 'server' || signal.aborted;
    if (isOurs) await again(sharedNow().toISOString(), { answer, attempts: attempts - 1 });
    else await again(after(sharedNow(), waitAfter(attempts)), { answer });
    log.info({ ...about, answer }, 'a mail was not taken and is tried again');
  }
  return { outcome: 'failed', kind, answer };
}

async function write(
  { id, value }: Stored<OutboxMail>,
  render: RenderMail,
  sender: Sender,
  now: Date,
): Promise<Message | NothingToSay> {
  const mail = value as AnyMail;
  const rendered = await render(mail, now);
  return 'dropped' in rendered ? rendered : composeMessage(id, mail, rendered, sender);
}

function failureOf(error: unknown): { readonly kind: DeliveryFailure; readonly answer: string } {
  if (error instanceof DeliveryError) return { kind: error.kind, answer: error.answer };
  // A transport's own fault, such as a full disk: no mail gets out.
  const { code, message } = error as NodeJS.ErrnoException;
  return { kind: 'server', answer: `${code ?? 'ERR_MAIL'}: ${message}` };
}

/** The mail about a mail; nobody is told when that fails too. */
function tellOf(change: Change, { id, value }: Stored<OutboxMail>, to: string, reason: string, now: Date): Change {
  return queueMail(change, `${id} undeliverable`, {
    template: 'undeliverable',
    data: { to: maskedAddress(value.to), reason },
    to,
    at: now.toISOString(),
    tell: 'nobody',
    about: value.about,
  });
}

function after(now: Date, ms: number): string {
  return new Date(now.getTime() + ms).toISOString();
}
