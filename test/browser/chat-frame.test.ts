import { expect } from 'chai';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page, Request } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { until } from '../support/until.ts';

/** What the status line said, in `said`: some of it is gone after a few seconds, whoever has seen it. */
const keptStatus = `
  window.said = [];
  addEventListener('DOMContentLoaded', () => {
    const line = document.getElementById('status');
    if (line) new MutationObserver(() => window.said.push(line.textContent)).observe(line, { childList: true });
  });
`;

describe('the chat frame in Chromium', () => {
  let app: TestApp;
  let browser: Browser | undefined;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];

  before(async function () {
    browser = await launchBrowser();
    if (!browser) return this.skip();
    app = await startTestApp();
  });
  after(async () => {
    await browser?.close();
    await app?.close();
  });
  afterEach(() => context?.close());

  async function prepare(options: BrowserContextOptions = {}): Promise<void> {
    context = await (browser as Browser).newContext({ viewport: { width: 400, height: 720 }, ...options });
    page = await context.newPage();
    page.setDefaultTimeout(150_000); // waits end with what they wait for; this is for a machine under load
    problems = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.addInitScript({ content: keptStatus });
  }
  const open = async (query = '') => {
    await page.goto(`${app.url}/chat${query}`);
    await welcome().waitFor();
  };
  const log = () => page.locator('.webchat__basic-transcript__transcript');
  const welcome = () => log().getByText('I answer questions about access').first();
  const field = (): Locator => page.getByPlaceholder('Ask about access or sign-in');
  const say = async (text: string) => {
    await field().fill(text);
    await field().press('Enter');
  };
  const status = (text: string) => page.getByRole('status').filter({ hasText: text }).waitFor();
  const isBack = () =>
    page.waitForFunction(() => (window as unknown as { said: string[] }).said.includes('Connected again.'));
  const bubbles = (text: string) => log().locator('.webchat__bubble--from-user').filter({ hasText: text });
  const votes = () => log().getByRole('button', { name: 'This helped' });
  /** Every message sent was answered once it has this answer: they are answered in their order. */
  const lastAnswer = async () => {
    await say('thanks');
    await log().getByText('You are welcome').first().waitFor();
  };
  const isPost = (request: Request) => request.method() === 'POST' && request.url().endsWith('/activities');

  it('loads without a problem in the console', async () => {
    await prepare();
    await open();
    expect(problems).to.deep.equal([]);
  });

  it('writes the buttons of its cards in the letters of its words', async () => {
    await prepare();
    await open();
    await say('i forgot my password');
    await votes().waitFor();
    const letters = (element: Element) => getComputedStyle(element).fontFamily;
    expect(await votes().evaluate(letters)).to.equal(await page.locator('body').evaluate(letters));
  });

  it('helps while Web Chat loads, and has nothing then that axe-core finds', async () => {
    await prepare();
    let release = () => {};
    const held = new Promise<void>((go) => {
      release = go;
    });
    await page.route('**/assets/webchat-*', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${app.url}/chat`, { waitUntil: 'commit' });
    await page.getByText('Opening the chat').waitFor();
    const [entry] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link', { name: /several e-mails/ }).click(),
    ]);
    await entry.getByRole('heading', { level: 1, name: /several e-mails/ }).waitFor();
    await entry.close();
    expect(await accessibilityProblems(page.mainFrame())).to.deep.equal([]);
    release();
    await welcome().waitFor();
    expect(await page.locator('#first-view').count()).to.equal(0);
  });

  it('says so when its script does not come, and tries again on a press', async () => {
    await prepare();
    await page.route('**/assets/webchat-*', (route) => route.abort());
    await page.goto(`${app.url}/chat`);
    await page.getByText('The chat could not be opened').waitFor();
    await page.getByRole('link', { name: 'support@contoso.example' }).waitFor();
    expect(await accessibilityProblems(page.mainFrame())).to.deep.equal([]);
    await page.unroute('**/assets/webchat-*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await welcome().waitFor();
  });

  it('shows the words of a server that is asked too often', async () => {
    await prepare();
    await page.route('**/chat/token', (route) =>
      route.fulfill({ status: 429, headers: { 'retry-after': '60' }, json: { error: { message: 'Wait a minute.' } } }),
    );
    await page.goto(`${app.url}/chat`);
    await page.getByText('Wait a minute.').waitFor();
  });

  it('keeps what is said without a network, and sends it once when that is back', async () => {
    await prepare();
    await open();
    await context.setOffline(true);
    await status('No connection. Your message is kept and sent when it is back.');
    await say('i forgott my pasword');
    await bubbles('i forgott my pasword').waitFor();
    await context.setOffline(false);
    await votes().waitFor();
    await isBack();
    await lastAnswer();
    expect(await votes().count()).to.equal(1);
    expect(await bubbles('i forgott my pasword').count()).to.equal(1);
  });

  it('keeps what is said while the server is away, in its order', async () => {
    await prepare();
    await open();
    await app.stop();
    try {
      await status('No connection');
      await say('i forgott my pasword');
      await say('hello');
    } finally {
      await app.start();
    }
    await isBack();
    await log().getByText('What would you like to know').first().waitFor();
    await lastAnswer();
    expect(await votes().count()).to.equal(1);
    expect(await log().locator('.webchat__bubble--from-user').allInnerTexts()).to.deep.equal([
      'i forgott my pasword',
      'hello',
      'thanks',
    ]);
  });

  it('sends a message again when the answer to it was lost, and is answered once', async () => {
    await prepare();
    await open();
    let lost = 0;
    await page.route(
      (url) => url.pathname.endsWith('/activities'),
      async (route) => {
        if (lost > 0) return route.continue();
        lost++;
        await route.fetch();
        await route.abort();
      },
    );
    const again = page.waitForRequest((request) => isPost(request) && lost === 1);
    await say('i forgott my pasword');
    await again;
    await lastAnswer();
    expect(await votes().count()).to.equal(1);
    expect(await bubbles('i forgott my pasword').count()).to.equal(1);
  });

  it('sends what was kept after a reload, too', async () => {
    await prepare();
    await open();
    await page.route(
      (url) => url.pathname.endsWith('/activities'),
      (route) => route.abort(),
    );
    const tried = page.waitForRequest(isPost);
    await say('i forgott my pasword');
    await tried;
    await page.unrouteAll();
    await page.reload();
    await votes().waitFor();
    await lastAnswer();
    expect(await votes().count()).to.equal(1);
  });

  it('begins one new conversation, however often that is pressed', async () => {
    await prepare();
    await open();
    await say('i forgott my pasword');
    await votes().waitFor();
    const tokens: string[] = [];
    page.on('request', (request) => request.url().endsWith('/chat/token') && tokens.push(request.url()));
    await page.locator('#more summary').click();
    await page.evaluate(() => {
      document.getElementById('new')?.click();
      document.getElementById('new')?.click();
    });
    await votes().waitFor({ state: 'detached' });
    await welcome().waitFor();
    await page.locator('textarea:focus').waitFor();
    expect(tokens).to.have.length(1);
    await page.reload();
    await welcome().waitFor();
    expect(await votes().count()).to.equal(0);
  });

  it('keeps nothing of the conversations before', async () => {
    await prepare();
    await open();
    const devtools = await context.newCDPSession(page);
    /** In the page and out of it: whatever a garbage collection leaves. */
    const fields = async () => {
      const { result } = await devtools.send('Runtime.evaluate', { expression: 'HTMLTextAreaElement.prototype' });
      const { objects } = await devtools.send('Runtime.queryObjects', { prototypeObjectId: String(result.objectId) });
      const counted = await devtools.send('Runtime.callFunctionOn', {
        objectId: String(objects.objectId),
        functionDeclaration: 'function () { return this.length; }',
        returnByValue: true,
      });
      await devtools.send('Runtime.releaseObject', { objectId: String(objects.objectId) });
      return counted.result.value as number;
    };
    const before = await fields();
    for (let presses = 0; presses < 3; presses++) {
      await page.locator('#more summary').click();
      const begun = page.waitForResponse((response) => response.url().endsWith('/conversations'));
      await page.getByRole('button', { name: 'New conversation' }).click();
      await begun;
      await welcome().waitFor();
      await page.locator('textarea:focus').waitFor();
    }
    // The one before the last may still be in use, and others until what is under way for them has ended.
    await until(async () => (await fields()) <= before + 1);
  });

  it('is dark when the system turns dark, without losing what was typed', async () => {
    await prepare();
    await open();
    await field().fill('half a question');
    const background = () =>
      log()
        .locator('.webchat__bubble__content')
        .first()
        .evaluate((bubble) => getComputedStyle(bubble).backgroundColor);
    expect(await background()).to.equal('rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction(
      () =>
        getComputedStyle(document.querySelector('.webchat__bubble__content') as Element).backgroundColor ===
        'rgb(25, 34, 33)',
    );
    expect(await field().inputValue()).to.equal('half a question');
  });

  it('is light in a dark system where the page around wants that', async () => {
    await prepare({ colorScheme: 'dark' });
    await open('?theme=light');
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).to.equal('rgb(245, 247, 246)');
  });

  it('tells the bot the language of the page around', async () => {
    await prepare();
    await open('?language=de-CH');
    const post = page.waitForRequest(isPost);
    await say('hello');
    expect((await post).postDataJSON()).to.include({ text: 'hello', locale: 'de-CH' });
  });

  for (const [name, options, query] of [
    ['dark', { colorScheme: 'dark' }, ''],
    ['on a phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, ''],
    ['from right to left', {}, '?language=ar'],
    ['in the colours of high contrast', { forcedColors: 'active' }, ''],
  ] as const) {
    it(`has nothing that axe-core finds, and no sideways scrolling, with a card ${name}`, async () => {
      await prepare(options);
      await open(query);
      await say('i forgott my pasword');
      await votes().waitFor();
      expect(await accessibilityProblems(page.mainFrame())).to.deep.equal([]);
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(sideways).to.equal(0);
    });
  }

  it('gives its message field the focus, not the field of a card', async () => {
    await prepare();
    await open();
    await say('person');
    await page.getByLabel('Your question').waitFor();
    const opener = await context.newPage();
    opener.setDefaultTimeout(150_000);
    await opener.goto(app.url);
    await opener.getByRole('link', { name: 'Chat', exact: true }).click();
    const frame = opener.frameLocator('accessdesk-chat iframe');
    await frame.getByLabel('Your question').waitFor();
    await frame.locator('textarea:focus').waitFor();
    await opener.keyboard.press('Escape');
    await opener.locator('accessdesk-chat iframe').waitFor({ state: 'hidden' });
    await opener.getByRole('link', { name: 'Chat', exact: true }).click();
    await frame.locator('textarea:focus').waitFor();
    const focused = await frame.locator('textarea:focus').getAttribute('placeholder');
    expect(focused).to.equal('Ask about access or sign-in');
  });

  it('closes its menu on Escape and gives the focus back', async () => {
    await prepare();
    await open();
    await page.locator('#more summary').press('Enter');
    await page.getByRole('button', { name: 'New conversation' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'New conversation' }).waitFor({ state: 'hidden' });
    await page.locator('#more summary:focus').waitFor();
  });

  it('has no close button where no window is around it', async () => {
    await prepare();
    await open();
    expect(await page.locator('#close').isVisible()).to.equal(false);
  });
});
