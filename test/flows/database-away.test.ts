/** The database is stopped for real, or keeps everybody waiting, while people write. */
import { expect } from 'chai';
import pg from 'pg';
import { createWords } from '../../src/words/words.ts';
import { ChannelClient } from '../support/channel-client.ts';
import { DirectLineClient } from '../support/direct-line-client.ts';
import { describeWithPostgres, type PostgresServer, sharedPostgres, startPostgres } from '../support/postgres.ts';
import { openTeams, type TeamsStandIn, TeamsUser, teamsButton, teamsSettings } from '../support/teams-stand-in.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { until } from '../support/until.ts';
import { WebVisitor } from '../support/web-visitor.ts';

/** A chat that is shown what there is: a stream whose first reading fails ends, and the page opens it again. */
async function openChat({ url }: TestApp): Promise<DirectLineClient> {
  const client = await new DirectLineClient(url).open();
  await client.shown(({ type }) => type === 'message');
  return client;
}

describeWithPostgres('a database', () => {
  let postgres: PostgresServer;
  let teams: TeamsStandIn;
  let app: TestApp;
  const away = createWords('en').say('teams.away');

  before(async () => {
    [postgres, teams] = await Promise.all([startPostgres(), openTeams()]);
    app = await startTestApp(
      { ...teamsSettings, STORE_URL: await postgres.newDatabase(), SECRET_KEY: 'a key of thirty-two bytes or more!' },
      { botFramework: teams.microsoft },
    );
  });
  after(async () => {
    await app.close();
    await teams.close();
    await postgres.stop();
  });

  describe('that is away', () => {
    it('is told once in Teams to whoever writes, who is answered what the channel sends again when it is back', async () => {
      const [user, other] = [new TeamsUser(app.url, teams), new TeamsUser(app.url, teams)];
      const [answer] = await other.say('forgot password');
      await postgres.stop();
      const activity = user.activity({ text: 'forgot password' });
      const refused = await Promise.all([user.send(activity), user.send(activity)]);
      expect(refused.map(({ status }) => status)).to.deep.equal([503, 503]);
      expect(teams.textsIn(user.personal)).to.deep.equal([away]);
      const pressed = await other.press(teamsButton(answer, 'This helped'));
      expect(pressed.status).to.equal(200);
      expect(pressed.body.value).to.equal(away);
      await postgres.start();
      await until(async () => (await user.send(activity)).status === 200);
      const texts = teams.textsIn(user.personal);
      expect(texts.filter((text) => text === away)).to.have.length(1);
      expect(texts).to.have.length(2);
      const voted = await other.press(teamsButton(answer, 'This helped'));
      expect(JSON.stringify(voted.body.value)).to.include('Good to know.');
    });
  });

  describe('that hangs', () => {
    it('is told to whoever writes or looks, before a message counts as taken, and used again when it goes on', async () => {
      const user = new TeamsUser(app.url, teams);
      const visitor = new WebVisitor(app.url);
      const chat = await openChat(app);
      await visitor.get(`/invitations/${'x'.repeat(43)}`);
      const activity = user.activity({ text: 'forgot password' });
      const message = { type: 'message', text: 'forgot password', channelData: { clientActivityID: 'once' } };
      postgres.pause();
      const answers = [user.send(activity), chat.send(message), visitor.get('/invitations')] as const;
      const ready = fetch(`${app.url}/readyz`);
      const first = await Promise.race([ready, ...answers]);
      const told = await Promise.all([...answers, ready]).finally(() => postgres.resume());
      // A balancer knows before people have to wait for longer.
      expect(first).to.equal(told[3]);
      expect(told.map(({ status }) => status)).to.deep.equal([503, 503, 503, 503]);
      expect(teams.textsIn(user.personal)).to.deep.equal([away]);
      expect(told[2].text).to.include(createWords('en').say('error.awayText'));
      await until(async () => (await user.send(activity)).status === 200);
      expect(teams.textsIn(user.personal)).to.have.length(2);
      await until(async () => (await chat.send(message)).status === 200);
      expect((await chat.replyTo('forgot password')).text).to.include('account.live.com');
      await until(async () => (await fetch(`${app.url}/readyz`)).status === 200);
      chat.close();
    });
  });
});

/** Of one process (postgres-store.ts). */
const connections = 10;

describeWithPostgres('a database that lets nobody at its tables', () => {
  let app: TestApp;
  let locker: pg.Client;
  before(async () => {
    const url = await (await sharedPostgres()).newDatabase();
    app = await startTestApp({ STORE_URL: url, SECRET_KEY: 'a key of thirty-two bytes or more!' });
    locker = new pg.Client({ connectionString: url });
    await locker.connect();
    // The first question waits until the matcher has learned, and that longer than the others wait for the database.
    await new ChannelClient(app.url).say('forgot password');
  });
  after(async () => {
    await locker.end();
    await app.close();
  });
  /** Ends the connections that wait for a lock, as an administrator would. */
  const cutWaiting = () =>
    locker.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`);

  it('and breaks a turn off has it sent again, and answered then as if nothing had been', async () => {
    const client = await new DirectLineClient(app.url).open();
    for (const text of ['person', 'my invitation never came', 'person']) await client.say(text);
    const activity = { type: 'message', text: 'and the link is old', channelData: { clientActivityID: 'once' } };
    await locker.query('BEGIN');
    await locker.query("SELECT FROM records WHERE collection = 'ticket-counter' FOR UPDATE");
    let isAnswered = false;
    const refused = client.send(activity).finally(() => {
      isAnswered = true;
    });
    while (!isAnswered) await cutWaiting();
    await locker.query('ROLLBACK');
    expect((await refused).status).to.equal(503);
    expect((await client.send(activity)).status).to.equal(200);
    expect((await client.replyTo('and the link is old')).text).to.match(/#\d+/);
    client.close();
  });

  it('and has one turn wait says so before its message counts as taken', async () => {
    const bot = new ChannelClient(app.url);
    const id = 'waits';
    await locker.query('BEGIN');
    await locker.query('LOCK TABLE lines IN ACCESS EXCLUSIVE MODE');
    const refused = await bot.post({ id, text: 'forgot password' });
    await locker.query('ROLLBACK');
    expect(refused.status).to.equal(503);
    expect((await bot.say('forgot password', { id }))[0]?.text).to.include('account.live.com');
  });

  it('and holds every connection has pages, chats and bots told within seconds, and goes on when it lets go', async () => {
    const visitor = new WebVisitor(app.url);
    await visitor.get(`/invitations/${'x'.repeat(43)}`);
    const client = await openChat(app);
    const bot = new ChannelClient(app.url);
    const tables = 'records, record_keys, activities, lines, heads, state, checks';
    await locker.query('BEGIN');
    await locker.query(`LOCK TABLE ${tables} IN ACCESS EXCLUSIVE MODE`);
    const lines = `${app.url}/v3/directline/conversations/${client.conversationId}/activities`;
    const holding = Array.from({ length: 2 * connections }, () =>
      fetch(lines, { headers: { authorization: `Bearer ${client.token}` } }),
    );
    // The first answer is to one who got no connection.
    expect((await Promise.race(holding)).status).to.equal(503);
    const message = { type: 'message', text: 'forgot password', channelData: { clientActivityID: 'slow' } };
    const [page, chat, turn, ready] = await Promise.all([
      visitor.get('/invitations'),
      client.send(message),
      bot.post({ text: 'forgot password' }),
      fetch(`${app.url}/readyz`),
    ]);
    for (const { status } of await Promise.all(holding)) expect(status).to.equal(503);
    await locker.query('ROLLBACK');
    expect([page.status, chat.status, turn.status, ready.status]).to.deep.equal([503, 503, 503, 503]);
    expect(page.text).to.include(createWords('en').say('error.awayText'));
    expect(await ready.json()).to.deep.equal({ status: 'not ready', failing: ['store'] });
    expect((await visitor.get('/invitations')).status).to.equal(404);
    expect((await client.send(message)).status).to.equal(200);
    expect((await client.replyTo('forgot password')).text).to.include('account.live.com');
    expect((await bot.say('forgot password'))[0]?.text).to.include('account.live.com');
    await until(async () => (await fetch(`${app.url}/readyz`)).status === 200);
    client.close();
  });
});
