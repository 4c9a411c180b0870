import { expect } from 'chai';
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('the web chat in Chromium', () => {
  let app: TestApp;
  let browser: Browser | undefined;
  let context: BrowserContext;
  let page: Page;
  const problems: string[] = [];

  before(async function () {
    browser = await launchBrowser();
    if (!browser) return this.skip();
    app = await startTestApp();
    context = await browser.newContext();
    page = await context.newPage();
    page.setDefaultTimeout(150_000); // waits end with what they wait for; this is for a machine under load
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(app.url);
  });
  after(async () => {
    await browser?.close();
    await app?.close();
  });

  const chat = (): FrameLocator => page.frameLocator('accessdesk-chat iframe');
  const ask = async (text: string) => {
    const box = chat().getByPlaceholder('Ask about access or sign-in');
    await box.fill(text);
    await box.press('Enter');
  };
  const log = () => chat().locator('.webchat__basic-transcript');

  it('loads nothing of the chat before it is opened', async () => {
    expect(await page.locator('iframe').count()).to.equal(0);
  });

  it('opens and welcomes', async () => {
    await page.getByRole('link', { name: 'Chat', exact: true }).click();
    await log().getByText('I answer questions about access').first().waitFor();
  });

  it('answers a question with a typing error', async () => {
    await ask('i forgott my pasword');
    await log()
      .getByRole('link', { name: /password/i })
      .first()
      .waitFor();
    await chat().getByRole('button', { name: 'This helped' }).last().waitFor();
  });

  it('shows the answer once, as a card', async () => {
    const shown = await log()
      .getByRole('heading', { name: /forget|forgot/i })
      .count();
    expect(shown).to.equal(1);
  });

  it('answers a follow-up that is clicked', async () => {
    const followUp = chat().getByRole('toolbar').getByRole('button').first();
    const title = (await followUp.textContent())?.trim() ?? '';
    await followUp.click();
    await log().getByRole('heading', { name: title }).last().waitFor();
  });

  it('thanks for a vote', async () => {
    await chat().getByRole('button', { name: 'This helped' }).last().click();
    await log().getByText('Good to know').first().waitFor();
  });

  it('still shows the conversation after a reload', async () => {
    await page.reload();
    await page.getByRole('link', { name: 'Chat', exact: true }).click();
    await log().getByText('i forgott my pasword').first().waitFor();
    await log().getByText('Good to know').first().waitFor();
  });

  it('goes on after a restart of the server', async () => {
    await app.restart();
    await ask('what is a microsoft account');
    await log()
      .getByRole('heading', { name: /What is a Microsoft Account/ })
      .last()
      .waitFor();
    await log().getByText('i forgott my pasword').first().waitFor();
  });

  it('leaves nothing wrong in the console but the lost connection', () => {
    const expected = /WebSocket|ERR_CONNECTION_REFUSED|Failed to load resource|sandbox/i;
    expect(problems.filter((problem) => !expected.test(problem))).to.deep.equal([]);
  });
});
