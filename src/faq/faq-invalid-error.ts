import { AccessDeskError } from '../errors.ts';
import type { Problem } from './entry.ts';
import { problemText } from './problem-text.ts';

/** Thrown when there is no knowledge base to serve yet and the folder's Markdown holds errors. */
export class FaqInvalidError extends AccessDeskError {
  /** @param problems all that was found, warnings included; the message lists the errors */
  constructor(
    folder: string,
    readonly problems: readonly Problem[],
  ) {
    const errors = problems.filter(({ severity }) => severity === 'error');
    super(
      'ERR_FAQ_INVALID',
      [
        `The knowledge base in ${folder} (FAQ_DIR) cannot be used. Correct these and start again:`,
        ...errors.map((problem) => `  ${problemText(problem)}`),
      ].join('\n'),
    );
  }
}
