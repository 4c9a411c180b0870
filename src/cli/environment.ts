/** Where the settings come from: a `.env` file beside package.json, over which real variables win. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { AccessDeskError } from '../errors.ts';

/** The project's folder, package.json in it; `.env` is read there and relative folders in settings count from it. */
export function projectFolder(entry: string): string {
  return fileURLToPath(new URL('..', entry));
}

export function readEnvironment(folder: string, env: NodeJS.ProcessEnv): Readonly<Record<string, string | undefined>> {
  try {
    return { ...parseEnv(readFileSync(join(folder, '.env'), 'utf8')), ...env };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return env;
    throw new AccessDeskError('ERR_ENV_FILE', `${join(folder, '.env')} cannot be read (${(error as Error).message}).`);
  }
}
