import { expect } from 'chai';
import { type Example, fitLogistic, probability } from '../../src/faq/logistic.ts';

const examples = (count: number, number: number, target: number): Example[] =>
  Array.from({ length: count }, () => ({ numbers: [number], target, weight: 1 }));

describe('fitLogistic', () => {
  it('keeps what is known beforehand where there are no examples', () => {
    expect(fitLogistic([], [0.7, -1.2], 5)).to.deep.equal([0.7, -1.2]);
  });

  it('gives what the examples have where there are many', () => {
    const weights = fitLogistic(
      [...examples(900, 1, 1), ...examples(100, 1, 0), ...examples(1_000, -1, 0.2)],
      [0, 0],
      1,
    );
    expect(probability(weights, [1])).to.be.closeTo(0.9, 0.01);
    expect(probability(weights, [-1])).to.be.closeTo(0.2, 0.01);
  });

  it('moves further from what is known beforehand the more examples there are', () => {
    const moved = [1, 10, 100].map((count) => fitLogistic(examples(count, 1, 1), [0, 0], 10)[0] ?? 0);
    expect(moved).to.deep.equal([...moved].sort((a, b) => a - b));
    expect(moved[0]).to.be.within(0, 0.1);
  });

  it('counts an example as often as it weighs', () => {
    const once = [{ numbers: [1], target: 1, weight: 7 }];
    expect(fitLogistic(once, [0, 0], 3)[0]).to.be.closeTo(fitLogistic(examples(7, 1, 1), [0, 0], 3)[0] ?? 0, 1e-9);
  });

  it('stays finite where every example is certain', () => {
    const weights = fitLogistic([...examples(5_000, 40, 1), ...examples(5_000, -40, 0)], [0, 0], 0.1);
    expect(weights.every(Number.isFinite)).to.equal(true);
  });
});
