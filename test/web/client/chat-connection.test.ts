import { expect } from 'chai';
import { stub } from 'sinon';
import { ChatConnection } from '../../../src/web/client/chat-connection.ts';
import type { ChatToken } from '../../../src/web/client/chat-token.ts';
import { openLine } from '../../../src/web/client/open-line.ts';
import { Outbox } from '../../../src/web/client/outbox.ts';
import { type FakeBrowser, type FakeLine, fakeBrowser } from '../../support/fake-browser.ts';

const token: ChatToken = { domain: 'http://localhost/v3/directline', token: 'one' };
const failedToConnect = 4;

describe("the chat's connection", () => {
  let browser: FakeBrowser;
  beforeEach(() => {
    browser = fakeBrowser();
  });
  afterEach(() => browser.restore());

  const newest = () => browser.lines.at(-1) as FakeLine;
  const open = (outbox: Outbox) => {
    const connection = new ChatConnection(outbox, () => {});
    connection.connect(token);
    newest().open();
    return connection;
  };
  const say = (connection: ChatConnection, text: string) => {
    const outcome: unknown[] = [];
    connection
      .postActivity({ type: 'message', text })
      .subscribe({ next: (id) => outcome.push(id), error: (error) => outcome.push(error) });
    return outcome;
  };
  const texts = ({ posts }: FakeLine) => posts.map(({ activity }) => activity.text);

  describe('that has ended', () => {
    it('sends nothing that is said in the next conversation', async () => {
      const outbox = new Outbox();
      const before = open(outbox);
      const old = newest();
      say(before, 'slow');
      outbox.clear();
      before.end();
      const after = new ChatConnection(outbox, () => {});
      say(after, 'new');
      await browser.clock.tickAsync(60_000);
      expect(texts(old)).to.deep.equal(['slow']);
      after.connect(token);
      newest().open();
      expect(texts(newest())).to.deep.equal(['new']);
    });

    it('takes no more messages', () => {
      const outbox = new Outbox();
      const connection = open(outbox);
      connection.end();
      expect(say(connection, 'late')[0]).to.be.an('error');
      expect(outbox.first).to.equal(undefined);
    });
  });

  describe('that was told to wait', () => {
    const refusal = () => new Response('{}', { status: 429, headers: { 'retry-after': '60' } });

    for (const chance of [0, 0.999]) {
      it(`waits at least so long, with ${chance} as the throw of the dice`, async () => {
        const dice = stub(Math, 'random').returns(chance);
        try {
          browser.fetch.callsFake(async () => refusal());
          open(new Outbox());
          newest().lose();
          await browser.clock.tickAsync(1500);
          expect(browser.fetch.callCount).to.equal(1);
          await browser.clock.tickAsync(58_400);
          expect(browser.fetch.callCount).to.equal(1);
          await browser.clock.tickAsync(31_600);
          expect(browser.fetch.callCount).to.equal(2);
        } finally {
          dice.restore();
        }
      });
    }

    it('is not hurried by a page that is shown, or by a network that is back', async () => {
      browser.fetch.callsFake(async () => refusal());
      open(new Outbox());
      newest().lose();
      await browser.clock.tickAsync(1500);
      expect(browser.fetch.callCount).to.equal(1);
      browser.window.dispatchEvent(new Event('online'));
      browser.window.dispatchEvent(new Event('pageshow'));
      browser.document.dispatchEvent(new Event('visibilitychange'));
      await browser.clock.tickAsync(58_400);
      expect(browser.fetch.callCount).to.equal(1);
    });

    it('opens at once for a network that is back when nobody asked it to wait', async () => {
      browser.fetch.callsFake(async () => Response.json(token));
      open(new Outbox());
      newest().lose();
      browser.window.dispatchEvent(new Event('online'));
      await browser.clock.tickAsync(0);
      expect(browser.lines).to.have.length(2);
    });
  });

  describe('whose conversation its server has ended', () => {
    const remembered = () => localStorage.getItem('accessdesk.chat');
    /** Fails to take up a conversation again; resolves once the server was asked whether it is there. */
    const fail = () =>
      new Promise<{ signal: AbortSignal | null | undefined; answer: (response: Response) => void }>((asked) => {
        browser.fetch.callsFake((_address, init) => new Promise((answer) => asked({ signal: init?.signal, answer })));
        const connection = new ChatConnection(new Outbox(), () => {});
        connection.connect({ ...token, conversationId: 'gone', previous: 'earlier' });
        newest().tell(failedToConnect);
      });

    it('forgets it, under the token it asked with', async () => {
      localStorage.setItem('accessdesk.chat', 'earlier');
      const { answer } = await fail();
      answer(new Response(null, { status: 404 }));
      await browser.clock.tickAsync(0);
      expect(remembered()).to.equal(null);
    });

    it('keeps one that was begun before the answer came', async () => {
      localStorage.setItem('accessdesk.chat', 'earlier');
      const { answer } = await fail();
      localStorage.setItem('accessdesk.chat', 'newer');
      answer(new Response(null, { status: 404 }));
      await browser.clock.tickAsync(0);
      expect(remembered()).to.equal('newer');
    });

    it('keeps one that another tab had begun before', async () => {
      localStorage.setItem('accessdesk.chat', 'newer');
      const { answer } = await fail();
      answer(new Response(null, { status: 404 }));
      await browser.clock.tickAsync(0);
      expect(remembered()).to.equal('newer');
    });

    it('does not wait for the answer for ever', async () => {
      expect((await fail()).signal).to.be.instanceOf(AbortSignal);
    });
  });

  describe('and its line', () => {
    const nothing = { onBegun() {}, onOpen() {}, onActivity() {}, onLost() {} };

    it('keeps nothing of a message that was acknowledged or refused', async () => {
      const line = openLine(token, nothing);
      const answers = ['one', 'two'].map((text) => line.post({ type: 'message', text }).catch(() => 'refused'));
      const [first, second] = newest().posts;
      first?.observer.next?.('id');
      second?.observer.error?.(new Error('refused'));
      expect(await Promise.all(answers)).to.deep.equal(['id', 'refused']);
      line.drop();
      expect(newest().posts.map(({ isUnsubscribed }) => isUnsubscribed)).to.deep.equal([false, false]);
    });

    it('gives up what is under way when it is dropped, a pause that was asked for too', async () => {
      const line = openLine(token, nothing);
      const answers = ['one', 'two'].map((text) => line.post({ type: 'message', text }));
      newest().posts[1]?.observer.error?.({ status: 429 });
      line.drop();
      expect(await Promise.all(answers)).to.deep.equal([undefined, undefined]);
      await browser.clock.tickAsync(10_000);
      expect(newest().posts).to.have.length(2);
      expect(newest().posts[0]?.isUnsubscribed).to.equal(true);
    });
  });
});
