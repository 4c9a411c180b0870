/**
 * Fits the weights in src/faq/confidence.ts: `tsx bench/fit-confidence.ts FOLDER` prints them. FOLDER holds question sets as
 * bench/matcher.ts reads them. Knowledge bases of 15 to 150 entries are drawn from each set, some of them with more phrasings
 * (taken from half of the questions); questions to entries that were left out have to be refused like those out of scope.
 */
import { type Feature, features } from '../src/faq/confidence.ts';
import type { Phrased } from '../src/faq/entry.ts';
import { createMatcher } from '../src/faq/matcher.ts';
import { type Query, type QuestionSet, readSets } from './question-sets.ts';

interface Row {
  readonly x: Record<Feature, number>;
  /** 1 when the best match is right, .5 when the question is in scope but another entry is, 0 when nothing should match. */
  readonly y: number;
  readonly weight: number;
}

const SIZES = [15, 30, 75, 150];
const ROUNDS = 3;
const RIDGE = 20;
const STEPS = 1_500;

/** A repeatable stream of numbers from 0 to 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function drawn<T>(list: readonly T[], count: number, random: () => number): T[] {
  return list
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, count)
    .map(({ item }) => item);
}

function grown(entries: readonly Phrased[], queries: readonly Query[]): Phrased[] {
  return entries.map((entry) => ({
    ...entry,
    alternates: [...entry.alternates, ...queries.filter(({ ids }) => ids?.includes(entry.id)).map(({ text }) => text)],
  }));
}

function rowsOf(set: QuestionSet, size: number, random: () => number): Row[] {
  const withMore = random() < 0.5;
  const more = set.queries.filter((_, i) => withMore && i % 2 === 0);
  const asked = set.queries.filter((_, i) => !withMore || i % 2 === 1);
  const entries = grown(drawn(set.entries, size, random), more);
  const matcher = createMatcher(entries);
  const ids = new Set(entries.map(({ id }) => id));
  const inside = asked.filter((query) => query.ids?.some((id) => ids.has(id)));
  const near = asked.filter((query) => query.ids && !query.ids.some((id) => ids.has(id)));
  const far = asked.filter((query) => query.ids === null);
  const rows: Row[] = [];
  const add = (query: Query, weight: number) => {
    const best = matcher.examine(random() < 0.25 ? query.typo : query.text, 1).matches[0];
    if (!best) return;
    const y = query.ids?.includes(best.id) ? 1 : inside.includes(query) ? 0.5 : 0;
    rows.push({ x: features(best.evidence), y, weight });
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

/** Logistic regression with a ridge on standardised numbers, by gradient descent with momentum; weights for plain numbers. */
function fitted(rows: readonly Row[]): { weights: Record<string, number>; constant: number } {
  const names = Object.keys(rows[0]?.x ?? {}) as Feature[];
  const mean = names.map((name) => rows.reduce((sum, { x }) => sum + x[name], 0) / rows.length);
  const deviation = names.map((name, i) => {
    const variance = rows.reduce((sum, { x }) => sum + (x[name] - (mean[i] ?? 0)) ** 2, 0) / rows.length;
    return Math.sqrt(variance) || 1;
  });
  const inputs = rows.map(({ x }) => [1, ...names.map((name, i) => (x[name] - (mean[i] ?? 0)) / (deviation[i] ?? 1))]);
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const weights = new Array<number>(names.length + 1).fill(0);
  const speed = weights.slice();
  for (let step = 0; step < STEPS; step++) {
    const slope = weights.map((weight, i) => (i === 0 ? 0 : (RIDGE * weight) / total));
    rows.forEach(({ y, weight }, row) => {
      const input = inputs[row] ?? [];
      const sum = input.reduce((all, value, i) => all + value * (weights[i] ?? 0), 0);
      const off = ((1 / (1 + Math.exp(-sum)) - y) * weight) / total;
      input.forEach((value, i) => {
        slope[i] = (slope[i] ?? 0) + off * value;
      });
    });
    slope.forEach((value, i) => {
      speed[i] = 0.9 * (speed[i] ?? 0) - 0.5 * value;
      weights[i] = (weights[i] ?? 0) + (speed[i] ?? 0);
    });
  }
  const plain = names.map((_, i) => (weights[i + 1] ?? 0) / (deviation[i] ?? 1));
  const constant = (weights[0] ?? 0) - plain.reduce((sum, weight, i) => sum + weight * (mean[i] ?? 0), 0);
  return { weights: Object.fromEntries(names.map((name, i) => [name, plain[i] ?? 0])), constant };
}

const [folder, ...wanted] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: tsx bench/fit-confidence.ts FOLDER [SET ...]');
const random = randomFrom(7);
const rows: Row[] = [];
for (const set of readSets(folder, wanted)) {
  for (const size of SIZES) for (let round = 0; round < ROUNDS; round++) rows.push(...rowsOf(set, size, random));
}
const { weights, constant } = fitted(rows);
console.log(`${rows.length} rows`);
for (const [name, weight] of Object.entries(weights)) console.log(`  ${name}: ${weight.toFixed(2)},`);
console.log(`  constant: ${constant.toFixed(2)}`);
