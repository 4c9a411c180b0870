import { expect } from 'chai';
import { organisations } from '../../src/directory/directory.ts';
import { changeStore, linkedVisitor, linkProfiles, valuesOf } from '../support/linked-visitor.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { csrfOf, WebVisitor } from '../support/web-visitor.ts';

const portal = 'https://portal.contoso.example/home?from=desk';

describe('/accounts', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp({ RETURN_URLS: portal });
  });
  after(() => app.close());
  const amira = () => linkedVisitor(app, 'amira', 'amira@contoso.example', 3);
  /** Linked to one profile only. */
  const kofi = async () => linkedVisitor(app, 'other.S29maQ', 'kofi@contoso.example', 1);
  const choose = async (visitor: WebVisitor, profile: string, returnTo = '') => {
    const page = await visitor.get('/accounts');
    return visitor.post('/accounts', { csrf: csrfOf(page), profile, return: returnTo });
  };
  const companies = ({ text }: { text: string }) =>
    [...text.matchAll(/class="first">([^<]+)</g)].map(([, name]) => name);

  it('sends a stranger to the sign-in and back', async () => {
    const { location } = await new WebVisitor(app.url).get(`/accounts?return=${encodeURIComponent(portal)}`);
    expect(location).to.equal(
      `/sign-in?return=${encodeURIComponent(`/accounts?return=${encodeURIComponent(portal)}`)}`,
    );
  });

  it('explains itself to an account without profiles, and offers to link one', async () => {
    const visitor = new WebVisitor(app.url);
    await visitor.signInAs('jin');
    const page = await visitor.get('/accounts');
    expect(page.status).to.equal(200);
    expect(page.text).to.include('No profile gives you access').and.to.include('href="/associate"');
  });

  it('leads an account with one profile straight on', async () => {
    const visitor = await kofi();
    expect((await visitor.get('/accounts')).location).to.equal('/profile');
    expect((await visitor.get(`/accounts?return=${encodeURIComponent(portal)}`)).location).to.equal(portal);
    expect((await visitor.get('/')).text)
      .to.include('Using Contoso Ltd. - CustomerSource')
      .and.not.include('Switch profile</a>');
  });

  it('lists several, keeps the choice for the session, and marks the last one for the next', async () => {
    const visitor = await amira();
    const page = await visitor.get('/accounts');
    expect(companies(page)).to.deep.equal(['Contoso Ltd.', 'Fabrikam Inc.', 'Fabrikam Inc.']);
    expect(page.text).to.include('Member, Enhancement Plan');
    expect(page.text).not.to.include('class="pill"');
    const last = valuesOf(page, 'profile')[2] ?? '';
    const chosen = await choose(visitor, last);
    expect([chosen.status, chosen.location]).to.deep.equal([303, '/profile']);
    const help = await visitor.get('/');
    expect(help.text).to.include('Using Fabrikam Inc. - PartnerSource').and.include('Switch profile</a>');
    expect(help.text).to.include('Hello Amira Malik.');
    const again = new WebVisitor(app.url);
    const back = await again.signInAs('amira', '/entries/forgot-password');
    expect(back.location).to.equal(`/accounts?return=${encodeURIComponent('/entries/forgot-password')}`);
    const anew = await again.get(back.location);
    expect(valuesOf(anew, 'profile')[0]).to.equal(last);
    expect(anew.text.split('Used last')).to.have.length(2);
    expect(anew.text).not.to.include('In use');
  });

  it('asks only once in a session, however often somebody signs in again', async () => {
    const visitor = await amira();
    await choose(visitor, valuesOf(await visitor.get('/accounts'), 'profile')[0] ?? '');
    expect((await visitor.signInAs('amira', '/privacy', { again: '1' })).location).to.equal('/privacy');
  });

  it('leads to addresses of RETURN_URLS to the letter, and to pages of its own', async () => {
    const visitor = await amira();
    const [profile = ''] = valuesOf(await visitor.get('/accounts'), 'profile');
    expect((await choose(visitor, profile, portal)).location).to.equal(portal);
    expect((await choose(visitor, profile, '/privacy')).location).to.equal('/privacy');
    for (const foreign of [
      `${portal}x`,
      portal.replace('https', 'http'),
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      '/accounts?return=/accounts',
      '/sign-in',
    ])
      expect((await choose(visitor, profile, foreign)).location, foreign).to.equal('/profile');
    const policy = async (to: string) =>
      (await visitor.get(`/accounts?return=${encodeURIComponent(to)}`)).headers.get('content-security-policy');
    expect(await policy(portal)).not.to.include('form-action');
    expect(await policy('https://evil.example/')).to.include("form-action 'self'");
  });

  it('refuses a profile of somebody else, and one that was never there', async () => {
    const one = await amira();
    const [profile = ''] = valuesOf(await one.get('/accounts'), 'profile');
    const other = new WebVisitor(app.url);
    await other.signInAs('impostor');
    for (const id of [profile, 'nope', '__proto__', '']) {
      const answer = await choose(other, id);
      expect(answer.status, id).to.equal(409);
      expect(answer.text).to.include('cannot be chosen any more');
    }
    expect((await other.get('/')).text).not.to.include('Using ');
  });

  it('says of a profile without access why, and does not let it be chosen', async () => {
    const ended = await startTestApp();
    const visitor = new WebVisitor(ended.url);
    await visitor.signInAs('amira');
    await linkProfiles(visitor, 'amira@contoso.example', 3);
    const all = valuesOf(await visitor.get('/accounts'), 'profile');
    await changeStore(ended, async (change, records) => {
      for await (const one of records.all(organisations)) {
        if (one.value.name === 'Contoso Ltd.')
          change.update(organisations, one, {
            ...one.value,
            name: `${'<b>Contoso'.padEnd(300, '!')}`,
            planUntil: '2025-03-31',
          });
      }
    });
    const page = await visitor.get('/accounts');
    expect(companies(page)[2]).to.match(/^&lt;b>Contoso!+$/);
    expect(page.text).to.include('ended on 31 March 2025. Ask the administrator of your company');
    const open = valuesOf(page, 'profile');
    expect(open).to.have.length(2);
    const shut = all.find((id) => !open.includes(id)) ?? '';
    expect((await visitor.post('/accounts', { csrf: csrfOf(page), profile: shut })).status).to.equal(409);
    await ended.close();
  });

  it('refuses a form that did not come from its page', async () => {
    const visitor = await kofi();
    expect((await visitor.post('/accounts', { profile: 'x' })).status).to.equal(403);
  });
});
