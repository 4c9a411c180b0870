import { expect } from 'chai';
import { organisations, profiles } from '../../src/directory/directory.ts';
import { changeStore, linkedVisitor, linkProfiles, mailsTo, pathIn } from '../support/linked-visitor.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { type Answer, csrfOf, WebVisitor } from '../support/web-visitor.ts';

const minute = 60_000;
const amiras = 'amira@contoso.example';

describe('/profile', () => {
  let app: TestApp;
  let passed: number;
  beforeEach(async () => {
    passed = 0;
    app = await startTestApp({}, { now: () => new Date(Date.now() + passed) });
  });
  afterEach(() => app.close());

  const kofi = () => linkedVisitor(app, 'other.S29maQ', 'kofi@contoso.example', 1);
  const idsOn = ({ text }: Answer) =>
    [...text.matchAll(/href="\/profile\/([^/"]+)\/address"/g)].map(([, id = '']) => id);
  const profileOf = async (visitor: WebVisitor) => idsOn(await visitor.get('/profile'))[0] ?? '';
  /** Presses a button of a page; the answer is where it leads. */
  const press = async (visitor: WebVisitor, page: string, action: string, fields: Record<string, string> = {}) => {
    const csrf = csrfOf(await visitor.get(page));
    return visitor.post(action, { csrf, ...fields });
  };
  const codeIn = ({ text }: { text: string }) => /\b\d{4} ?\d{4}\b/.exec(text)?.[0] ?? '';
  const propose = async (visitor: WebVisitor, profile: string, email: string) =>
    press(visitor, `/profile/${profile}/address`, `/profile/${profile}/address`, { email });
  const confirm = async (visitor: WebVisitor, profile: string, code: string) =>
    press(visitor, `/profile/${profile}/address`, `/profile/${profile}/address/confirm`, { code });

  it('shows every profile of the account, the sessions, and what happened', async () => {
    const visitor = await linkedVisitor(app, 'amira', amiras, 3);
    const page = await visitor.get('/profile');
    expect(page.status).to.equal(200);
    expect(page.headers.get('cache-control')).to.equal('private, no-store');
    expect(idsOn(page)).to.have.length(3);
    expect(page.text).to.include('amira@contoso.example is linked to 3 profiles.');
    expect(page.text).to.include('Enhancement Plan, until 31 December 2099').and.include('This one');
    expect(page.text).to.include('Linked to a Microsoft Account').and.include('by you');
    expect(page.text).not.to.include('Something was changed');
  });

  it('offers to link one to an account without', async () => {
    const visitor = new WebVisitor(app.url);
    await visitor.signInAs('jin');
    const page = await visitor.get('/profile');
    expect(page.text).to.include('is not linked to a profile yet').and.include('href="/associate"');
  });

  it('changes the address by a code that came to the new one, and lets the old one take it back', async () => {
    const visitor = await kofi();
    const profile = await profileOf(visitor);
    expect((await propose(visitor, profile, 'kofi.mensah@contoso.example')).location).to.equal(
      `/profile/${profile}/address`,
    );
    expect((await visitor.get('/profile')).text).to.include('We sent a code to your new address');
    const [code] = await mailsTo(app.url, 'kofi.mensah@contoso.example', 1);
    for (const [typed, left] of [
      ['1', 5],
      ['0000 0000', 4],
    ] as const) {
      const wrong = await confirm(visitor, profile, typed);
      expect(wrong.status).to.equal(400);
      expect(wrong.text).to.include(`You have ${left} tries left.`).and.include(`value="${typed}"`);
    }
    const done = await confirm(visitor, profile, codeIn(code as { text: string }));
    expect(done.location).to.equal('/profile');
    const page = await visitor.get('/profile');
    expect(page.text).to.include('The address is now kofi.mensah@contoso.example');
    expect((await visitor.get('/profile')).text).not.to.include('The address is now');
    const [notice] = await mailsTo(app.url, 'kofi@contoso.example', 1, ({ text }) =>
      text.includes('now has another e-mail address'),
    );
    const undo = pathIn(notice as never, 'undo');
    const stranger = new WebVisitor(app.url);
    const undone = await stranger.post(undo, { csrf: csrfOf(await stranger.get(undo)) });
    expect(undone.status).to.equal(200);
    expect((await visitor.get('/profile')).text).to.include('kofi<wbr/>@contoso.example');
  });

  it('does once what is pressed twice', async () => {
    const visitor = await kofi();
    const profile = await profileOf(visitor);
    await propose(visitor, profile, 'kofi2@contoso.example');
    const [code] = await mailsTo(app.url, 'kofi2@contoso.example', 1);
    const csrf = csrfOf(await visitor.get(`/profile/${profile}/address`));
    const press = () =>
      visitor.post(`/profile/${profile}/address/confirm`, { csrf, code: codeIn(code as { text: string }) });
    const answers = [await press(), await press()];
    expect(answers.map(({ status, location }) => [status, location])).to.deep.equal([
      [303, '/profile'],
      [303, '/profile'],
    ]);
  });

  it('says beside the field what is wrong with an address, and keeps it', async () => {
    const visitor = await kofi();
    const profile = await profileOf(visitor);
    for (const [typed, advice] of [
      ['kofi@contoso', 'has no ending'],
      ['kofi@contoso.example', 'This is the address already'],
      ['<b>"x', 'Enter one address'],
      ['x'.repeat(5000), 'at most 254 characters'],
    ] as const) {
      const answer = await propose(visitor, profile, typed);
      expect(answer.status, typed).to.equal(400);
      expect(answer.text).to.include(advice).and.include('aria-invalid');
      expect(answer.text).not.to.include('<b>"x');
    }
    expect((await propose(visitor, profile, 'kofi@contoso')).text).to.include('value="kofi@contoso"');
  });

  it('keeps the present address when the change is cancelled', async () => {
    const visitor = await kofi();
    const profile = await profileOf(visitor);
    await propose(visitor, profile, 'kofi2@contoso.example');
    const [code] = await mailsTo(app.url, 'kofi2@contoso.example', 1);
    const csrf = csrfOf(await visitor.get('/profile'));
    for (const said of ['The address stays as it was', 'This was done or cancelled already']) {
      expect((await visitor.post(`/profile/${profile}/address/cancel`, { csrf })).location).to.equal('/profile');
      expect((await visitor.get('/profile')).text).to.include(said);
    }
    const late = await visitor.post(`/profile/${profile}/address/confirm`, {
      csrf,
      code: codeIn(code as { text: string }),
    });
    expect(late.status).to.equal(400);
    expect((await visitor.get('/profile')).text).to.include('kofi<wbr/>@');
  });

  it('sends an invitation for a different account once, shows the step, and withdraws it', async () => {
    const visitor = await kofi();
    const profile = await profileOf(visitor);
    const csrf = csrfOf(await visitor.get('/profile'));
    for (let n = 0; n < 2; n++) {
      expect((await visitor.post(`/profile/${profile}/move`, { csrf })).location).to.equal('/profile');
      const page = await visitor.get('/profile');
      expect(page.text).to.include('Invitation sent to kofi@contoso.example').and.include('aria-current="step"');
    }
    const isMove = ({ subject }: { subject: string }) => subject.includes('to another Microsoft Account');
    const [mail] = await mailsTo(
      app.url,
      'kofi@contoso.example',
      1,
      (one) => isMove(one) && one.text.includes('/invitations/'),
    );
    await visitor.post(`/profile/${profile}/move/cancel`, { csrf });
    expect((await visitor.get('/profile')).text).to.include('The change of account is cancelled');
    await visitor.get(pathIn(mail as never, 'invitations'));
    expect((await visitor.get('/invitations')).text).to.include('It was withdrawn');
    const all = (await (await fetch(`${app.url}/dev/mail.json`)).json()) as {
      to: string;
      subject: string;
      text: string;
    }[];
    expect(all.filter((one) => isMove(one) && one.text.includes('/invitations/'))).to.have.length(1);
  });

  it('moves to the account that confirms, and is gone from the one before', async () => {
    const visitor = await kofi();
    const profile = await profileOf(visitor);
    await press(visitor, '/profile', `/profile/${profile}/move`);
    const [mail] = await mailsTo(
      app.url,
      'kofi@contoso.example',
      1,
      ({ subject, text }) => subject.includes('to another Microsoft Account') && text.includes('/invitations/'),
    );
    const other = new WebVisitor(app.url);
    await other.signInAs('jin');
    await other.get(pathIn(mail as never, 'invitations'));
    await other.post('/invitations', { csrf: csrfOf(await other.get('/invitations')) });
    expect(await profileOf(other)).to.equal(profile);
    expect(idsOn(await visitor.get('/profile'))).to.deep.equal([]);
    // The back button, and a form that was open meanwhile.
    expect((await press(visitor, '/profile', `/profile/${profile}/move`)).status).to.equal(404);
  });

  it('knows no profile of somebody else, whatever is asked of it', async () => {
    const profile = await profileOf(await kofi());
    const impostor = new WebVisitor(app.url);
    await impostor.signInAs('impostor');
    for (const id of [profile, 'nope', '__proto__', '%2e%2e', 'a%2Fb']) {
      expect((await impostor.get(`/profile/${id}/address`)).status, id).to.equal(404);
      expect((await impostor.get(`/profile/${id}/history`)).status, id).to.equal(404);
      for (const verb of ['address', 'address/confirm', 'address/cancel', 'move', 'move/cancel'])
        expect(
          (await press(impostor, '/profile', `/profile/${id}/${verb}`, { email: 'x@y.example' })).status,
          id,
        ).to.equal(404);
    }
  });

  it('asks to sign in once more for each step when the sign-in is a quarter of an hour old, and comes back', async () => {
    const visitor = new WebVisitor(app.url);
    await visitor.signInAs('other.S29maQ', '/', { stay: '1' });
    await linkProfiles(visitor, 'kofi@contoso.example', 1);
    const profile = await profileOf(visitor);
    const csrf = csrfOf(await visitor.get('/profile'));
    passed = 16 * minute;
    const again = (path: string) => `/sign-in?again=1&return=${encodeURIComponent(path)}`;
    const edit = `/profile/${profile}/address`;
    expect((await visitor.get(edit)).location).to.equal(again(edit));
    expect((await visitor.post(edit, { csrf, email: 'x@y.example' })).location).to.equal(again(edit));
    for (const verb of ['move', 'move/cancel'])
      expect((await visitor.post(`/profile/${profile}/${verb}`, { csrf })).location).to.equal(
        again(`/profile#_move-${profile}`),
      );
    const page = await visitor.get('/profile');
    expect(page.status).to.equal(200);
    expect(page.text).to.include(`id="_move-${profile}"`).and.include(`id="_profile-${profile}"`);
  });

  it('leads from a new sign-in back to the form of a profile, without asking for a company first', async () => {
    const visitor = new WebVisitor(app.url);
    await visitor.signInAs('amira', '/', { stay: '1' });
    await linkProfiles(visitor, amiras, 3);
    const [profile = ''] = idsOn(await visitor.get('/profile'));
    const csrf = csrfOf(await visitor.get('/profile'));
    passed = 16 * minute;
    const opened = `/profile/${profile}/address`;
    const stale = [await visitor.get(opened)];
    for (const verb of ['address', 'address/confirm', 'address/cancel', 'move', 'move/cancel'])
      stale.push(await visitor.post(`/profile/${profile}/${verb}`, { csrf }));
    for (const { location } of stale) {
      const { searchParams } = new URL(location, app.url);
      const form = searchParams.get('return') ?? '';
      expect(form).to.include(profile);
      expect((await visitor.signInAs('amira', form, { again: '1' })).location).to.equal(form);
    }
    expect((await visitor.signInAs('amira', '/privacy', { again: '1' })).location).to.include('/accounts?return=');
  });

  it('shows once more what was typed before a new sign-in, without doing it, and keeps no code', async () => {
    const visitor = new WebVisitor(app.url);
    await visitor.signInAs('other.S29maQ', '/', { stay: '1' });
    await linkProfiles(visitor, 'kofi@contoso.example', 1);
    const edit = `/profile/${await profileOf(visitor)}/address`;
    const csrf = csrfOf(await visitor.get('/profile'));
    passed = 16 * minute;
    await visitor.post(`${edit}/confirm`, { csrf, code: '12345678' });
    expect(visitor.cookies.has('accessdesk-typed')).to.equal(false);
    const { location } = await visitor.post(edit, { csrf, email: 'kofi.new@contoso.example' });
    expect(location).to.include('/sign-in?again=1').and.not.include('kofi');
    await visitor.signInAs('other.S29maQ', edit, { again: '1' });
    const shown = await visitor.get(edit);
    expect(shown.text).to.include('value="kofi.new@contoso.example"').and.include('Nothing was sent yet.');
    const mails = (await (await fetch(`${app.url}/dev/mail.json`)).json()) as { to: string }[];
    expect(mails.map(({ to }) => to)).not.to.include('kofi.new@contoso.example');
    expect((await visitor.get(edit)).text).not.to.include('kofi.new');
    await visitor.post(edit, { csrf: csrfOf(shown), email: 'kofi.new@contoso.example' });
    await mailsTo(app.url, 'kofi.new@contoso.example', 1);
  });

  it('shows a plan that ended, and sends no invitation for it', async () => {
    const visitor = await kofi();
    await changeStore(app, async (change, records) => {
      for await (const one of records.all(organisations))
        change.update(organisations, one, { ...one.value, planUntil: '2025-03-31' });
    });
    const page = await visitor.get('/profile');
    expect(page.text).to.include('ended on 31 March 2025').and.not.include('Send Invite E-mail');
    const [profile = ''] = idsOn(page);
    await visitor.post(`/profile/${profile}/move`, { csrf: csrfOf(page) });
    expect((await visitor.get('/profile')).text).to.include('cannot be moved at the moment');
  });

  it('shows a name of three hundred characters with markup as text', async () => {
    const visitor = await kofi();
    await changeStore(app, async (change, records) => {
      for await (const one of records.all(profiles))
        if (one.value.name.startsWith('Kofi'))
          change.update(profiles, one, { ...one.value, name: '<script>alert(1)</script>'.padEnd(300, 'x') });
    });
    expect((await visitor.get('/profile')).text)
      .to.include('&lt;script>alert(1)')
      .and.not.include('<script>alert');
  });

  it('signs out everywhere from here', async () => {
    const visitor = await kofi();
    const other = new WebVisitor(app.url);
    await other.signInAs('other.S29maQ');
    expect((await visitor.get('/profile')).text.match(/class="still session"/g)).to.have.length(2);
    await press(visitor, '/profile', '/sign-out', { everywhere: '1' });
    expect((await other.get('/profile')).status).to.equal(303);
  });

  it('says by what each browser is signed in, and which is this one', async () => {
    const visitor = await kofi();
    const other = new WebVisitor(app.url);
    const callback = await other.chooseSample(await other.beginSignIn(), 'other.S29maQ');
    await other.get(callback, { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0' });
    const { text } = await visitor.get('/profile');
    expect(text).to.match(/class="first">Edge on Windows <\/span>/);
    expect(text).to.match(/class="first">A browser that did not say its name <span class="pill">This one<\/span>/);
    expect(text.match(/>This one</g)).to.have.length(1);
  });

  it('calls a change off where nothing else may be looked up any more', async () => {
    const walled = await startTestApp({}, { limits: { find: { points: 3000, seconds: 3600 } } });
    try {
      const visitor = await linkedVisitor(walled, 'other.S29maQ', 'kofi@contoso.example', 1);
      const profile = await profileOf(visitor);
      const csrf = csrfOf(await visitor.get('/profile'));
      const ready = () => fetch(`${walled.url}/readyz`).then(({ status }) => status);
      while ((await Promise.all(Array.from({ length: 50 }, ready))).every((status) => status !== 429));
      const sent = async (verb: string) => (await visitor.post(`/profile/${profile}/${verb}`, { csrf })).status;
      expect([await sent('move'), await sent('move/cancel'), await sent('address/cancel')]).to.deep.equal([
        429, 303, 303,
      ]);
    } finally {
      await walled.close();
    }
  });

  it('signs one other browser out, and none of somebody else', async () => {
    const visitor = await kofi();
    const others = [new WebVisitor(app.url), new WebVisitor(app.url)];
    for (const other of others) await other.signInAs('other.S29maQ');
    const stranger = new WebVisitor(app.url);
    await stranger.signInAs('jin');
    const sessionsOn = ({ text }: Answer) => [...text.matchAll(/name="session" value="([^"]+)"/g)].map(([, id]) => id);
    const [session = '', ...more] = sessionsOn(await visitor.get('/profile'));
    expect(more).to.have.length(1);
    const csrf = csrfOf(await stranger.get('/profile'));
    await stranger.post('/profile/sessions/end', { csrf, session });
    expect(sessionsOn(await visitor.get('/profile'))).to.have.length(2);
    await press(visitor, '/profile', '/profile/sessions/end', { session });
    const page = await visitor.get('/profile');
    expect(page.text).to.include('That browser is signed out.');
    expect(sessionsOn(page)).to.deep.equal(more);
    const statuses = await Promise.all(others.map(async (other) => (await other.get('/profile')).status));
    expect(statuses.sort()).to.deep.equal([200, 303]);
  });

  it('pages through its history', async () => {
    const visitor = await kofi();
    const profile = await profileOf(visitor);
    const csrf = csrfOf(await visitor.get('/profile'));
    for (let n = 0; n < 3; n++) {
      await visitor.post(`/profile/${profile}/move`, { csrf });
      await visitor.post(`/profile/${profile}/move/cancel`, { csrf });
    }
    expect((await visitor.get('/profile')).text).to.include(`href="/profile/${profile}/history"`);
    const page = await visitor.get(`/profile/${profile}/history`);
    expect(page.text).to.include('Another Microsoft Account was asked for').and.include('An invitation was used');
  });

  it('refuses a form of another page', async () => {
    const visitor = await kofi();
    const profile = await profileOf(visitor);
    for (const verb of ['address', 'address/confirm', 'address/cancel', 'move', 'move/cancel'])
      expect((await visitor.post(`/profile/${profile}/${verb}`, { csrf: 'x' })).status, verb).to.equal(403);
  });
});
