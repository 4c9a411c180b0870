import { expect } from 'chai';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { type ForeignProvider, startForeignProvider } from '../support/foreign-provider.ts';
import { freePort, startTestApp, type TestApp } from '../support/test-app.ts';
import { WebVisitor } from '../support/web-visitor.ts';

describe('sign-in in Chromium', () => {
  let app: TestApp;
  let browser: Browser | undefined;

  before(async function () {
    browser = await launchBrowser();
    if (!browser) return this.skip();
    app = await startTestApp();
  });
  after(async () => {
    await browser?.close();
    await app?.close();
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
  });

  async function openContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await (browser as Browser).newContext(options);
    context.setDefaultTimeout(120_000);
    return context;
  }
  const open = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await (await openContext(options)).newPage();
    await page.goto(app.url + path);
    return page;
  };
  const menuOf = (page: Page, name: string) => page.locator('summary', { hasText: `Account of ${name}` });
  const chooseAmira = (page: Page) =>
    page.getByRole('button', { name: 'amira@contoso.example · has profiles' }).click();
  const isSignedIn = (page: Page) => menuOf(page, 'Amira Malik').count();
  /** From a page for everybody, or from one that leads to the sign-in by itself. */
  const goOn = async (page: Page) => {
    if (!page.url().includes('/sign-in')) await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Go on to the sample accounts' }).click();
  };
  async function signIn(page: Page): Promise<void> {
    await goOn(page);
    await chooseAmira(page);
  }

  it('has all of its forms begin where its headings do', async () => {
    const page = await open('/sign-in');
    const begins = async (...roles: ReturnType<Page['getByRole']>[]) =>
      Promise.all(roles.map(async (one) => (await one.first().boundingBox())?.x));
    const heading = (name: string) => page.getByRole('heading', { name });
    const goesOn = page.getByRole('button', { name: 'Go on to the sample accounts' });
    const [title, button] = await begins(heading('Sign in'), goesOn);
    expect(button).to.equal(title);
    const box = await page.getByLabel('Stay signed in').boundingBox();
    expect(box?.height).to.equal(box?.width);
    await goesOn.click();
    await page.waitForLoadState();
    const other = page.getByRole('button', { name: 'Use this name' });
    const places = await begins(heading('Choose'), heading('Another account'), page.getByLabel('Name'), other);
    expect(new Set(places)).to.have.length(1);
  });

  it('has the arrow of each sample account beside its words on a phone', async () => {
    const page = await open('/sign-in', { viewport: { width: 360, height: 740 } });
    await page.getByRole('button', { name: 'Go on to the sample accounts' }).click();
    await page.getByRole('heading', { name: 'Choose' }).waitFor();
    const below = await page.locator('button.row').evaluateAll((rows) =>
      rows.flatMap((row) => {
        const [words, arrow] = Array.from(row.children, (part) => part.getBoundingClientRect());
        return words && arrow && arrow.top < words.bottom ? [] : [row.textContent];
      }),
    );
    expect(below).to.deep.equal([]);
  });

  for (const javaScriptEnabled of [true, false]) {
    it(`leads in and out again, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const page = await open('/profile', { javaScriptEnabled });
      await signIn(page);
      await page.waitForURL(`${app.url}/profile`);
      await menuOf(page, 'Amira Malik').click();
      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
      await page.goto(`${app.url}/`);
      expect(await isSignedIn(page)).to.equal(0);
      await page.goBack();
      await page.goBack();
      await page.reload();
      expect(await isSignedIn(page)).to.equal(0);
    });
  }

  it('shows the name on a page that was kept for strangers before, and hides it from the next one', async () => {
    const page = await open('/');
    await signIn(page);
    await page.waitForURL(`${app.url}/`);
    expect(await isSignedIn(page)).to.equal(1);
    const stranger = await open('/');
    expect(await isSignedIn(stranger)).to.equal(0);
  });

  it('works in two tabs at once', async () => {
    const context = await openContext();
    const [first, second] = [await context.newPage(), await context.newPage()];
    for (const [page, path] of [
      [first, '/profile'],
      [second, '/accounts'],
    ] as const) {
      await page.goto(app.url + path);
      await goOn(page);
    }
    await chooseAmira(first);
    await first.waitForURL(`${app.url}/profile`);
    await chooseAmira(second);
    await second.waitForURL(`${app.url}/accounts`);
    await first.reload();
    expect([await isSignedIn(first), await isSignedIn(second)]).to.deep.equal([1, 1]);
  });

  it('does not sign in whoever follows the link of somebody else’s sign-in', async () => {
    const attacker = new WebVisitor(app.url);
    const callback = await attacker.chooseSample(await attacker.beginSignIn(), 'impostor');
    const victim = await open('/');
    await victim.goto(callback);
    await victim.getByRole('heading', { name: 'This sign-in cannot be finished here' }).waitFor();
    expect(await isSignedIn(victim)).to.equal(0);
    expect((await victim.context().cookies()).map(({ name }) => name)).not.to.include('accessdesk-session');
  });

  it('does not take a form of a foreign page', async () => {
    const page = await open('/');
    await signIn(page);
    await page.waitForURL(`${app.url}/`);
    const evil = `http://127.0.0.1:${await freePort()}/`;
    await page.route(evil, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<form method="post" action="${app.url}/sign-out"><button>Win a prize</button></form>`,
      }),
    );
    await page.goto(evil);
    await page.getByRole('button').click();
    await page.waitForURL(`${app.url}/sign-out`);
    await page.goto(`${app.url}/`);
    expect(await isSignedIn(page)).to.equal(1);
  });

  it('brings the person back when they cancel', async () => {
    const page = await open('/profile');
    await goOn(page);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
    expect(await page.locator('main a.primary').getAttribute('href')).to.equal('/sign-in?return=%2Fprofile');
  });

  it('asks for a name when none was typed, and takes one', async () => {
    const page = await open('/sign-in');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'Use this name' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Name').fill('Kim Lee');
    await page.getByRole('button', { name: 'Use this name' }).click();
    await menuOf(page, 'Kim Lee').waitFor();
  });

  const looks: [string, BrowserContextOptions][] = [
    ['on a desktop', {}],
    ['in the dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true }],
  ];
  for (const [where, options] of looks) {
    it(`has no fault of accessibility on its pages ${where}, and scrolls sideways on none`, async () => {
      const page = await open('/profile', options);
      const look = async (what: string) => {
        expect(await accessibilityProblems(page), what).to.deep.equal([]);
        const sideways = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(sideways, what).to.equal(0);
      };
      await page.goto(`${app.url}/sign-in?return=/profile`);
      await look('before');
      await page.getByLabel('Stay signed in for 30 days').check();
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('button', { name: 'Use this name' }).waitFor();
      await look('accounts');
      await page.getByRole('button', { name: 'Use this name' }).click();
      await page.getByRole('alert').waitFor();
      await look('no name');
      await chooseAmira(page);
      await menuOf(page, 'Amira Malik').click();
      await look('menu');
      await page.goto(`${app.url}/sign-in`);
      await look('signed in already');
      await page.goto(`${app.url}/sign-in?again=1`);
      await look('again');
      await page.goto(`${app.url}/sign-out`);
      await look('sign out');
      await page.goto(`${app.url}/sign-in/callback?state=x`);
      await look('trouble');
    });
  }

  describe('with another OpenID provider', () => {
    let other: TestApp;
    let foreign: ForeignProvider;
    before(async () => {
      const port = await freePort();
      foreign = await startForeignProvider(`http://localhost:${port}/sign-in/callback`);
      other = await startTestApp({
        PORT: String(port),
        SIGN_IN_ISSUER: foreign.issuer,
        SIGN_IN_CLIENT_ID: foreign.clientId,
        SIGN_IN_CLIENT_SECRET: foreign.clientSecret,
      });
    });
    after(async () => {
      await other.close();
      await foreign.close();
    });

    it('needs its settings only', async () => {
      const page = await (await openContext()).newPage();
      await page.goto(`${other.url}/profile`);
      await page.getByRole('button', { name: `Go on to ${new URL(foreign.issuer).host}` }).click();
      await page.getByRole('button', { name: 'I am Kim' }).click();
      await page.waitForURL(`${other.url}/profile`);
      await menuOf(page, 'Kim Lee').click();
      await page.getByText('kim@elsewhere.example', { exact: true }).waitFor();
      // Once more: the provider has a session of its own by now, and is told to ask all the same.
      await page.goto(`${other.url}/sign-in?again=1&return=/accounts`);
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('button', { name: 'I am Kim' }).click();
      await page.waitForURL(`${other.url}/accounts`);
    });
  });
});
