/** A real SMTP server that keeps what it takes and behaves as badly as a test wants. */
import { EventEmitter, once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly bytes: Buffer;
  /** Whom the sender signed in as, where it did. */
  readonly by?: string;
  /** Whether the sender was told so. */
  isAnswered: boolean;
}

export interface Behaviour {
  /** Called with each recipient: a code to refuse it with. */
  readonly refuse?: (to: string) => number | undefined;
  /** Called with each mail that came whole. `cut`: taken, and the connection ends without an answer. */
  readonly after?: (mail: TakenMail) => 'cut' | 'silence' | number | undefined;
  /** Called with each recipient: no answer, ever. */
  readonly hang?: (to: string) => boolean;
  /** ms between a mail and its answer, as of a server that looks into it. */
  readonly thinks?: number;
  readonly options?: SMTPServerOptions;
}

export class SmtpSink extends EventEmitter {
  readonly taken: TakenMail[] = [];
  readonly recipients: string[] = [];
  behaviour: Behaviour;
  readonly #server: SMTPServer;
  readonly #sockets = new Set<Socket>();
  port = 0;

  constructor(behaviour: Behaviour = {}) {
    super();
    this.behaviour = behaviour;
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 100,
      onRcptTo: ({ address }, _session, answer) => {
        this.recipients.push(address);
        this.emit('recipient', address);
        if (this.behaviour.hang?.(address)) return;
        const code = this.behaviour.refuse?.(address);
        answer(code ? refusal(code, address) : undefined);
      },
      allowInsecureAuth: true,
      onAuth: ({ username }, _session, answer) => answer(null, { user: username }),
      onData: (stream, { envelope, user }, answer) => {
        const parts: Buffer[] = [];
        stream.on('data', (part) => parts.push(part));
        stream.on('end', () => {
          const from = envelope.mailFrom ? envelope.mailFrom.address : '';
          const to = envelope.rcptTo.map(({ address }) => address);
          const mail: TakenMail = { from, to, bytes: Buffer.concat(parts), by: user, isAnswered: false };
          const tell = () => {
            mail.isAnswered = true;
            answer(null);
            this.emit('answered', mail);
          };
          const after = this.behaviour.after?.(mail);
          if (typeof after === 'number') return answer(refusal(after, mail.to[0] ?? ''));
          this.taken.push(mail);
          this.emit('mail', mail);
          if (after === 'cut') for (const socket of this.#sockets) socket.destroy();
          else if (after !== 'silence') setTimeout(tell, this.behaviour.thinks ?? 0);
        });
      },
      ...behaviour.options,
    });
    this.#server.on('error', () => {}); // connections that tests cut
    this.#server.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      this.emit('connection', socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  async listen(port = 0, host = '127.0.0.1'): Promise<this> {
    this.#server.listen(port, host);
    await once(this.#server.server, 'listening');
    this.port = (this.#server.server.address() as AddressInfo).port;
    return this;
  }

  /** Resolves when so many mails were taken in all. */
  async until(count: number): Promise<readonly TakenMail[]> {
    while (this.taken.length < count) await once(this, 'mail');
    return this.taken;
  }

  close(): Promise<void> {
    // Destroying what lies below a TLS handshake ends Node 20 with a segmentation fault; smtp-server closes those itself.
    if (!this.behaviour.options?.secure) for (const socket of this.#sockets) socket.destroy();
    return new Promise((closed) => this.#server.close(() => closed()));
  }
}

function refusal(code: number, address: string): Error {
  return Object.assign(new Error(`the mailbox <${address}> says ${code}`), { responseCode: code });
}
