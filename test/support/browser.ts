/**
 * A real Chromium: CHROME_PATH, the one that comes as a package for Linux on x64, or the system's. The package's has no
 * windows, menus or icons to look after: a page in it costs half as much as in the system's.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const systemPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Undefined where no Chromium can run; a suite then skips by name. */
export async function launchBrowser(): Promise<Browser | undefined> {
  const { CHROME_PATH } = process.env;
  if (CHROME_PATH) return launch(CHROME_PATH);
  const system = systemPaths.find((path) => existsSync(path));
  if (process.platform !== 'linux' || process.arch !== 'x64') return system ? launch(system) : undefined;
  try {
    return await launchPackaged();
  } catch (error) {
    // Libraries that it needs may be missing where no browser was ever installed.
    if (!system) throw error;
    return launch(system);
  }
}

function launch(executablePath: string, args: readonly string[] = []): Promise<Browser> {
  const quiet = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ];
  const local = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'];
  // However busy this machine is: a test's own limit ends a wait in vain.
  return chromium.launch({ executablePath, args: [...args, ...quiet, ...local], headless: true, timeout: 0 });
}

async function launchPackaged(): Promise<Browser> {
  const { default: sparticuz } = await import('@sparticuz/chromium');
  return launch(
    unpacked(),
    sparticuz.args.filter((arg) => !loosened.test(arg)),
  );
}

/**
 * The package's program, unpacked once on this machine for each of its versions. It unpacks to a folder of its own,
 * which then gets its name: of several processes that begin at once, none starts what another has half written.
 */
function unpacked(): string {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const { version } = JSON.parse(readFileSync(join(dirname(dirname(entry)), 'package.json'), 'utf8')) as {
    version: string;
  };
  const folder = join(tmpdir(), `accessdesk-chromium-${version}`);
  if (!existsSync(folder)) {
    const staging = mkdtempSync(`${folder}-`);
    const script = `await (await import(${JSON.stringify(entry)})).default.executablePath()`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...process.env, NODE_OPTIONS: '', TMPDIR: staging },
    });
    if (status !== 0) throw new Error(`Chromium could not be unpacked: ${stderr}`);
    try {
      renameSync(staging, folder);
    } catch (error) {
      rmSync(staging, { recursive: true });
      if (!existsSync(folder)) throw error;
    }
  }
  return join(folder, 'chromium');
}

/** Made for functions in a cloud that render one page each: no rule between origins, and one process that ends with a context. */
const loosened =
  /^--(?:single-process|disable-web-security|allow-running-insecure-content|disable-site-isolation-trials)$/;
