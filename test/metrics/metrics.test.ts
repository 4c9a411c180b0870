import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { keptFigures } from '../../src/metrics/kept-figures.ts';
import { type Metric, metricTable } from '../../src/metrics/metric-table.ts';
import { recordTypes } from '../../src/record-types.ts';
import type { AnyRecordType } from '../../src/records/records.ts';
import { RecordsLayer } from '../../src/records/records-layer.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { ChannelClient } from '../support/channel-client.ts';
import { DirectLineClient } from '../support/direct-line-client.ts';
import { describeWithPostgres, sharedPostgres } from '../support/postgres.ts';
import { openToAll, root, startTestApp, type TestApp } from '../support/test-app.ts';

const token = 'a-token-of-metrics-for-tests';

describe('/metrics', () => {
  let app: TestApp;
  afterEach(() => app.close());
  const start = async (...given: Parameters<typeof startTestApp>) => {
    app = await startTestApp(...given);
  };
  const ask = (headers: Record<string, string> = {}) => fetch(`${app.url}/metrics`, { headers });
  const scrape = async () => samplesOf(await (await ask()).text());

  it('tells what happened, by labels that have few values', async () => {
    await start();
    const user = new ChannelClient(app.url);
    await user.say('forgot password');
    await user.say('what is the weather in paris tomorrow', { channelId: 'made-up-by-amira@contoso.example' });
    const repeated = { text: 'several e-mails', id: 'the-same' };
    await user.post(repeated);
    await user.post(repeated);
    for (const said of ['person', 'mail me at amira@contoso.example', 'send']) await user.say(said);
    const chat = await new DirectLineClient(app.url).open();
    const told = await scrape();
    chat.close();
    expect(told.get('accessdesk_turns_total{channel="emulator",outcome="committed"}')).to.equal(5);
    expect(told.get('accessdesk_turns_total{channel="emulator",outcome="repeated"}')).to.equal(1);
    expect(told.get('accessdesk_turns_total{channel="other",outcome="committed"}')).to.equal(1);
    expect(told.get('accessdesk_turn_seconds_count{channel="emulator"}')).to.equal(6);
    expect(told.get('accessdesk_replies_total{channel="emulator",outcome="taken"}')).to.equal(6);
    expect(told.get('accessdesk_decisions_total{decision="answer"}')).to.equal(2);
    expect(told.get('accessdesk_decisions_total{decision="none"}')).to.equal(1);
    expect(told.get('accessdesk_tickets{state="open"}')).to.equal(1);
    expect(told.get('accessdesk_tickets_unread')).to.equal(1);
    expect(told.get('accessdesk_chat_connections')).to.equal(1);
    expect(told.get('accessdesk_turns_queued')).to.equal(0);
    expect(told.get('accessdesk_store_up')).to.equal(1);
    expect(told.get('accessdesk_store_commits_total{kind="turn",outcome="done"}')).to.be.at.least(7);
    expect(told.get('accessdesk_knowledge_entries')).to.equal(15);
    expect(told.get('accessdesk_knowledge_failed_reloads_total')).to.equal(0);
    expect(told.get('process_resident_memory_bytes')).to.be.greaterThan(0);
  });

  it('tells nothing of what people are called, what they typed and where they are', async () => {
    await start();
    const user = new ChannelClient(app.url);
    for (const said of ['forgot password', 'person', 'mail me at amira@contoso.example', 'send']) await user.say(said);
    // Without the figures: the bytes of a heap may have the digits of a ticket's number in them.
    const told = (await (await ask()).text()).replace(/ \S+$/gm, '');
    for (const secret of [user.user, user.conversation, 'amira', 'password', '127.0.0.1', '1001'])
      expect(told).not.to.include(secret);
  });

  it('tells what the table has and what is told of any process, and nothing else', async () => {
    await start();
    const told = new Set(
      [...(await (await ask()).text()).matchAll(/^# TYPE (\S+) (\S+)/gm)].map(([, name, type]) => `${name} ${type}`),
    );
    const own = [...told].filter((name) => !/^(?:process|nodejs)_/.test(name));
    expect(own).to.have.members(Object.entries(metricTable).map(([name, { type }]) => `${name} ${type}`));
  });

  it('counts refusals by their limit', async () => {
    await start({}, { limits: { open: { points: 1, seconds: 60 } } });
    for (let n = 0; n < 4; n++) await fetch(`${app.url}/chat/token`, { method: 'POST' });
    const told = await scrape();
    expect(told.get('accessdesk_limit_refusals_total{limit="open"}')).to.equal(3);
    expect(told.get('accessdesk_http_requests_total{status="4xx"}')).to.equal(3);
  });

  it('is for this machine alone where there is no token, and not through a proxy', async () => {
    await start();
    expect((await ask()).status).to.equal(200);
    for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'])
      expect((await ask({ [name]: '203.0.113.5' })).status).to.equal(404);
  });

  it('does not exist without a token where others reach the server', async () => {
    await start(openToAll);
    expect((await ask()).status).to.equal(404);
  });

  it('is for whoever has the token, where there is one', async () => {
    await start({ ...openToAll, METRICS_TOKEN: token });
    expect((await ask()).status).to.equal(401);
    expect((await ask({ authorization: 'Bearer something-else' })).status).to.equal(401);
    expect((await ask({ authorization: token })).status).to.equal(401);
    const allowed = await ask({ authorization: `Bearer ${token}` });
    expect(allowed.status).to.equal(200);
    expect(allowed.headers.get('content-type')).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(allowed.headers.get('cache-control')).to.equal('no-store');
    expect(app.log()).not.to.include(token);
  });

  it('answers an instance by whatever name it is asked, behind a balancer that has a name of this machine', async () => {
    await start({ ...openToAll, HOST: '0.0.0.0', PUBLIC_URL: 'https://help.localhost:8443', METRICS_TOKEN: token });
    const headers = { authorization: `Bearer ${token}`, host: 'app-1:3978' };
    expect((await ask(headers)).status).to.equal(200);
  });

  it('refuses whoever guesses at the token too often', async () => {
    await start({ METRICS_TOKEN: 'a-token-of-some-length' }, { limits: { refused: { points: 2, seconds: 60 } } });
    const guess = async () => (await ask({ authorization: 'Bearer guess' })).status;
    expect([await guess(), await guess(), await guess()]).to.deep.equal([401, 401, 429]);
  });
});

describe('figures of the store', () => {
  it('are counted once for everybody who asks at the same time or soon after, and left out while the store is away', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'accessdesk-metrics-'));
    const store = await openEmbeddedStore({ folder, now: () => new Date(), recordTypes });
    const below = new Counted(store.records);
    const figures = keptFigures(below);
    below.isAway = true;
    expect(await figures()).to.equal(undefined);
    below.isAway = false;
    below.counts = 0;
    const [first, second] = await Promise.all([figures(), figures()]);
    expect(first?.tickets).to.deep.equal({ open: 0, assigned: 0, waiting: 0, resolved: 0, reopened: 0, withdrawn: 0 });
    expect(second).to.equal(first);
    const { counts } = below;
    expect(counts).to.be.greaterThan(0);
    expect(await figures()).to.equal(first);
    expect(below.counts).to.equal(counts);
    await store.close();
    await rm(folder, { recursive: true });
  });
});

describeWithPostgres('/metrics with PostgreSQL', () => {
  it('tells of the connections, and of what all instances keep', async () => {
    const { newDatabase } = await sharedPostgres();
    const app = await startTestApp({ STORE_URL: await newDatabase(), SECRET_KEY: 'x'.repeat(32) });
    const user = new ChannelClient(app.url);
    for (const said of ['person', 'it does not work', 'send']) await user.say(said);
    const told = samplesOf(await (await fetch(`${app.url}/metrics`)).text());
    await app.close();
    expect(told.get('accessdesk_tickets{state="open"}')).to.equal(1);
    expect(told.get('accessdesk_store_connections{state="waiting"}')).to.equal(0);
    expect(told.get('accessdesk_store_connections{state="idle"}')).to.be.within(0, 10);
  });
});

describe('docs/monitoring.md', () => {
  it('has every metric with its labels, whose it is and what it means, and no other', () => {
    const text = readFileSync(join(root, 'docs/monitoring.md'), 'utf8');
    const rows = text.split('\n').filter((line) => line.startsWith('| `accessdesk_'));
    const table = Object.entries<Metric>(metricTable).map(
      ([name, { type, labels, scope, help }]) =>
        `| \`${name}\` | ${type} | ${labels.join(', ')} | ${scope} | ${help} |`,
    );
    expect(rows).to.deep.equal(table);
  });
});

/** Samples by name and labels as they stand in the text. */
function samplesOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

class Counted extends RecordsLayer {
  counts = 0;
  isAway = false;

  override count(type: AnyRecordType, index: string, key: string): Promise<number> {
    this.counts += 1;
    return this.isAway ? Promise.reject(new Error('away')) : super.count(type, index, key);
  }
}
