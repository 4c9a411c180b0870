/** `doctor`: looks at every setting and part, and says what to do about what is wrong. */
import type { Command } from 'commander';
import { type Config, ConfigError, loadConfig, maskedUrl } from '../config.ts';
import { askServer } from '../control/ask-server.ts';
import { loadKnowledgeBase } from '../faq/load-knowledge-base.ts';
import type { OutboxStatus } from '../mail/outbox-worker.ts';
import { verifySmtp } from '../mail/smtp-transport.ts';
import { advice, daysLeft, soon } from '../registration/secret-end.ts';
import type { ChannelStatus } from '../staff-channel/staff-channel-worker.ts';
import { openStore } from '../stores/open-store.ts';
import { loadAssets } from '../web/assets.ts';
import { CommandFailed, type CommandLine } from './command.ts';
import { teamsAppOf } from './teams-package.ts';

interface Finding {
  readonly part: string;
  readonly ok: boolean;
  /** It works, and something is to be done about it soon. */
  readonly warning?: true;
  /** What was found; where it is wrong, what to do. */
  readonly message: string;
}

export function addDoctor(program: Command, commandLine: CommandLine): void {
  program
    .command('doctor')
    .description('check every setting and part, and say what to do; exit 1 on a failure')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await examine(commandLine);
      const lines = findings.map(
        ({ part, ok, warning, message }) => `${!ok ? 'FAIL' : warning ? 'warn' : 'ok  '} ${part}: ${message}\n`,
      );
      commandLine.out(
        json ? `${JSON.stringify({ ok: findings.every(({ ok }) => ok), findings }, null, 2)}\n` : lines.join(''),
      );
      const failed = findings.filter(({ ok }) => !ok).length;
      if (failed > 0) throw new CommandFailed(`${failed} of ${findings.length} checks failed.`);
    });
}

async function examine({ env, folder, assets, now }: CommandLine): Promise<Finding[]> {
  let config: Config;
  try {
    config = loadConfig(env, folder);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ variable, message }) => ({ part: `setting ${variable}`, ok: false, message }));
  }
  return [
    { part: 'settings', ok: true, message: `read; links begin with ${config.web.publicUrl}` },
    proxies(config),
    node(process.versions.node),
    await found('knowledge base', () => knowledgeBase(config)),
    await found('browser files', async () => {
      await loadAssets(assets);
      return 'built';
    }),
    await found('store', () => store(config)),
    await found('server', () => server(config)),
    await found('mail', () => mail(config)),
    botFramework(config),
    appSecret(config, now()),
    await found('tickets in Teams', () => staffChannel(config)),
    await found('Teams app', () => teamsApp({ env, folder }, config)),
    await found('sign-in of users', () => provider(config.signIn.users)),
    await found('sign-in of staff', () => provider(config.signIn.staff)),
  ];
}

async function found(part: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { part, ok: true, message: await look() };
  } catch (error) {
    return { part, ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** This server speaks http, so an https address is a proxy's. */
function proxies({ web: { publicUrl, trustedProxies } }: Config): Finding {
  const part = 'proxies';
  if (trustedProxies.length > 0) return { part, ok: true, message: `trusted: ${trustedProxies.join(', ')}` };
  if (!publicUrl.startsWith('https:')) return { part, ok: true, message: 'none trusted' };
  const message =
    'PUBLIC_URL is https, so a proxy stands in front, but limits take all its visitors for one: set TRUSTED_PROXIES to its address';
  return { part, ok: false, message };
}

function node(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { part: 'Node.js', ok, message: ok ? version : `${version} is too old: install 20.19 or newer` };
}

async function knowledgeBase({ faq }: Config): Promise<string> {
  const { base, problems } = await loadKnowledgeBase(faq.folder, faq.settings);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) throw new Error(`${errors} errors; run: node dist/cli.js faq check`);
  return `${base.entries.length} entries, ${base.actions.length} actions, ${base.notices.length} notices, ${problems.length} warnings`;
}

async function store({ store: settings }: Config): Promise<string> {
  const { url, folder } = settings;
  if (await asked(settings, 'check')) return `${folder}, in use by the running server, written and read back`;
  const opened = await openStore({ ...settings, now: () => new Date() });
  try {
    await opened.check();
    return `${url === undefined ? folder : maskedUrl(url)}, written and read back`;
  } finally {
    await opened.close();
  }
}

/** What the running server says; with a database no server has the folder, and none is asked. */
async function asked({ url, folder }: Config['store'], command: string): Promise<{ result: unknown } | undefined> {
  return url === undefined ? askServer(folder, command, '') : undefined;
}

async function server({ web: { host, port } }: Config): Promise<string> {
  const address = `http://${host === '0.0.0.0' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}/readyz`;
  const response = await fetch(address, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
  if (!response) return `not running on port ${port}`;
  const state = (await response.json().catch(() => undefined)) as { failing?: string[] } | undefined;
  if (!response.ok)
    throw new Error(`runs, but is not ready: ${state?.failing?.join(', ') ?? response.status}. Its log says why.`);
  return `runs and is ready on port ${port}`;
}

/** Whether the mail server lets us in, and what the running server says of its outbox. */
async function mail({ mail: { server }, store, web }: Config): Promise<string> {
  const way = server ? await verifySmtp(server) : `captured, shown at ${web.publicUrl}/dev/mail (no MAIL_URL)`;
  const answer = await asked(store, 'mail');
  if (!answer) return way;
  const { waiting, trouble } = answer.result as OutboxStatus;
  if (trouble) throw new Error(`${waiting} mails wait since ${trouble.since}: ${trouble.reason}`);
  return `${way}; ${waiting} waiting`;
}

/** What sign-in asks first: with less than this no provider works. */
async function provider(settings: Config['signIn']['users']): Promise<string> {
  if (!settings) return 'sample accounts, on this machine only';
  const address = `${settings.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(5000) }).catch((error: Error) => error);
  if (response instanceof Error || !response.ok) {
    const reason = response instanceof Error ? 'no answer' : `status ${response.status}`;
    throw new Error(`${address} cannot be read (${reason}): check the issuer, and that this machine may reach it`);
  }
  return `${settings.issuer} answers`;
}

async function staffChannel({ channels, store }: Config): Promise<string> {
  if (channels.staffTeam === '') return 'not used (no STAFF_TEAM_ID)';
  const answer = await asked(store, 'staff channel');
  if (!answer) return `for the team ${channels.staffTeam}`;
  const { isUsed, waiting, reason } = answer.result as ChannelStatus;
  if (!isUsed) throw new Error('no channel was chosen: a lead says “@AccessDesk use this channel” in one of the team');
  if (waiting > 0) throw new Error(`${waiting} tickets could not be shown and are tried again: ${reason}`);
  return 'all are shown';
}

/** Whether it can be packed, and for which bot. */
async function teamsApp(from: Pick<CommandLine, 'env' | 'folder'>, { channels }: Config): Promise<string> {
  if (channels.botFramework.MicrosoftAppId === '') return 'not used (no MicrosoftAppId)';
  const { manifest } = await teamsAppOf(from);
  return `version ${manifest.version} can be packed: node dist/cli.js teams package`;
}

function botFramework({ channels: { botFramework: settings, messagesOpen } }: Config): Finding {
  const part = '/api/messages';
  if (settings.MicrosoftAppId)
    return { part, ok: true, message: `open to Bot Framework for app ${settings.MicrosoftAppId}` };
  if (messagesOpen)
    return { part, ok: true, message: 'open to this machine only, without authentication (no MicrosoftAppId)' };
  return { part, ok: true, message: 'closed: set MicrosoftAppId to open it; the web chat works without' };
}

/** How long the bot can sign in to Teams. */
function appSecret({ channels: { botFramework: settings, secretEnds } }: Config, now: Date): Finding {
  const part = 'app secret';
  if (settings.MicrosoftAppId === '') return { part, ok: true, message: 'not used (no MicrosoftAppId)' };
  if (settings.MicrosoftAppType === 'UserAssignedMSI') {
    return { part, ok: true, message: 'none: a managed identity needs no secret' };
  }
  if (secretEnds === '') {
    return { part, ok: true, message: 'set; write its last day to MicrosoftAppPasswordEnds to be told before it ends' };
  }
  const days = daysLeft(secretEnds, now);
  if (days < 0) return { part, ok: false, message: `ended on ${secretEnds}: ${advice}` };
  const left = days === 0 ? 'ends today' : `${days} ${days === 1 ? 'day' : 'days'} left, until ${secretEnds}`;
  return days < soon
    ? { part, ok: true, warning: true, message: `${left}: ${advice}` }
    : { part, ok: true, message: left };
}
