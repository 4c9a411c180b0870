import type { Problem } from './entry.ts';

/** Gathers what is wrong in one file while it is read; every step of the reading writes into the same list. */
export class ProblemList {
  readonly problems: Problem[] = [];

  /** @param file name relative to the knowledge base's folder */
  constructor(readonly file: string) {}

  /** @param line 1-based */
  error(line: number, message: string): void {
    this.problems.push({ severity: 'error', source: { file: this.file, line }, message });
  }

  /** @param line 1-based */
  warning(line: number, message: string): void {
    this.problems.push({ severity: 'warning', source: { file: this.file, line }, message });
  }
}
