/**
 * Fits the weights in src/faq/confidence.ts: `tsx bench/fit-confidence.ts FOLDER` prints them. FOLDER holds question sets as
 * bench/matcher.ts reads them. Knowledge bases of 15 to 150 entries are drawn from each set, some of them with more phrasings
 * (taken from the questions); questions to entries that were left out have to be refused like those out of scope. Only every
 * second question is used, so that bench/matcher.ts can report on the others (`--unseen`).
 */
import { WRONG } from '../src/faq/calibration.ts';
import { type Evidence, FEATURES, measured } from '../src/faq/confidence.ts';
import { english } from '../src/faq/english.ts';
import type { Phrased } from '../src/faq/entry.ts';
import { fitLogistic } from '../src/faq/logistic.ts';
import { createRanker } from '../src/faq/ranker.ts';
import { type Query, type QuestionSet, readSets } from './question-sets.ts';
import { drawn, type Random, randomFrom } from './random.ts';

interface Row {
  readonly evidence: Evidence;
  /** 1 when the best match is right, .5 when the question is in scope but another entry is, 0 when nothing should match. */
  readonly y: number;
  readonly weight: number;
}

const SIZES = [15, 30, 75, 150];
const ROUNDS = 3;
const RIDGE = 20;

function grown(entries: readonly Phrased[], queries: readonly Query[]): Phrased[] {
  return entries.map((entry) => ({
    ...entry,
    alternates: [...entry.alternates, ...queries.filter(({ ids }) => ids?.includes(entry.id)).map(({ text }) => text)],
  }));
}

function rowsOf(set: QuestionSet, size: number, random: Random): Row[] {
  const withMore = random() < 0.5;
  const more = set.queries.filter((_, i) => withMore && i % 4 === 0);
  const asked = set.queries.filter((_, i) => (withMore ? i % 4 === 2 : i % 2 === 0));
  const entries = grown(drawn(set.entries, size, random), more);
  const ranker = createRanker(entries, english, english.synonyms);
  const ids = new Set(entries.map(({ id }) => id));
  const inside = asked.filter((query) => query.ids?.some((id) => ids.has(id)));
  const near = asked.filter((query) => query.ids && !query.ids.some((id) => ids.has(id)));
  const far = asked.filter((query) => query.ids === null);
  const rows: Row[] = [];
  const add = (query: Query, weight: number) => {
    const [best] = ranker.rank(random() < 0.25 ? query.typo : query.text, 1).ranked;
    if (!best) return;
    const isRight = query.ids?.includes((entries[best.entry] as Phrased).id);
    rows.push({ evidence: best.evidence, y: isRight ? 1 : inside.includes(query) ? WRONG : 0, weight });
  };
  const some = (list: Query[]) => drawn(list, 300, random);
  const weigh = (list: readonly Query[], total: number) => total / Math.max(1, list.length);
  for (const [list, total] of [
    [some(inside), 300],
    [some(near), 100],
    [some(far), 100],
  ] as const) {
    for (const query of list) add(query, weigh(list, total));
  }
  return rows;
}

/** Rounded, so that what is printed is what was fitted. */
const rounded = (value: number) => Number(value.toFixed(2));

/** What each feature usually is and how far it usually lies from that. */
function usualOf(rows: readonly Row[]): { usual: number; spread: number }[] {
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  return FEATURES.map((feature) => {
    const mean = rows.reduce((sum, { evidence, weight }) => sum + weight * measured(evidence, feature), 0) / total;
    const square = (row: Row) => row.weight * (measured(row.evidence, feature) - mean) ** 2;
    const variance = rows.reduce((sum, row) => sum + square(row), 0) / total;
    return { usual: rounded(mean), spread: rounded(Math.sqrt(variance)) };
  });
}

const [folder, ...wanted] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: tsx bench/fit-confidence.ts FOLDER [SET ...]');
const random = randomFrom(7);
const rows: Row[] = [];
for (const set of readSets(folder, wanted)) {
  for (const size of SIZES) for (let round = 0; round < ROUNDS; round++) rows.push(...rowsOf(set, size, random));
}
const usual = usualOf(rows);
const examples = rows.map(({ evidence, y, weight }) => ({
  numbers: FEATURES.map((feature, i) => {
    const { usual: middle, spread } = usual[i] as { usual: number; spread: number };
    return (measured(evidence, feature) - middle) / spread;
  }),
  target: y,
  weight,
}));
const weights = fitLogistic(examples, new Array<number>(FEATURES.length + 1).fill(0), RIDGE).map(rounded);
console.log(`${rows.length} rows`);
FEATURES.forEach((feature, i) => {
  const { usual: middle, spread } = usual[i] as { usual: number; spread: number };
  console.log(`  ${feature}: { usual: ${middle}, spread: ${spread}, weight: ${weights[i]} },`);
});
console.log(`  constant: ${weights.at(-1)}`);
