/** People of the sample, linked the way they link themselves: an address, e-mails, their links, a press of the button. */

import { recordTypes } from '../../src/record-types.ts';
import { Change, type Records } from '../../src/records/records.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import type { TestApp } from './test-app.ts';
import { until } from './until.ts';
import { csrfOf, nonceOf, WebVisitor } from './web-visitor.ts';

export interface CapturedMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The mails of an address that `fits`, newest first, as soon as there are so many. */
export type MailsTo = (
  to: string,
  count: number,
  fits?: (mail: CapturedMail) => boolean,
) => Promise<readonly CapturedMail[]>;

/** The captured mails of an address that `fits`, newest first, as soon as there are so many. */
export async function mailsTo(
  url: string,
  to: string,
  count: number,
  fits: (mail: CapturedMail) => boolean = () => true,
): Promise<CapturedMail[]> {
  let found: CapturedMail[] = [];
  await until(async () => {
    const all = (await (await fetch(`${url}/dev/mail.json`)).json()) as CapturedMail[];
    found = all.filter((mail) => mail.to === to && fits(mail));
    return found.length >= count;
  });
  return found;
}

export function pathIn({ text }: CapturedMail, folder: string): string {
  return new RegExp(`/${folder}/[\\w-]{43}`).exec(text)?.[0] ?? '/no-link';
}

/** Links the account that is signed in to every profile with this address. */
export async function linkProfiles(
  visitor: WebVisitor,
  address: string,
  count: number,
  mails: MailsTo = (...of) => mailsTo(visitor.url, ...of),
): Promise<void> {
  const page = await visitor.get('/associate');
  await visitor.post('/associate', { csrf: csrfOf(page), nonce: nonceOf(page), email: address });
  const isInvitation = ({ text }: CapturedMail) => text.includes('/invitations/');
  for (const mail of await mails(address, count, isInvitation)) {
    await visitor.get(pathIn(mail, 'invitations'));
    await visitor.post('/invitations', { csrf: csrfOf(await visitor.get('/invitations')) });
  }
}

/** Somebody signed in and linked to the profiles with this address. */
export async function linkedVisitor(
  app: Pick<TestApp, 'url'>,
  subject: string,
  address: string,
  count: number,
): Promise<WebVisitor> {
  const visitor = new WebVisitor(app.url);
  await visitor.signInAs(subject);
  await linkProfiles(visitor, address, count);
  return visitor;
}

/** Works on the store while the app is stopped. */
export async function withStore<T>(app: TestApp, work: (store: EmbeddedStore) => Promise<T>): Promise<T> {
  await app.stop();
  const store = await openEmbeddedStore({ folder: app.folder, now: () => new Date(), recordTypes });
  const result = await work(store);
  await store.close();
  await app.start();
  return result;
}

export async function changeStore(
  app: TestApp,
  add: (change: Change, records: Records) => Promise<void>,
): Promise<void> {
  await withStore(app, async ({ records }) => {
    const change = new Change();
    await add(change, records);
    await records.commit(change);
  });
}

/** The ids that a page's buttons or fields of this name carry. */
export function valuesOf({ text }: { readonly text: string }, name: string): string[] {
  return [...text.matchAll(new RegExp(`name="${name}" value="([^"]*)"`, 'g'))].map(([, value = '']) => value);
}
