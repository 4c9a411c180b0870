/**
 * Mail of a machine on its own: every mail as a file that mail programs open, in the store's folder. What it would have
 * been sent as is what is kept, and nothing beside it that could disagree.
 */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AccessDeskError } from '../errors.ts';
import type { Message } from './compose-message.ts';
import type { Transport } from './transport.ts';

export interface CapturedMail {
  /** The file's name without its ending. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** The time, with what file systems do not take replaced, and the row: sorts by time, and a retry is the same file. */
const fileName = /^(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d\.\d{3}Z)-([\da-f]{32})\.eml$/;

/** Beyond these the oldest go, looked for after so many new ones. */
const mostKept = 2000;
const lookEvery = 100;

/** Where they are in the folder of a store. */
export function capturedFolder(store: string): string {
  return join(store, 'mail');
}

/** `Transport` into a folder, and what is in it. */
export class CapturedMails implements Transport {
  readonly #folder: string;
  #delivered = 0;
  /** Read once: a file never changes. */
  readonly #read = new Map<string, CapturedMail>();

  constructor(
    folder: string,
    private readonly most = mostKept,
  ) {
    this.#folder = folder;
  }

  async deliver({ name, at, bytes }: Message): Promise<string> {
    const file = `${at.replaceAll(':', '-')}-${name}.eml`;
    if (!fileName.test(file)) throw new AccessDeskError('ERR_MAIL_FILE', 'A mail has a time that is none.');
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeWhole(join(this.#folder, file), bytes);
    this.#delivered += 1;
    if (this.#delivered % lookEvery === 0)
      for (const old of (await this.#names()).slice(this.most)) await this.#remove(old);
    return `captured as ${file}`;
  }

  async close(): Promise<void> {}

  /** All of them, newest first. */
  async list(): Promise<readonly CapturedMail[]> {
    const names = await this.#names();
    for (const known of this.#read.keys()) if (!names.includes(known)) this.#read.delete(known);
    const mails: CapturedMail[] = [];
    for (const name of names) mails.push(await this.#mail(name));
    return mails;
  }

  /** Takes away all but those of these rows. @param rows - names of rows, as messages have them */
  async keepOnly(rows: ReadonlySet<string>): Promise<void> {
    for (const name of await this.#names()) {
      if (!rows.has(fileName.exec(name)?.[5] ?? '')) await this.#remove(name);
    }
  }

  /** Of files, newest first. */
  async #names(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names
      .filter((name) => fileName.test(name))
      .sort()
      .reverse();
  }

  async #remove(name: string): Promise<void> {
    this.#read.delete(name);
    await rm(join(this.#folder, name), { force: true });
  }

  async #mail(name: string): Promise<CapturedMail> {
    const known = this.#read.get(name);
    if (known) return known;
    // Loaded by those who look: nobody else needs a parser.
    const { default: PostalMime } = await import('postal-mime');
    const { to, subject = '', text = '', html = '' } = await PostalMime.parse(await readFile(join(this.#folder, name)));
    const mail = {
      id: name.slice(0, -'.eml'.length),
      to: to?.[0]?.address ?? '',
      subject,
      text,
      html,
      at: timeOf(name),
    };
    this.#read.set(name, mail);
    return mail;
  }
}

function timeOf(name: string): string {
  return name.replace(fileName, '$1$2:$3:$4');
}

/** All of it or nothing, durable: the row says afterwards that it was sent. */
async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  // One process per folder, and one sender per mail: the name is nobody else's.
  const temporary = `${path}.tmp`;
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}
