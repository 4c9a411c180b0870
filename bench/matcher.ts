/**
 * `tsx bench/matcher.ts FOLDER [SET ...] [--sample N] [--unseen] [--only NAME] [--no-timings]`: this project's matcher side by
 * side with Fuse.js and MiniSearch on the question sets of a folder, then timings at 150, 10,000 and 100,000 entries.
 *
 * Fuse.js is slow and gets an evenly spaced sample of the questions (60 unless told); its rows are comparable with each other
 * and only roughly with the others. `--unseen` asks every second question only, none of which the matcher's weights were
 * fitted on. fa90 is the share of questions out of scope that are answered when 90 % of the others are; a contender that finds
 * nothing for more than a tenth of the others has 100.
 */
import { parseArgs } from 'node:util';
import { CONTENDERS, type Contender, type Found } from './contenders.ts';
import { type Query, type QuestionSet, readSets, unseen, variants } from './question-sets.ts';
import { syntheticEntries, syntheticQuestions } from './synthetic.ts';

interface Asked {
  readonly query: Query;
  /** Place of the first right one; -1 when it is not found or none is right. */
  readonly rank: number;
  readonly sureness: number;
  readonly ms: number;
}

const SIZES = [150, 10_000, 100_000];
/** Above it a question takes those that look at every entry seconds. */
const MOST_FOR_SLOW = 1_000;
const TIMED = 400;
const WARM_UP = 100;

function evenlySpaced<T>(list: readonly T[], most: number): T[] {
  const step = Math.max(1, list.length / most);
  return Array.from({ length: Math.min(most, list.length) }, (_, i) => list[Math.floor(i * step)] as T);
}

function timed<T>(run: () => T): { value: T; ms: number } {
  const started = performance.now();
  const value = run();
  return { value, ms: performance.now() - started };
}

function ask(search: (text: string) => readonly Found[], query: Query, text: string): Asked {
  const { value: found, ms } = timed(() => search(text));
  const rank = found.findIndex(({ id }) => query.ids?.includes(id));
  return { query, rank, sureness: found[0]?.sureness ?? Number.NEGATIVE_INFINITY, ms };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Probability that a question in scope gets a higher sureness than one out of scope; ties count half. */
function auroc(inside: readonly number[], outside: readonly number[]): number {
  let wins = 0;
  for (const a of inside) for (const b of outside) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (inside.length * outside.length);
}

const percent = (share: number) => (Number.isNaN(share) ? '-' : (100 * share).toFixed(1)).padStart(6);
const milliseconds = (ms: number) => ms.toFixed(2).padStart(8);

function measure({ name, isSlow, build }: Contender, set: QuestionSet, sample: number): string {
  const queries = isSlow ? evenlySpaced(set.queries, sample) : set.queries;
  const { value: search, ms: building } = timed(() => build(set.entries));
  for (const { text } of queries.slice(0, WARM_UP)) search(text);

  const clean = queries.map((query) => ask(search, query, query.text));
  const inside = clean.filter(({ query }) => query.ids);
  const outside = clean.filter(({ query }) => !query.ids);
  const typos = queries.filter(({ ids }) => ids).map((query) => ask(search, query, query.typo));
  const sureness = (rows: readonly Asked[]) => rows.map((row) => row.sureness);
  const threshold = quantile(sureness(inside), 0.1);
  const share = (rows: readonly Asked[], test: (row: Asked) => boolean) => rows.filter(test).length / rows.length;
  const times = clean.map(({ ms }) => ms);
  return [
    set.name.padEnd(20),
    name.padEnd(12),
    String(queries.length).padStart(6),
    percent(share(inside, ({ rank }) => rank === 0)),
    percent(share(typos, ({ rank }) => rank === 0)),
    percent(share(inside, ({ rank }) => rank >= 0)),
    percent(auroc(sureness(inside), sureness(outside))),
    percent(share(outside, (row) => row.sureness >= threshold)),
    milliseconds(quantile(times, 0.5)),
    milliseconds(quantile(times, 0.95)),
    building.toFixed(0).padStart(6),
  ].join(' ');
}

/** Heap and typed arrays in use, in MB; run with --expose-gc for figures that mean something. */
function memory(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}

function measureTime({ name, build }: Contender, size: number, sets: readonly QuestionSet[]): string {
  const entries = syntheticEntries(size, sets);
  const questions = syntheticQuestions(entries, WARM_UP + TIMED);
  const before = memory();
  const { value: search, ms: building } = timed(() => build(entries));
  const grown = memory() - before;
  const asked = questions.map(({ text, id }) => {
    const { value: found, ms } = timed(() => search(text));
    return { isRight: found[0]?.id === id, ms };
  });
  const measured = asked.slice(WARM_UP);
  const times = measured.map(({ ms }) => ms);
  return [
    String(size).padStart(8),
    name.padEnd(12),
    percent(measured.filter(({ isRight }) => isRight).length / measured.length),
    milliseconds(quantile(times, 0.5)),
    milliseconds(quantile(times, 0.95)),
    building.toFixed(0).padStart(8),
    grown.toFixed(0).padStart(8),
  ].join(' ');
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    sample: { type: 'string', default: '60' },
    unseen: { type: 'boolean', default: false },
    only: { type: 'string' },
    timings: { type: 'boolean', default: true },
  },
});
const [folder, ...wanted] = positionals;
if (folder === undefined) throw new Error('Usage: tsx bench/matcher.ts FOLDER [SET ...] [--sample N] [--unseen] ...');
const sets = readSets(folder, wanted);
const contenders = CONTENDERS.filter(({ name }) => values.only === undefined || values.only === name);

console.log('set                  contender     asked   top1   typo    R@3  AUROC   fa90   p50 ms   p95 ms  build');
for (const set of sets.flatMap(variants)) {
  const asked = values.unseen ? unseen(set) : set;
  for (const contender of contenders) console.log(measure(contender, asked, Number(values.sample)));
}
if (values.timings) {
  console.log(' entries contender      top1   p50 ms   p95 ms build ms  heap MB');
  for (const size of SIZES) {
    for (const contender of contenders) {
      if (!contender.isSlow || size <= MOST_FOR_SLOW) console.log(measureTime(contender, size, sets));
    }
  }
}
