/** Start of the built server until it listens, against importing the Bot Framework packages and restify unbundled: `npm run bench:start`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { median, root, startServer } from './servers.ts';

const rounds = Number(process.env.ROUNDS ?? 9);
const packages = ['botbuilder', 'botbuilder-dialogs', '@microsoft/teams-ai', 'restify'];
const script = packages.map((name) => `await import('${name}');`).join('');
const times = { imports: [] as number[], start: [] as number[] };

for (let round = -1; round < rounds; round++) {
  const beforeImports = performance.now();
  spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root });
  const imports = performance.now() - beforeImports;
  const beforeStart = performance.now();
  const server = await startServer([join(root, 'dist/index.js')]);
  const start = performance.now() - beforeStart;
  await server.stop();
  if (round < 0) continue; // fills the file cache
  times.imports.push(imports);
  times.start.push(start);
}

const ratio = median(times.start.map((start, index) => start / (times.imports[index] ?? Number.NaN)));
process.stdout.write(
  `median of ${rounds}: start to listening ${median(times.start).toFixed(0)} ms, importing the Bot Framework packages and restify alone ${median(times.imports).toFixed(0)} ms\n`,
);
process.stdout.write(`ratio ${ratio.toFixed(2)} (to reach: 1.5 / 1.7 = 0.88)\n`);
