/** The settings' source: a `.env` file beside package.json, over which real variables win. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

export function readEnvironment(folder: string, env: NodeJS.ProcessEnv): Readonly<Record<string, string | undefined>> {
  try {
    return { ...parseEnv(readFileSync(join(folder, '.env'), 'utf8')), ...env };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return env;
    throw error;
  }
}
