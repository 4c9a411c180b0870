import { expect } from 'chai';
import {
  clientId,
  clientSecret,
  issuerOf,
  type MicrosoftStandIn,
  microsoftStandIn,
  personalTenant,
  type Token,
  workTenant,
} from '../../support/microsoft-stand-in.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';
import { type Answer, nameOn, WebVisitor } from '../../support/web-visitor.ts';

describe('sign-in through the Microsoft identity platform', () => {
  let microsoft: MicrosoftStandIn;
  let app: TestApp | undefined;
  before(async () => {
    microsoft = await microsoftStandIn();
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    microsoft.isUp = true;
    microsoft.refusal = undefined;
  });

  async function start(served: string, tenants = '', more: Record<string, string> = {}): Promise<TestApp> {
    app = await startTestApp(
      {
        SIGN_IN_ISSUER: issuerOf(served),
        SIGN_IN_CLIENT_ID: clientId,
        SIGN_IN_CLIENT_SECRET: clientSecret,
        SIGN_IN_TENANTS: tenants,
        ...more,
      },
      { fetch: microsoft.fetch },
    );
    return app;
  }

  /** Signs in with a token of this tenant. */
  async function signIn(visitor: WebVisitor, tenant: string, token?: Token, returnTo = '/profile'): Promise<Answer> {
    const { location } = await visitor.beginSignIn(returnTo);
    const asked = new URL(location).searchParams;
    const code = microsoft.issue(asked.get('nonce') ?? '', tenant, token);
    return visitor.get(`/sign-in/callback?code=${code}&state=${asked.get('state')}`);
  }

  const cases: [what: string, served: string, tenants: string, tenant: string, token: Token, status: number][] = [
    ['takes a personal account through consumers', 'consumers', '', personalTenant, {}, 303],
    ['refuses a work account through consumers', 'consumers', '', workTenant, {}, 400],
    ['takes a personal account through common', 'common', personalTenant, personalTenant, {}, 303],
    [
      'takes a work account of a tenant on the list',
      'common',
      `${personalTenant},${workTenant.toUpperCase()}`,
      workTenant,
      {},
      303,
    ],
    ['refuses a tenant that is not on the list', 'common', personalTenant, workTenant, {}, 403],
    ['takes a work account through organizations', 'organizations', workTenant, workTenant, {}, 303],
    ["takes a work account through its tenant's issuer", workTenant, '', workTenant, {}, 303],
    ["refuses another tenant through a tenant's issuer", workTenant, '', personalTenant, {}, 400],
    [
      'refuses an issuer of another tenant than the token says',
      'common',
      personalTenant,
      workTenant,
      { claims: { tid: personalTenant } },
      400,
    ],
    ['refuses a token without a tenant', 'common', personalTenant, personalTenant, { without: ['tid'] }, 400],
    ['refuses a tenant that is a pattern', 'common', personalTenant, personalTenant, { claims: { tid: '$&' } }, 400],
    [
      'refuses a foreign issuer',
      'common',
      personalTenant,
      personalTenant,
      { claims: { iss: 'https://evil.example/v2.0' } },
      400,
    ],
    [
      "refuses another sign-in's token",
      'common',
      personalTenant,
      personalTenant,
      { claims: { nonce: 'another' } },
      400,
    ],
    ['refuses a token without a nonce', 'common', personalTenant, personalTenant, { without: ['nonce'] }, 400],
    ["refuses another app's token", 'common', personalTenant, personalTenant, { claims: { aud: 'another-app' } }, 400],
    [
      'refuses an expired token',
      'common',
      personalTenant,
      personalTenant,
      { claims: { exp: Math.floor(Date.now() / 1000) - 3600 } },
      400,
    ],
    ['refuses a token without a signature', 'common', personalTenant, personalTenant, { key: 'none' }, 400],
    ['refuses a token signed with another key', 'common', personalTenant, personalTenant, { key: 'foreign' }, 400],
    ['refuses a token signed with our own secret', 'common', personalTenant, personalTenant, { key: 'secret' }, 400],
  ];
  const running = new Map<string, Promise<TestApp>>();
  after(async () => {
    for (const one of running.values()) await (await one).close();
  });
  for (const [what, served, tenants, tenant, token, status] of cases) {
    it(what, async () => {
      const settings = `${served} ${tenants}`;
      running.set(settings, running.get(settings) ?? start(served, tenants));
      const { url } = await (running.get(settings) as Promise<TestApp>);
      app = undefined; // others use it too
      const visitor = new WebVisitor(url);
      const answer = await signIn(visitor, tenant, token);
      expect(answer.status, answer.text).to.equal(status);
      expect(nameOn(await visitor.get('/'))).to.equal(status === 303 ? 'Amira Malik' : undefined);
    });
  }

  it('asks which account, with PKCE, state and nonce, and to come back to PUBLIC_URL whatever the Host header says', async () => {
    const { url } = await start('consumers');
    const { location } = await new WebVisitor(url).beginSignIn();
    const asked = new URL(location);
    expect(asked.origin + asked.pathname).to.equal('https://login.microsoftonline.com/consumers/oauth2/v2.0/authorize');
    const { state, nonce, code_challenge, ...rest } = Object.fromEntries(asked.searchParams);
    expect([state, nonce, code_challenge].map((one) => one?.length)).to.deep.equal([43, 43, 43]);
    expect(rest).to.deep.equal({
      client_id: clientId,
      code_challenge_method: 'S256',
      prompt: 'select_account',
      redirect_uri: `${url}/sign-in/callback`,
      response_type: 'code',
      scope: 'openid profile email',
    });
  });

  it('starts without the provider, says so on the page and in the log, and works as soon as it is there', async () => {
    microsoft.isUp = false;
    const { url, log } = await start('consumers');
    const visitor = new WebVisitor(url);
    const down = await visitor.beginSignIn('/profile');
    expect(down.status).to.equal(503);
    expect(down.text)
      .to.include('The sign-in service does not answer')
      .and.include('href="/sign-in?return=%2Fprofile"');
    expect(log()).to.include('the provider of SIGN_IN_ISSUER does not answer').and.include('ECONNREFUSED');
    expect((await visitor.get('/')).status).to.equal(200);
    microsoft.isUp = true;
    expect((await signIn(visitor, personalTenant)).location).to.equal('/profile');
  });

  it('asks for the metadata once', async () => {
    const { url } = await start('consumers');
    const before = microsoft.discoveries;
    const visitors = Array.from({ length: 5 }, () => new WebVisitor(url));
    await Promise.all(visitors.map((visitor) => signIn(visitor, personalTenant)));
    expect(microsoft.discoveries - before).to.equal(1);
  });

  it('tells the log what to repair when the secret has expired, without a word of the secret', async () => {
    const { url, log } = await start('consumers');
    microsoft.refusal = {
      error: 'invalid_client',
      error_description: `AADSTS7000222: ${clientSecret} amira@contoso.example`,
    };
    const answer = await signIn(new WebVisitor(url), personalTenant);
    expect(answer.status).to.equal(503);
    expect(answer.text).to.include('Sign-in is not set up correctly');
    expect(log()).to.include('invalid_client AADSTS7000222').and.include('SIGN_IN_CLIENT_SECRET');
    expect(log()).not.to.include(clientSecret).and.not.to.include('amira@');
  });

  describe('once more', () => {
    const seconds = () => Math.floor(Date.now() / 1000);
    const again = async (visitor: WebVisitor, token: Token): Promise<Answer> => {
      const asked = new URL((await visitor.beginSignIn('/profile', { again: '1' })).location).searchParams;
      const code = microsoft.issue(asked.get('nonce') ?? '', personalTenant, token);
      return visitor.get(`/sign-in/callback?code=${code}&state=${asked.get('state')}`);
    };
    const cases: [what: string, token: () => Token, status: number][] = [
      ['is refused when the person was not asked again', () => ({ claims: { auth_time: seconds() - 3600 } }), 403],
      ['is taken when the person was', () => ({ claims: { auth_time: seconds() } }), 303],
      ['is taken where the provider does not say', () => ({}), 303],
    ];
    for (const [what, token, status] of cases) {
      it(what, async () => {
        const { url } = await start('consumers');
        const visitor = new WebVisitor(url);
        await signIn(visitor, personalTenant);
        const before = visitor.cookies.get('accessdesk-session');
        const answer = await again(visitor, token());
        expect(answer.status).to.equal(status);
        expect(visitor.cookies.get('accessdesk-session') === before).to.equal(status === 403);
      });
    }
  });

  describe('of staff', () => {
    const staff = (accounts: string) =>
      start('consumers', '', {
        STAFF_SIGN_IN_ISSUER: issuerOf(workTenant),
        STAFF_SIGN_IN_CLIENT_ID: clientId,
        STAFF_SIGN_IN_CLIENT_SECRET: clientSecret,
        STAFF_ACCOUNTS: accounts,
      });
    const object = '00000000-0000-0000-66f3-3332eca7ea81';

    it('admits whom STAFF_ACCOUNTS names by tenant and object', async () => {
      const { url } = await staff(`${workTenant}/${object.toUpperCase()}:lead`);
      const visitor = new WebVisitor(url);
      expect((await signIn(visitor, workTenant, {}, '/staff')).location).to.equal('/staff');
    });

    it('shows anybody else the id that was seen, and lets nobody in', async () => {
      const { url } = await staff(`${workTenant}/00000000-0000-0000-0000-000000000001`);
      const visitor = new WebVisitor(url);
      const answer = await signIn(visitor, workTenant, {}, '/staff');
      expect(answer.status).to.equal(403);
      expect(answer.text).to.include(`${workTenant}/${object}`);
      expect(nameOn(await visitor.get('/'))).to.equal(undefined);
    });

    it("does not take a user's sign-in for one of staff", async () => {
      const { url } = await staff(`${issuerOf(personalTenant)}|subject-in-${personalTenant}`);
      const visitor = new WebVisitor(url);
      await signIn(visitor, personalTenant);
      const { location } = await visitor.beginSignIn('/staff');
      expect(location).to.match(new RegExp(`^https://login.microsoftonline.com/${workTenant}/`));
    });
  });
});
