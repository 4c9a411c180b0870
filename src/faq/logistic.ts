/** Fits a logistic regression that begins with what is known already and moves as far from it as the examples ask for. */

export interface Example {
  /** As many numbers as there are weights; each about 0 in the middle and 1 in spread. */
  readonly numbers: readonly number[];
  /** What the regression should give, 0 to 1. */
  readonly target: number;
  /** How many examples this one stands for. */
  readonly weight: number;
}

/** Newton's method converges in five to eight steps here. */
const MOST_STEPS = 20;
const CONVERGED = 1e-5;
/** Keeps a step finite where all examples are certain. */
const LEAST_CURVE = 1e-6;

/** The odds of `numbers` as a probability; the last weight is the constant. */
export function probability(weights: readonly number[], numbers: readonly number[]): number {
  let sum = weights[numbers.length] as number;
  for (let i = 0; i < numbers.length; i++) sum += (weights[i] as number) * (numbers[i] as number);
  return 1 / (1 + Math.exp(-sum));
}

/**
 * @param prior weights to begin with, the last of them the constant
 * @param ridge how many examples it takes to outweigh the prior
 */
export function fitLogistic(examples: readonly Example[], prior: readonly number[], ridge: number): number[] {
  const size = prior.length;
  let weights = [...prior];
  for (let step = 0; step < MOST_STEPS; step++) {
    const slope = weights.map((weight, i) => ridge * (weight - (prior[i] as number)));
    const curve = prior.map((_, i) => prior.map((_, j) => (i === j ? ridge : 0)));
    for (const { numbers, target, weight } of examples) {
      const given = probability(weights, numbers);
      const off = weight * (given - target);
      const bend = weight * Math.max(LEAST_CURVE, given * (1 - given));
      for (let i = 0; i < size; i++) {
        const x = i < numbers.length ? (numbers[i] as number) : 1;
        slope[i] = (slope[i] as number) + off * x;
        const row = curve[i] as number[];
        for (let j = 0; j <= i; j++) {
          row[j] = (row[j] as number) + bend * x * (j < numbers.length ? (numbers[j] as number) : 1);
        }
      }
    }
    const change = solved(curve, slope);
    weights = weights.map((weight, i) => weight - (change[i] as number));
    if (change.every((part) => Math.abs(part) < CONVERGED)) break;
  }
  return weights;
}

/** Solves `matrix * x = right` by Cholesky's method. @param matrix symmetric and positive, its lower half filled */
function solved(matrix: readonly number[][], right: readonly number[]): number[] {
  const lower: number[][] = [];
  const x: number[] = [];
  for (let i = 0; i < right.length; i++) {
    const row: number[] = [];
    lower.push(row);
    for (let j = 0; j <= i; j++) {
      let sum = (matrix[i] as number[])[j] as number;
      for (let k = 0; k < j; k++) sum -= (row[k] as number) * ((lower[j] as number[])[k] as number);
      row.push(i === j ? Math.sqrt(sum) : sum / ((lower[j] as number[])[j] as number));
    }
    let rest = right[i] as number;
    for (let k = 0; k < i; k++) rest -= (row[k] as number) * (x[k] as number);
    x.push(rest / (row[i] as number));
  }
  for (let i = right.length - 1; i >= 0; i--) {
    let rest = x[i] as number;
    for (let k = i + 1; k < right.length; k++) rest -= ((lower[k] as number[])[i] as number) * (x[k] as number);
    x[i] = rest / ((lower[i] as number[])[i] as number);
  }
  return x;
}
