import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describe('the help page in Chromium', () => {
  let app: TestApp;
  let browser: Browser | undefined;
  /** What the page of this test wrote to the console. */
  let problems: string[] = [];

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
    const written = problems;
    problems = [];
    expect(written, 'in the console').to.deep.equal([]);
  });

  /** `status`: the browser itself writes a line about a page that is an error; that one is expected. */
  async function open(path = '/', options: BrowserContextOptions = {}, status = 200, from = app): Promise<Page> {
    const address = from.url + path;
    const context = await (browser as Browser).newContext(options);
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    page.on('console', (message) => {
      const isExpected =
        status !== 200 &&
        message.location().url === address &&
        message.text().startsWith(`Failed to load resource: the server responded with a status of ${status} `);
      if (message.type() === 'error' && !isExpected) problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    expect((await page.goto(address))?.status()).to.equal(status);
    return page;
  }

  const openRows = (page: Page) =>
    page.evaluate(() => {
      for (const row of document.querySelectorAll<HTMLDetailsElement>('main details')) row.open = true;
    });
  const sidewaysScroll = (page: Page) =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

  describe('accessibility, as axe-core sees it', () => {
    const looks: [string, BrowserContextOptions][] = [
      ['on a desktop', {}],
      ['in the dark', { colorScheme: 'dark' }],
      ['on a phone', phone],
    ];
    for (const [where, options] of looks) {
      for (const path of [
        '/',
        '/?q=switch+profile',
        '/?q=chocolate+cake',
        '/entries/forgot-password',
        '/privacy',
        '/terms',
        '/profile',
        '/nope',
      ]) {
        it(`has no fault on ${path} ${where}`, async () => {
          const page = await open(path, options, path === '/nope' ? 404 : 200);
          await openRows(page);
          expect(await accessibilityProblems(page)).to.deep.equal([]);
        });
      }
    }

    it('has no fault from right to left', async () => {
      const page = await open();
      await page.evaluate(() => {
        document.documentElement.dir = 'rtl';
      });
      await openRows(page);
      expect(await accessibilityProblems(page)).to.deep.equal([]);
    });

    it('has no fault where somebody is asked to wait', async () => {
      const busy = await startTestApp({}, { limits: { search: { points: 0, seconds: 60 } } });
      try {
        const page = await open('/?q=password', {}, 429, busy);
        expect(await accessibilityProblems(page)).to.deep.equal([]);
      } finally {
        await busy.close();
      }
    });

    it('has no fault while suggestions are shown', async () => {
      const page = await open();
      await page.getByRole('combobox').fill('switch prof');
      await page.getByRole('option').first().waitFor();
      await page.keyboard.press('ArrowDown');
      expect(await accessibilityProblems(page)).to.deep.equal([]);
    });
  });

  it('opens the row that an address names', async () => {
    const page = await open('/#switch-profiles');
    await page.locator('#switch-profiles .answer').waitFor({ state: 'visible' });
  });

  it('keeps its chat when an address names nothing that can be', async () => {
    const page = await open('/#100%');
    await page.getByRole('link', { name: 'Chat', exact: true }).waitFor();
  });

  it('suggests while somebody types, and leads to the answer by keys alone', async () => {
    const page = await open();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).to.equal('Skip to content');
    const field = page.getByRole('combobox');
    await field.focus();
    // At once: of what is typed slowly the beginning has suggestions too, which those of the whole take the place of.
    await page.keyboard.insertText('swich profle');
    await page.getByRole('option', { name: 'How do I switch to another profile?' }).waitFor();
    expect(await field.getAttribute('aria-expanded')).to.equal('true');
    await page.keyboard.press('ArrowDown');
    expect(await page.getByRole('option', { selected: true }).textContent()).to.equal(
      'How do I switch to another profile?',
    );
    await page.keyboard.press('Enter');
    await page.waitForURL('**/entries/switch-profiles');
  });

  it('lets Escape close the suggestions and keeps what was typed', async () => {
    const page = await open();
    const field = page.getByRole('combobox');
    await field.pressSequentially('password');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('listbox').waitFor({ state: 'hidden' });
    expect(await field.inputValue()).to.equal('password');
  });

  it('shows a hostile knowledge search as text only', async () => {
    const page = await open(`/?q=${encodeURIComponent('"><img src=x onerror="document.title=1">')}`);
    expect(await page.locator('main img').count()).to.equal(0);
    expect(await page.title()).not.to.equal('1');
  });

  it('prints every answer', async () => {
    const page = await open();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#switch-profiles .answer').isVisible()).to.equal(true);
    expect(await page.getByRole('combobox').isVisible()).to.equal(false);
  });

  describe('without JavaScript', () => {
    const bare: BrowserContextOptions = { javaScriptEnabled: false };

    it('searches, opens rows, and offers no chat that could not work', async () => {
      const page = await open('/', bare);
      await page.getByRole('searchbox').fill('forgot pasword');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.waitForURL('**/?q=*');
      await page.locator('#forgot-password .answer').waitFor({ state: 'visible' });
      expect(await page.locator('[data-chat]:visible').count()).to.equal(0);
    });

    it('opens the menu on a phone', async () => {
      const page = await open('/', { ...phone, ...bare });
      await page.getByLabel('Menu').click();
      await page.locator('.menu').getByRole('link', { name: 'My Profile' }).waitFor();
    });
  });

  it('keeps its header on one line at 320 px', async () => {
    const page = await open('/', { viewport: { width: 320, height: 640 } });
    const tops = await page
      .locator('header.top .wide')
      .evaluate((row) =>
        [...row.children].map((child) => child.getBoundingClientRect()).filter(({ width }) => width > 0),
      )
      .then((boxes) => boxes.map(({ top, height }) => top + height / 2));
    expect(Math.max(...tops) - Math.min(...tops)).to.be.below(2);
  });

  for (const [where, options] of [
    ['320 px', { viewport: { width: 320, height: 640 } }],
    ['a phone', phone],
    ['a tablet', { viewport: { width: 820, height: 1180 } }],
  ] as [string, BrowserContextOptions][]) {
    for (const path of ['/', '/?q=several+emails', '/entries/multiple-emails', '/privacy']) {
      it(`never scrolls sideways at ${where}: ${path}`, async () => {
        const page = await open(path, options);
        await openRows(page);
        expect(await sidewaysScroll(page)).to.equal(0);
      });
    }
  }

  for (const path of ['/', '/?q=several+emails', '/entries/multiple-emails']) {
    it(`never scrolls sideways with letters twice as large on a phone: ${path}`, async () => {
      const page = await open(path, phone);
      await page.evaluate(() => {
        document.documentElement.style.fontSize = '200%';
      });
      expect(await sidewaysScroll(page)).to.equal(0);
    });
  }

  it('mirrors for languages that are written from right to left', async () => {
    const page = await open();
    const left = async (selector: string) => (await page.locator(selector).first().boundingBox())?.x ?? 0;
    const edges = async () => ({
      name: await left('.name'),
      chat: await left('.chat-button'),
      tile: await left('.tile'),
      card: await left('.topic .card'),
    });
    const before = await edges();
    expect(before.name < before.chat && before.tile < before.card).to.equal(true);
    await page.evaluate(() => {
      document.documentElement.dir = 'rtl';
    });
    const after = await edges();
    expect(after.name > after.chat && after.tile > after.card).to.equal(true);
    expect(await sidewaysScroll(page)).to.equal(0);
  });
});
