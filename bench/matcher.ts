/**
 * `tsx bench/matcher.ts FOLDER [SET ...] [--sample N]`: this project's matcher side by side with Fuse.js as tutorials set it and
 * with its token search, on the question sets of a folder. Fuse.js is slow and gets an evenly spaced sample of the questions
 * (60 unless told); its rows are therefore comparable with each other and only roughly with the matcher's.
 * fa90 is the share of questions out of scope that are answered when 90 % of the others are; a contender that finds nothing for
 * more than a tenth of the others has 100.
 */
import { parseArgs } from 'node:util';
import Fuse from 'fuse.js';
import { createMatcher } from '../src/faq/matcher.ts';
import { type Query, type QuestionSet, readSets } from './question-sets.ts';

interface Found {
  readonly id: string;
  /** Higher is surer; what the abstention figures are taken on. */
  readonly sureness: number;
}

interface Contender {
  readonly name: string;
  readonly isSampled: boolean;
  build(set: QuestionSet): (text: string) => readonly Found[];
}

interface Asked {
  readonly query: Query;
  /** Place of the first right one; -1 when it is not found or none is right. */
  readonly rank: number;
  readonly sureness: number;
  readonly ms: number;
}

function fuseContender(
  name: string,
  settings: { threshold: number; ignoreLocation?: boolean; useTokenSearch?: boolean },
): Contender {
  return {
    name,
    isSampled: true,
    build({ entries }) {
      const options = { keys: ['question', 'alternates'], includeScore: true, ...settings };
      const fuse = new Fuse([...entries], options);
      return (text) =>
        fuse.search(text, { limit: 3 }).map(({ item, score }) => ({ id: item.id, sureness: 1 - (score ?? 1) }));
    },
  };
}

const CONTENDERS: readonly Contender[] = [
  {
    name: 'matcher',
    isSampled: false,
    build({ entries }) {
      const matcher = createMatcher(entries);
      return (text) => matcher.match(text, 3).map(({ id, confidence }) => ({ id, sureness: confidence }));
    },
  },
  fuseContender('fuse .4', { threshold: 0.4, ignoreLocation: true }),
  fuseContender('fuse tokens', { threshold: 0.3, useTokenSearch: true }),
];

function evenlySpaced<T>(list: readonly T[], most: number): T[] {
  const step = Math.max(1, list.length / most);
  return Array.from({ length: Math.min(most, list.length) }, (_, i) => list[Math.floor(i * step)] as T);
}

function ask(search: (text: string) => readonly Found[], query: Query, text: string): Asked {
  const started = performance.now();
  const found = search(text);
  const ms = performance.now() - started;
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

function measure({ name, isSampled, build }: Contender, set: QuestionSet, sample: number): string {
  const queries = isSampled ? evenlySpaced(set.queries, sample) : set.queries;
  const started = performance.now();
  const search = build(set);
  const building = performance.now() - started;
  for (const { text } of queries.slice(0, 30)) search(text);

  const clean = queries.map((query) => ask(search, query, query.text));
  const inside = clean.filter(({ query }) => query.ids);
  const outside = clean.filter(({ query }) => !query.ids);
  const typos = queries.filter(({ ids }) => ids).map((query) => ask(search, query, query.typo));
  const sureness = (rows: readonly Asked[]) => rows.map((row) => row.sureness);
  const threshold = quantile(sureness(inside), 0.1);

  const percent = (share: number) => (Number.isNaN(share) ? '-' : (100 * share).toFixed(1)).padStart(6);
  const share = (rows: readonly Asked[], test: (row: Asked) => boolean) => rows.filter(test).length / rows.length;
  const time = (ms: number) => ms.toFixed(2).padStart(8);
  return [
    set.name.padEnd(16),
    name.padEnd(12),
    String(queries.length).padStart(6),
    percent(share(inside, ({ rank }) => rank === 0)),
    percent(share(typos, ({ rank }) => rank === 0)),
    percent(share(inside, ({ rank }) => rank >= 0)),
    percent(auroc(sureness(inside), sureness(outside))),
    percent(share(outside, (row) => row.sureness >= threshold)),
    time(
      quantile(
        clean.map(({ ms }) => ms),
        0.5,
      ),
    ),
    time(
      quantile(
        clean.map(({ ms }) => ms),
        0.95,
      ),
    ),
    building.toFixed(0).padStart(6),
  ].join(' ');
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { unseen: { type: 'boolean', default: false }, sample: { type: 'string', default: '60' } },
});
const [folder, ...wanted] = positionals;
if (folder === undefined) throw new Error('Usage: tsx bench/matcher.ts FOLDER [SET ...] [--sample N]');
console.log('set              contender     asked   top1   typo    R@3  AUROC   fa90   p50 ms   p95 ms  build');
for (const whole of readSets(folder, wanted)) {
  const set = values.unseen ? { ...whole, queries: whole.queries.filter((_, i) => i % 2 === 1) } : whole;
  for (const contender of CONTENDERS) console.log(measure(contender, set, Number(values.sample)));
}
