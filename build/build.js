/**
 * Builds everything into dist/: the server, the command line and the matcher as ES modules with their packages bundled
 * in (a third faster to start than from node_modules), the browser's files under content-hashed names, compressed once.
 */
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build as bundle, stop, transform } from 'esbuild';
import { laterRequires } from './later-requires.js';
import { fetchWebChat } from './web-chat.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** CommonJS packages ask for `require`, which an ES module does not have. */
const requireForCommonJs =
  "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);";

/** What stays in node_modules: it reads its schemas from beside itself, and asks for fs-extra without declaring it. */
export const unbundled = ['@microsoft/app-manifest', 'fs-extra'];

async function buildServer() {
  await bundle({
    absWorkingDir: root,
    entryPoints: ['src/index.ts', 'src/cli.ts', 'src/prepare.ts', 'src/faq/matcher.ts', 'src/faq/load-worker.ts'],
    outdir: dist,
    outbase: 'src',
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    banner: { js: requireForCommonJs },
    plugins: [laterRequires],
    // restify and pg ask for the first two and go on without
    external: ['dtrace-provider', 'pg-native', '@microsoft/app-manifest'],
    // What the framework's tr46 takes from Node warns at every start from Node 21 on; this is the same as a package.
    alias: { punycode: 'punycode/punycode.js' },
    logLevel: 'warning',
  });
  await cp(join(root, 'src/stores/postgres/migrations'), join(dist, 'migrations'), { recursive: true });
}

/** A style sheet that a script imports is text in it: what stands in a shadow root has no address to link to. */
const sheetsAsText = {
  name: 'sheets-as-text',
  setup(bundling) {
    bundling.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), minifiedCss);
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

async function readStyle(name) {
  const { code } = await transform(await readFile(join(root, 'src/web/client', name), 'utf8'), minifiedCss);
  return { name, content: Buffer.from(code) };
}

const minifiedCss = { loader: 'css', minify: true };

async function buildBrowserFiles() {
  const { outputFiles } = await bundle({
    absWorkingDir: root,
    entryPoints: ['chat', 'embed', 'page', 'staff'].map((name) => `src/web/client/${name}.ts`),
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    write: false,
    outdir: 'unused',
    plugins: [sheetsAsText],
    logLevel: 'warning',
  });
  const webChat = await fetchWebChat(root);
  const assets = [
    ...outputFiles.map(({ path, contents }) => ({ name: basename(path), content: contents })),
    ...(await Promise.all(['style.css', 'chat.css', 'staff.css'].map(readStyle))),
    { name: 'webchat.js', content: webChat.script },
  ];
  await mkdir(join(dist, 'assets'), { recursive: true });
  const written = await Promise.all(assets.map(writeAsset));
  await writeFile(join(dist, 'assets/webchat.js.LICENSE.txt'), await webChatLicence(webChat.notices));
  await writeFile(join(dist, 'assets/manifest.json'), JSON.stringify(Object.fromEntries(written), null, 2));
}

/** The script's first line names this file. Web Chat's own package brings no text of its licence; botbuilder, of the same holder, does. */
async function webChatLicence(notices) {
  const licence = await readFile(join(root, 'node_modules/botbuilder/LICENSE'), 'utf8');
  return `Bot Framework Web Chat\n\n${licence}\nParts of it:\n\n${notices}`;
}

/** Writes a file as it is, as gzip and as brotli, and returns its name and the name that carries its hash. */
async function writeAsset({ name, content }) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const hashed = name.replace(/(\.[^.]+)$/, `-${hash}$1`);
  const path = join(dist, 'assets', hashed);
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  await Promise.all([
    writeFile(path, content),
    promisify(gzip)(content, { level: 9 }).then((packed) => writeFile(`${path}.gz`, packed)),
    promisify(brotliCompress)(content, { params: quality }).then((packed) => writeFile(`${path}.br`, packed)),
  ]);
  return [name, hashed];
}

/** What is read of the shipped knowledge base with the default settings, so that a first start need not. */
async function readKnowledgeBase() {
  const { keepReading } = await import(pathToFileURL(join(dist, 'prepare.js')).href);
  await keepReading();
}

export async function build() {
  await rm(dist, { recursive: true, force: true });
  await Promise.all([buildServer(), buildBrowserFiles()]);
  await readKnowledgeBase();
  await stop();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  build().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
