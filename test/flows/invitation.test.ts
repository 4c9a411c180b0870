/** What hostile people, scanners and chance do to asking for an invitation and redeeming it, over HTTP. */

import { readdir, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect } from 'chai';
import { associations } from '../../src/accounts/association.ts';
import { auditEntries } from '../../src/audit/audit.ts';
import { askFor, capturedFor, confirm, importInto, linkIn, mailed, storedIn } from '../support/invitation-way.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { csrfOf, nonceOf, WebVisitor } from '../support/web-visitor.ts';

const minute = 60_000;
const header = 'portal,organisation,plan,plan_until,name,email,role';
const from = (n: number) => ({ 'x-forwarded-for': `198.18.${n >> 8}.${n & 255}` });

describe('an invitation over HTTP', () => {
  let app: TestApp;
  /** ms that the server's clock is ahead. */
  let ahead: number;
  beforeEach(async () => {
    ahead = 0;
    app = await startTestApp({ TRUSTED_PROXIES: 'loopback' }, { now: () => new Date(Date.now() + ahead) });
  });
  afterEach(() => app.close());

  const kofi = 'kofi@contoso.example';
  const linkOf = async (address = kofi) => linkIn((await capturedFor(app, address, 1))[0] ?? { text: '' });
  async function signedIn(subject: string): Promise<WebVisitor> {
    const visitor = new WebVisitor(app.url);
    await visitor.signInAs(subject);
    return visitor;
  }
  /** Whom profiles are linked to, but for the sample's administrator; ends the app. */
  const accounts = async () => {
    await app.stop();
    const found = (await storedIn(app, associations)).map(({ value }) => value.account.key.split('|')[1]);
    return found.filter((subject) => subject !== 'dana');
  };

  it('is asked for with the same answer for known and unknown addresses, in status, text and every header', async () => {
    const people = Array.from({ length: 25 }, (_, n) => `CustomerSource,X,support,,P,known.${10 + n}@x.test,member`);
    await importInto(app, [header, ...people, ''].join('\n'));
    const answers = new Map<string, Set<string>>();
    for (let n = 0; n < 50; n++) {
      const address = `${n % 2 ? 'known' : 'other'}.${10 + (n >> 1)}@x.test`;
      const visitor = new WebVisitor(app.url);
      const { status, text, headers } = await askFor(visitor, address, from(n));
      const { date: _date, ...others } = Object.fromEntries(headers);
      const answer = JSON.stringify([status, text.replaceAll(address, '[address]'), text.length, others]);
      const kind = address.slice(0, 5);
      answers.set(kind, (answers.get(kind) ?? new Set()).add(answer));
    }
    expect([...(answers.get('known') ?? [])]).to.have.length(1);
    expect(answers.get('known')).to.deep.equal(answers.get('other'));
    await capturedFor(app, 'known.34@x.test', 1);
    await mailed(app);
    expect(await capturedFor(app, 'other.34@x.test', 0)).to.deep.equal([]);
  });

  it('is asked for once by a form that is sent again, whenever that is, and anew for another address', async () => {
    const visitor = new WebVisitor(app.url);
    const page = await visitor.get('/associate');
    const fields = { csrf: csrfOf(page), nonce: nonceOf(page) };
    const send = (email: string) => visitor.post('/associate', { ...fields, email });
    const shown = await Promise.all([send(kofi), send(kofi), send(kofi)]);
    await app.restart();
    ahead += 24 * 60 * minute;
    shown.push(await send('KOFI@contoso.example'), await send(kofi));
    expect(shown.map(({ status, text }) => [status, text.includes('Check your e-mail')])).to.deep.equal(
      Array(5).fill([200, true]),
    );
    await send('mara@contoso.example');
    await capturedFor(app, 'mara@contoso.example', 1);
    await mailed(app);
    expect(await capturedFor(app, kofi, 1)).to.have.length(1);
    await app.stop();
    const asked = (await storedIn(app, auditEntries)).filter(({ value }) => value.action === 'invitation.asked');
    expect(asked).to.have.length(2);
  });

  it('asks nothing of the limit of its sender where it is sent again', async () => {
    const visitor = new WebVisitor(app.url);
    const page = await visitor.get('/associate');
    const fields = { csrf: csrfOf(page), nonce: nonceOf(page), email: kofi };
    for (let n = 0; n < 50; n++) expect((await visitor.post('/associate', fields)).status).to.equal(200);
    expect((await askFor(visitor, 'mara@contoso.example')).status).to.equal(200);
  });

  it('comes five times a day however many people ask how often, restarts or not, and the first link still works', async () => {
    for (let n = 0; n < 100; n++) {
      const { status } = await askFor(new WebVisitor(app.url), kofi, from(n % 50));
      expect(status).to.equal(200);
      ahead += 6 * minute;
      if (n % 50 === 30) await app.restart();
    }
    await askFor(new WebVisitor(app.url), 'mara@contoso.example', from(200));
    await capturedFor(app, 'mara@contoso.example', 1);
    await mailed(app);
    const mails = await capturedFor(app, kofi, 5);
    expect(mails).to.have.length(5);
    expect(new Set(mails.map(linkIn)).size).to.equal(3);
    const reader = new WebVisitor(app.url);
    const opened = await reader.follow(await reader.get(linkIn(mails.at(-1) ?? { text: '' })));
    expect(opened.text).to.include('Sign in to go on');
  });

  it('is asked for twenty times an hour by one asker, who is told when to come again, after a restart too', async () => {
    const visitor = new WebVisitor(app.url);
    for (let n = 0; n < 20; n++) expect((await askFor(visitor, `nobody.${n}@x.test`, from(1))).status).to.equal(200);
    for (let n = 0; n < 2; n++) {
      const { status, headers, text } = await askFor(visitor, kofi, from(1));
      expect(status).to.equal(429);
      expect(Number(headers.get('retry-after'))).to.be.within(3000, 3600);
      expect(text).to.include('minutes');
      await app.restart();
    }
    expect((await askFor(new WebVisitor(app.url), kofi, from(2))).status).to.equal(200);
  });

  it('is for one plain address: everything else is refused in words, and nobody is mailed', async () => {
    const visitor = new WebVisitor(app.url);
    for (const [what, typed] of [
      ['a second recipient after a line break', 'kofi@contoso.example\r\nBcc: evil@x.test'],
      ['a list', 'kofi@contoso.example,evil@x.test'],
      ['a group', 'grp:kofi@contoso.example;'],
      ['a name before it', 'A <kofi@contoso.example>'],
      ['a comment', 'kofi@contoso.example(x)evil.test'],
      ['a null character', 'kofi@contoso.example\u0000'],
      ['a letter that only looks like one', 'k\u043efi@contoso.example'],
      ['a soft hyphen', 'kofi@con\u00adtoso.example'],
      ['full-width letters', 'kofi@\uff43ontoso.example'],
      ['a space that cannot be seen', 'kofi@contoso.example\u200b'],
    ] as const) {
      const { status, text } = await askFor(visitor, typed);
      expect([status, text.includes('role="alert"')], what).to.deep.equal([400, true]);
    }
    await mailed(app);
    expect(await (await fetch(`${app.url}/dev/mail.json`)).json()).to.deep.equal([]);
  });

  it('reaches an address in any letter case and either form of its domain', async () => {
    await importInto(app, `${header}\nCustomerSource,X,support,,P,Kim@bücher-x.test,member\n`);
    await askFor(new WebVisitor(app.url), 'KIM@XN--BCHER-X-N2A.test');
    expect(await capturedFor(app, 'Kim@xn--bcher-x-n2a.test', 1)).to.have.length(1);
  });

  it('leads to PUBLIC_URL, whatever host was asked for', async () => {
    const visitor = new WebVisitor(app.url);
    const csrf = csrfOf(await visitor.get('/associate'));
    const cookie = Array.from(visitor.cookies, (pair) => pair.join('=')).join('; ');
    const ask = (headers: Record<string, string>) =>
      new Promise<number>((answered, failed) => {
        const asking = request(`${app.url}/associate`, { method: 'POST', headers }, (response) => {
          response.resume().on('end', () => answered(response.statusCode ?? 0));
        });
        asking.on('error', failed).end(new URLSearchParams({ csrf, email: kofi }).toString());
      });
    const form = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
    expect(await ask({ ...form, host: 'evil.test' })).to.equal(421);
    expect(
      await ask({
        ...form,
        host: `127.0.0.1:${app.port}`,
        'x-forwarded-host': 'evil.test',
        forwarded: 'host=evil.test',
      }),
    ).to.equal(200);
    const [mail] = await capturedFor(app, kofi, 1);
    expect(mail?.text).to.include(app.url + linkIn(mail ?? { text: '' }));
    expect(`${mail?.text}${mail?.html}`).not.to.match(/evil\.test|127\.0\.0\.1/);
  });

  it('is opened by HEAD and GET as often as one likes, and stays redeemable; its address leads on at once', async () => {
    await askFor(new WebVisitor(app.url), kofi);
    const link = await linkOf();
    for (const method of ['HEAD', 'GET', 'GET', 'HEAD', 'GET']) {
      const answer = await fetch(app.url + link, { method, redirect: 'manual' });
      expect([answer.status, answer.headers.get('location')]).to.deep.equal([303, '/invitations']);
      expect(answer.headers.get('referrer-policy')).to.equal('no-referrer');
      expect(answer.headers.get('cache-control')).to.include('no-store');
    }
    const visitor = await signedIn('amira');
    await visitor.get(link);
    expect((await confirm(visitor)).status).to.equal(200);
    // As "reload" and "back" ask for it.
    expect((await visitor.get('/invitations')).text)
      .to.include('stands in My Profile')
      .and.not.include('no longer works');
    expect(await accounts()).to.deep.equal(['amira']);
  });

  it('confirmed by two people at once is for one of them, and the other is told', async () => {
    await askFor(new WebVisitor(app.url), kofi);
    const link = await linkOf();
    const people = [await signedIn('amira'), await signedIn('jin')];
    const forms = await Promise.all(people.map(async (person) => csrfOf(await person.follow(await person.get(link)))));
    const answers = await Promise.all(
      people.map((person, index) => person.post('/invitations', { csrf: forms[index] ?? '' })),
    );
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409]);
    const winner = answers[0]?.status === 200 ? 'amira' : 'jin';
    expect(await accounts()).to.deep.equal([winner]);
  });

  it('is not redeemed by a form without the token of this session, or sent from elsewhere', async () => {
    await askFor(new WebVisitor(app.url), kofi);
    const link = await linkOf();
    const [amira, jin] = [await signedIn('amira'), await signedIn('jin')];
    const own = csrfOf(await amira.follow(await amira.get(link)));
    const ofJin = csrfOf(await jin.follow(await jin.get(link)));
    for (const [csrf, headers] of [
      ['', {}],
      [ofJin, {}],
      [own, { origin: 'https://evil.test' }],
      [own, { 'sec-fetch-site': 'cross-site' }],
    ] as const)
      expect((await amira.post('/invitations', { csrf }, headers)).status).to.equal(403);
    expect(await accounts()).to.deep.equal([]);
  });

  it('is nothing for somebody who says the address of another: no profile, and no link without the mail', async () => {
    await askFor(new WebVisitor(app.url), kofi);
    await linkOf();
    const impostor = await signedIn('impostor');
    const page = await impostor.get('/invitations');
    expect([page.status, page.text.includes('Contoso')]).to.deep.equal([404, false]);
    const answer = await impostor.post('/invitations', { csrf: csrfOf(await impostor.get('/associate')) });
    expect([answer.status, answer.text.includes('Contoso')]).to.deep.equal([409, false]);
    expect(await accounts()).to.deep.equal([]);
  });

  it('taken back is taken back once, and the link in the notice links nothing', async () => {
    await askFor(new WebVisitor(app.url), kofi);
    const link = await linkOf();
    const visitor = await signedIn('amira');
    await visitor.get(link);
    await confirm(visitor);
    const notice = (await capturedFor(app, kofi, 2)).map(linkIn).find((one) => one.startsWith('/undo/')) ?? '';
    const reader = new WebVisitor(app.url);
    for (let n = 0; n < 3; n++) expect((await reader.get(notice)).text).to.include('Take this change back?');
    expect((await reader.post(notice, { csrf: '' })).status).to.equal(403);
    expect((await reader.get(notice.replace('undo', 'invitations'))).status).to.equal(303);
    expect((await reader.get('/invitations')).status).to.equal(404);
    const csrf = csrfOf(await reader.get(notice));
    const answers = await Promise.all(Array.from({ length: 5 }, () => reader.post(notice, { csrf })));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409, 409, 409, 409]);
    // Whoever did not expect the change is told to tell us, and how.
    for (const { text } of answers) expect(text).to.include('class="button" href="mailto:');
    // What was taken back is not brought back by the old link or the undo of it.
    await visitor.get(link);
    expect((await confirm(visitor)).status).to.be.oneOf([403, 409]);
    expect(await accounts()).to.deep.equal([]);
  });

  it('leaves no token, code or full address in the log, and no token in any file but the captured mail', async () => {
    const amira = 'amira@contoso.example';
    const visitor = new WebVisitor(app.url);
    await askFor(visitor, amira);
    const invitations = await capturedFor(app, amira, 3);
    await visitor.signInAs('amira');
    for (const mail of invitations) {
      await visitor.get(linkIn(mail));
      expect((await confirm(visitor)).status).to.equal(200);
    }
    const mails = await capturedFor(app, amira, 6);
    const reader = new WebVisitor(app.url);
    const undo = mails.map(linkIn).find((one) => one.startsWith('/undo/')) ?? '';
    await reader.post(undo, { csrf: csrfOf(await reader.get(undo)) });
    await mailed(app);
    await reader.get(undo);
    const tokens = mails.map(linkIn).map((link) => link.slice(-43));
    expect(new Set(tokens).size).to.equal(6);
    const secrets = [...tokens, ...visitor.cookies.values(), ...reader.cookies.values()].filter(
      ({ length }) => length > 20,
    );
    const logged = app.log();
    for (const name of [...secrets, amira]) expect(logged.includes(name), 'the log').to.equal(false);
    // The journals of the run, and the snapshot of its end.
    const check = async () => {
      for (const name of await readdir(app.folder)) {
        const text = await readFile(join(app.folder, name), 'utf8').catch(() => '');
        for (const secret of secrets) expect(text.includes(secret), name).to.equal(false);
      }
    };
    await check();
    await app.stop();
    await check();
  });
});
