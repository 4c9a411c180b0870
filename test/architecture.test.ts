/** Holds the code against the house: which room may import which, where packages live, and no way round in a circle. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const src = fileURLToPath(new URL('../src', import.meta.url));

interface Import {
  readonly from: string;
  /** A file of src, or a package's name. */
  readonly to: string;
  readonly isType: boolean;
  readonly isOwn: boolean;
}

/** `verbatimModuleSyntax` and the formatter make every import one of these shapes. */
const importStatement = /^(?:import|export) (type )?[^'"]*?from '([^']+)'|(?:^import |await import\()'([^']+)'/gm;

const files = (readdirSync(src, { recursive: true }) as string[])
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('web/client/'));
const texts = new Map(files.map((path) => [path, readFileSync(join(src, path), 'utf8')]));

const imports: Import[] = files.flatMap((from) =>
  [...(texts.get(from) ?? '').matchAll(importStatement)].map(([statement, type, path = '', bare = '']) => {
    const name = path || bare;
    const isOwn = name.startsWith('.');
    const named =
      /\{([^}]*)\}/
        .exec(statement)?.[1]
        ?.split(',')
        .filter((part) => part.trim() !== '') ?? [];
    const isType = Boolean(type) || (named.length > 0 && named.every((part) => part.trim().startsWith('type ')));
    return { from, to: isOwn ? posix.join(posix.dirname(from), name) : packageName(name), isType, isOwn };
  }),
);

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The first folder, or the file itself at the top. */
function room(path: string): string {
  return path.includes('/') ? (path.split('/')[0] ?? path) : path;
}

const open = [
  'errors.ts',
  'every.ts',
  'in-time.ts',
  'log.ts',
  'loopback.ts',
  'pace.ts',
  'remembered.ts',
  'rounds.ts',
  'written-link.ts',
];
const domain = ['faq', 'history', 'usage'];

/** What each room may import from src, beside itself, errors and log. `types:` allows types only. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'index.ts': ['app.ts', 'config.ts', 'cli', 'faq'],
  'cli.ts': ['cli'],
  'prepare.ts': ['config.ts', 'cli', 'faq'],
  cli: [
    'audit',
    'config.ts',
    'control',
    'directory',
    'faq',
    'types:history',
    'mail',
    'record-types.ts',
    'stores',
    'registration',
    'types:staff-channel',
    'teams-app',
    'tickets',
    'usage',
    'web',
    'words',
  ],
  'app.ts': ['app', 'channels', 'types:config.ts', 'types:tickets', 'web'],
  app: [
    'instances',
    'accounts',
    'audit',
    'changes',
    'colleagues',
    'invitations',
    'bot',
    'channels',
    'config.ts',
    'control',
    'dialogs',
    'directory',
    'faq',
    'history',
    'keys.ts',
    'limits',
    'mail',
    'metrics',
    'proofs',
    'record-types.ts',
    'records',
    'registration',
    'replies',
    'sessions',
    'skills',
    'staff-channel',
    'stores',
    'tickets',
    'usage',
    'web',
    'words',
  ],
  'config.ts': ['tickets'],
  'record-types.ts': [
    'accounts',
    'audit',
    'changes',
    'channels/idle-dialogs.ts',
    'channels/references.ts',
    'directory',
    'invitations',
    'limits',
    'mail',
    'proofs',
    'records',
    'registration',
    'sessions',
    'staff-channel',
    'tickets',
  ],
  'keys.ts': [],
  limits: ['records'],
  control: [],
  channels: [
    'types:instances',
    'records',
    'types:registration',
    'replies',
    'staff-channel',
    'tickets',
    'types:faq',
    'types:words',
    'types:bot',
    'types:history',
    'types:keys.ts',
    'types:limits',
  ],
  bot: [
    'replies',
    'types:faq',
    'types:history',
    'types:usage',
    'types:words',
    'skills',
    'types:dialogs',
    'dialogs/talk.ts',
    'tickets',
  ],
  skills: ['replies', 'types:words', 'types:faq', 'types:history', 'types:usage', 'tickets'],
  dialogs: [
    'replies',
    'types:words',
    'accounts',
    'types:changes',
    'colleagues',
    'directory',
    'types:invitations',
    'types:limits',
    'mail',
    'proofs',
    'tickets',
  ],
  replies: ['types:words', 'types:faq', 'types:history', 'types:records', 'types:staff-channel', 'tickets'],
  web: [
    'accounts',
    'types:audit',
    'changes',
    'colleagues',
    'types:directory',
    'types:invitations',
    'types:proofs',
    'words',
    'types:faq',
    'types:keys.ts',
    'types:limits',
    'mail',
    'sessions',
    'types:staff-channel',
    'types:usage',
    'tickets',
    'types:history',
    'types:records',
  ],
  words: [],
  faq: ['audit', 'instances', 'records'],
  history: [],
  'staff-channel': ['types:history', 'instances', 'records', 'tickets'],
  registration: ['mail', 'records', 'staff-channel'],
  'teams-app': [],
  usage: ['types:history'],
  accounts: ['audit', 'directory', 'types:keys.ts', 'mail', 'records'],
  audit: ['types:records', 'pace.ts'],
  invitations: ['accounts', 'audit', 'directory', 'mail', 'records'],
  proofs: ['accounts', 'audit', 'directory', 'types:keys.ts', 'types:limits', 'mail', 'records'],
  changes: ['accounts', 'audit', 'directory', 'invitations', 'types:limits', 'mail', 'proofs', 'records'],
  colleagues: ['accounts', 'audit', 'changes', 'directory', 'invitations', 'types:limits', 'mail', 'proofs', 'records'],
  directory: ['audit', 'mail', 'records', 'types:words'],
  mail: ['records', 'types:words'],
  metrics: ['types:bot', 'types:limits', 'mail', 'records', 'types:stores', 'tickets'],
  instances: [],
  records: [],
  sessions: ['records'],
  tickets: ['types:history', 'instances', 'mail', 'records', 'types:sessions'],
  stores: ['types:bot', 'types:history', 'instances', 'records', 'types:usage'],
};

/** Packages that may be named in one place only. */
const livesIn: Readonly<Record<string, readonly string[]>> = {
  botbuilder: ['channels', 'bot', 'dialogs', 'replies'],
  'botbuilder-dialogs': ['dialogs'],
  'botframework-connector': ['channels'],
  '@microsoft/teams-ai': ['bot'],
  restify: ['web', 'channels'],
  ws: ['channels'],
  jose: ['channels', 'web'],
  'openid-client': ['web'],
  'oidc-provider': ['web'],
  'rate-limiter-flexible': ['limits'],
  'proxy-addr': ['config.ts', 'web'],
  'ipaddr.js': ['web'],
  nodemailer: ['mail'],
  'postal-mime': ['mail'],
  preact: ['web', 'mail'],
  'preact-render-to-string': ['web', 'mail'],
  'intl-messageformat': ['words'],
  'fuse.js': ['faq'],
  stemmer: ['faq'],
  unified: ['faq', 'replies'],
  'remark-parse': ['faq', 'replies'],
  'remark-gfm': ['faq', 'replies'],
  'remark-frontmatter': ['faq'],
  'remark-rehype': ['faq'],
  'rehype-parse': ['faq'],
  'rehype-sanitize': ['faq'],
  'rehype-stringify': ['faq'],
  'mdast-util-to-markdown': ['faq', 'replies', 'written-link.ts'],
  'mdast-util-to-string': ['faq'],
  'mdast-util-gfm': ['faq'],
  'unist-util-visit': ['faq'],
  'github-slugger': ['faq'],
  yaml: ['faq'],
  chokidar: ['faq'],
  zod: ['config.ts', 'channels'],
  lowdb: ['stores'],
  pg: ['stores'],
  'node-pg-migrate': ['stores'],
  'prom-client': ['metrics'],
  commander: ['cli', 'cli.ts'],
  'cli-progress': ['cli'],
  'csv-parse': ['directory'],
  'csv-stringify': ['cli', 'directory'],
  pino: ['log.ts'],
  '@microsoft/app-manifest': ['cli'],
};

describe('the house', () => {
  it('lets a room import only the rooms it may', () => {
    const broken = imports
      .filter(({ isOwn }) => isOwn)
      .filter(({ from, to, isType }) => {
        const [here, there] = [room(from), room(to)];
        if (here === there || open.includes(there)) return false;
        const allowed = mayImport[here] ?? [];
        return !allowed.includes(there) && !allowed.includes(to) && !(isType && allowed.includes(`types:${there}`));
      });
    expect(broken.map(({ from, to, isType }) => `${from} -> ${isType ? 'type ' : ''}${to}`)).to.deep.equal([]);
  });

  it('knows every room', () => {
    const rooms = new Set([...files.map(room)].filter((name) => !open.includes(name)));
    expect([...rooms].sort()).to.deep.equal(Object.keys(mayImport).sort());
  });

  it('has a room for every package', () => {
    const { dependencies } = JSON.parse(readFileSync(join(src, '../package.json'), 'utf8')) as { dependencies: object };
    const peers = ['openai', 'fs-extra']; // teams-ai and app-manifest ask for them
    const unplaced = Object.keys(dependencies).filter((name) => !livesIn[name] && !peers.includes(name));
    expect(unplaced).to.deep.equal([]);
  });

  it('names a package only in the rooms it lives in', () => {
    const broken = imports.filter(({ from, to, isOwn }) => !isOwn && livesIn[to] && !livesIn[to].includes(room(from)));
    expect(broken.map(({ from, to }) => `${from} -> ${to}`)).to.deep.equal([]);
  });

  it('keeps channels and pages out of the domain rooms', () => {
    const broken = imports.filter(
      ({ from, to, isOwn }) =>
        domain.includes(room(from)) && (isOwn ? false : /^(botbuilder|botframework|restify|@microsoft)/.test(to)),
    );
    expect(broken.map(({ from, to }) => `${from} -> ${to}`)).to.deep.equal([]);
  });

  it('has no circle of imports, types included', () => {
    const edges = new Map(
      files.map((file) => [file, imports.filter(({ from, isOwn }) => isOwn && from === file).map(({ to }) => to)]),
    );
    const done = new Set<string>();
    const visit = (file: string, way: string[]): string[] | undefined => {
      if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
      if (done.has(file)) return undefined;
      for (const next of edges.get(file) ?? []) {
        const circle = visit(next, [...way, file]);
        if (circle) return circle;
      }
      done.add(file);
      return undefined;
    };
    const circles = files.flatMap((file) => visit(file, [])?.join(' -> ') ?? []);
    expect(circles).to.deep.equal([]);
  });

  it('reads the environment in index.ts and cli.ts only', () => {
    const readers = files.filter((file) => texts.get(file)?.includes('process.env'));
    expect(readers.sort()).to.deep.equal(['cli.ts', 'config.ts', 'index.ts'].filter((file) => readers.includes(file)));
    expect((texts.get('config.ts') ?? '').replace(/\/\*\*[\s\S]*?\*\//g, '')).not.to.include('process.env');
  });

  it('has no barrel file', () => {
    const barrels = files.filter((file) => {
      const code = (texts.get(file) ?? '').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').trim();
      return code !== '' && code.split('\n').every((line) => /^export .* from /.test(line) || line.trim() === '');
    });
    expect(barrels).to.deep.equal([]);
  });

  it('finds what it looks for', () => {
    expect(imports.some(({ from, to }) => from === 'index.ts' && to === 'app.ts')).to.equal(true);
    expect(
      imports.some(({ from, to, isType }) => from === 'bot/turn.ts' && to === 'history/history.ts' && isType),
    ).to.equal(true);
  });
});
