import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { openStaffRoom, type StaffRoom } from '../support/staff-room.ts';
import { ana } from '../support/ticket-room.ts';
import { until } from '../support/until.ts';

/** Alerts as the page asks for them, in `shown`; nobody looks at the page. */
const keptAlerts = `
  window.shown = [];
  window.Notification = class extends EventTarget {
    static permission = 'default';
    static async requestPermission() {
      return (this.permission = 'granted');
    }
    constructor(title, { body }) {
      super();
      window.shown.push({ title, body, click: () => this.dispatchEvent(new Event('click')) });
    }
  };
  Object.defineProperty(document, 'hidden', { get: () => true });
`;

describe("staff's inbox in Chromium", () => {
  let browser: Browser | undefined;
  let room: StaffRoom;
  let noise: string[];

  before(async function () {
    browser = await launchBrowser();
    if (!browser) return this.skip();
  });
  beforeEach(async () => {
    room = await openStaffRoom();
    noise = [];
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
    await room.close();
  });
  after(() => browser?.close());

  async function open(path: string, who = 'ana', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await (browser as Browser).newContext(options);
    context.setDefaultTimeout(120_000);
    const page = await context.newPage();
    page.on('console', (message) => noise.push(message.text()));
    page.on('pageerror', (error) => noise.push(String(error)));
    await page.goto(`${room.url}/begin/staff/${who}`);
    await page.goto(room.url + path);
    return page;
  }
  const isLive = (page: Page) => page.locator('.live[data-state="live"]').waitFor();
  /** News of what was sent may come before the answer to it, with which the field begins anew. */
  const isEmpty = (field: Locator) => until(async () => (await field.inputValue()) === '');

  for (const width of [1280, 1000, 700, 320]) {
    it(`keeps its bar and the heads of its lists in place from page to page, ${width} px wide`, async () => {
      for (let n = 0; n < 20; n++)
        await room.open({ question: `Question ${n}`, requester: { person: `webchat/p${n}`, proof: 'none' } });
      const options = { viewport: { width, height: 600 } };
      const page = await open('/staff?list=mine', 'lea', options);
      const lookAt = (selectors: readonly string[], at = page) =>
        at.evaluate((all) => {
          const boxes = all.map((one) => {
            const { x = 0, y = 0 } = document.querySelector(one)?.getBoundingClientRect() ?? {};
            return [one, Math.round(x), Math.round(y)].join(' ');
          });
          const { scrollHeight, clientWidth } = document.documentElement;
          return [...boxes, `page ${clientWidth} ${scrollHeight > innerHeight ? 'too long' : 'fits'}`];
        }, selectors);
      const bar = ['.staff-bar .name', '.staff-search', '.account'];
      const list = [...bar, '#_list-title', '.tickets > [data-part]'];
      await isLive(page);
      const [mine, inBar] = [await lookAt(list), await lookAt(bar)];
      // Before the state is told.
      const bare = await open('/staff?list=mine', 'lea', { ...options, javaScriptEnabled: false });
      expect(await lookAt(bar, bare)).to.deep.equal(inBar);
      expect(mine.at(-1)).to.equal(`page ${width} fits`);
      for (const path of ['/staff?list=all', '/staff?list=unassigned', '/staff?list=resolved', '/staff?q=question']) {
        await page.goto(room.url + path);
        expect(await lookAt(list), path).to.deep.equal(mine);
      }
      for (const path of ['/staff/tickets/1001', '/staff/people', '/staff/report', '/staff/audit']) {
        await page.goto(room.url + path);
        expect(await lookAt(bar), path).to.deep.equal(inBar);
      }
    });
  }

  it('is worked by keyboard alone, and shows what another session does as it happens', async () => {
    const first = await room.open({ question: 'First question' });
    const second = await room.open({ question: 'Second question' });
    const page = await open('/staff?list=unassigned');
    await isLive(page);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/staff/tickets/${first.number}?list=unassigned`);
    await isLive(page);
    await page.keyboard.press('r');
    await page.keyboard.press('Enter');
    const field = page.getByLabel('Your text');
    await field.waitFor();
    // Letters mean nothing but themselves in a field.
    await page.keyboard.type('jkne/?');
    expect(await field.inputValue()).to.equal('jkne/?');
    await page.keyboard.press('Control+Enter');
    await page.locator('.said.staff', { hasText: 'jkne/?' }).waitFor();
    await isEmpty(field);
    await page.locator('.work .pill.waiting').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    expect(await field.getAttribute('placeholder')).to.include('staff alone');
    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    expect(await field.getAttribute('placeholder')).to.include('Reply to');
    await page.keyboard.type('Looking');
    await page.keyboard.press('Control+Shift+Enter');
    await page.locator('.work .pill.assigned').waitFor();
    await isEmpty(field);

    const other = await open(`/staff/tickets/${first.number}`, 'ben');
    await isLive(other);
    await other.getByText('Write a note').click();
    await other.getByLabel('Note, staff only').fill('Seen this before');
    await other.getByRole('button', { name: 'Add note' }).click();
    await page.locator('.said.note', { hasText: 'Seen this before' }).waitFor();

    const { number } = await room.open({ question: 'Third question' });
    await page.locator(`#_t-${number}`).waitFor();
    await page
      .getByRole('link', { name: /^Unassigned/ })
      .first()
      .getByText('2', { exact: true })
      .waitFor();
    await field.fill('Half a sentence');
    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    await page.locator('.work .pill.resolved').waitFor();
    expect((await room.ticket(first.number)).state).to.equal('resolved');
    expect((await room.ticket(second.number)).state).to.equal('open');
    expect(noise).to.deep.equal([]);
  });

  it('alerts on the desktop, once asked to and while nobody looks, to what is new, without a word of it', async () => {
    const page = await open('/staff?list=unassigned');
    // A headless browser shows no alerts: what would be shown is kept.
    await page.addInitScript({ content: keptAlerts });
    await page.reload();
    await isLive(page);
    const alerts = () =>
      page.evaluate(() =>
        (window as unknown as { shown: { title: string; body: string }[] }).shown.map(({ body }) => body),
      );
    const asker = (n: number) => ({ requester: { person: `webchat/u${n}`, proof: 'none' as const } });
    const { number: before } = await room.open({ question: 'Before anybody asked for alerts', ...asker(1) });
    await page.locator(`#_t-${before}`).waitFor();
    expect(await alerts()).to.deep.equal([]);

    await page.locator('details.account summary').click();
    await page.getByRole('button', { name: 'Turn desktop alerts on' }).click();
    await page.getByRole('button', { name: 'Turn desktop alerts off' }).waitFor();
    const { number } = await room.open({ question: 'A secret of mine', ...asker(2) });
    // A page that fetched itself for other news may show it before its own come.
    await page.locator(`#_t-${number}`).waitFor();
    await until(async () => (await alerts()).length > 0);
    expect(await alerts()).to.deep.equal([`#${number} has something new. Open the inbox.`]);

    await room.access.person('p1', { name: 'Amira Malik' });
    await room.access.link('p1', { key: 'https://issuer.example|amira' });
    const reader = room.access.asker('reader', { level: 'mailbox', address: 'p1@contoso.example' } as never);
    await room.access.reassociations.request('p1', reader);
    await page.getByText('1 waits for a decision').first().waitFor({ state: 'attached' });
    await until(async () => (await alerts()).length > 1);
    expect((await alerts()).slice(1)).to.deep.equal(['A request has to be approved or refused. Open People.']);
    await page.evaluate(() => (window as unknown as { shown: { click(): void }[] }).shown[0]?.click());
    await page.waitForURL(`**/staff/tickets/${number}`);
  });

  it('leaves what is read and typed where it is: new messages wait at the end, a draft outlives a lost claim and a reload', async () => {
    for (let n = 0; n < 30; n++) await room.say('user', `Line ${n}\nof several\nrows`);
    const { number } = await room.open({ since: 30 });
    await room.desk.claim(number, ana, 'claim');
    const page = await open(`/staff/tickets/${number}?from=0`, 'ana', { viewport: { width: 1280, height: 700 } });
    await isLive(page);
    const scrolled = () => page.locator('#_scroll').evaluate((pane) => pane.scrollTop);
    // The page itself goes to the end as long as it has not heard that somebody scrolled.
    await until(async () => {
      await page.locator('#_scroll').evaluate(
        (pane) =>
          new Promise((heard) => {
            pane.addEventListener('scroll', heard, { once: true });
            pane.scrollTo({ top: pane.scrollTop === 100 ? 99 : 100 });
          }),
      );
      return (await scrolled()) === 100;
    });
    await page.getByLabel('Your text').fill('A draft');
    for (const text of ['One more', 'And another']) {
      await room.say('user', text);
      await room.desk.userWrote((await room.desk.view(number))?.ticket ?? expect.fail(), text, text);
    }
    const waits = page.getByRole('button', { name: '2 new messages' });
    await waits.waitFor();
    expect(await scrolled()).to.equal(100);
    expect(await page.getByLabel('Your text').inputValue()).to.equal('A draft');
    await waits.click();
    expect(await scrolled()).to.be.greaterThan(1000);

    await room.desk.assign(number, { id: 'https://login.test|ben', name: 'Ben Okafor' }, ana, 'given away');
    await page.getByText('Ben Okafor has this ticket.').waitFor();
    expect(await page.locator('#_text').inputValue()).to.equal('A draft');
    await page.reload();
    expect(await page.locator('#_text').inputValue()).to.equal('A draft');
    expect(noise).to.deep.equal([]);
  });

  it('leaves who did something room for more than a syllable in the trail on a phone', async () => {
    await room.access.person('p1', { name: 'Amira Malik', email: 'amira@contoso.example' });
    await room.access.link('p1', { key: 'https://issuer.example|amira', email: 'amira@outlook.example' });
    const page = await open('/staff/audit', 'lea', { viewport: { width: 360, height: 740 } });
    const who = await page.locator('.trail tbody tr').first().locator('td').nth(2).boundingBox();
    expect(who?.width).to.be.above(120);
  });

  it('says so when the session ends', async () => {
    const page = await open('/staff');
    await isLive(page);
    const other = await page.context().newPage();
    await other.goto(`${room.url}/end`);
    await room.open();
    await page.getByText('You were signed out. Your draft is kept.').waitFor();
    expect(await page.getByRole('link', { name: 'Sign in' }).getAttribute('href')).to.equal('/sign-in?return=%2Fstaff');
  });

  it('can be used by everybody, on every page, in both themes and at every width', async () => {
    const { number } = await room.open({
      requester: { person: 'webchat/amira', name: 'Amira Malik', address: 'amira@contoso.example', proof: 'sign-in' },
      answered: { decision: 'suggest', confidence: 38, id: 'multiple-emails' },
      facts: [{ label: 'Portal', value: 'CustomerSource' }],
    });
    await room.open({ question: 'Another question of somebody else', conversation: 'msteams/c-2' });
    await room.access.person('p1', { name: 'Amira Malik', email: 'amira@contoso.example' });
    await room.access.link('p1', { key: 'https://issuer.example|amira', email: 'amira@outlook.example' });
    await room.access.reassociations.request(
      'p1',
      room.access.asker('reader', { level: 'mailbox', address: 'amira@contoso.example' } as never),
    );
    await room.desk.claim(number, ana, 'claim');
    await room.desk.note(number, 'A note', ana, 'note');
    await room.desk.reply(number, 'A reply', ana, 'reply');
    const paths = [
      '/staff?list=all',
      `/staff/tickets/${number}`,
      `/staff/tickets/${number}/canned`,
      '/staff/tickets/9999',
      '/staff?list=resolved',
      `/staff/people?ticket=${number}`,
      `/staff/tickets/${number}/teach`,
      '/staff/audit',
    ];
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [320, 'dark'],
    ] as const) {
      const page = await open('/staff', 'lea', { viewport: { width, height: 800 }, colorScheme });
      for (const path of [...paths, '/staff/tickets/1002']) {
        await page.goto(room.url + path);
        expect(await accessibilityProblems(page), `${path} at ${width}`).to.deep.equal([]);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wider, `${path} at ${width}`).to.be.at.most(0);
      }
    }
  });
});
