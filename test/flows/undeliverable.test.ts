/** Who learns that a mail was given up: whoever asked for it with proof, or staff; a stranger never. */
import { expect } from 'chai';
import { queueMail, type Tell } from '../../src/mail/outbox.ts';
import { recordTypes } from '../../src/record-types.ts';
import { Change } from '../../src/records/records.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { sampleMail } from '../mail/mail-bench.ts';
import { SmtpSink } from '../mail/smtp-sink.ts';
import { mailed } from '../support/invitation-way.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const cases: readonly { rule: string; tell: (url: string) => Tell; to: string; told?: string }[] = [
  { rule: 'is told to nobody where a stranger asked', tell: () => 'nobody', to: 'gone@one.test' },
  { rule: 'is told to staff', tell: () => 'staff', to: 'gone@two.test', told: 'staff@contoso.example' },
  {
    rule: 'is told to who asked with proof, at the address on a profile of theirs',
    tell: (url) => ({ account: `${url}/sample-sign-in|dana` }),
    to: 'gone@three.test',
    told: 'dana@contoso.example',
  },
  {
    rule: 'is told to staff where the account is linked to nothing, whatever address it claims',
    tell: (url) => ({ account: `${url}/sample-sign-in|amira` }),
    to: 'gone@four.test',
    told: 'staff@contoso.example',
  },
];

describe('a mail that is refused for good', () => {
  let app: TestApp;
  let sink: SmtpSink;
  before(async () => {
    sink = await new SmtpSink({ refuse: (to) => (to.startsWith('gone@') ? 550 : undefined) }).listen();
    app = await startTestApp({ MAIL_URL: `smtp://127.0.0.1:${sink.port}`, STAFF_EMAIL: 'staff@contoso.example' });
    await app.stop();
    const store = await openEmbeddedStore({ folder: app.folder, now: () => new Date(), recordTypes });
    const change = new Change();
    for (const { to, tell } of cases)
      queueMail(change, to, { ...sampleMail, to, at: new Date().toISOString(), tell: tell(app.url) });
    await store.records.commit(change);
    await store.close();
    await app.start();
    await mailed(app);
  });
  after(async () => {
    await app.close();
    await sink.close();
  });

  for (const { rule, to, told } of cases) {
    it(rule, () => {
      expect(sink.recipients).to.include(to);
      const about = sink.taken.filter(({ bytes }) => bytes.includes(to.replace('gone', 'g...')));
      expect(about.flatMap((mail) => mail.to)).to.deep.equal(told ? [told] : []);
      // Masked: whoever is told has the address, or should not learn it from us.
      for (const { bytes } of sink.taken) expect(bytes.includes(to)).to.equal(false);
    });
  }
});
