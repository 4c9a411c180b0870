import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { linkedVisitor, mailsTo, pathIn } from '../support/linked-visitor.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { until } from '../support/until.ts';

const phone: BrowserContextOptions = {
  viewport: { width: 320, height: 640 },
  colorScheme: 'dark',
  hasTouch: true,
  isMobile: true,
};

/** The chat's frame is sandboxed against mishaps of its own; and Chromium writes of each page that tells of a mistake. */
const isExpected = /escape its sandboxing|responded with a status of 400/;

describe('the account pages in Chromium', () => {
  let app: TestApp;
  let browser: Browser | undefined;
  /** What pages wrote to the console. */
  let written: string[];
  /** How often an address was changed. */
  let changes = 0;

  before(async function () {
    browser = await launchBrowser();
    if (!browser) return this.skip();
    app = await startTestApp();
    await linkedVisitor(app, 'amira', 'amira@contoso.example', 3);
  });
  after(async () => {
    await browser?.close();
    await app?.close();
  });
  beforeEach(() => {
    written = [];
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
    expect(written).to.deep.equal([]);
  });

  /** A browser in which somebody signs in on the way to a page. */
  async function open(path: string, account: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await (browser as Browser).newContext(options);
    context.setDefaultTimeout(120_000);
    const page = await context.newPage();
    page.on('console', (message) => isExpected.test(message.text()) || written.push(message.text()));
    page.on('pageerror', (error) => written.push(String(error)));
    await page.goto(app.url + path);
    await page.getByRole('button', { name: 'Go on to the sample accounts' }).click();
    await page.getByRole('button', { name: account }).click();
    return page;
  }
  /** No fault of accessibility, and nothing that scrolls sideways, at twice the size of text as well. */
  async function look(page: Page, what: string): Promise<void> {
    expect(await accessibilityProblems(page), what).to.deep.equal([]);
    const sideways: number[] = [];
    for (const size of ['', '200%']) {
      sideways.push(
        await page.evaluate((fontSize) => {
          const { documentElement: all } = document;
          all.style.fontSize = fontSize;
          return all.scrollWidth - all.clientWidth;
        }, size),
      );
    }
    await page.evaluate(() => document.documentElement.removeAttribute('style'));
    expect(sideways, what).to.deep.equal([0, 0]);
  }
  const menu = (page: Page) => page.locator('summary', { hasText: 'Account of' });

  it('let somebody with several companies choose one and switch, by keyboard', async () => {
    const page = await open('/sign-in?return=/privacy', 'amira@contoso.example · has profiles');
    await page.getByRole('heading', { name: 'Which company do you want to use?' }).waitFor();
    await look(page, 'choice');
    await page.getByRole('button', { name: /Fabrikam.*PartnerSource/ }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`${app.url}/privacy`);
    await menu(page).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Using Fabrikam Inc. - PartnerSource').waitFor();
    await look(page, 'menu');
    await page.getByRole('link', { name: 'Switch profile' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('In use').waitFor();
    await page.getByRole('button', { name: /Contoso/ }).click();
    await page.waitForURL(`${app.url}/privacy`);
    await page.goto(app.url);
    await page.getByText('You use Contoso Ltd. - CustomerSource.').waitFor();
    await look(page, 'greeting');
  });

  it('open a chat that knows the sign-in, and one that does not after it has ended', async () => {
    const page = await open('/sign-in', 'dana@contoso.example');
    const chatUser = async () => {
      await page.goto(app.url);
      const answer = page.waitForResponse('**/chat/token');
      await page.getByRole('link', { name: 'Chat', exact: true }).click();
      const sent = (await answer).request();
      expect(await sent.headerValue('sec-fetch-site')).to.equal('same-origin');
      const { userId } = (await (await answer).json()) as { userId: string };
      const frame = page.frameLocator('iframe');
      await frame.getByText('Hello. I answer questions').first().waitFor();
      // What is remembered for the next visit is written once the conversation has begun.
      await page.waitForFunction(() => localStorage.getItem('accessdesk.chat') !== null);
      return userId;
    };
    const first = await chatUser();
    expect(await chatUser()).to.equal(first);
    await menu(page).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    expect(await chatUser()).not.to.equal(first);
  });

  it('write times in the zone and the way of who reads, and in UTC without a script', async () => {
    const at = async (page: Page) => {
      // Its script has run by then.
      await page.waitForLoadState();
      return page
        .locator('.session time')
        .first()
        .evaluate((time: HTMLTimeElement) => [time.dateTime, time.title, time.innerText]);
    };
    const page = await open('/profile', 'dana@contoso.example', { timezoneId: 'Asia/Kathmandu', locale: 'en-US' });
    const [iso = '', sent, shown] = await at(page);
    const format = new Intl.DateTimeFormat('en-US', {
      dateStyle: 'long',
      timeStyle: 'short',
      timeZone: 'Asia/Kathmandu',
    });
    expect(shown).to.equal(format.format(new Date(iso)));
    expect(sent).to.match(/^\d+ \w+ \d{4}, \d\d:\d\d UTC$/);
    const bare = await open('/profile', 'dana@contoso.example', {
      timezoneId: 'Asia/Kathmandu',
      javaScriptEnabled: false,
    });
    expect((await at(bare))[2]).to.match(/ UTC$/);
  });

  it('write times as the page is written where the browser names its language as nobody else does', async () => {
    const page = await open('/profile', 'dana@contoso.example', { timezoneId: 'Asia/Kathmandu' });
    await page.addInitScript(() => Object.defineProperty(navigator, 'languages', { value: ['en-US@posix'] }));
    await page.reload();
    const time = page.locator('.session time').first();
    expect(await time.innerText()).to.match(/^\d+ \w+ \d{4} at \d\d:\d\d$/);
  });

  for (const [where, options] of [
    ['without JavaScript', { javaScriptEnabled: false }],
    ['on a phone, in the dark', phone],
  ] as [string, BrowserContextOptions][]) {
    const address = `amira.${options.colorScheme ?? 'light'}@contoso.example`;
    const see = (page: Page, what: string) => (options.isMobile ? look(page, what) : Promise.resolve());

    it(`correct an address with the code that was mailed, and take it back, ${where}`, async () => {
      const page = await open('/profile', 'amira@contoso.example · has profiles', options);
      if (page.url().includes('/accounts')) await page.getByRole('button', { name: /Contoso/ }).click();
      await page.getByRole('heading', { name: 'My Profile' }).waitFor();
      await see(page, 'profile');
      await page.getByRole('link', { name: 'Edit the e-mail address at Contoso' }).click();
      await page.getByLabel('New e-mail address').fill('amira@contoso');
      await page.getByRole('button', { name: 'Send a code' }).click();
      await page.getByRole('alert').getByText('has no ending').waitFor();
      await see(page, 'wrong address');
      await page.getByLabel('New e-mail address').fill(address);
      await page.getByRole('button', { name: 'Send a code' }).click();
      const [mail] = await mailsTo(app.url, address, 1);
      await see(page, 'code');
      await page.goto(`${app.url}/profile`);
      await page.getByText('We sent a code to your new address').waitFor();
      await see(page, 'pending');
      await page.getByRole('link', { name: 'Enter the code' }).click();
      await page.getByLabel('Code').fill(/\b\d{4} ?\d{4}\b/.exec(mail?.text ?? '')?.[0] ?? '');
      await page.getByRole('button', { name: 'Save the address' }).click();
      await page.getByText(`The address is now ${address}`).waitFor();
      await see(page, 'changed');
      const isNotice = ({ text }: { text: string }) => text.includes('now has another e-mail address');
      const [notice] = await mailsTo(app.url, 'amira@contoso.example', ++changes, isNotice);
      await page.goto(app.url + pathIn(notice as never, 'undo'));
      await page.getByRole('button', { name: 'Take it back' }).click();
      await page.getByRole('heading', { name: 'The change is taken back' }).waitFor();
      await page.goto(`${app.url}/profile`);
      expect(await page.locator('main').innerText()).not.to.include(address);
    });

    it(`invite a pasted list, show what was delivered, resend, withdraw and end access, ${where}`, async () => {
      const page = await open('/colleagues', 'dana@contoso.example', options);
      const name = `Ada ${where.slice(0, 7)}`;
      const email = `ada.${options.colorScheme ?? 'light'}@contoso.example`;
      await page.getByRole('link', { name: 'Invite colleagues' }).click();
      await page.waitForURL(/\/colleagues\/invite/);
      await see(page, 'invite');
      await page.getByLabel('Names and e-mail addresses').fill(`${name}, ${email}\nCem, cem@contoso`);
      await page.getByRole('button', { name: 'Send the invitations' }).click();
      await page.getByText('One invitation is on its way').waitFor();
      expect(await page.getByLabel('Names and e-mail addresses').inputValue()).to.equal('Cem, cem@contoso');
      await see(page, 'invited');
      await mailsTo(app.url, email, 1);
      await page.getByRole('link', { name: 'Colleagues' }).first().click();
      await page.waitForURL(/\/colleagues\?as=/);
      const row = page.locator('details', { hasText: email }).first();
      // What came of a mail is noted after it has arrived.
      await until(async () => {
        await page.reload();
        return (await row.getByText('Invitation sent').count()) > 0;
      });
      const openRow = async () => {
        await page.waitForLoadState();
        if (!(await row.evaluate((one) => one.hasAttribute('open')))) await row.locator('summary').first().click();
      };
      await openRow();
      await see(page, 'row');
      await row.getByRole('button', { name: 'Send the invitation again' }).click();
      await page.getByRole('alert').getByText('sent a moment ago').waitFor();
      await openRow();
      await row.getByRole('button', { name: 'Withdraw the invitation' }).click();
      await page.getByText('The invitation is withdrawn').waitFor();
      await openRow();
      await row.getByText('End access', { exact: true }).click();
      await see(page, 'end');
      await row.getByRole('button', { name: 'End access now' }).click();
      await page.getByText('Access is ended').first().waitFor();
      await openRow();
      await see(page, 'ended');
      await row.getByRole('button', { name: 'Give access back' }).click();
      await page.getByText('Access is given back').waitFor();
    });
  }
});
