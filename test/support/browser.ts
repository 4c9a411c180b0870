/** A real Chromium: CHROME_PATH, the system's, or the one that comes as a package for Linux on x64. */
import { existsSync } from 'node:fs';
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
  const system = [process.env.CHROME_PATH, ...systemPaths].find((path) => path && existsSync(path));
  const options = system ? { executablePath: system, args: [] as string[] } : await packaged();
  if (!options) return undefined;
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
  return chromium.launch({
    executablePath: options.executablePath,
    args: [...options.args, ...quiet, ...local],
    headless: true,
  });
}

async function packaged(): Promise<{ executablePath: string; args: string[] } | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const { default: sparticuz } = await import('@sparticuz/chromium');
  const args = sparticuz.args.filter((arg) => !loosened.test(arg));
  return { executablePath: await sparticuz.executablePath(), args };
}

/** Made for functions in a cloud that render one page each: no rule between origins, and one process that ends with a context. */
const loosened =
  /^--(?:single-process|disable-web-security|allow-running-insecure-content|disable-site-isolation-trials)$/;
