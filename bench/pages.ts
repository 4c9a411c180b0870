/**
 * What a visitor of the help page waits for: `npm run bench:pages`. Bytes and requests of the page, its first paint
 * beside a page that loads Web Chat at once, pages per second with 1,000 entries beside node:http alone, and the time
 * of a suggestion with 10,000 entries.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { createKnowledge } from '../src/faq/knowledge.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { median, root, type Server, startServer } from './servers.ts';

const rounds = Number(process.env.ROUNDS ?? 7);
const seconds = Number(process.env.SECONDS ?? 3);
const desk = [join(root, 'dist/index.js')];
const bare = ['--import', 'tsx', join(root, 'bench/bare-pages.ts')];
const line = (name: string, value: string) => process.stdout.write(`${name.padEnd(64)}${value}\n`);
const folder = await mkdtemp(join(tmpdir(), 'accessdesk-bench-'));

const subjects =
  'gate parcel ticket invoice badge locker printer desk phone contract visitor parking canteen training'.split(' ');
const deeds = 'open order return renew lose share replace cancel find clean book change repair store'.split(' ');
const places = 'office warehouse garage lobby branch factory shop harbour station library'.split(' ');
/** Questions made of some 40 words: many alike, as in large knowledge bases. */
const question = (n: number) =>
  `How do I ${deeds[n % 14]} the ${subjects[Math.floor(n / 14) % 14]} of our ${places[Math.floor(n / 196) % 10]}, part ${n}?`;

async function knowledgeBase(entries: number): Promise<string> {
  const answer = 'Ask at the desk in the hall and show your badge there, then wait until somebody calls you. '.repeat(
    4,
  );
  for (let topic = 0; topic < 10; topic++) {
    const own = Array.from({ length: entries / 10 }, (_, n) => topic * (entries / 10) + n);
    const text = own.map((n) => `## ${question(n)} {#q${n}}\n\n${answer}\n`).join('\n');
    await writeFile(join(folder, `topic-${topic}.md`), `# Topic ${topic}\n\n${text}`);
  }
  return folder;
}

function get(port: number, agent: Agent, path: string, encoding = 'br'): Promise<Buffer> {
  return new Promise((done, failed) => {
    const headers = { accept: 'text/html', 'accept-encoding': encoding, host: `localhost:${port}` };
    request({ host: '127.0.0.1', port, agent, path, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        response.statusCode === 200 ? done(Buffer.concat(parts)) : failed(new Error(`${path}: ${response.statusCode}`)),
      );
    })
      .on('error', failed)
      .end();
  });
}

/** Pages per second over 16 connections, and what one costs the server in ms of processor time. */
async function served(server: Server): Promise<{ perSecond: number; cpu: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const cpu = server.cpu();
  const began = performance.now();
  const until = began + seconds * 1000;
  let count = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (; performance.now() < until; count++) await get(server.port, agent, '/');
    }),
  );
  agent.destroy();
  return { perSecond: (count * 1000) / (performance.now() - began), cpu: (server.cpu() - cpu) / count };
}

/** First contentful paint in ms, with an empty cache. */
async function firstPaint(
  browser: Browser,
  address: string,
): Promise<{ paint: number; bytes: number; requests: number }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  let requests = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    if (encodedDataLength > 0) requests++;
  });
  await page.goto(address, { waitUntil: 'load' });
  const paint = await page.evaluate(
    () =>
      new Promise<number>((done) => {
        new PerformanceObserver((list) => {
          const entry = list.getEntriesByName('first-contentful-paint')[0];
          if (entry) done(entry.startTime);
        }).observe({ type: 'paint', buffered: true });
      }),
  );
  await context.close();
  return { paint, bytes, requests };
}

const help = await startServer(desk);
const plain = await startServer(bare);
const embed = await get(help.port, new Agent(), '/embed.js', 'gzip');
line('embed.js', `${embed.length} bytes gzip`);

const browser = await launchBrowser();
if (browser) {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const own = await firstPaint(browser, `http://localhost:${help.port}/`);
    const other = await firstPaint(browser, `http://127.0.0.1:${plain.port}/at-once`);
    if (round < 0) {
      line('help page over the wire', `${(own.bytes / 1000).toFixed(1)} kB in ${own.requests} requests`);
      line(
        'page with Web Chat at once over the wire',
        `${(other.bytes / 1000).toFixed(1)} kB in ${other.requests} requests`,
      );
      continue;
    }
    ours.push(own.paint);
    theirs.push(other.paint);
  }
  const [paint, atOnce] = [median(ours), median(theirs)];
  line(
    'first contentful paint, ms: help page / Web Chat at once',
    `${paint.toFixed(0)} / ${atOnce.toFixed(0)} = ${(paint / atOnce).toFixed(2)}`,
  );
  await browser.close();
}
await Promise.all([help.stop(), plain.stop()]);

const large = await startServer(desk, { FAQ_DIR: await knowledgeBase(1000) });
const kept = join(folder, 'page.br');
const body = await get(large.port, new Agent(), '/');
await writeFile(kept, body);
const same = await startServer(bare, { PAGE: kept });
const pages = { ours: [] as number[], cpu: [] as number[], bare: [] as number[] };
for (let round = -1; round < rounds; round++) {
  const own = await served(large);
  const other = await served(same);
  if (round < 0) continue;
  pages.ours.push(own.perSecond);
  pages.cpu.push(own.cpu);
  pages.bare.push(other.perSecond);
}
line('1,000 entries: bytes of the page (br)', String(body.length));
line('pages per second: ours / node:http alone', `${median(pages.ours).toFixed(0)} / ${median(pages.bare).toFixed(0)}`);
line(
  'processor time per page, ms (pages per second on one core)',
  `${median(pages.cpu).toFixed(3)} (${(1000 / median(pages.cpu)).toFixed(0)})`,
);
await Promise.all([large.stop(), same.stop()]);
await rm(folder, { recursive: true });

const entries = Array.from({ length: 10_000 }, (_, n) => ({
  id: `q${n}`,
  question: question(n),
  alternates: [],
  answer: '',
  plain: '',
  html: '',
  topic: 't',
  next: [],
  dialogs: [],
  version: '',
  source: { file: '', line: 1 },
}));
const knowledge = createKnowledge({ topics: [], entries, actions: [], notices: [], pages: [], often: [], version: '' });
const times: number[] = [];
for (let n = 0; n < 2000; n++) {
  const whole = question((n * 7919) % 10_000);
  const typed = whole.slice(0, 8 + (n % (whole.length - 8)));
  const began = performance.now();
  knowledge.suggest(typed);
  if (n >= 200) times.push(performance.now() - began);
}
times.sort((a, b) => a - b);
line(
  'suggestion with 10,000 entries, ms: p50 / p95',
  `${median(times).toFixed(2)} / ${(times[Math.floor(times.length * 0.95)] ?? 0).toFixed(2)}`,
);
