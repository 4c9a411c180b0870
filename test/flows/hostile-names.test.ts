/** Names of people and companies that want to be something else - a header, markup, a link - through the import, in pages and in mails. */
import { expect } from 'chai';
import PostalMime from 'postal-mime';
import { SmtpSink } from '../mail/smtp-sink.ts';
import { askFor, confirm, importInto, linkIn } from '../support/invitation-way.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { WebVisitor } from '../support/web-visitor.ts';

const header = 'portal,organisation,plan,plan_until,name,email,role';
const markup = '<script>alert(1)</script><img src=x onerror=alert(1)>';
const names: readonly [company: string, person: string][] = [
  [markup, '"><svg onload=alert(1)>'],
  ['javascript:alert(1)', 'https://evil.test/?a=1&b=2'],
  ['Bcc: evil@x.test', 'A <evil@x.test>, b@x.test'],
  ['=?utf-8?q?x=0d=0aBcc:_evil@x.test?=', '\u0024{7*7} {{7*7}} {name} %0d%0aBcc: evil@x.test'],
  [';DROP TABLE x;--', '[Reset](https://evil.test) **b** @everyone'],
];

describe('a hostile name', () => {
  let app: TestApp;
  let sink: SmtpSink;
  beforeEach(async () => {
    sink = await new SmtpSink().listen();
    app = await startTestApp({ MAIL_URL: `smtp://127.0.0.1:${sink.port}`, TRUSTED_PROXIES: 'loopback' });
  });
  afterEach(async () => {
    await app.close();
    await sink.close();
  });
  /** Any word may stand in what is drawn by lot. */
  const withoutTokens = (text: string) => text.replaceAll(/[\w-]{43,}/g, '');
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const row = (company: string, person: string, email: string) =>
    `CustomerSource,${quoted(company)},support,,${quoted(person)},${quoted(email)},member`;

  it('in an import with a line break, and an address that is more than one, is refused with its line', async () => {
    const result = await importInto(
      app,
      [
        header,
        row('X\r\nBcc: evil@x.test', 'P', 'p1@x.test'),
        row('X', 'P\nBcc: evil@x.test', 'p2@x.test'),
        row('X', 'P\u202eQ', 'p3@x.test'),
        ...['p4@x.test\r\nBcc: evil@x.test', 'p5@x.test,evil@x.test', 'P <p6@x.test>', 'p7@good.test(x)evil.test'].map(
          (email) => row('X', 'P', email),
        ),
        '',
      ].join('\r\n'),
    );
    expect('problems' in result && result.count).to.equal(7);
  });

  it('stays text in every mail and page, and a mail goes to one address with no header of its making', async () => {
    const rows = names.map(([company, person], n) => row(company, person, `p${n}@x.test`));
    const result = await importInto(app, [header, ...rows, ''].join('\r\n'));
    expect('imported' in result && result.imported.profiles.added).to.equal(names.length);
    const visitor = new WebVisitor(app.url);
    await visitor.signInAs('amira');
    for (const [n, [company]] of names.entries()) {
      const before = sink.taken.length;
      await askFor(new WebVisitor(app.url), `p${n}@x.test`);
      const invitation = (await sink.until(before + 1))[before];
      const { text = '' } = await PostalMime.parse(invitation?.bytes ?? '');
      await visitor.get(linkIn({ text }));
      const page = await visitor.get('/invitations');
      expect(page.text).to.include(company.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
      const linked = await confirm(visitor);
      expect(linked.status).to.equal(200);
      const notice = (await sink.until(before + 2))[before + 1];
      const undo = await visitor.get(linkIn({ text: (await PostalMime.parse(notice?.bytes ?? '')).text ?? '' }));
      expect(undo.text).to.include('Take this change back?');
      for (const { text: html, headers } of [page, linked, undo]) {
        expect(withoutTokens(html)).not.to.match(/<script>|<img|<svg onload|href="(?:javascript:|[^"]*evil)/i);
        expect(headers.get('content-security-policy')).to.include("script-src 'self'").and.not.include('unsafe');
      }
    }
    for (const { to, bytes } of sink.taken) {
      expect(to).to.have.length(1);
      const mail = await PostalMime.parse(bytes);
      expect(mail.to?.map(({ address }) => address)).to.deep.equal(to);
      expect(mail.headers.map(({ key }) => key)).not.to.include.members(['bcc']);
      expect([mail.cc, mail.bcc]).to.deep.equal([undefined, undefined]);
      expect(withoutTokens(mail.html ?? '')).not.to.match(/<script|<img|<svg|<a[^>]*evil/i);
      for (const [, address] of mail.html?.matchAll(/href="([^"]*)"/g) ?? [])
        expect(address).to.match(RegExp(`^${app.url}/`));
    }
    expect(sink.recipients.filter((one) => one.includes('evil'))).to.deep.equal([]);
  });
});
