import { expect } from 'chai';
import { clientSecret, microsoftStandIn, personalTenant } from '../../support/microsoft-stand-in.ts';
import { storedText } from '../../support/teams-stand-in.ts';
import { openToAll, startTestApp, type TestApp } from '../../support/test-app.ts';
import { csrfOf, nameOn, WebVisitor } from '../../support/web-visitor.ts';

const minute = 60_000;

describe('sign-in', () => {
  let app: TestApp;
  /** ms that the clock of the server is ahead. */
  let ahead = 0;
  before(async () => {
    app = await startTestApp({}, { now: () => new Date(Date.now() + ahead) });
  });
  after(() => app.close());
  afterEach(() => {
    ahead = 0;
  });
  const visitor = () => new WebVisitor(app.url);
  const signedIn = async (subject = 'amira', more: Record<string, string> = {}) => {
    const one = visitor();
    await one.signInAs(subject, '/profile', more);
    return one;
  };
  const nameOf = async (one: WebVisitor) => nameOn(await one.get('/profile'));

  it('leads to where it was asked for, and shows who is signed in', async () => {
    const one = visitor();
    expect((await one.signInAs('amira', '/profile?tab=sessions')).location).to.equal('/profile?tab=sessions');
    expect(await nameOf(one)).to.equal('Amira Malik');
  });

  it('takes a typed name for an account of its own, the same each time', async () => {
    const one = visitor();
    const callback = await one.chooseSample(await one.beginSignIn(), 'other', '  Kim <b>Lee</b>  ');
    await one.get(callback);
    const page = await one.get('/profile');
    expect(nameOn(page)).to.equal('Kim &lt;b>Lee&lt;/b>');
    expect(page.text).not.to.include('<b>Lee');
  });

  it('shows a page of its own to whoever is signed in, which nobody keeps, and the kept one to all others', async () => {
    const stranger = await visitor().get('/');
    const one = await signedIn();
    const own = await one.get('/', { 'if-none-match': stranger.headers.get('etag') ?? '' });
    expect(own.status).to.equal(200);
    expect(own.headers.get('cache-control')).to.equal('private, no-store');
    const again = await visitor().get('/');
    expect(again.text).to.equal(stranger.text).and.not.include('Amira');
    expect(again.headers.get('cache-control')).to.equal('no-cache');
    expect(again.headers.get('vary')).to.equal('accept-encoding, cookie');
    for (const path of ['/?q=password', '/entries/forgot-password', '/privacy', '/nope', '/sign-in', '/sign-out']) {
      const page = await one.get(path);
      expect(nameOn(page), path).to.equal('Amira Malik');
      expect(page.headers.get('cache-control'), path).to.equal('private, no-store');
    }
  });

  it('keeps the cookies from scripts and other sites', async () => {
    const one = await signedIn();
    const ours = one.setCookies.filter((line) => line.startsWith('accessdesk-'));
    expect(ours.length).to.be.greaterThan(2);
    for (const line of ours) expect(line).to.match(/; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it('binds the cookies to this very host where the address is https', async () => {
    const microsoft = await microsoftStandIn();
    const { PUBLIC_URL: publicUrl = '' } = openToAll;
    const settings = { ...openToAll, SIGN_IN_CLIENT_SECRET: clientSecret };
    const open = await startTestApp(settings, { fetch: microsoft.fetch });
    try {
      const one = new WebVisitor(open.url, publicUrl);
      const asked = new URL((await one.beginSignIn('/profile')).location).searchParams;
      expect(asked.get('redirect_uri')).to.equal(`${publicUrl}/sign-in/callback`);
      const code = microsoft.issue(asked.get('nonce') ?? '', personalTenant);
      await one.get(`/sign-in/callback?code=${code}&state=${asked.get('state')}`);
      expect(await nameOf(one)).to.equal('Amira Malik');
      expect([...one.cookies.keys()].sort()).to.deep.equal(['__Host-accessdesk-session', '__Host-accessdesk-visitor']);
      for (const line of one.setCookies) expect(line).to.match(/^__Host-.*; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
      expect((await one.get('/sample-sign-in/.well-known/openid-configuration')).status).to.equal(404);
    } finally {
      await open.close();
    }
  });

  describe('returns', () => {
    const foreign = [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/..//evil.example',
      '/.//evil.example/%2e',
      '/\t/evil.example',
      '/%0d%0aset-cookie:x=y\r\nx: y',
      'javascript:alert(1)',
      'profile',
      '/sign-in?return=/sign-in',
      '/sign-out',
      `/${'x'.repeat(2000)}`,
    ];
    for (const path of foreign) {
      it(`to the help page instead of ${JSON.stringify(path.slice(0, 40))}`, async () => {
        const one = visitor();
        expect((await one.signInAs('jin', path)).location).to.equal('/');
      });
    }
  });

  describe('a callback', () => {
    it('counts once: repeated it changes nothing, with the cookie of the sign-in or without', async () => {
      const one = visitor();
      const begun = await one.beginSignIn('/profile');
      const kept = new Map(one.cookies);
      const callback = await one.chooseSample(begun, 'amira');
      await one.get(callback);
      const session = one.cookies.get('accessdesk-session');
      const again = await one.get(callback);
      expect(again.status).to.equal(400);
      expect(again.text).to.include('This sign-in cannot be finished here');
      expect(one.cookies.get('accessdesk-session')).to.equal(session);
      const thief = visitor();
      for (const [name, value] of kept) thief.cookies.set(name, value);
      expect((await thief.get(callback)).status).to.equal(400);
      expect(thief.cookies.has('accessdesk-session')).to.equal(false);
    });

    it('of another browser changes nothing, whoever is signed in there', async () => {
      const attacker = visitor();
      const callback = await attacker.chooseSample(await attacker.beginSignIn(), 'impostor');
      const stranger = visitor();
      expect((await stranger.get(callback)).status).to.equal(400);
      expect(await nameOf(stranger)).to.equal(undefined);
      const victim = await signedIn('jin');
      await victim.beginSignIn(); // has a sign-in of its own under way
      expect((await victim.get(callback)).status).to.equal(400);
      expect(await nameOf(victim)).to.equal('Jin Nakamura');
    });

    it('with a code of another sign-in in the same browser changes nothing', async () => {
      const one = visitor();
      const first = new URL(await one.chooseSample(await one.beginSignIn(), 'impostor'));
      const second = new URL((await one.beginSignIn()).location).searchParams.get('state');
      const answer = await one.get(`/sign-in/callback?code=${first.searchParams.get('code')}&state=${second}`);
      expect(answer.status).to.equal(400);
      expect(await nameOf(one)).to.equal(undefined);
    });

    it('is too late after ten minutes', async () => {
      const one = visitor();
      const callback = await one.chooseSample(await one.beginSignIn(), 'amira');
      ahead = 11 * minute;
      expect((await one.get(callback)).status).to.equal(400);
    });

    it('of two tabs counts for each', async () => {
      const one = visitor();
      const [first, second] = [await one.beginSignIn('/profile'), await one.beginSignIn('/accounts')];
      const [toSecond, toFirst] = [await one.chooseSample(second, 'jin'), await one.chooseSample(first, 'amira')];
      expect((await one.get(toFirst)).location).to.equal('/profile');
      expect((await one.get(toSecond)).location).to.equal('/accounts');
      expect(await nameOf(one)).to.equal('Jin Nakamura');
    });

    it('says in words that the person cancelled, or that the provider refused', async () => {
      const one = visitor();
      const cancelled = await one.get(await one.chooseSample(await one.beginSignIn('/profile'), 'none'));
      expect(cancelled.status).to.equal(403);
      expect(cancelled.text).to.include('The sign-in was cancelled').and.include('/sign-in?return=%2Fprofile');
      for (const [error, words] of [
        ['login_required', 'could not finish the sign-in'],
        ['temporarily_unavailable', 'could not finish the sign-in'],
        ['unauthorized_client', 'Sign-in is not set up correctly'],
        ['<script>x</script>', 'could not finish the sign-in'],
      ]) {
        const state = new URL((await one.beginSignIn()).location).searchParams.get('state') ?? '';
        const query = new URLSearchParams({
          error: error ?? '',
          error_description: '<b>amira@contoso.example</b>',
          state,
          iss: `${app.url}/sample-sign-in`,
        });
        const answer = await one.get(`/sign-in/callback?${query}`);
        expect(answer.text).to.include(words).and.not.include('<b>').and.not.include('<script>x');
      }
      expect(app.log()).not.to.include('<b>').and.not.to.include('<script>');
    });

    it('without anything to go by is told in words', async () => {
      for (const query of [
        '',
        '?code=x',
        '?state=',
        '?state=a&state=b',
        `?state=${'x'.repeat(5000)}`,
        '?error=access_denied',
      ]) {
        const answer = await visitor().get(`/sign-in/callback${query}`);
        expect(answer.status, query).to.equal(400);
        expect(answer.text).to.include('This sign-in cannot be finished here');
      }
    });
  });

  it('keeps at most five sign-ins under way in a browser', async () => {
    const one = visitor();
    for (let tab = 0; tab < 12; tab++) await one.beginSignIn();
    expect([...one.cookies.keys()].filter((name) => name.includes('flow')).length).to.equal(5);
  });

  describe('a session', () => {
    it('has another secret after each sign-in, and the one before is over', async () => {
      const one = visitor();
      one.cookies.set('accessdesk-session', 'A'.repeat(43)); // as somebody may have planted it
      await one.signInAs('amira');
      const first = one.cookies.get('accessdesk-session') ?? '';
      expect(first)
        .to.match(/^[\w-]{43}$/)
        .and.not.equal('A'.repeat(43));
      await one.signInAs('amira');
      const before = visitor();
      before.cookies.set('accessdesk-session', first);
      expect(await nameOf(before)).to.equal(undefined);
      expect(await nameOf(one)).to.equal('Amira Malik');
    });

    it('ends after 15 minutes without use, and not while it is used', async () => {
      const one = await signedIn();
      for (ahead = 0; ahead <= 60 * minute; ahead += 14 * minute) expect(await nameOf(one)).to.equal('Amira Malik');
      ahead += 2 * minute;
      expect(await nameOf(one)).to.equal(undefined);
    });

    it('ends after 8 hours, however much it is used', async () => {
      const one = await signedIn();
      for (ahead = 0; ahead < 8 * 60 * minute; ahead += 10 * minute) expect(await nameOf(one)).to.equal('Amira Malik');
      ahead = 8 * 60 * minute;
      expect(await nameOf(one)).to.equal(undefined);
    });

    it('lasts 30 days when the person asked to stay signed in, and not a day more', async () => {
      const one = await signedIn('amira', { stay: '1' });
      expect(one.setCookies.at(-1)).to.include('Max-Age=2592000');
      ahead = 29 * 24 * 60 * minute;
      expect(await nameOf(one)).to.equal('Amira Malik');
      ahead = 30 * 24 * 60 * minute;
      expect(await nameOf(one)).to.equal(undefined);
    });

    it('of staff never stays, whatever is asked', async () => {
      const one = visitor();
      expect((await one.signInAs('lena', '/staff', { stay: '1' })).location).to.equal('/staff');
      expect(one.setCookies.at(-1)).not.to.include('Max-Age');
      ahead = 15 * minute;
      expect(nameOn(await one.get('/nope'))).to.equal(undefined);
    });

    it('outlives a restart', async () => {
      const one = await signedIn('jin');
      await app.restart();
      expect(await nameOf(one)).to.equal('Jin Nakamura');
    });

    it('ends with the sign-out, for good, and in this browser only', async () => {
      const [one, other] = [await signedIn(), await signedIn()];
      const secret = one.cookies.get('accessdesk-session') ?? '';
      const page = await one.get('/profile');
      const out = await one.follow(await one.post('/sign-out', { csrf: csrfOf(page) }));
      expect(out.text).to.include('You are signed out');
      expect(one.cookies.has('accessdesk-session')).to.equal(false);
      one.cookies.set('accessdesk-session', secret);
      expect(await nameOf(one)).to.equal(undefined);
      expect(await nameOf(other)).to.equal('Amira Malik');
    });

    it('ends everywhere when that is asked for', async () => {
      const [one, other, somebodyElse] = [await signedIn(), await signedIn(), await signedIn('jin')];
      await one.post('/sign-out', { csrf: csrfOf(await one.get('/sign-out')), everywhere: '1' });
      expect([await nameOf(one), await nameOf(other), await nameOf(somebodyElse)]).to.deep.equal([
        undefined,
        undefined,
        'Jin Nakamura',
      ]);
    });

    it('is in the store without its secret', async () => {
      const one = await signedIn();
      const secret = one.cookies.get('accessdesk-session') ?? 'none';
      expect(await storedText(app.folder))
        .to.include('sample-sign-in|amira')
        .and.not.include(secret);
    });

    for (const secret of ['', 'x', '../../db', 'A'.repeat(43), '%00', 'a'.repeat(4000), '__proto__']) {
      it(`is not found by ${JSON.stringify(secret.slice(0, 20))}`, async () => {
        const one = visitor();
        one.cookies.set('accessdesk-session', secret);
        expect((await one.get('/')).status).to.equal(200);
        expect(await nameOf(one)).to.equal(undefined);
      });
    }
  });

  describe('a form', () => {
    const refusals: [string, (one: WebVisitor, csrf: string) => Promise<{ status: number }>][] = [
      ['without a token', (one) => one.post('/sign-out', {})],
      [
        "with another visitor's token",
        async (one) => one.post('/sign-out', { csrf: csrfOf(await visitor().get('/sign-in')) }),
      ],
      [
        "with another session's token",
        async (one) => one.post('/sign-out', { csrf: csrfOf(await (await signedIn('jin')).get('/profile')) }),
      ],
      ['from a foreign page', (one, csrf) => one.post('/sign-out', { csrf }, { 'sec-fetch-site': 'cross-site' })],
      [
        'from another host of the same domain',
        (one, csrf) => one.post('/sign-out', { csrf }, { 'sec-fetch-site': 'same-site' }),
      ],
      ['with a foreign origin', (one, csrf) => one.post('/sign-out', { csrf }, { origin: 'https://evil.example' })],
    ];
    for (const [what, send] of refusals) {
      it(`${what} changes nothing`, async () => {
        const one = await signedIn();
        expect((await send(one, csrfOf(await one.get('/profile')))).status).to.equal(403);
        expect(await nameOf(one)).to.equal('Amira Malik');
      });
    }

    it("of a stranger needs this browser's token too", async () => {
      const [one, other] = [visitor(), visitor()];
      const csrf = csrfOf(await other.get('/sign-in'));
      await one.get('/sign-in');
      const answer = await one.post('/sign-in', { csrf });
      expect(answer.status).to.equal(403);
      expect(answer.text).to.include('This page was out of date');
      expect((await visitor().post('/sign-in', { csrf })).status).to.equal(403);
    });

    it('that was opened before the sign-in in another tab is taken after it', async () => {
      const one = visitor();
      const csrf = csrfOf(await one.get('/sign-in'));
      await one.signInAs('amira');
      expect((await one.post('/sign-in', { csrf })).status).to.equal(303);
    });

    it('of a browser that sends no referrer is taken', async () => {
      const one = await signedIn();
      const csrf = csrfOf(await one.get('/profile'));
      const headers = { origin: 'null', 'sec-fetch-site': 'same-origin' };
      expect((await one.post('/sign-out', { csrf }, headers)).status).to.equal(303);
    });

    const post = (body: string, type: string) =>
      fetch(`${app.url}/sign-in`, { method: 'POST', body, headers: { 'content-type': type } });
    const form = 'application/x-www-form-urlencoded';
    it('is a form, of 16 KiB at most, and no field is more than a name', async () => {
      expect((await post('{}', 'application/json')).status).to.equal(415);
      expect((await post('csrf=x', 'text/plain')).status).to.equal(415);
      expect((await post(`csrf=${'x'.repeat(17_000)}`, form)).status).to.equal(413);
      expect((await post('__proto__=x&constructor[prototype][x]=y&csrf=x', form)).status).to.equal(403);
      expect(({} as { x?: unknown }).x).to.equal(undefined);
    });
  });

  describe('once more', () => {
    const again = (one: WebVisitor) => one.beginSignIn('/profile', { again: '1' });

    it('asks the provider to ask, and goes on for the same account', async () => {
      const one = await signedIn('amira', { stay: '1' });
      const begun = await again(one);
      const asked = new URL(begun.location).searchParams;
      expect([asked.get('prompt'), asked.get('max_age')]).to.deep.equal(['login', '0']);
      expect((await one.get(await one.chooseSample(begun, 'amira'))).location).to.equal('/profile');
      expect(one.setCookies.at(-1)).to.include('Max-Age=2592000');
    });

    it('is refused for another account, and the session stays as it was', async () => {
      const one = await signedIn();
      const answer = await one.get(await one.chooseSample(await again(one), 'jin'));
      expect(answer.status).to.equal(403);
      expect(answer.text).to.include('That was another account');
      expect(await nameOf(one)).to.equal('Amira Malik');
    });

    it('is refused when the session has changed hands meanwhile', async () => {
      const one = await signedIn();
      const callback = await one.chooseSample(await again(one), 'amira');
      await one.signInAs('jin');
      expect((await one.get(callback)).status).to.equal(403);
      expect(await nameOf(one)).to.equal('Jin Nakamura');
    });
  });

  it('goes on after a restart in the middle, with one page that says so', async () => {
    const one = visitor();
    const interaction = await one.get((await one.beginSignIn('/profile')).location);
    const page = await one.get(interaction.location);
    await app.restart();
    const over = await one.post(interaction.location, { csrf: csrfOf(page), account: 'amira' });
    expect(over.status).to.equal(400);
    expect(over.text).to.include('This sample sign-in is over').and.include('href="/sign-in"');
    expect((await one.signInAs('amira', '/profile')).location).to.equal('/profile');
  });

  it('is the same account after a restart', async () => {
    await signedIn('dana');
    await app.restart();
    await signedIn('dana');
    expect(await storedText(app.folder)).to.include(`${app.url}/sample-sign-in|dana`);
  });

  it('is another account, whatever address it claims', async () => {
    const [amira, impostor] = [await signedIn('amira'), await signedIn('impostor')];
    expect((await impostor.get('/profile')).text).to.include('amira@contoso.example');
    await impostor.post('/sign-out', { csrf: csrfOf(await impostor.get('/sign-out')), everywhere: '1' });
    expect(await nameOf(amira)).to.equal('Amira Malik');
    const again = await amira.beginSignIn('/profile', { again: '1' });
    expect((await amira.get(await amira.chooseSample(again, 'impostor'))).status).to.equal(403);
  });

  it('is refused in words to an address that begins too many', async () => {
    const narrow = await startTestApp({}, { limits: { signIn: { points: 2, seconds: 600 } } });
    try {
      const one = new WebVisitor(narrow.url);
      for (const status of [303, 303, 429]) expect((await one.beginSignIn()).status).to.equal(status);
      const refused = await one.get('/sign-in/callback?state=x');
      expect(refused.status).to.equal(429);
      expect(refused.text).to.include('Try again in 10 minutes');
    } finally {
      await narrow.close();
    }
  });

  it('is not staff for a user, and says which id was seen', async () => {
    const one = visitor();
    const answer = await one.signInAs('amira', '/staff');
    expect(answer.status).to.equal(403);
    expect(answer.text)
      .to.include('This account is not staff here')
      .and.include('5a3b1e00-0000-4000-8000-000000000001');
    expect(one.cookies.has('accessdesk-session')).to.equal(false);
  });

  it('writes neither codes, states, tokens nor cookies into the log', async () => {
    const one = visitor();
    const begun = await one.beginSignIn('/profile');
    const callback = await one.chooseSample(begun, 'amira');
    await one.get(callback);
    await one.get(callback);
    await visitor().get(`/sign-in/callback${new URL(callback).search}`);
    const secrets = [...new URL(callback).searchParams, ...new URL(begun.location).searchParams]
      .filter(([name]) => ['code', 'state', 'nonce', 'code_challenge'].includes(name))
      .map(([, value]) => value);
    const cookies = one.setCookies.map((line) => /=([^;]+)/.exec(line)?.[1] ?? '').filter((value) => value.length > 15);
    expect(secrets.length).to.equal(5);
    expect(cookies.length).to.be.greaterThan(4);
    for (const secret of [...secrets, ...cookies]) expect(app.log()).not.to.include(secret);
    expect(app.log()).not.to.include('amira@contoso.example');
  });
});
