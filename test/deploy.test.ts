import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { loadConfig, settingsTable } from '../src/config.ts';
import { recordTypes } from '../src/record-types.ts';
import { connectionRules } from '../src/web/connections.ts';
import { root } from './support/test-app.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const { version, engines } = JSON.parse(read('package.json')) as { version: string; engines: { node: string } };

interface Service {
  readonly image: string;
  readonly build?: { readonly target: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly networks: Readonly<Record<string, { readonly ipv4_address: string }>>;
  readonly healthcheck?: unknown;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}
const { services } = parse(read('deploy/compose.yaml'), { merge: true }) as { services: Record<string, Service> };
const instances = Object.entries(services).filter(([, { build }]) => build?.target === 'accessdesk');

describe('the image', () => {
  const lines = read('Dockerfile').replaceAll('\\\n', ' ').split('\n');

  it('is made of files that are there and that the build is given', () => {
    const copied = lines
      .filter((line) => /^COPY /.test(line) && !line.includes('--from='))
      .flatMap((line) =>
        line
          .split(/\s+/)
          .filter((part) => !part.startsWith('--'))
          .slice(1, -1),
      );
    const given = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    // esbuild reads in the last how TSX is meant.
    expect(copied).to.include.members(['package-lock.json', 'src/', 'faq/', 'tsconfig.json']);
    expect(copied.filter((path) => !existsSync(join(root, path)))).to.deep.equal([]);
    expect(copied.filter((path) => !given.some((one) => path === one || path.startsWith(one)))).to.deep.equal([]);
    expect(given.filter((path) => !existsSync(join(root, path)))).to.deep.equal([]);
  });

  it('has a Node.js that the package takes, and the same in every stage', () => {
    const versions = new Set(lines.flatMap((line) => /^FROM node:(\d+)/.exec(line)?.[1] ?? []));
    const [, least = ''] = /^>=(\d+)\./.exec(engines.node) ?? [];
    expect([...versions]).to.have.length(1);
    expect(Number([...versions][0])).to.be.greaterThan(Number(least));
  });

  it('is labelled with the version, runs without rights, and gets signals itself', () => {
    expect(lines).to.include(`ARG VERSION=${version}`);
    const last = lines.slice(lines.lastIndexOf('FROM node:24-bookworm-slim AS accessdesk'));
    expect(last).to.include('USER node').and.include('CMD ["node", "dist/index.js"]');
    expect(last.join('\n')).to.match(/HEALTHCHECK .*CMD \["node", "deploy\/healthy.js"\]/);
  });

  it('has the packages that bundles ask for outside of themselves, with what those need', async () => {
    const { runtimePackages } = (await import(join(root, 'build/runtime-packages.js'))) as {
      runtimePackages: () => Promise<string[]>;
    };
    const folders = (await runtimePackages()).map((folder) => folder.slice(join(root, 'node_modules/').length));
    expect(folders).to.include.members(['@microsoft/app-manifest', 'fs-extra', 'ajv', 'ajv-formats', 'graceful-fs']);
    expect(folders.length).to.be.lessThan(40);
  });
});

describe('the health check', () => {
  // Elsewhere a machine has one address of its own only.
  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('asks where the server listens', async () => {
    const server = createServer((_request, response) => response.end());
    await once(server.listen(0, '127.0.0.2'), 'listening');
    const { port } = server.address() as AddressInfo;
    const codeAt = async (HOST: string) => {
      const env = { PATH: process.env.PATH ?? '', HOST, PORT: String(port) };
      const [code] = await once(spawn(process.execPath, [join(root, 'deploy/healthy.js')], { env }), 'close');
      return code;
    };
    expect([await codeAt('127.0.0.2'), await codeAt('0.0.0.0')]).to.deep.equal([0, 1]);
    server.close();
  });
});

describe('the compose file', () => {
  const secrets = {
    SECRET_KEY: 'x'.repeat(32),
    METRICS_TOKEN: 'x'.repeat(32),
    STORE_URL: 'postgres://accessdesk:x@postgres:5432/accessdesk',
    SIGN_IN_CLIENT_SECRET: 'x',
    STAFF_SIGN_IN_CLIENT_SECRET: 'x',
  };

  it('gives two instances settings that the server starts with', () => {
    expect(instances.map(([name]) => name)).to.deep.equal(['app-1', 'app-2']);
    for (const [, { environment = {} }] of instances) {
      const names = settingsTable.map(({ name }) => name);
      expect(Object.keys(environment).filter((name) => !names.includes(name))).to.deep.equal(['NODE_EXTRA_CA_CERTS']);
      const config = loadConfig({ ...environment, ...secrets, HOST: '0.0.0.0' }, '/app');
      expect(config.web.trustedProxies).to.deep.equal([services.balancer?.networks.desk?.ipv4_address]);
    }
  });

  it('has the secrets that deploy/prepare.sh makes, and none itself', () => {
    for (const name of Object.keys(secrets)) expect(read('deploy/prepare.sh')).to.include(`\n${name}=`);
    expect(read('deploy/compose.yaml')).not.to.match(/SECRET|PASSWORD|TOKEN/);
  });

  it('waits for what each service needs to be healthy', () => {
    for (const [name, { depends_on: needs = {} }] of Object.entries(services)) {
      for (const [needed, { condition }] of Object.entries(needs)) {
        expect(condition, `${name} needs ${needed}`).to.equal('service_healthy');
        expect(services[needed]?.healthcheck || services[needed]?.build, needed).to.not.equal(undefined);
      }
    }
  });

  it('is of this version', () => {
    for (const { image, build } of Object.values(services))
      if (build) expect(image).to.match(new RegExp(`:${version}$`));
  });
});

describe('the balancer', () => {
  const conf = read('deploy/nginx.conf');

  it('knows the instances and services of the compose file by address, so that it starts while one is away', () => {
    const addressOf = (service?: Service) => service?.networks.desk?.ipv4_address;
    const servers = [...conf.matchAll(/^\s*server (\S+):3978 /gm)].map(([, address]) => address);
    expect(servers).to.deep.equal(instances.map(([, instance]) => addressOf(instance)));
    const passed = new Set([...conf.matchAll(/proxy_pass http:\/\/(\S+);/g)].map(([, to]) => to));
    expect([...passed]).to.deep.equal(['accessdesk', `${addressOf(services.provider)}:3000`]);
  });

  it('lets go of an idle connection before the server does', () => {
    const [, seconds] = /upstream accessdesk \{[^}]*keepalive_timeout (\d+)s;/.exec(conf) ?? [];
    expect(Number(seconds) * 1000).to.be.lessThan(connectionRules.keepAliveTimeout);
  });

  it('logs no address of a page, and does not show metrics', () => {
    const [, format] = /log_format short '([^']*)'/.exec(conf) ?? [];
    expect(format)
      .to.include('$status')
      .and.not.match(/\$(?:request|request_uri|uri|args)\b(?!_)/);
    // nginx's own words about a request that failed have its first line in them, at any level below.
    const [, http = ''] = conf.split('\nhttp {');
    expect(http).to.match(/^ {2}error_log \/dev\/stderr emerg;$/m);
    expect(http.match(/^\s*error_log /gm)).to.have.length(1);
    expect(conf).to.match(/location = \/metrics \{\s*return 404;/);
  });
});

describe('the unit of systemd', () => {
  it('stops as the server does, and restarts what failed', () => {
    const unit = read('deploy/accessdesk@.service');
    expect(unit).to.include('KillSignal=SIGTERM').and.include('Restart=on-failure');
    expect(Number(/TimeoutStopSec=(\d+)/.exec(unit)?.[1])).to.be.at.least(20);
  });
});

describe('docs/operations.md', () => {
  it('says of every kind of document what becomes of it', () => {
    const [, table = ''] = read('docs/operations.md').split('## What grows');
    const rows =
      table
        .split('## ')[0]
        ?.split('\n')
        .filter((line) => line.startsWith('| ')) ?? [];
    const kinds = new Set(rows.flatMap((line) => line.split('|')[1]?.split(/[\s,()]+/) ?? []));
    expect(recordTypes.map(({ name }) => name).filter((name) => !kinds.has(name))).to.deep.equal([]);
  });
});
