/** The mail room over a real store and a real server, with a clock that tests move. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../src/log.ts';
import type { MailLinks } from '../../src/mail/links.ts';
import { type OutboxMail, outbox, queueMail, type Template } from '../../src/mail/outbox.ts';
import { OutboxWorker } from '../../src/mail/outbox-worker.ts';
import { mailRenderer } from '../../src/mail/render-mail.ts';
import { type SmtpServer, SmtpTransport } from '../../src/mail/smtp-transport.ts';
import type { Transport } from '../../src/mail/transport.ts';
import { Change, type Records } from '../../src/records/records.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { createWords } from '../../src/words/words.ts';
import { ManualClock } from './manual-clock.ts';

export const publicUrl = 'https://help.contoso.example';
export const words = createWords('en');

/** Links that hold, as another room would derive them. */
export const openLinks: MailLinks = {
  invitation: async (id) => `${publicUrl}/invitations/token-of-${id}`,
  undo: async (id) => `${publicUrl}/undo/token-of-${id}`,
  code: async () => '12345678',
  replies: async (events) => events.map((event) => ({ from: 'Ana Silva', text: `Reply ${event}` })),
};

/** A mail that needs no link. */
export const sampleMail = {
  template: 'noAccess',
  data: { company: 'Contoso Ltd.', portal: 'CustomerSource', person: 'Amira Malik', reason: 'The plan has ended.' },
  to: 'amira@contoso.example',
  at: '2026-11-22T10:00:00.000Z',
  tell: 'staff',
} as const satisfies Partial<OutboxMail>;

export class MailBench {
  readonly clock = new ManualClock();
  readonly logged: string[] = [];
  links: MailLinks = openLinks;

  private constructor(
    readonly records: Records,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<MailBench> {
    const folder = await mkdtemp(join(tmpdir(), 'accessdesk-mail-'));
    const store = await openEmbeddedStore({ folder, now: () => new Date(), recordTypes: [outbox] });
    return new MailBench(store.records, async () => {
      await store.close();
      await rm(folder, { recursive: true });
    });
  }

  worker(to: SmtpServer | Transport, records = this.records, wakeAfter = this.clock.wakeAfter): OutboxWorker {
    const timeouts = { connectionTimeout: 60_000, greetingTimeout: 60_000, socketTimeout: 60_000 };
    return new OutboxWorker({
      records,
      render: mailRenderer({
        words,
        links: {
          invitation: (id) => this.links.invitation(id),
          undo: (id) => this.links.undo(id),
          code: (id) => this.links.code(id),
          replies: (events) => this.links.replies(events),
        },
        publicUrl,
        supportEmail: 'support@contoso.example',
      }),
      sender: sampleSender,
      transport: 'deliver' in to ? to : new SmtpTransport({ server: to, connections: 5, timeouts }),
      addressFor: async (tell) =>
        tell === 'nobody' ? undefined : tell === 'staff' ? 'staff@contoso.example' : `${tell.account}@proven.example`,
      now: this.clock.now,
      sharedNow: this.clock.now,
      wakeAfter,
      log: createLog('debug', { write: (line: string) => void this.logged.push(line) }),
    });
  }

  async queue<Name extends Template = 'noAccess'>(id: string, more: Partial<OutboxMail<Name>> = {}): Promise<void> {
    const change = queueMail(new Change(), id, {
      ...sampleMail,
      at: this.clock.now().toISOString(),
      ...more,
    } as OutboxMail);
    await this.records.commit(change);
  }

  async row(id: string): Promise<OutboxMail> {
    const row = await this.records.get(outbox, id);
    if (!row) throw new Error(`there is no row ${id}`);
    return row.value;
  }
}

export const sampleSender = {
  name: 'AccessDesk',
  address: 'accessdesk@contoso.example',
  replyTo: 'support@contoso.example',
  host: 'help.contoso.example',
};

export function local(port: number, more: Partial<SmtpServer> = {}): SmtpServer {
  return { host: '127.0.0.1', port, secure: false, ...more };
}
