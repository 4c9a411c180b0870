/** The way of an invitation over HTTP: asking by address, the mails that come, and the links in them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askServer } from '../../src/control/ask-server.ts';
import type { ImportResult } from '../../src/directory/import-profiles.ts';
import { recordTypes } from '../../src/record-types.ts';
import type { RecordType } from '../../src/records/records.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import type { TestApp } from './test-app.ts';
import { until } from './until.ts';
import { type Answer, csrfOf, nonceOf, type WebVisitor } from './web-visitor.ts';

export interface ArrivedMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Opens the page and sends its form. */
export async function askFor(
  visitor: WebVisitor,
  address: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const page = await visitor.get('/associate', headers);
  return visitor.post('/associate', { csrf: csrfOf(page), nonce: nonceOf(page), email: address }, headers);
}

/** What was captured for an address, newest first, as soon as there are so many. */
export async function capturedFor(app: TestApp, to: string, count: number): Promise<ArrivedMail[]> {
  let found: ArrivedMail[] = [];
  await until(async () => {
    const all = (await (await fetch(`${app.url}/dev/mail.json`)).json()) as ArrivedMail[];
    found = all.filter((mail) => mail.to === to);
    return found.length >= count;
  });
  return found;
}

/** The path of the link in a mail: `/invitations/TOKEN` or `/undo/TOKEN`. */
export function linkIn({ text }: Pick<ArrivedMail, 'text'>): string {
  return /\/(?:invitations|undo)\/[\w-]{43}/.exec(text)?.[0] ?? '/no-link';
}

/** Presses "Link them" for the link that was opened last. */
export async function confirm(visitor: WebVisitor): Promise<Answer> {
  const page = await visitor.get('/invitations');
  return visitor.post('/invitations', { csrf: csrfOf(page) });
}

/** Imports CSV through the running app. */
export async function importInto(app: TestApp, csv: string): Promise<ImportResult> {
  const path = join(app.folder, '../people.csv');
  await writeFile(path, csv);
  const asked = await askServer(app.folder, 'profiles import', JSON.stringify({ path, isDryRun: false }));
  return asked?.result as ImportResult;
}

/** Resolves when nothing that was asked for waits to be mailed any more. */
export async function mailed(app: TestApp): Promise<void> {
  await until(async () => {
    const asked = await askServer(app.folder, 'mail', '');
    return (asked?.result as { waiting: number } | undefined)?.waiting === 0;
  });
}

/** Documents of a stopped app. */
export async function storedIn<T extends object>(
  app: TestApp,
  type: RecordType<T>,
): Promise<{ id: string; value: T }[]> {
  const store = await openEmbeddedStore({ folder: app.folder, now: () => new Date(), recordTypes });
  const found: { id: string; value: T }[] = [];
  try {
    for await (const one of store.records.all(type)) found.push(one);
  } finally {
    await store.close();
  }
  return found;
}
