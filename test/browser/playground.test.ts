/** Microsoft 365 Agents Playground's own page, which shows cards as Teams does. */
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { forPlayground, type Playground, startPlayground } from '../support/playground.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { until } from '../support/until.ts';

describe('the page of Agents Playground', () => {
  let app: TestApp;
  let playground: Playground;
  let browser: Browser | undefined;
  let page: Page;
  before(async function () {
    browser = await launchBrowser();
    if (!browser) return this.skip();
    app = await startTestApp({}, forPlayground);
    playground = await startPlayground(app.url);
    page = await browser.newPage();
    page.setDefaultTimeout(150_000);
    await page.goto(playground.url);
  });
  after(async () => {
    await browser?.close();
    await playground?.close();
    await app?.close();
  });

  it('welcomes, answers a question with a card, and takes a press of it', async () => {
    await page.getByText('I answer questions about access').first().waitFor();
    const box = page.locator('[contenteditable=true]').first();
    await box.click();
    await page.keyboard.type('forgot password');
    await page.getByRole('button', { name: 'Send Message' }).first().click();
    await page.getByText('Microsoft Account password').first().waitFor();
    const vote = page.getByRole('button', { name: 'This helped' });
    await vote.last().click();
    await page.getByText('Good to know.').first().waitFor();
    await until(async () => (await vote.count()) === 0);
  });
});
