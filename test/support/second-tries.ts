/** Mocha's "spec", which also tells of each test that failed first and was tried a second time, and why. */
import { type MochaOptions, type Runner, reporters, type Test } from 'mocha';

export default class SecondTries extends reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    runner.on('retry', (test: Test, error: Error) => {
      process.stdout.write(`    tried again: ${test.fullTitle()}: ${error.stack}\n`);
    });
  }
}
