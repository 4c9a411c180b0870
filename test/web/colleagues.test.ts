import { expect } from 'chai';
import { profiles } from '../../src/directory/directory.ts';
import { changeStore, linkedVisitor, linkProfiles, mailsTo, pathIn, valuesOf } from '../support/linked-visitor.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { until } from '../support/until.ts';
import { type Answer, csrfOf, WebVisitor } from '../support/web-visitor.ts';

const minute = 60_000;

describe('/colleagues', () => {
  let app: TestApp;
  let passed: number;
  beforeEach(async () => {
    passed = 0;
    app = await startTestApp({}, { now: () => new Date(Date.now() + passed) });
  });
  afterEach(() => app.close());

  /** The sample's administrator, who is linked from the start. */
  const dana = async () => {
    const visitor = new WebVisitor(app.url);
    await visitor.signInAs('dana');
    return visitor;
  };
  /** Administrator of another company. */
  const megan = () => linkedVisitor(app, 'other.TWVnYW4', 'megan@fabrikam.example', 2);
  const asOn = (page: Answer) => valuesOf(page, 'as')[0] ?? '';
  const personOn = ({ text }: Answer, email: string) => {
    const [local = '', domain = ''] = email.split('@');
    const before = text.slice(0, text.indexOf(`${local}<wbr/>@${domain}`));
    return /_person-([^"]+)"(?!.*_person-)/s.exec(before)?.[1] ?? '';
  };
  const invite = async (visitor: WebVisitor, people: string) => {
    const page = await visitor.get('/colleagues/invite');
    return visitor.post('/colleagues/invite', { csrf: csrfOf(page), as: asOn(page), people });
  };
  const does = async (visitor: WebVisitor, email: string, verb: string, fields: Record<string, string> = {}) => {
    const page = await visitor.get('/colleagues');
    const answer = await visitor.post(`/colleagues/${personOn(page, email)}/${verb}`, {
      csrf: csrfOf(page),
      as: asOn(page),
      ...fields,
    });
    expect([answer.status, answer.location.split('?')[0]]).to.deep.equal([303, '/colleagues']);
    return (await visitor.get(answer.location)).text;
  };
  const invitationOf = async (email: string, count = 1) =>
    (await mailsTo(app.url, email, count, ({ text }) => text.includes('/invitations/')))[0] as never;

  it('is for administrators only, and says so to others', async () => {
    const kofi = await linkedVisitor(app, 'other.S29maQ', 'kofi@contoso.example', 1);
    for (const path of ['/colleagues', '/colleagues/invite', '/colleagues?as=x']) {
      const page = await kofi.get(path);
      expect(page.status).to.equal(403);
      expect(page.text).to.include('This page is for administrators').and.not.include('Dana');
    }
    expect((await kofi.get('/')).text).not.to.include('>Colleagues</a>');
  });

  it('lists the people of the company and nobody else, and finds them by name or address', async () => {
    const visitor = await dana();
    const page = await visitor.get('/colleagues');
    expect(page.text).to.include('4 people').and.include('Dana Weber (you)').and.not.include('Megan');
    const found = await visitor.get('/colleagues?q=KOFI%40');
    expect(found.text).to.include('One person found').and.include('Kofi Mensah').and.not.include('Mara Vogt');
    expect((await visitor.get('/colleagues?q=%3Cb%3Enobody')).text)
      .to.include('Nobody fits')
      .and.not.include('<b>');
  });

  it('invites a pasted list, says why one could not be, and keeps that line to be mended', async () => {
    const visitor = await dana();
    const answer = await invite(
      visitor,
      'Ada Nowak <ada@contoso.example>\n"Bo, Li"; bo@contoso.example\n\r\nCem\tcem@contoso\nada@contoso.example\nnameless@contoso.example\nKofi Mensah, kofi@contoso.example\nDana, dana@contoso.example',
    );
    expect(answer.status).to.equal(400);
    expect(answer.text).to.include('3 invitations are on their way').and.include('has no ending');
    expect(answer.text).to.include('Stands in the list twice').and.include('Write the name before the address');
    expect(answer.text).to.include('Had a profile already').and.include('Uses the portal already');
    expect(answer.text).to.match(/<textarea[^>]*>Cem, cem@contoso\nnameless@contoso.example</);
    const mail = await invitationOf('ada@contoso.example');
    expect((mail as { text: string }).text).to.include('Dana Weber invites you');
    // What came of a mail is noted after it has arrived.
    const pending = async () => (await visitor.get('/colleagues?pending=1')).text;
    await until(async () => (await pending()).includes('The mail server took the e-mail on'));
    expect(await pending()).to.include('3 people found');
  });

  it('says of a list that is too long how long it is, and sends none of it', async () => {
    const visitor = await dana();
    const people = Array.from({ length: 21 }, (_, n) => `${'å'.repeat(100)}, n${n}@contoso.example`).join('\n');
    const answer = await invite(visitor, people);
    expect([answer.status, answer.text.includes('These are 21 people.')]).to.deep.equal([400, true]);
    expect(answer.text).to.include('n20@contoso.example</textarea>');
    expect((await invite(visitor, '  \n ')).text).to.include('Write at least one name');
    expect((await visitor.get('/colleagues')).text).to.include('4 people');
  });

  it('invites once when the list is sent twice', async () => {
    const visitor = await dana();
    await invite(visitor, 'Ada Nowak, ada@contoso.example');
    expect((await invite(visitor, 'Ada Nowak, ada@contoso.example')).text).to.include('Was invited a moment ago');
    await invitationOf('ada@contoso.example');
    const all = (await (await fetch(`${app.url}/dev/mail.json`)).json()) as { to: string }[];
    expect(all.filter(({ to }) => to === 'ada@contoso.example')).to.have.length(1);
  });

  it('sends an invitation again, withdraws it, and says when there is nothing left to withdraw', async () => {
    const visitor = await dana();
    await invite(visitor, 'Ada Nowak, ada@contoso.example');
    expect(await does(visitor, 'ada@contoso.example', 'resend')).to.include('sent a moment ago');
    passed = 6 * minute;
    expect(await does(visitor, 'ada@contoso.example', 'resend')).to.include('Only the newest link works');
    const mail = await invitationOf('ada@contoso.example', 2);
    expect(await does(visitor, 'ada@contoso.example', 'revoke')).to.include('The invitation is withdrawn');
    expect(await does(visitor, 'ada@contoso.example', 'revoke')).to.include('done or cancelled already');
    await visitor.get(pathIn(mail, 'invitations'));
    expect((await visitor.get('/invitations')).text).to.include('It was withdrawn');
  });

  it('changes roles, but never takes the last administrator away', async () => {
    const visitor = await dana();
    expect(await does(visitor, 'dana@contoso.example', 'role', { role: 'member' })).to.include(
      'the last administrator',
    );
    expect(await does(visitor, 'kofi@contoso.example', 'role', { role: 'administrator' })).to.include(
      'role is changed',
    );
    expect(await does(visitor, 'kofi@contoso.example', 'role', { role: 'owner' })).to.include('Nothing was changed');
    const own = await does(visitor, 'dana@contoso.example', 'role', { role: 'member' });
    expect(own).to.include('This page is for administrators').and.include('The role is changed');
  });

  it('ends access, which the person notices at once, and gives it back as it was', async () => {
    const visitor = await dana();
    const kofi = await linkedVisitor(app, 'other.S29maQ', 'kofi@contoso.example', 1);
    expect(await does(visitor, 'kofi@contoso.example', 'end')).to.include('Access is ended');
    expect((await kofi.get('/accounts')).text).to.include('No profile gives you access');
    expect(await does(visitor, 'kofi@contoso.example', 'end')).to.include('Access is ended');
    expect(await does(visitor, 'kofi@contoso.example', 'restore')).to.include('given back as it was');
    expect((await kofi.get('/accounts')).location).to.equal('/profile');
    expect(await does(visitor, 'dana@contoso.example', 'end')).to.include('ended by another administrator');
  });

  it('refuses the forms of an administrator who was removed a minute ago', async () => {
    const visitor = await dana();
    const kofi = await linkedVisitor(app, 'other.S29maQ', 'kofi@contoso.example', 1);
    await does(visitor, 'kofi@contoso.example', 'role', { role: 'administrator' });
    const page = await kofi.get('/colleagues');
    const form = await kofi.get('/colleagues/invite');
    const [as, csrf] = [asOn(page), csrfOf(page)];
    await does(visitor, 'kofi@contoso.example', 'role', { role: 'member' });
    for (const verb of ['resend', 'revoke', 'role', 'end', 'restore'])
      await kofi.post(`/colleagues/${personOn(page, 'mara@contoso.example')}/${verb}`, {
        csrf,
        as,
        role: 'administrator',
      });
    const answer = await kofi.post('/colleagues/invite', { csrf: csrfOf(form), as, people: 'X, x@contoso.example' });
    expect(answer.location).to.equal('/colleagues');
    expect((await kofi.get('/colleagues')).text).to.include('You are not an administrator of this company any more');
    const after = await visitor.get('/colleagues');
    expect(after.text).to.include('4 people').and.not.include('Access ended');
  });

  it("knows neither another company's people nor its administrators", async () => {
    const visitor = await dana();
    const other = await megan();
    const theirs = await other.get('/colleagues');
    const [foreignAs, foreign] = [asOn(theirs), personOn(theirs, 'amira@contoso.example')];
    expect(foreign).not.to.equal('');
    const page = await visitor.get('/colleagues');
    const post = (path: string, fields: Record<string, string>) =>
      visitor.post(path, { csrf: csrfOf(page), ...fields });
    for (const verb of ['resend', 'revoke', 'role', 'end', 'restore']) {
      for (const id of [foreign, 'nope', '__proto__']) {
        const { location } = await post(`/colleagues/${id}/${verb}`, { as: asOn(page), role: 'administrator' });
        expect((await visitor.get(location)).text, `${verb} ${id}`).to.include('Nobody with that id');
      }
      for (const as of [foreignAs, '', '__proto__']) {
        const { location } = await post(`/colleagues/${foreign}/${verb}`, { as, role: 'administrator' });
        expect((await visitor.get(location)).text, `${verb} as ${as}`).to.include('You are not an administrator');
      }
    }
    await post('/colleagues/invite', { as: foreignAs, people: 'X, x@fabrikam.example' });
    expect((await visitor.get(`/colleagues?as=${foreignAs}`)).status).to.equal(403);
    expect((await other.get('/colleagues')).text)
      .to.include('3 people')
      .and.not.include('Access ended');
  });

  it('acts for the company that a form was shown for, whichever profile is in use since', async () => {
    const visitor = await megan();
    await changeStore(app, async (change, records) => {
      for await (const one of records.all(profiles))
        if (one.value.email === 'megan@fabrikam.example' && one.value.role === 'member')
          change.update(profiles, one, { ...one.value, role: 'administrator' });
    });
    const first = await visitor.get('/colleagues');
    const otherAs = /href="\/colleagues\?as=([^"]+)"/.exec(first.text)?.[1] ?? '';
    const second = await visitor.get(`/colleagues?as=${otherAs}`);
    expect([asOn(second), asOn(second) === asOn(first)]).to.deep.equal([otherAs, false]);
    await visitor.post('/accounts', { csrf: csrfOf(first), profile: otherAs });
    const form = await visitor.get(`/colleagues/invite?as=${asOn(first)}`);
    await visitor.post('/colleagues/invite', { csrf: csrfOf(form), as: asOn(first), people: 'Ada, ada@x.example' });
    expect((await visitor.get(`/colleagues?as=${asOn(first)}`)).text).to.include('ada<wbr/>@x.example');
    expect((await visitor.get(`/colleagues?as=${otherAs}`)).text).not.to.include('ada<wbr/>@x.example');
  });

  it('asks for a new sign-in after a quarter of an hour for what changes something, and not for looking', async () => {
    const visitor = await dana();
    await visitor.signInAs('dana', '/', { stay: '1' });
    const page = await visitor.get('/colleagues');
    passed = 16 * minute;
    expect((await visitor.get('/colleagues')).status).to.equal(200);
    expect((await visitor.get('/colleagues/invite')).location).to.include('/sign-in?again=1');
    const answer = await visitor.post(`/colleagues/${personOn(page, 'kofi@contoso.example')}/end`, {
      csrf: csrfOf(page),
      as: asOn(page),
    });
    expect(answer.location).to.include('/sign-in?again=1&return=%2Fcolleagues');
  });

  it('shows a pasted list once more after a new sign-in, and invites nobody by itself', async () => {
    const visitor = await dana();
    await visitor.signInAs('dana', '/', { stay: '1' });
    const page = await visitor.get('/colleagues/invite');
    passed = 16 * minute;
    const people = 'Ada, ada@x.example\nCem, cem@x.example';
    const { location } = await visitor.post('/colleagues/invite', { csrf: csrfOf(page), as: asOn(page), people });
    const back = new URLSearchParams(location.split('?')[1]).get('return') ?? '';
    await visitor.signInAs('dana', back, { again: '1' });
    const { text } = await visitor.get(back);
    expect(text).to.include(`>${people}</textarea>`).and.include('Nothing was sent yet.');
    expect((await visitor.get('/colleagues')).text).not.to.include('ada<wbr/>@x.example');
  });

  it('leads an administrator with two companies from a new sign-in back to the list the form was sent from', async () => {
    const visitor = new WebVisitor(app.url);
    await visitor.signInAs('other.TWVnYW4', '/', { stay: '1' });
    await linkProfiles(visitor, 'megan@fabrikam.example', 2);
    const page = await visitor.get('/colleagues');
    passed = 16 * minute;
    const fields = { csrf: csrfOf(page), as: asOn(page) };
    const stale = [
      await visitor.post(`/colleagues/${personOn(page, 'megan@fabrikam.example')}/resend`, { ...fields, q: 'megan' }),
      await visitor.post('/colleagues/invite', { ...fields, people: 'Ada, ada@x.example' }),
      await visitor.get(`/colleagues/invite?as=${fields.as}`),
    ];
    for (const { location } of stale) {
      const form = new URL(location, app.url).searchParams.get('return') ?? '';
      expect(form).to.include(`as=${fields.as}`);
      expect((await visitor.signInAs('other.TWVnYW4', form, { again: '1' })).location).to.equal(form);
    }
  });

  it('pages through ten thousand people, and finds one among them', async () => {
    const visitor = await dana();
    await changeStore(app, async (change, records) => {
      for await (const { value } of records.all(profiles)) {
        if (value.email !== 'dana@contoso.example') continue;
        const { organisation } = value;
        for (let n = 0; n < 9996; n++) {
          const email = `n${n}@contoso.example`;
          const name = n === 5000 ? `${'<i>"'.padEnd(296, 'x')}last` : `Person ${n}`;
          change.create(profiles, `made-${n}`, { organisation, name, email, address: email, role: 'member' });
        }
      }
    });
    const page = await visitor.get('/colleagues');
    expect(page.text).to.include('10,000 people');
    expect(page.text.match(/id="_person-/g)).to.have.length(25);
    expect(Buffer.byteLength(page.text)).to.be.lessThan(150_000);
    const next = /href="(\/colleagues\?[^"]*after=[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const second = await visitor.get(next);
    expect(second.text).to.include('Back to the beginning').and.not.include('Amira');
    expect((await visitor.get('/colleagues?q=xxxlast')).text)
      .to.include('&lt;i>')
      .and.include('One person found');
  });

  it('refuses a form of another page', async () => {
    const visitor = await dana();
    for (const path of ['/colleagues/invite', '/colleagues/x/end', '/colleagues/x/role'])
      expect((await visitor.post(path, { csrf: 'x' })).status, path).to.equal(403);
  });
});
