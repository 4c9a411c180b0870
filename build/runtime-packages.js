/**
 * `node build/runtime-packages.js FOLDER`: copies the packages that the bundles leave outside of themselves, and what
 * those need, into FOLDER/node_modules. Everything else of node_modules is in dist/ already: 20 MB instead of 300.
 */
import { cp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { unbundled } from './build.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Folders of the packages, each once; types are for nobody who runs. */
export async function runtimePackages() {
  const found = new Set();
  const add = async (name, from) => {
    const folder = await folderOf(name, from);
    if (!folder || found.has(folder)) return;
    found.add(folder);
    const { dependencies = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    for (const one of Object.keys(dependencies)) if (!one.startsWith('@types/')) await add(one, folder);
  };
  for (const name of unbundled) await add(name, root);
  return [...found];
}

/** As node looks for it, but by the folder: a package may not export its package.json. */
async function folderOf(name, from) {
  for (const folder of createRequire(join(from, 'package.json')).resolve.paths(name) ?? []) {
    const isThere = await readFile(join(folder, name, 'package.json')).catch(() => undefined);
    if (isThere) return join(folder, name);
  }
  return undefined;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const target = process.argv[2];
  if (!target) throw new Error('say where to: node build/runtime-packages.js FOLDER');
  for (const folder of await runtimePackages()) {
    const nested = (path) => relative(folder, path).split('/').includes('node_modules');
    await cp(folder, join(target, relative(root, folder)), { recursive: true, filter: (path) => !nested(path) });
  }
}
