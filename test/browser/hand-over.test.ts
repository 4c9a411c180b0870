/** A user in Web Chat and somebody of staff in the inbox, in two browsers, with a server that is killed in between. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { freePort } from '../support/test-app.ts';

const patience = 150_000; // waits end with what they wait for; this is for a machine under load

describe('a hand-over in two browsers', () => {
  let folder: string;
  let server: ServerProcess;
  let url: string;
  let env: Record<string, string>;
  let browsers: Browser[] = [];
  const noise: string[] = [];

  before(async function () {
    const opened = [await launchBrowser(), await launchBrowser()];
    browsers = opened.filter((one) => one !== undefined);
    if (browsers.length < 2) return this.skip();
    folder = await mkdtemp(join(tmpdir(), 'accessdesk-hand-over-'));
    const port = await freePort();
    url = `http://localhost:${port}`;
    env = { PORT: String(port), STORE_URL: `file:${join(folder, 'data')}` };
    server = await startServer(env);
  });
  after(async () => {
    for (const browser of browsers) await browser.close();
    server?.child.kill('SIGKILL');
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  async function open(browser: Browser | undefined, path: string): Promise<Page> {
    const page = await (browser as Browser).newPage();
    page.setDefaultTimeout(patience);
    page.on('pageerror', (error) => noise.push(String(error)));
    await page.goto(url + path);
    return page;
  }
  const picture = async (page: Page, name: string) => {
    if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, `${name}.png`) });
  };

  it('asks, misses, is handed over, answered, cut off, answered again, closed and reopened', async () => {
    const user = await open(browsers[0], '/');
    const chat: FrameLocator = user.frameLocator('accessdesk-chat iframe');
    const log = chat.locator('.webchat__basic-transcript');
    const say = async (text: string) => {
      const box = chat.getByPlaceholder('Ask about access or sign-in');
      await box.fill(text);
      await box.press('Enter');
    };
    const shows = (text: string | RegExp) => log.getByText(text).first().waitFor();

    await user.getByRole('link', { name: 'Chat', exact: true }).click();
    await shows(/I answer questions about access/);
    await say('what is the weather in paris tomorrow');
    await shows(/I have no answer to that/);
    await say('Tell me a <b>joke</b> about *penguins* & cats');
    await shows(/Shall a person look at it/);
    await chat.getByRole('button', { name: 'Ask a person' }).last().click();
    const field = chat.getByLabel('Your question').last();
    await field.waitFor();
    expect(await field.inputValue()).to.equal('Tell me a <b>joke</b> about *penguins* & cats');
    await picture(user, 'user-form');
    await chat.getByRole('button', { name: 'Send to support' }).last().click();
    await shows(/Your request has the number #1001/);

    const staff = await open(browsers[1], '/staff');
    await staff.getByRole('button', { name: /Go on to/ }).click();
    await staff.getByRole('button', { name: /Sam Okafor/ }).click();
    await staff.waitForURL(/\/staff/);
    await staff
      .getByRole('link', { name: /^Unassigned/ })
      .first()
      .click();
    await picture(staff, 'staff-list');
    await staff.locator('#_t-1001').click();
    await staff.getByText('Tell me a <b>joke</b> about *penguins* & cats').first().waitFor();
    await staff.locator('.live[data-state="live"]').waitFor();
    await staff.getByRole('button', { name: 'Take it' }).first().click();
    await shows(/Sam Okafor is here now/);
    await chat.getByText('Sam Okafor is here, from support').waitFor();

    const reply = async (text: string) => {
      await staff.getByLabel('Your text').fill(text);
      await staff.getByLabel('Your text').press('Control+Enter');
      await staff.locator('.said.staff', { hasText: text }).waitFor();
    };
    await reply('Hello. Which *company* is it?');
    await shows('Hello. Which *company* is it?');
    await say('Contoso, and <i>Fabrikam</i>');
    await staff.locator('.said.user', { hasText: 'Contoso, and <i>Fabrikam</i>' }).waitFor();
    await picture(staff, 'staff-ticket');
    await picture(user, 'user-held');

    server.child.kill('SIGKILL');
    await server.ended;
    await say('are you still there?');
    await chat.getByText('No connection.').first().waitFor();
    server = await startServer(env);
    await staff.locator('.said.user', { hasText: 'are you still there?' }).waitFor();
    await staff.locator('.live[data-state="live"]').waitFor();
    await reply('Yes, I am.');
    await shows('Yes, I am.');

    await staff.getByRole('button', { name: 'Resolve' }).first().click();
    await shows(/Sam Okafor closed your request #1001/);
    await staff.locator('.work .pill.resolved').waitFor();
    await say('reopen 1001');
    await shows('#1001 is open again. A person looks at it.');
    await staff.reload();
    await staff
      .getByText(/reopened it/i)
      .first()
      .waitFor();
    await say('forgot password');
    await log
      .getByRole('link', { name: /password/i })
      .first()
      .waitFor();
    const said = await staff.locator('.said').allInnerTexts();
    const inOrder = ['Hello. Which *company* is it?', 'Contoso, and', 'are you still there?', 'Yes, I am.'];
    const places = inOrder.map((text) => said.findIndex((line) => line.includes(text)));
    expect(places).to.deep.equal([...places].sort((a, b) => a - b));
    expect(said.filter((line) => line.includes('are you still there?'))).to.have.length(1);
    await picture(staff, 'staff-reopened');
    expect(noise).to.deep.equal([]);
  });
});
