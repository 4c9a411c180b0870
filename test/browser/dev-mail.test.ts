import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { outbox, queueMail } from '../../src/mail/outbox.ts';
import { Change } from '../../src/records/records.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { sampleMail } from '../mail/mail-bench.ts';
import { accessibilityProblems } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { until } from '../support/until.ts';

describe('captured mail in Chromium', () => {
  let app: TestApp;
  let browser: Browser | undefined;
  let folder: string;
  const said: string[] = [];

  before(async function () {
    browser = await launchBrowser();
    if (!browser) return this.skip();
    folder = join(await mkdtemp(join(tmpdir(), 'accessdesk-dev-mail-')), 'data');
    const store = await openEmbeddedStore({ folder, now: () => new Date(), recordTypes: [outbox] });
    const names = {
      company: '<img src=/nope onerror=alert(1)>',
      portal: 'CustomerSource',
      account: 'k...@contoso.example',
    };
    await store.records.commit(
      queueMail(new Change(), 'row', { ...sampleMail, template: 'alreadyLinked', data: names }),
    );
    await store.close();
    app = await startTestApp({ STORE_URL: `file:${folder}` });
    await until(async () => ((await (await fetch(`${app.url}/dev/mail.json`)).json()) as unknown[]).length > 0);
  });
  after(async () => {
    await browser?.close();
    await app?.close();
    if (folder) await rm(join(folder, '..'), { recursive: true });
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await (browser as Browser).newContext(options);
    context.setDefaultTimeout(120_000);
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
    page.on('dialog', (dialog) => said.push(dialog.message()));
    await page.goto(`${app.url}/dev/mail`);
    return page;
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`is listed and shown without a fault of accessibility (${colorScheme}), and runs nothing`, async () => {
      const page = await open({ colorScheme, viewport: { width: 360, height: 700 } });
      expect(await accessibilityProblems(page)).to.deep.equal([]);
      await page.getByRole('link', { name: 'is linked already' }).click();
      await page.frameLocator('iframe').getByRole('link', { name: 'Open My Profile' }).waitFor();
      expect(await accessibilityProblems(page)).to.deep.equal([]);
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(sideways).to.equal(0);
      expect(said).to.deep.equal([]);
      await page.context().close();
    });
  }

  it('leads where the mail leads, in a window of its own', async () => {
    const page = await open();
    await page.getByRole('link', { name: 'is linked already' }).click();
    const opened = page.context().waitForEvent('page');
    await page.frameLocator('iframe').getByRole('link', { name: 'Open My Profile' }).click();
    const profile = await opened;
    await profile.getByRole('heading', { level: 1 }).waitFor();
    // Nobody is signed in here.
    expect(profile.url()).to.equal(`${app.url}/sign-in?return=%2Fprofile`);
    expect(await profile.evaluate(() => [window.origin, window.opener])).to.deep.equal([app.url, null]);
    await page.context().close();
  });
});
