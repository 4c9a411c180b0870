import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ConfigError, loadConfig, maskedUrl, settingsTable } from '../src/config.ts';
import { isLoopback } from '../src/loopback.ts';
import { openToAll, root } from './support/test-app.ts';

const problemsOf = (env: Record<string, string>): string[] => {
  try {
    loadConfig(env, '/srv');
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map(({ variable }) => variable);
  }
};

describe('settings', () => {
  it('need none on one machine', () => {
    const config = loadConfig({}, '/srv/accessdesk');
    expect(config.web).to.deep.equal({
      host: '127.0.0.1',
      port: 3978,
      publicUrl: 'http://localhost:3978',
      isLocal: true,
      trustedProxies: [],
      chatOrigins: [],
      returnUrls: [],
    });
    expect(config.store.folder).to.equal('/srv/accessdesk/data');
    expect(config.channels.messagesOpen).to.equal(true);
  });

  it('report every problem at once, each with its variable and what to write', () => {
    const bad = {
      PORT: '99999',
      SUPPORT_EMAIL: 'nobody',
      RETENTION_DAYS: '-1',
      MicrosoftAppId: 'x',
      STORE_URL: 'redis://x',
      LOG_LEVEL: 'loud',
    };
    expect(problemsOf(bad)).to.have.members(Object.keys(bad));
    expect(() => loadConfig(bad, '/srv'))
      .to.throw(ConfigError)
      .with.property('message')
      .that.includes('PORT: write a whole number from 1 to 65535');
  });

  it('say how to write office hours', () => {
    expect(problemsOf({ OFFICE_HOURS: '9 to 5', OFFICE_TIME_ZONE: 'Berlin' })).to.have.members([
      'OFFICE_HOURS',
      'OFFICE_TIME_ZONE',
    ]);
    expect(() => loadConfig({ OFFICE_HOURS: 'Mo-Fr' }, '/srv')).to.throw(ConfigError, 'write days and times such as');
    const { office } = loadConfig({ OFFICE_HOURS: 'Mo-Fr 09:00-17:00', OFFICE_TIME_ZONE: 'Europe/Berlin' }, '/srv');
    expect(office).to.deep.equal({ hours: 'Mo-Fr 09:00-17:00', timeZone: 'Europe/Berlin' });
  });

  it('take a database, with a key that all instances have', () => {
    const url = 'postgres://desk:p%40ss@db.contoso.example:5432/accessdesk';
    expect(problemsOf({ STORE_URL: url })).to.deep.equal(['SECRET_KEY']);
    expect(loadConfig({ STORE_URL: url, SECRET_KEY: strong }, '/srv').store.url).to.equal(url);
    for (const bad of [
      'postgres://',
      'postgres:desk',
      'postgres://db.contoso.example',
      'postgres://db.contoso.example/a/b',
    ])
      expect(problemsOf({ STORE_URL: bad, SECRET_KEY: strong }), bad).to.deep.equal(['STORE_URL']);
    expect(maskedUrl(url)).to.equal('postgres://db.contoso.example:5432/accessdesk');
  });

  it('never repeat a secret', () => {
    const bad = { SECRET_KEY: 'short-and-secret', MAIL_URL: 'smtp://desk:short-and-secret@mail.contoso.example/x' };
    expect(() => loadConfig(bad, '/srv'))
      .to.throw(ConfigError)
      .with.property('message')
      .that.does.not.include('short-and-secret');
  });

  const strong = 'x'.repeat(32);
  const cases: [string, Record<string, string>, string[]][] = [
    [
      'an open HOST without a key, a mail server, an address and providers, all at once',
      { HOST: '0.0.0.0' },
      ['SECRET_KEY', 'MAIL_URL', 'PUBLIC_URL', 'SIGN_IN_ISSUER', 'STAFF_SIGN_IN_ISSUER'],
    ],
    ['an open PUBLIC_URL without a key', { ...openToAll, SECRET_KEY: '' }, ['SECRET_KEY']],
    ['sample accounts of users where others can reach them', { ...openToAll, SIGN_IN_ISSUER: '' }, ['SIGN_IN_ISSUER']],
    [
      'sample accounts of staff where others can reach them',
      { ...openToAll, STAFF_SIGN_IN_ISSUER: '' },
      ['STAFF_SIGN_IN_ISSUER'],
    ],
    ['a provider without an id there', { SIGN_IN_ISSUER: 'https://idp.example' }, ['SIGN_IN_CLIENT_ID']],
    ['an id without its provider', { STAFF_SIGN_IN_CLIENT_ID: 'x' }, ['STAFF_SIGN_IN_ISSUER']],
    ['a provider on http', { ...openToAll, SIGN_IN_ISSUER: 'http://idp.example' }, ['SIGN_IN_ISSUER']],
    ['a provider with a query', { ...openToAll, SIGN_IN_ISSUER: 'https://idp.example/?a=b' }, ['SIGN_IN_ISSUER']],
    ['a provider that is no address', { ...openToAll, STAFF_SIGN_IN_ISSUER: 'microsoft' }, ['STAFF_SIGN_IN_ISSUER']],
    ...['common', 'organizations'].map((served): [string, Record<string, string>, string[]] => [
      `Microsoft's ${served} without the tenants that are let in`,
      { ...openToAll, SIGN_IN_ISSUER: `https://login.microsoftonline.com/${served}/v2.0` },
      ['SIGN_IN_TENANTS'],
    ]),
    ['a tenant by name', { SIGN_IN_TENANTS: 'contoso.onmicrosoft.com' }, ['SIGN_IN_TENANTS']],
    ['a staff account by address', { STAFF_ACCOUNTS: 'sam@contoso.example' }, ['STAFF_ACCOUNTS']],
    ['a staff account without a subject', { STAFF_ACCOUNTS: 'https://idp.example|:lead' }, ['STAFF_ACCOUNTS']],
    ['a staff account of half an id', { STAFF_ACCOUNTS: '72f988bf-86f1-41af-91ab-2d7cd011db47/x' }, ['STAFF_ACCOUNTS']],
    ['captured mail where others can reach it', { ...openToAll, MAIL_URL: '' }, ['MAIL_URL']],
    ['a mail server with another scheme', { MAIL_URL: 'http://mail.contoso.example' }, ['MAIL_URL']],
    ['a mail server with a path', { MAIL_URL: 'smtp://mail.contoso.example/x' }, ['MAIL_URL']],
    [
      'a mail server with options',
      { MAIL_URL: 'smtp://mail.contoso.example?tls.rejectUnauthorized=false' },
      ['MAIL_URL'],
    ],
    ['a mail server without a host', { MAIL_URL: 'smtp://' }, ['MAIL_URL']],
    ['a mail server by a name that is none', { MAIL_URL: 'smtp://mail_%0d%0a.example' }, ['MAIL_URL']],
    ['a mail password without a user', { MAIL_URL: 'smtp://:pw@mail.contoso.example' }, ['MAIL_URL']],
    ['a mail password with a lone %', { MAIL_URL: 'smtp://u:100%@mail.contoso.example' }, ['MAIL_URL']],
    [
      'senders and staff that are no addresses',
      { MAIL_FROM: 'a@b.example, c@d.example', STAFF_EMAIL: 'staff' },
      ['MAIL_FROM', 'STAFF_EMAIL'],
    ],
    ['a key that is too short, beside a good one', { SECRET_KEY: `${strong},short` }, ['SECRET_KEY']],
    ['a PUBLIC_URL with a path', { PUBLIC_URL: 'http://localhost:3978/help' }, ['PUBLIC_URL']],
    [
      'an app id without a password',
      { MicrosoftAppId: '11111111-2222-3333-4444-555555555555' },
      ['MicrosoftAppPassword'],
    ],
    ['a day that no calendar has', { MicrosoftAppPasswordEnds: '2027-02-30' }, ['MicrosoftAppPasswordEnds']],
    ['a day as portals show it', { MicrosoftAppPasswordEnds: '11/26/2027' }, ['MicrosoftAppPasswordEnds']],
    [
      'the end of a secret that a managed identity does not have',
      {
        MicrosoftAppType: 'UserAssignedMSI',
        MicrosoftAppTenantId: 'contoso.onmicrosoft.com',
        MicrosoftAppPasswordEnds: '2027-11-26',
      },
      ['MicrosoftAppPasswordEnds'],
    ],
    ['a tenant that is neither an id nor a domain', { MicrosoftAppTenantId: 'Contoso' }, ['MicrosoftAppTenantId']],
    ['an app secret without its app', { MicrosoftAppPassword: 'p' }, ['MicrosoftAppId']],
    [
      'the id of an app secret for its value',
      {
        MicrosoftAppId: '11111111-2222-3333-4444-555555555555',
        MicrosoftAppPassword: '9f1f0b2c-0d3e-4a5b-8c6d-7e8f90a1b2c3',
      },
      ['MicrosoftAppPassword'],
    ],
    ['a single-tenant app without a tenant', { MicrosoftAppType: 'SingleTenant' }, ['MicrosoftAppTenantId']],
    ['a PUBLIC_URL that is none', { PUBLIC_URL: 'nope' }, ['PUBLIC_URL']],
    [
      'a PUBLIC_URL with a password and a query',
      { PUBLIC_URL: 'http://user:pw@localhost:4022/?a=b#c' },
      ['PUBLIC_URL'],
    ],
    ['an address to listen on that is none', { HOST: '127.0.0' }, ['HOST']],
    ['an address to listen on with brackets', { HOST: '[::1]' }, ['HOST']],
    ['an address to listen on with its port', { HOST: 'localhost:3978' }, ['HOST']],
    ['port 0, which no link could name', { PORT: '0' }, ['PORT']],
    ['Azure Direct Line without an app id', { DIRECT_LINE_SECRET: 'x' }, ['MicrosoftAppId']],
    ['everybody as a proxy', { TRUSTED_PROXIES: '10.0.0.1, 0.0.0.0/0' }, ['TRUSTED_PROXIES']],
    ['a proxy by name', { TRUSTED_PROXIES: 'proxy.example' }, ['TRUSTED_PROXIES']],
    ['half an address, which some read as 0.0.0.10', { TRUSTED_PROXIES: '10' }, ['TRUSTED_PROXIES']],
    ['a range longer than its address', { TRUSTED_PROXIES: '10.0.0.0/33' }, ['TRUSTED_PROXIES']],
    ['an address of a form that proxy-addr does not read', { TRUSTED_PROXIES: 'fd00::1.2.3.4' }, ['TRUSTED_PROXIES']],
    ['a range that is a netmask', { TRUSTED_PROXIES: '10.0.0.0/255.0.0.0' }, ['TRUSTED_PROXIES']],
    ['an address to return to without its scheme', { RETURN_URLS: 'portal.contoso.example' }, ['RETURN_URLS']],
    ['an origin with a path', { CHAT_ORIGINS: 'https://a.example/x' }, ['CHAT_ORIGINS']],
    ['a service host with a scheme', { SERVICE_HOSTS: 'https://x.example' }, ['SERVICE_HOSTS']],
  ];
  for (const [what, env, variables] of cases) {
    it(`refuse ${what}`, () => expect(problemsOf(env)).to.have.members(variables));
  }

  it('take proxies as addresses, ranges and names', () => {
    const list = '10.0.0.4, 10.0.0.0/8,fd00::/8,::1, loopback,linklocal,uniquelocal,';
    const read = ['10.0.0.4', '10.0.0.0/8', 'fd00::/8', '::1', 'loopback', 'linklocal', 'uniquelocal'];
    expect(loadConfig({ TRUSTED_PROXIES: list }, '/srv').web.trustedProxies).to.deep.equal(read);
  });

  it('close /api/messages where anybody could reach it without authentication', () => {
    const open = { ...openToAll, HOST: '0.0.0.0' };
    expect(loadConfig(open, '/srv').channels.messagesOpen).to.equal(false);
    const app = { MicrosoftAppId: '11111111-2222-3333-4444-555555555555', MicrosoftAppPassword: 'p' };
    expect(loadConfig({ ...open, ...app }, '/srv').channels.messagesOpen).to.equal(true);
  });

  for (const [url, server] of [
    ['smtp://mail.contoso.example', { host: 'mail.contoso.example', port: 587, secure: false }],
    ['smtp://mail.contoso.example:25/', { host: 'mail.contoso.example', port: 25, secure: false }],
    ['smtps://[::1]', { host: '::1', port: 465, secure: true }],
    [
      'smtps://desk%40contoso.example:p%40ss%3Aw%2Frd@Mail.Contoso.example:2465',
      {
        host: 'Mail.Contoso.example',
        port: 2465,
        secure: true,
        user: 'desk@contoso.example',
        password: 'p@ss:w/rd',
      },
    ],
  ] as const) {
    it(`take ${url.replace(/\/\/.*@/, '//...@')} for a mail server`, () =>
      expect(loadConfig({ MAIL_URL: url }, '/srv').mail.server).to.deep.equal(server));
  }

  it('send mail from SUPPORT_EMAIL and tell it what is for staff, unless told otherwise', () => {
    const addressesOf = (env: Record<string, string>) => {
      const { from, staffEmail, supportEmail } = loadConfig(env, '/srv').mail;
      return [from, staffEmail, supportEmail];
    };
    const help = { SUPPORT_EMAIL: 'help@contoso.example' };
    expect(addressesOf(help)).to.deep.equal(Array(3).fill('help@contoso.example'));
    expect(
      addressesOf({ ...help, MAIL_FROM: 'desk@contoso.example', STAFF_EMAIL: 'staff@contoso.example' }),
    ).to.deep.equal(['desk@contoso.example', 'staff@contoso.example', 'help@contoso.example']);
  });

  it('take an issuer with the path of its metadata, which is not part of it', () => {
    const issuer = 'https://login.microsoftonline.com/consumers/v2.0';
    const env = { SIGN_IN_ISSUER: `${issuer}/.well-known/openid-configuration`, SIGN_IN_CLIENT_ID: 'x' };
    expect(loadConfig(env, '/srv').signIn.users?.issuer).to.equal(issuer);
    expect(loadConfig({}, '/srv').signIn.users).to.equal(undefined);
  });

  it('take a provider on http on this machine alone', () => {
    expect(problemsOf({ SIGN_IN_ISSUER: 'http://127.0.0.1:9000', SIGN_IN_CLIENT_ID: 'x' })).to.deep.equal([]);
  });

  it('take staff by tenant and object and by issuer and subject, leads marked', () => {
    const tenant = '72f988bf-86f1-41af-91ab-2d7cd011db47';
    const list = [`${tenant}/${tenant}`, `${tenant}/${tenant}:lead`, 'https://idp.example|auth0|a:b:lead'];
    expect(loadConfig({ STAFF_ACCOUNTS: list.join(', ') }, '/srv').signIn.staffAccounts).to.deep.equal(list);
  });

  it('take the day on which the app secret ends, where there is an app', () => {
    const app = { MicrosoftAppId: '11111111-2222-3333-4444-555555555555', MicrosoftAppPassword: 'p' };
    const ends = { MicrosoftAppPasswordEnds: '2027-11-26' };
    const endsIn = (env: Record<string, string>) => loadConfig(env, '/srv').channels.secretEnds;
    expect([endsIn({ ...app, ...ends }), endsIn(app), endsIn(ends)]).to.deep.equal(['2027-11-26', '', '']);
  });

  it('are frozen', () => {
    expect(Object.isFrozen(loadConfig({}, '/srv').web)).to.equal(true);
  });

  it('are all in .env.example, with their meaning and default, and no others', () => {
    const text = readFileSync(join(root, '.env.example'), 'utf8');
    const written = [...text.matchAll(/^# (.+)\.\n(\w+)=(.*)$/gm)].map(([, meaning, name, standard]) => ({
      name,
      standard,
      meaning,
    }));
    expect(written).to.deep.equal(settingsTable.map(({ name, standard, meaning }) => ({ name, standard, meaning })));
  });

  for (const [host, local] of [
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['localhost', true],
    ['[::1]', true],
    ['0.0.0.0', false],
    ['10.0.0.1', false],
    ['localhost.example', false],
    ['127.0.0.1.example', false],
  ] as const) {
    it(`${local ? 'take' : 'do not take'} ${host} for this machine alone`, () =>
      expect(isLoopback(host)).to.equal(local));
  }
});
