import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

describe('linking an account in Chromium', () => {
  let app: TestApp;
  let browser: Browser | undefined;

  before(async function () {
    browser = await launchBrowser();
    if (!browser) return this.skip();
  });
  beforeEach(async () => {
    app = await startTestApp();
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
    await app.close();
  });
  after(() => browser?.close());

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await (browser as Browser).newContext(options);
    context.setDefaultTimeout(120_000);
    const page = await context.newPage();
    await page.goto(app.url + path);
    return page;
  }

  async function ask(page: Page, address: string): Promise<void> {
    await page.goto(`${app.url}/associate`);
    await page.getByLabel('E-mail address on your profile').fill(address);
    await page.getByRole('button', { name: 'Send the e-mails' }).click();
    await page.waitForLoadState();
  }

  /** The captured mail of an address, as soon as there are so many. */
  async function mails(to: string, count: number): Promise<Mail[]> {
    for (;;) {
      const all = (await (await fetch(`${app.url}/dev/mail.json`)).json()) as Mail[];
      const found = all.filter((mail) => mail.to === to);
      if (found.length >= count) return found;
    }
  }
  const linkIn = ({ text }: Mail, path: string) =>
    new RegExp(`${app.url}/${path}/[\\w-]{43}`).exec(text)?.[0] ?? `${app.url}/no-link`;

  async function signIn(page: Page): Promise<void> {
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Go on to the sample accounts' }).click();
    await page.getByRole('button', { name: 'amira@contoso.example · has profiles' }).click();
  }

  for (const javaScriptEnabled of [true, false]) {
    it(`leads from an address over three e-mails to three linked profiles, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const page = await open('/associate', { javaScriptEnabled });
      await ask(page, 'Amira@Contoso.example');
      await page.getByText('If Amira@Contoso.example is on a profile').waitFor();
      const invitations = await mails('amira@contoso.example', 3);
      for (const [index, mail] of invitations.entries()) {
        await page.goto(linkIn(mail, 'invitations'));
        expect(page.url()).to.equal(`${app.url}/invitations`);
        if (index === 0) await signIn(page);
        await page.waitForURL(`${app.url}/invitations`);
        await page.getByRole('button', { name: 'Link them' }).click();
        await page.getByRole('heading', { name: 'Your Microsoft Account is linked' }).waitFor();
      }
      const notices = (await mails('amira@contoso.example', 6)).filter(({ text }) => text.includes('/undo/'));
      expect(notices).to.have.length(3);
      await page.goto(linkIn(notices[0] as Mail, 'undo'));
      await page.getByRole('button', { name: 'Take it back' }).click();
      await page.getByRole('heading', { name: 'The change is taken back' }).waitFor();
      await page.goto(linkIn(notices[0] as Mail, 'undo'));
      await page.getByRole('heading', { name: 'This was taken back already' }).waitFor();
    });
  }

  it('leaves a link as it was however often a scanner opens it, with scripts too', async () => {
    const page = await open('/associate');
    await ask(page, 'amira@contoso.example');
    const [mail] = await mails('amira@contoso.example', 3);
    const link = linkIn(mail as Mail, 'invitations');
    await fetch(link, { method: 'HEAD' });
    for (let n = 0; n < 3; n++) await (await open('/')).goto(link);
    await page.goto(link);
    await signIn(page);
    await page.getByRole('button', { name: 'Link them' }).waitFor();
  });

  it('answers an unknown address as it answers a known one, and sends it nothing', async () => {
    const page = await open('/associate');
    await ask(page, 'nobody@contoso.example');
    await page.getByText('If nobody@contoso.example is on a profile').waitFor();
    const unknown = await page.getByRole('main').innerHTML();
    await ask(page, 'amira@contoso.example');
    await page.getByText('If amira@contoso.example is on a profile').waitFor();
    const known = await page.getByRole('main').innerHTML();
    expect(unknown.replaceAll('nobody@', 'amira@')).to.equal(known);
    await mails('amira@contoso.example', 3);
    const all = (await (await fetch(`${app.url}/dev/mail.json`)).json()) as Mail[];
    expect(all.filter(({ to }) => to.startsWith('nobody'))).to.deep.equal([]);
  });

  it('says beside the field what is wrong with an address, and keeps it', async () => {
    const page = await open('/associate');
    await ask(page, 'amira@contoso');
    await page.getByRole('alert').getByText('has no ending').waitFor();
    const field = page.getByLabel('E-mail address on your profile');
    expect(await field.inputValue()).to.equal('amira@contoso');
    expect(await field.getAttribute('aria-invalid')).to.equal('true');
  });

  it('shows no name of a company to who has not signed in', async () => {
    const page = await open('/associate');
    await ask(page, 'amira@contoso.example');
    const [mail] = await mails('amira@contoso.example', 3);
    const stranger = await open('/');
    await stranger.goto(linkIn(mail as Mail, 'invitations'));
    expect(await stranger.getByRole('main').innerText()).not.to.match(/Contoso|Fabrikam/);
    expect(await accessibilityProblems(stranger)).to.deep.equal([]);
  });

  it('keeps tokens, codes and addresses out of the log', async () => {
    const page = await open('/associate');
    await ask(page, 'amira@contoso.example');
    const invitations = await mails('amira@contoso.example', 3);
    await page.goto(linkIn(invitations[0] as Mail, 'invitations'));
    await signIn(page);
    await page.getByRole('button', { name: 'Link them' }).click();
    await page.getByRole('heading', { name: 'Your Microsoft Account is linked' }).waitFor();
    expect(await accessibilityProblems(page)).to.deep.equal([]);
    for (const mail of invitations) expect(app.log()).not.to.include(linkIn(mail, 'invitations').slice(-43));
    expect(app.log()).not.to.include('amira@contoso.example');
  });
});
