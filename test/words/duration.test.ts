import { expect } from 'chai';
import { createWords } from '../../src/words/words.ts';

describe('durations', () => {
  for (const [seconds, words] of [
    [0, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [3570, '1 h'],
    [12_000, '3 h 20 min'],
    [86_399, '1 day'],
    [187_200, '2 days 4 h'],
  ] as const) {
    it(`say ${seconds} s as ${words}`, () => expect(createWords('en').duration(seconds)).to.equal(words));
  }
});
