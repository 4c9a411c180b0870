/** Builds the mail room: how mail leaves, and who sends it. Called by app/. */
import type { Log } from '../log.ts';
import type { Records } from '../records/records.ts';
import type { Words } from '../words/words.ts';
import { CapturedMails } from './captured-mails.ts';
import type { MailLinks } from './links.ts';
import { type AttemptSeen, mailsAtOnce, type OutboxStatus, OutboxWorker } from './outbox-worker.ts';
import { removeCaptured } from './remove-captured.ts';
import { mailRenderer } from './render-mail.ts';
import type { FailedMail } from './send-mail.ts';
import { type SmtpServer, type SmtpTimeouts, SmtpTransport } from './smtp-transport.ts';

export interface MailParts {
  readonly settings: {
    /** Undefined: mail is captured. */
    readonly server: SmtpServer | undefined;
    readonly from: string;
    readonly supportEmail: string;
    readonly staffEmail: string;
  };
  /** Of captured mail. */
  readonly folder: string;
  readonly publicUrl: string;
  readonly records: Records;
  readonly links: MailLinks;
  readonly words: Words;
  readonly now: () => Date;
  /** The same for all processes on the store. */
  readonly sharedNow: () => Date;
  readonly log: Log;
  readonly timeouts?: Partial<SmtpTimeouts>;
  /** The address of a proven requester, who is told when their mail fails; without it staff are. */
  readonly addressOf?: (account: string, failed: FailedMail) => Promise<string | undefined>;
  /** Told of every attempt. */
  readonly tried?: (attempt: AttemptSeen) => void;
}

export interface Mail {
  /** What was captured; undefined where mail is really sent. */
  readonly captured: CapturedMails | undefined;
  /** Begins to send, and is told of new rows. */
  wake(): void;
  /** To be called when rows were erased: takes captured mail away that belonged to them. */
  erased(): Promise<void>;
  status(): Promise<OutboxStatus>;
  /** False while no mail gets out. */
  isServerUp(): boolean;
  close(): Promise<void>;
}

export function openMail(parts: MailParts): Mail {
  const { settings, publicUrl, records, links, words, now, sharedNow, log, addressOf } = parts;
  const { server, from, supportEmail, staffEmail } = settings;
  /** There may be some from before a mail server was set. */
  const files = new CapturedMails(parts.folder);
  const captured = server ? undefined : files;
  const removeFiles = () => removeCaptured(files, records);
  const worker = new OutboxWorker({
    records,
    render: mailRenderer({ words, links, publicUrl, supportEmail }),
    sender: { name: words.say('name'), address: from, replyTo: supportEmail, host: new URL(publicUrl).hostname },
    transport:
      captured ??
      new SmtpTransport({ server: server as SmtpServer, connections: mailsAtOnce, timeouts: parts.timeouts }),
    addressFor: async (tell, failed) => {
      if (tell === 'nobody') return undefined;
      return (tell !== 'staff' && (await addressOf?.(tell.account, failed))) || staffEmail;
    },
    cleaned: removeFiles,
    tried: parts.tried,
    now,
    sharedNow,
    wakeAfter(ms, wake) {
      const timer = setTimeout(wake, ms);
      return () => clearTimeout(timer);
    },
    log,
  });
  return {
    captured,
    wake: () => worker.wake(),
    erased: removeFiles,
    status: () => worker.status(),
    isServerUp: () => worker.isServerUp,
    close: () => worker.close(),
  };
}
