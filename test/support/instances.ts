/** Several server processes on one database behind a balancer, with a sign-in provider and a mail server that are real. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SmtpSink, type TakenMail } from '../mail/smtp-sink.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import { type ForeignProvider, startForeignProvider } from './foreign-provider.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { freePort, root } from './test-app.ts';
import { csrfOf, WebVisitor } from './web-visitor.ts';

export interface Instances {
  /** Of the balancer: what everybody asks. */
  readonly url: string;
  readonly ports: readonly number[];
  /** By the places of `ports`; a test that replaces one puts the new one here. */
  readonly servers: ServerProcess[];
  /** Of each instance, but for PORT and its name at the mail server: `by` of each mail is its sender's port. */
  readonly env: Readonly<Record<string, string>>;
  readonly postgres: PostgresServer;
  readonly balancer: Balancer;
  readonly provider: ForeignProvider;
  readonly mailServer: SmtpSink;
  /** Asks one of them alone, as the balancer would. */
  ask(port: number, path: string, headers?: Record<string, string>): Promise<Response>;
  /** A command on the same settings; resolves with what it prints. */
  run(...words: string[]): Promise<string>;
  /** Signs in at the provider, each step through the balancer; who it is there is staff here. */
  signedIn(returnTo: string): Promise<WebVisitor>;
  /** Texts of the mails in which this stands, as soon as there are so many. */
  mailsWith(part: string, count: number): Promise<string[]>;
  close(): Promise<void>;
}

/** Starts three. @param more - settings beside what all tests want */
export async function startInstances(more: Record<string, string> = {}): Promise<Instances> {
  const postgres = await startPostgres();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const provider = await startForeignProvider(`${url}/sign-in/callback`);
  const mailServer = await new SmtpSink().listen();
  const { issuer, clientId, clientSecret } = provider;
  const env = {
    PUBLIC_URL: url,
    STORE_URL: await postgres.newDatabase(),
    SECRET_KEY: 'one key for all instances of 32 bytes',
    FAQ_DIR: join(root, 'faq'),
    TRUSTED_PROXIES: 'loopback',
    SIGN_IN_ISSUER: issuer,
    SIGN_IN_CLIENT_ID: clientId,
    SIGN_IN_CLIENT_SECRET: clientSecret,
    STAFF_SIGN_IN_ISSUER: issuer,
    STAFF_SIGN_IN_CLIENT_ID: clientId,
    STAFF_SIGN_IN_CLIENT_SECRET: clientSecret,
    STAFF_ACCOUNTS: `${issuer}|kim`,
    MAIL_URL: `smtp://127.0.0.1:${mailServer.port}`,
    ...more,
  };
  const ports = [await freePort(), await freePort(), await freePort()];
  // Each signs in under its port, so that the mail server knows who sends.
  const mailOf = (one: number) => ({ MAIL_URL: `smtp://${one}:password@127.0.0.1:${mailServer.port}` });
  const servers = await Promise.all(ports.map((one) => startServer({ ...env, ...mailOf(one), PORT: String(one) })));
  const balancer = await startBalancer(port, ports);
  return {
    ...{ url, ports, servers, env, postgres, balancer, provider, mailServer },
    ask: (to, path, headers = {}) =>
      fetch(`http://127.0.0.1:${to}${path}`, { headers: { host: new URL(url).host, ...headers } }),
    async run(...words) {
      const options = { cwd: root, env: { PATH: process.env.PATH ?? '', ...env, PORT: String(ports[0]) } };
      return (await promisify(execFile)(process.execPath, [join(root, 'dist/cli.js'), ...words], options)).stdout;
    },
    async signedIn(returnTo) {
      const visitor = new WebVisitor(url);
      await provider.signIn(visitor, returnTo);
      return visitor;
    },
    async mailsWith(part, count) {
      for (let seen = 0; ; seen = mailServer.taken.length) {
        const found = mailServer.taken.map(textOf).filter((text) => text.includes(part));
        if (found.length >= count) return found;
        await mailServer.until(seen + 1);
      }
    },
    async close() {
      for (const { child, ended } of servers) {
        child.kill('SIGKILL');
        await ended;
      }
      await balancer.close();
      await provider.close();
      await mailServer.close();
      await postgres.stop();
    },
  };
}

/** A mail as it came over the wire; lines that were wrapped are whole again. */
export function textOf({ bytes }: TakenMail): string {
  return bytes.toString().replaceAll('=\r\n', '').replaceAll('=3D', '=');
}

export function messageIdOf(mail: TakenMail): string {
  return /^Message-ID: (.*)$/m.exec(textOf(mail))?.[1] ?? '';
}

/** What a form of staff's sends along, as a page has it now. */
export async function staffForm(visitor: WebVisitor, path: string): Promise<{ csrf: string; nonce: string }> {
  const page = await visitor.get(path);
  return { csrf: csrfOf(page), nonce: /name="nonce" value="([^"]+)"/.exec(page.text)?.[1] ?? '' };
}
