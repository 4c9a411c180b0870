/**
 * Whether time tells an address that is on profiles from one that is not: `npm run bench:enumeration`. Asks for known
 * and unknown addresses in turn, in pairs of random order, and prints the medians: of the answer itself, and of a page
 * that is asked for right afterwards, which would wait for work that the answer left behind. Beside them stands what
 * two halves of the unknown ones differ by: less than that nobody can tell.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askServer } from '../src/control/ask-server.ts';
import { median, startServer } from './servers.ts';

const PAIRS = 300;
/** ms between two asks, so that none waits for another's mail. */
const REST = 40;

const server = await startServer(['dist/index.js']);
try {
  const url = `http://localhost:${server.port}`;
  await addPeople();
  const page = await fetch(`${url}/associate`);
  const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const cookie = page.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  let askers = 0;
  const ask = async (email: string) => {
    const asked = performance.now();
    const answer = await fetch(`${url}/associate`, {
      method: 'POST',
      body: new URLSearchParams({ csrf, email }),
      // Each from somebody else: the limit of one asker is not what is measured.
      headers: { cookie, accept: 'text/html', 'x-forwarded-for': `198.18.${askers >> 8}.${askers++ & 255}` },
    });
    await answer.text();
    const answered = performance.now();
    if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
    await (await fetch(`${url}/healthz`)).text();
    const followed = performance.now() - answered;
    await new Promise((rested) => setTimeout(rested, REST));
    return { answer: answered - asked, next: followed };
  };

  const measured = { known: [] as Times[], unknown: [] as Times[] };
  for (let n = -20; n < PAIRS; n++) {
    const pair = Math.random() < 0.5 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
    for (const kind of pair) {
      const number = String(Math.max(n, 0)).padStart(4, '0');
      const times = await ask(kind === 'known' ? `known.${number}@contoso.example` : `other.${number}@contoso.example`);
      if (n >= 0) measured[kind].push(times);
    }
  }
  const halves = [0, 1].map((half) => measured.unknown.filter((_, index) => index % 2 === half));
  console.log('| median ms | known | unknown | difference | of two halves of the unknown |');
  console.log('|---|---|---|---|---|');
  for (const what of ['answer', 'next'] as const) {
    const [known, unknown, one, other] = [measured.known, measured.unknown, ...halves].map((times) =>
      median((times ?? []).map((time) => time[what])),
    ) as [number, number, number, number];
    const figures = [known, unknown, known - unknown, one - other].map((ms) => ms.toFixed(3));
    console.log(`| ${what === 'answer' ? 'the answer' : 'the page after it'} | ${figures.join(' | ')} |`);
  }
} finally {
  await server.stop();
}

interface Times {
  readonly answer: number;
  readonly next: number;
}

async function addPeople(): Promise<void> {
  const { folder } = server;
  const path = join(folder, 'people.csv');
  const rows = Array.from(
    { length: PAIRS },
    (_, n) => `CustomerSource,Contoso,support,,Person ${n},known.${String(n).padStart(4, '0')}@contoso.example,member`,
  );
  await writeFile(path, ['portal,organisation,plan,plan_until,name,email,role', ...rows, ''].join('\n'));
  await askServer(folder, 'profiles import', JSON.stringify({ path, isDryRun: false }));
}
