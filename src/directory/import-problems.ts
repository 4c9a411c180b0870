/** What is wrong with a file to be imported. */

export interface ImportProblem {
  /** Of the file; the first is 1. */
  readonly line: number;
  readonly message: string;
}

/** So many problems are named; of a file where every row is wrong nobody reads more. */
const most = 1000;

/** Collects problems, and only counts them once there are very many. */
export class ImportProblems {
  readonly #problems: ImportProblem[] = [];
  #count = 0;

  readonly report = (problem: ImportProblem): void => {
    this.#count += 1;
    if (this.#problems.length < most) this.#problems.push(problem);
  };

  get count(): number {
    return this.#count;
  }

  /** Those that are named, by line. */
  get named(): readonly ImportProblem[] {
    return this.#problems.toSorted((one, other) => one.line - other.line);
  }
}
