import { expect } from 'chai';
import type { Browser, BrowserContext, BrowserContextOptions, FrameLocator, Locator, Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { type HostSite, startHostSite } from '../support/host-page.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

describe('the embedded chat in Chromium', () => {
  let app: TestApp;
  let site: HostSite;
  let browser: Browser | undefined;
  let context: BrowserContext | undefined;
  let page: Page;
  let requests: string[];
  let problems: string[];

  before(async function () {
    browser = await launchBrowser();
    if (!browser) return this.skip();
    site = await startHostSite();
    app = await startTestApp({ CHAT_ORIGINS: site.origin });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await app?.close();
  });
  afterEach(async () => {
    await context?.close();
    context = undefined;
  });

  /** The strictest policy under which the script tag works. */
  const strict = () =>
    `default-src 'none'; script-src ${app.url}; frame-src ${app.url}; require-trusted-types-for 'script'`;
  const tag = (attributes = '') => `<script src="${app.url}/embed.js" defer ${attributes}></script>`;
  const pageWith = (head: string, body = '', root = 'lang="en"') =>
    `<!doctype html><html ${root}><head><meta name="viewport" content="width=device-width"><title>Contoso</title>${head}</head>
     <body><main><h1>Contoso</h1><input aria-label="Search"><p>${'Text of the page. '.repeat(900)}</p>${body}</main></body></html>`;

  async function visit(html: string, policy?: string, options: BrowserContextOptions = {}): Promise<void> {
    context = await (browser as Browser).newContext({ viewport: desktop, ...options });
    page = await context.newPage();
    context.setDefaultTimeout(150_000);
    requests = [];
    problems = [];
    page.on(
      'request',
      (request) => request.url().startsWith(app.url) && requests.push(new URL(request.url()).pathname),
    );
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    site.show(html, policy);
    await page.goto(site.origin);
  }
  const button = (name = 'Chat'): Locator => page.getByRole('button', { name, exact: true });
  const chatWindow = (): Locator => page.locator('accessdesk-chat dialog');
  const chat = (): FrameLocator => page.frameLocator('accessdesk-chat iframe');
  const field = (): Locator => chat().getByPlaceholder('Ask about access or sign-in');
  const focused = (locator: Locator) => locator.and(page.locator(':focus')).waitFor();
  const fieldHasFocus = () => chat().locator('textarea:focus').waitFor();
  const frameOf = async () => {
    const handle = await page.locator('accessdesk-chat iframe').elementHandle();
    const frame = await handle?.contentFrame();
    if (!frame) throw new Error('there is no frame');
    return frame;
  };
  const box = async (locator: Locator) => {
    const bounds = await locator.boundingBox();
    return bounds ?? { x: 0, y: 0, width: 0, height: 0 };
  };
  /** Waits until the window has come to its place. */
  const atRest = () =>
    page.waitForFunction(() => {
      const dialog = document.querySelector('accessdesk-chat')?.shadowRoot?.querySelector('dialog');
      return dialog?.getAnimations().length === 0;
    });
  /** Whether a press in the middle of the button reaches it. */
  const isOnTop = () =>
    button().evaluate((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + height / 2)?.localName === 'accessdesk-chat';
    });

  it('asks the server for nothing but its script before it is opened', async () => {
    await visit(pageWith(tag()), strict());
    await button().waitFor();
    expect(requests).to.deep.equal(['/embed.js']);
    expect(await page.locator('accessdesk-chat iframe').count()).to.equal(0);
  });

  it('answers on a page of another origin whose policy allows nothing inline', async () => {
    await visit(pageWith(tag()), strict());
    await button().click();
    await fieldHasFocus();
    await page.keyboard.type('i forgott my pasword');
    await page.keyboard.press('Enter');
    await chat().getByRole('button', { name: 'This helped' }).last().waitFor();
    expect(problems).to.deep.equal([]);
  });

  it('lies beside the page, which stays usable', async () => {
    await visit(pageWith(tag()));
    await button().click();
    await fieldHasFocus();
    await atRest();
    const { x, y, width, height } = await box(chatWindow());
    expect({ width, height, end: desktop.width - x - width, below: desktop.height - y - height }).to.deep.equal({
      width: 400,
      height: 720,
      end: 24,
      below: 24,
    });
    await page.getByLabel('Search').fill('still here');
    expect(await page.getByLabel('Search').inputValue()).to.equal('still here');
    expect(await button().count()).to.equal(0);
  });

  it('closes on Escape in the frame, gives the focus back, and opens again as it was', async () => {
    await visit(pageWith(tag()));
    await button().click();
    await fieldHasFocus();
    await field().fill('half a question');
    await page.keyboard.press('Escape');
    await chatWindow().waitFor({ state: 'hidden' });
    await focused(button());
    await page.keyboard.press('Enter');
    await fieldHasFocus();
    expect(await field().inputValue()).to.equal('half a question');
    expect(requests.filter((path) => path === '/chat')).to.have.length(1);
  });

  it('can be used by keyboard alone', async () => {
    await visit(pageWith(tag()));
    await page.getByLabel('Search').focus();
    await page.keyboard.press('Tab');
    await focused(button());
    expect(await button().getAttribute('aria-haspopup')).to.equal('dialog');
    expect(await button().getAttribute('aria-expanded')).to.equal('false');
    await page.keyboard.press('Space');
    await fieldHasFocus();
    for (let stops = 0; stops < 20; stops++) {
      await page.keyboard.press('Shift+Tab');
      if ((await chat().locator('#close:focus').count()) > 0) break;
    }
    await page.keyboard.press('Enter');
    await focused(button());
  });

  it('fills a phone, with the page behind out of reach', async () => {
    await visit(pageWith(tag()), strict(), { viewport: phone, hasTouch: true, isMobile: true });
    await button().tap();
    await fieldHasFocus();
    await atRest();
    expect(await box(chatWindow())).to.deep.equal({ x: 0, y: 0, ...phone });
    expect(await chatWindow().evaluate((dialog) => dialog.matches(':modal'))).to.equal(true);
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).overflow)).to.equal('hidden');
    await chat().getByRole('button', { name: 'Close chat' }).tap();
    await focused(button());
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).overflow)).to.equal('visible');
  });

  it('changes between window and full screen without loading the frame again', async () => {
    await visit(pageWith(tag()));
    await button().click();
    await fieldHasFocus();
    await field().fill('half a question');
    await page.setViewportSize(phone);
    await page.locator('accessdesk-chat dialog:modal').waitFor();
    await page.setViewportSize(desktop);
    await page.locator('accessdesk-chat dialog:not(:modal)').waitFor();
    // A window as low as a phone that lies on its side would leave no room for an answer.
    await page.setViewportSize({ width: phone.height, height: phone.width });
    await page.locator('accessdesk-chat dialog:modal').waitFor();
    expect(await field().inputValue()).to.equal('half a question');
    expect(requests.filter((path) => path === '/chat')).to.have.length(1);
  });

  it('survives being opened while it closes', async () => {
    await visit(pageWith(tag()));
    await button().click();
    await fieldHasFocus();
    await page.evaluate(() => {
      const { AccessDesk } = window as unknown as { AccessDesk: { open(): void; close(): void } };
      AccessDesk.close();
      AccessDesk.open();
      AccessDesk.open();
    });
    await fieldHasFocus();
    expect(await chatWindow().evaluate((dialog) => (dialog as HTMLDialogElement).open)).to.equal(true);
    expect(await page.locator('accessdesk-chat iframe').count()).to.equal(1);
  });

  it("is opened by a site's own button, which gets the focus back", async () => {
    await visit(pageWith(tag(), '<button id="own" type="button">Ask us</button>'));
    await button().waitFor();
    await page.evaluate(() => {
      const { AccessDesk } = window as unknown as { AccessDesk: { open(): void } };
      document.getElementById('own')?.addEventListener('click', () => AccessDesk.open());
    });
    await page.locator('#own').press('Enter');
    await fieldHasFocus();
    await page.keyboard.press('Escape');
    await focused(page.locator('#own'));
  });

  for (const [way, head, body] of [
    ['included twice', () => tag() + tag('data-title="Second"'), () => ''],
    ['in the head, neither deferred nor async', () => tag().replace(' defer', ''), () => ''],
    ['at the end of the body', () => '', () => tag().replace(' defer', '')],
    ['async', () => tag().replace('defer', 'async'), () => ''],
    ['of type module', () => tag('type="module"'), () => ''],
    [
      'inserted by a tag manager',
      () => '',
      () =>
        `<script>const s = document.createElement('script'); s.src = '${app.url}/embed.js?v=2'; document.head.append(s);</script>`,
    ],
  ] as const) {
    it(`puts one button on a page where it is ${way}`, async () => {
      await visit(pageWith(head(), body()));
      await button().waitFor();
      await page.waitForLoadState('load');
      expect(await page.locator('accessdesk-chat').count()).to.equal(1);
      expect(problems).to.deep.equal([]);
    });
  }

  it('finds its options where a script is not told its tag', async () => {
    await visit(pageWith(tag('type="module" data-title="Ask us" data-position="start"')));
    const { x } = await box(button('Ask us'));
    expect(x).to.equal(24);
  });

  it('cannot be reached by the styles of the page', async () => {
    const hostile = `<style>
      * { all: unset !important; display: none !important; z-index: 1 !important; direction: ltr }
      html, body, main { display: block !important } head { display: none !important }
      button { display: none !important } dialog, iframe { visibility: hidden !important }
      accessdesk-chat { display: none !important; opacity: 0 !important; pointer-events: none !important }
      #war { display: block !important; position: fixed !important; inset: 0 !important; z-index: 2147483646 !important }
    </style>`;
    await visit(pageWith(tag() + hostile, '<div id="war"></div>'));
    await button().waitFor();
    const { height, x, width } = await box(button());
    expect({ height, end: desktop.width - x - width }).to.deep.equal({ height: 56, end: 24 });
    expect(await isOnTop()).to.equal(true);
    await button().click();
    await field().waitFor();
    await atRest();
    expect((await box(chatWindow())).width).to.equal(400);
  });

  it('stands at the other side of a page that runs from right to left', async () => {
    await visit(pageWith(tag('data-language="ar"'), '', 'lang="ar" dir="rtl"'));
    expect((await box(button())).x).to.equal(24);
    await button().click();
    await chat().locator('html[dir="rtl"]').waitFor();
    await fieldHasFocus();
    const send = chat().locator('.webchat__send-button');
    expect((await box(send)).x).to.be.below((await box(field())).x);
  });

  it('takes the colour of the site, with text that can be read on it', async () => {
    await visit(pageWith(tag('data-colour="#ffd400" data-theme="dark"')));
    const colours = await button().evaluate((element) => {
      const { backgroundColor, color } = getComputedStyle(element);
      return { backgroundColor, color };
    });
    expect(colours).to.deep.equal({ backgroundColor: 'rgb(255, 212, 0)', color: 'rgb(0, 0, 0)' });
    await button().click();
    const send = chat().locator('.webchat__send-button');
    await send.waitFor();
    expect(await send.evaluate((element) => getComputedStyle(element).backgroundColor)).to.equal('rgb(255, 212, 0)');
    expect(
      await chat()
        .locator('body')
        .evaluate((body) => getComputedStyle(body).backgroundColor),
    ).to.equal('rgb(16, 23, 22)');
  });

  for (const [wish, scheme, fill] of [
    ['', 'light', 'rgb(11, 100, 97)'],
    ['', 'dark', 'rgb(95, 201, 189)'],
    ['data-theme="light"', 'dark', 'rgb(11, 100, 97)'],
    ['data-theme="dark"', 'light', 'rgb(95, 201, 189)'],
  ] as const) {
    it(`has the colours of a system that is ${scheme}, unless the tag says otherwise: ${wish || 'it does not'}`, async () => {
      await visit(pageWith(tag(wish)), '', { colorScheme: scheme });
      expect(await button().evaluate((element) => getComputedStyle(element).backgroundColor)).to.equal(fill);
    });
  }

  it('is light, and not without colours, in a browser that does not know light-dark()', async () => {
    await visit(pageWith(tag()), '', { colorScheme: 'dark' });
    await page.route('**/embed.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replaceAll('light-dark(', 'not-known(') });
    });
    await page.reload();
    const colours = (locator: Locator) =>
      locator.evaluate((element) => {
        const { backgroundColor, color } = getComputedStyle(element);
        return [backgroundColor, color];
      });
    expect(await colours(button())).to.deep.equal(['rgb(11, 100, 97)', 'rgb(255, 255, 255)']);
    await button().click();
    expect(await colours(chatWindow())).to.deep.equal(['rgb(255, 255, 255)', 'rgb(24, 37, 36)']);
  });

  it('warns once of a colour that is none, and goes on without it', async () => {
    const warnings: string[] = [];
    const html = pageWith(tag('data-colour="red;background:url(//evil.example)"'));
    context = await (browser as Browser).newContext();
    context.setDefaultTimeout(150_000);
    page = await context.newPage();
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
    site.show(html);
    await page.goto(site.origin);
    await button().waitFor();
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include('data-colour');
  });

  it('is not printed', async () => {
    await visit(pageWith(tag()));
    await button().waitFor();
    await page.emulateMedia({ media: 'print' });
    await button().waitFor({ state: 'hidden' });
  });

  it('listens to its frame alone', async () => {
    await visit(pageWith(tag()));
    await button().click();
    await fieldHasFocus();
    await page.evaluate(() => window.postMessage({ accessdesk: 'close' }, '*'));
    // A message that is sent later is read later: when this one was read, the forged one was too.
    await page.evaluate(
      () =>
        new Promise((read) => {
          addEventListener('message', ({ data }) => data === 'last' && read(undefined));
          window.postMessage('last', '*');
        }),
    );
    expect(await chatWindow().evaluate((dialog) => (dialog as HTMLDialogElement).open)).to.equal(true);
  });

  it('shows the way out where the origin may not frame it', async () => {
    await visit(pageWith(tag()));
    const { port } = new URL(site.origin);
    await page.goto(`http://localhost:${port}`); // the same site under a name that is not in CHAT_ORIGINS
    await button().click();
    const link = page.getByRole('link', { name: 'Open the chat in a new tab' });
    await link.waitFor();
    expect(await page.locator('accessdesk-chat iframe').isVisible()).to.equal(false);
    const [tab] = await Promise.all([(context as BrowserContext).waitForEvent('page'), link.click()]);
    await tab.getByPlaceholder('Ask about access or sign-in').waitFor();
  });

  it("shows the way out where the page's own policy allows no frame", async () => {
    await visit(pageWith(tag()), `default-src 'none'; script-src ${app.url}`);
    await button().click();
    await page.getByRole('link', { name: 'Open the chat in a new tab' }).waitFor();
    await page.keyboard.press('Escape');
    await focused(button());
  });

  it('has nothing that axe-core finds serious or moderate', async () => {
    await visit(pageWith(tag()));
    await button().waitFor();
    expect(await accessibilityProblems(page.mainFrame())).to.deep.equal([]);
    await button().click();
    await fieldHasFocus();
    expect(await accessibilityProblems(page.mainFrame())).to.deep.equal([]);
    const frame = await frameOf();
    expect(await accessibilityProblems(frame)).to.deep.equal([]);
    await page.keyboard.type('i forgott my pasword');
    await page.keyboard.press('Enter');
    await chat().getByRole('button', { name: 'This helped' }).last().waitFor();
    expect(await accessibilityProblems(frame)).to.deep.equal([]);
  });
});
