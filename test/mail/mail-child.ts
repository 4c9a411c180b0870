/**
 * A process that commits mail and sends it, to be killed. `mail-child.ts FOLDER PORT MINUTES FIRST`: its clock is so
 * many minutes ahead, so that leases of those before it are over. With FIRST it commits rows numbered from there and
 * prints each acknowledged one; without, it sends what waits, prints `done` and ends.
 */
import { createLog } from '../../src/log.ts';
import { openMail } from '../../src/mail/open-mail.ts';
import { outbox, queueMail } from '../../src/mail/outbox.ts';
import { Change } from '../../src/records/records.ts';
import { WatchedRecords } from '../../src/records/watched-records.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { openLinks, publicUrl, sampleMail, words } from './mail-bench.ts';

const [, , folder = '', port = '', minutes = '', first] = process.argv;
const now = () => new Date(Date.now() + Number(minutes) * 60_000);
const store = await openEmbeddedStore({ folder, now, recordTypes: [outbox], limits: { records: 60, bytes: 1e8 } });
const mail = openMail({
  settings: {
    server: { host: '127.0.0.1', port: Number(port), secure: false },
    from: 'accessdesk@contoso.example',
    supportEmail: 'support@contoso.example',
    staffEmail: 'staff@contoso.example',
  },
  folder: '',
  publicUrl,
  records: store.records,
  links: openLinks,
  words,
  now,
  sharedNow: now,
  log: createLog('silent'),
});
const records = new WatchedRecords(store.records);
records.onPut(outbox, () => mail.wake());
mail.wake();

if (first !== undefined) {
  for (let n = Number(first); ; n++) {
    const change = queueMail(new Change(), `row-${n}`, {
      ...sampleMail,
      template: 'invitation',
      data: {
        company: `Contoso ${n}`,
        portal: 'CustomerSource',
        invitation: `i${n}`,
        expires: '2126-01-01T00:00:00.000Z',
        purpose: 'associate',
      },
      at: now().toISOString(),
    });
    await records.commit(change);
    process.stdout.write(`${n}\n`);
  }
}
while ((await mail.status()).waiting > 0) await new Promise((next) => setTimeout(next, 10));
await mail.close();
await store.close();
process.stdout.write('done\n');
