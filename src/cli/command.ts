/** What every command gets from the process and gives back to it, so that tests can stand in for the process. */
import { AccessDeskError } from '../errors.ts';

export interface CommandLine {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The project's folder: relative folders in settings count from here. */
  readonly folder: string;
  /** Where the command was given: files and folders in its words count from here. */
  readonly workingFolder: string;
  /** Folder of the built browser files. */
  readonly assets: string;
  readonly now: () => Date;
}

/** Ends a command with exit code 1 and this text on standard error. */
export class CommandFailed extends AccessDeskError {
  constructor(message: string) {
    super('ERR_COMMAND', message);
  }
}
