/** `npm start`: builds, then runs the server in this same process, so that signals reach it. */
import { build } from './build.js';

try {
  await build();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
await import('../dist/index.js');
