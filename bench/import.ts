/**
 * `profiles import` of 100,000 rows (about 20 MB) into an embedded store, beside what it is made of: `npm run
 * bench:import`. The baselines are csv-parse alone on the same file, and plain lowdb: parse, push every row, one write -
 * which checks nothing, syncs nothing and rewrites everything each time.
 *
 * A stall is how long the event loop did not turn. On a busy machine that includes waiting for a core, so the most CPU
 * time that was spent within one stands beside it (all threads, the garbage collector's among them). Growth is the highest resident size less that before, after a collection.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parse } from 'csv-parse';
import { Low } from 'lowdb';
import { JSONFile } from 'lowdb/node';
import { exportProfiles } from '../src/directory/export-profiles.ts';
import { importProfiles } from '../src/directory/import-profiles.ts';
import { recordTypes } from '../src/record-types.ts';
import { openEmbeddedStore } from '../src/stores/embedded/embedded-store.ts';
import { createWords } from '../src/words/words.ts';

const ROWS = 100_000;
const COMPANIES = 2000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const rows: string[][] = [];
const folder = await mkdtemp(join(tmpdir(), 'accessdesk-bench-'));
try {
  const path = join(folder, 'profiles.csv');
  await writeFile(path, csv());
  console.log(`${ROWS} rows, ${((await stat(path)).size / 1e6).toFixed(1)} MB`);

  await measure('csv-parse alone', () => parseAlone(path, () => {}));
  const low = new Low<string[][]>(new JSONFile(join(folder, 'db.json')), []);
  await measure('plain lowdb: parse, push, write', async () => {
    await parseAlone(path, (row) => low.data.push(row));
    await low.write();
  });
  low.data = [];

  const open = () => openEmbeddedStore({ folder: join(folder, 'data'), now: () => new Date(), recordTypes });
  let store = await open();
  const parts = { records: store.records, words: createWords('en'), now: () => new Date(), newId: randomUUID };
  await measure('import into an empty store', () => importProfiles(path, false, parts));
  await measure('the same again: nothing changes', () => importProfiles(path, false, parts));
  await writeFile(path, csv(' Jr'));
  await measure('the same with all names changed', () => importProfiles(path, false, parts));
  await measure('export', () => exportProfiles(store.records, async () => {}));
  await measure('close (the snapshot)', () => store.close());
  await measure('open', async () => {
    store = await open();
  });
  await store.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log('\n| what | seconds | CPU seconds | growth MB | longest stall ms | of CPU time ms |');
console.log('|---|---|---|---|---|---|');
for (const row of rows) console.log(`| ${row.join(' | ')} |`);

function csv(suffix = ''): string {
  let text = 'portal,organisation,plan,plan_until,name,email,role,tenant,object_id\r\n';
  for (let n = 0; n < ROWS; n += 1) {
    const company = n % COMPANIES;
    const cells = [
      company % 2 ? 'CustomerSource' : 'PartnerSource',
      `"Company ${company}, Inc."`,
      company % 3 ? 'enhancement' : 'support',
      `2027-0${1 + (company % 9)}-15`,
      `Person Number ${n} of Somewhere${suffix}`,
      `person.number.${n}@company-${company}.example`,
      n % 10 ? 'member' : 'administrator',
      '00000000-0000-0000-0000-000000000001',
      `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`,
    ];
    text += `${cells.join(',')}\r\n`;
  }
  return text;
}

async function parseAlone(path: string, onRow: (row: string[]) => void): Promise<void> {
  for await (const row of createReadStream(path).pipe(parse())) onRow(row as string[]);
}

async function measure(what: string, work: () => Promise<unknown>): Promise<void> {
  collect();
  const before = process.memoryUsage.rss();
  const cpu = process.cpuUsage();
  const started = performance.now();
  let peak = before;
  let last = started;
  let lastCpu = process.cpuUsage();
  let longest = 0;
  let longestCpu = 0;
  const look = () => {
    const stall = performance.now() - last - 1;
    const { user, system } = process.cpuUsage(lastCpu);
    longest = Math.max(longest, stall);
    longestCpu = Math.max(longestCpu, Math.min(stall, (user + system) / 1000));
    peak = Math.max(peak, process.memoryUsage.rss());
    last = performance.now();
    lastCpu = process.cpuUsage();
  };
  const timer = setInterval(look, 1);
  await work();
  look();
  clearInterval(timer);
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - started) / 1000;
  const figures = [seconds, (user + system) / 1e6, (peak - before) / 1e6, longest, longestCpu].map((figure, index) =>
    figure.toFixed(index < 2 ? 2 : 0),
  );
  rows.push([what, ...figures]);
}
