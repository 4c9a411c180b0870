import { basename, join } from 'node:path';
import { build } from 'esbuild';

/** CommonJS packages ask for `require`, which an ES module does not have. */
const banner = {
  js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
};

/**
 * One file of a test's program and all it imports: where it starts again and again, reading TypeScript each time would
 * take longer than what it is started for.
 * @returns its path in the folder
 */
export async function bundledProgram(source: string, folder: string): Promise<string> {
  const outfile = join(folder, basename(source).replace(/\.ts$/, '.mjs'));
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // pg asks for it and goes on without.
    external: ['pg-native'],
    logLevel: 'error',
    banner,
  });
  return outfile;
}
