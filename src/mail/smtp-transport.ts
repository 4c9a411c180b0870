/** Mail over SMTP, through nodemailer's pool: a few connections that are used again. */
import { isLoopback } from '../loopback.ts';
import type { Message } from './compose-message.ts';
import { adviceFor, answerOf, kindOf, type SmtpError } from './smtp-failure.ts';
import { DeliveryError, type Transport } from './transport.ts';

/** MAIL_URL, read. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (smtps). */
  readonly secure: boolean;
  readonly user?: string;
  readonly password?: string;
}

/** How long to wait for a server, in ms. */
export const smtpTimeouts = {
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  /** Silence within a conversation. */
  socketTimeout: 30_000,
  /** A whole mail: a server that answers a byte at a time is never silent. */
  mail: 90_000,
};
export type SmtpTimeouts = typeof smtpTimeouts;

export interface SmtpTransportParts {
  readonly server: SmtpServer;
  /** Mails under way at once. */
  readonly connections: number;
  readonly timeouts?: Partial<SmtpTimeouts>;
}

/** `Transport` over SMTP. Names the server in answers, never its user or password. */
export class SmtpTransport implements Transport {
  readonly #parts: SmtpTransportParts;
  readonly #server: string;
  readonly #longest: number;
  #pool?: ReturnType<typeof openPool>;

  constructor(parts: SmtpTransportParts) {
    this.#parts = parts;
    this.#server = serverName(parts.server);
    this.#longest = parts.timeouts?.mail ?? smtpTimeouts.mail;
  }

  async deliver({ to, from, bytes }: Message, signal: AbortSignal): Promise<string> {
    const giveUp = new AbortController();
    const abort = () => giveUp.abort();
    const deadline = setTimeout(abort, this.#longest);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    this.#pool ??= openPool(this.#parts);
    try {
      const pool = await this.#pool;
      const info = await pool.sendMail({
        envelope: { from, to: [to] },
        raw: bytes,
        signal: giveUp.signal,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      // nodemailer resolves as soon as one of several was accepted; there is one.
      if (info.accepted.length !== 1) throw new Error('the server did not say that it takes this recipient');
      return answerOf({ name: '', message: '', response: info.response }, to);
    } catch (thrown) {
      const error = thrown as SmtpError;
      if (error.code === 'EABORT') {
        throw new DeliveryError('silent', signal.aborted ? 'given up: this server stops' : 'took too long');
      }
      const kind = kindOf(error);
      const answer = answerOf(error, to);
      throw new DeliveryError(kind, kind === 'server' ? `${answer}. ${adviceFor(error, this.#server)}` : answer);
    } finally {
      clearTimeout(deadline);
      signal.removeEventListener('abort', abort);
    }
  }

  async close(): Promise<void> {
    (await this.#pool)?.close();
  }
}

/** nodemailer is loaded with the first mail: the start does not wait for it. */
async function openPool({ server, connections, timeouts }: SmtpTransportParts) {
  const { createTransport } = await import('nodemailer');
  const { mail: _mail, ...waits } = { ...smtpTimeouts, ...timeouts };
  return createTransport({
    ...connectionTo(server),
    ...waits,
    pool: true,
    maxConnections: connections,
    // Once: a connection that the server closed meanwhile. Everything else is the outbox's to try again.
    maxRequeues: 1,
    idleTimeout: 30_000,
    socketCloseTimeout: 1000,
  });
}

/** Connects and signs in, sends nothing. Rejects with what to do. */
export async function verifySmtp(server: SmtpServer, timeouts: Partial<SmtpTimeouts> = {}): Promise<string> {
  const { createTransport } = await import('nodemailer');
  const { mail: _mail, ...waits } = { ...smtpTimeouts, ...timeouts };
  const transport = createTransport({ ...connectionTo(server), ...waits });
  try {
    await transport.verify();
    return `${serverName(server)} lets us in${server.secure || !isLoopback(server.host) ? ', over TLS' : ''}`;
  } catch (error) {
    throw new DeliveryError('server', adviceFor(error as SmtpError, serverName(server)));
  } finally {
    transport.close();
  }
}

/**
 * To loopback without TLS: nothing leaves the machine, and what listens there has no certificate to trust. To any other
 * host with it, or not at all: a server that offers none, or somebody in between who hides the offer, gets neither
 * password nor mail.
 */
function connectionTo({ host, port, secure, user, password }: SmtpServer) {
  const isLocal = isLoopback(host);
  return {
    host,
    port,
    secure,
    requireTLS: !secure && !isLocal,
    ignoreTLS: !secure && isLocal,
    ...(user !== undefined && {
      auth: { user, pass: password ?? '' },
      // Asked for a sign-in, so it is an error where the server offers none, not a way around it.
      forceAuth: true,
    }),
    logger: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as const;
}

function serverName({ host, port }: SmtpServer): string {
  return `the mail server ${host}:${port}`;
}
