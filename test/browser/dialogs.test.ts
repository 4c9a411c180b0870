/** Each dialog to its end in Web Chat, by its cards where it has them. */
import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { linkedVisitor, mailsTo } from '../support/linked-visitor.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const amira = 'amira@contoso.example';

describe('the dialogs in Web Chat', () => {
  let app: TestApp;
  let browser: Browser | undefined;
  let context: BrowserContext;
  let page: Page;
  const problems: string[] = [];

  before(async function () {
    browser = await launchBrowser();
    if (!browser) return this.skip();
    app = await startTestApp();
    await linkedVisitor(app, 'amira', amira, 3);
    await open(browser);
  });
  after(async () => {
    await browser?.close();
    await app?.close();
  });

  /** A browser of its own with a new chat. */
  async function open(of: Browser): Promise<void> {
    context = await of.newContext();
    context.setDefaultTimeout(120_000);
    page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(app.url);
    await page.getByRole('link', { name: 'Chat', exact: true }).click();
    await log().getByText('I answer questions about access').first().waitFor();
  }

  const chat = () => page.frameLocator('accessdesk-chat iframe');
  const log = () => chat().locator('.webchat__basic-transcript');
  const says = async (text: string) => {
    const box = chat().getByPlaceholder('Ask about access or sign-in');
    await box.fill(text);
    await box.press('Enter');
  };
  const shows = (text: string | RegExp) => log().getByText(text).last().waitFor();
  const press = (name: string | RegExp) => log().getByRole('button', { name }).last().click();
  const fill = (label: string, text: string) => log().getByLabel(label).last().fill(text);

  /** Opens the card's link, signs in there, and types the number into the card. */
  async function signIn(account: string): Promise<void> {
    const opened = context.waitForEvent('page');
    await press('Sign in');
    const tab = await opened;
    // The link below its text is the last one only where all are there.
    await tab.waitForLoadState();
    await tab
      .getByRole('link', { name: /Sign in/ })
      .last()
      .click();
    await tab.getByRole('button', { name: 'Go on to the sample accounts' }).click();
    await tab.getByRole('button', { name: account }).click();
    await tab.locator('form[method=post] button.primary').click();
    const number = (await tab.locator('output').textContent()) ?? '';
    await tab.close();
    await fill('Number from the page', number);
    await press('Go on');
  }

  it('resends an invitation', async () => {
    await says('resend my invite');
    await shows('Each profile that carries it gets an e-mail');
    await fill('E-mail address on your profile', 'kofi@contoso.example');
    await press('Send the e-mails');
    await shows('If kofi@contoso.example is on a profile');
    expect(await mailsTo(app.url, 'kofi@contoso.example', 1)).to.have.length(1);
  });

  it('lists profiles', async () => {
    await says('show my profiles');
    await shows('A code goes to it.');
    await fill('E-mail address on your profile', amira);
    await press('Send a code');
    const [mail] = await mailsTo(app.url, amira, 1, ({ subject }) => subject === 'Your code');
    await log().getByLabel('Code from the e-mail').last().waitFor();
    await fill('Code from the e-mail', /\b\d{4} ?\d{4}\b/.exec(mail?.text ?? '')?.[0] ?? '');
    await press('Go on');
    await shows('You have 3 profiles.');
    await press(/Fabrikam Inc., PartnerSource/);
    await shows('It is linked to a');
    await press('Done');
    await shows('Ask me again whenever you want to see them.');
  });

  it('moves a profile to another account', async () => {
    await says('move my profile to another account');
    await shows(/Your code showed that you read its mail/);
    await press('Sign in');
    await shows('It then shows a number of six digits.');
    await signIn('Amira Malik amira@contoso.example');
    await shows('Which profile shall move');
    await press(/Contoso Ltd/);
    await shows('After you confirm');
    await press('Send the link');
    await shows(`is on its way to ${amira}`);
  });

  it('invites a colleague', async () => {
    await open(browser as Browser);
    await says('invite a colleague');
    await shows('Only administrators invite people');
    await signIn('Dana Weber');
    await shows('Whom shall I invite to Contoso Ltd.');
    await fill('People to invite', 'Ann Lee <ann.lee@contoso.example>');
    await press('Check the list');
    await press('Send the invitation');
    await shows('One person was invited to Contoso Ltd. in CustomerSource.');
  });

  it('hands over to a person', async () => {
    await says('person');
    await log().getByLabel('Your question').last().waitFor();
    await fill('Your question', 'My link does not work');
    await press('Send');
    await shows(/Your request has the number/);
  });

  it('writes nothing to the console', () => {
    expect(problems).to.deep.equal([]);
  });
});
