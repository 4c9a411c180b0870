import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { exportSPKI, SignJWT } from 'jose';
import {
  appId,
  openTeams,
  serviceUrl,
  storedText,
  type TeamsStandIn,
  TeamsUser,
  teamsSettings,
} from '../support/teams-stand-in.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('requests that say they come from Teams', () => {
  let teams: TeamsStandIn;
  let app: TestApp;
  let errors: typeof console.error;
  before(async () => {
    teams = await openTeams();
    app = await startTestApp(teamsSettings, { botFramework: teams.microsoft });
    // The framework prints what it refuses.
    errors = console.error;
    console.error = () => {};
  });
  after(async () => {
    console.error = errors;
    await app.close();
    await teams.close();
  });

  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = async (change: (token: SignJWT) => SignJWT, key = teams.privateKey) =>
    `Bearer ${await change(teams.token()).sign(key)}`;
  const good = () => signed((token) => token);
  const underKey = (name: string) => async () => `Bearer ${await teams.token({}, name).sign(teams.privateKey)}`;
  const withoutAddress = async () => `Bearer ${await teams.token({ serviceurl: undefined }).sign(teams.privateKey)}`;
  const hmac = async () => {
    const text = `${part({ alg: 'HS256', kid: 'k1', typ: 'JWT' })}.${(await good()).split('.')[1]}`;
    const secret = await exportSPKI(teams.publicKey);
    return `Bearer ${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const altered = async () => {
    const [head, claims = '', signature] = (await good()).split('.');
    const changed = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), serviceurl: 'https://evil.example/' };
    return `${head}.${part(changed)}.${signature}`;
  };
  const otherTenant = `https://login.microsoftonline.com/${randomUUID()}/v2.0`;
  /** Anybody's app can have Entra sign a token for this one; it says so itself. Whoever has the secret can as this app. */
  const ofBot = async (claim: 'azp' | 'appid', id: string = randomUUID()) => {
    const isSkill = claim === 'azp';
    const issuer = isSkill
      ? 'https://login.microsoftonline.com/d6d49420-f39b-4df7-a1dc-d59a935871db/v2.0'
      : 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/';
    const claims = { ver: isSkill ? '2.0' : '1.0', [claim]: id };
    return `Bearer ${await teams.token(claims).setIssuer(issuer).sign(teams.privateKey)}`;
  };
  const endless = async () =>
    `Bearer ${await new SignJWT({ serviceurl: serviceUrl })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setIssuer('https://api.botframework.com')
      .setAudience(appId)
      .sign(teams.privateKey)}`;
  const claimsOf = async (claims: unknown) => {
    const [head, , signature] = (await good()).split('.');
    return `${head}.${part(claims)}.${signature}`;
  };
  const nested = (levels: number): unknown => (levels === 0 ? 'deep' : [nested(levels - 1)]);
  const cut = async () => (await good()).slice(0, -20);

  const cases: [string, () => Promise<string> | string, Record<string, unknown>, number][] = [
    ['no token', () => '', {}, 401],
    ['a token that is none', () => 'Bearer garbage', {}, 401],
    ['a password instead of a token', () => 'Basic YWRtaW46YWRtaW4=', {}, 401],
    ['the word Bearer alone', () => 'Bearer ', {}, 401],
    ['a good token without the word Bearer', async () => (await good()).slice('Bearer '.length), {}, 401],
    ['a token that ran out', () => signed((token) => token.setExpirationTime('-10m')), {}, 401],
    ['a token that never runs out', endless, {}, 401],
    ['a token whose claims are null', () => claimsOf(null), {}, 401],
    ['a token whose claims are a text', () => claimsOf('all'), {}, 401],
    ['a token under the word bearer', async () => (await good()).replace('Bearer', 'bearer'), {}, 401],
    ['a token with another behind it', async () => `${await good()}, Bearer garbage`, {}, 401],
    ['a token that is not valid yet', () => signed((token) => token.setNotBefore('2h')), {}, 401],
    ['a token for another app', () => signed((token) => token.setAudience(randomUUID())), {}, 401],
    ['a token for nobody', () => signed((token) => token.setAudience('')), {}, 401],
    ['a token of another issuer', () => signed((token) => token.setIssuer('https://evil.example')), {}, 401],
    ['a token signed by somebody else', () => signed((token) => token, teams.strangeKey), {}, 401],
    ['a token under a key that nobody knows', underKey('k2'), {}, 401],
    ['a token without a key’s name', underKey(''), {}, 401],
    ['a token signed with the public key (HS256)', hmac, {}, 401],
    [
      'a token without a signature',
      async () => `Bearer ${part({ alg: 'none' })}.${(await good()).split('.')[1]}.`,
      {},
      401,
    ],
    ['a token that was altered', altered, {}, 401],
    ['a token that was cut', cut, {}, 401],
    ['a token for another service address', good, { serviceUrl: 'https://smba.trafficmanager.net/amer/' }, 401],
    ['a token that names no service address', withoutAddress, {}, 401],
    ['a key that may not speak for this channel', good, { channelId: 'slack' }, 401],
    ['a token of a bot that is not this one, as skills have it', () => ofBot('azp'), {}, 401],
    ['a token of a bot that is not this one, as the emulator has it', () => ofBot('appid'), {}, 401],
    ['a token that this bot got for itself, as skills do', () => ofBot('azp', appId), {}, 401],
    ['a token that this bot got for itself, as the emulator does', () => ofBot('appid', appId), {}, 401],
    ['a token of another tenant’s authority', () => signed((token) => token.setIssuer(otherTenant)), {}, 401],
    ['an activity without a service address', good, { serviceUrl: undefined }, 403],
    ['a service address that is on no list', good, { serviceUrl: 'https://evil.trafficmanager.net/emea/' }, 403],
    ['the channel of the web chat', good, { channelId: 'directline' }, 403],
    ['an activity without a sender', good, { from: undefined }, 400],
  ];
  for (const [what, authorization, more, status] of cases) {
    it(`refuses ${what} with ${status}, and nothing is kept or sent`, async () => {
      const user = new TeamsUser(app.url, teams);
      const text = `secret words ${randomUUID()}`;
      const response = await user.send(user.activity({ text, ...more }), await authorization());
      expect(response.status).to.equal(status);
      expect(await response.text()).not.to.match(/node_modules|\/src\/|BEGIN|kid/);
      expect(await storedText(app.folder))
        .not.to.include(text)
        .and.not.to.include(user.personal);
      expect(teams.sent).to.deep.equal([]);
    });
  }

  for (const order of ['before', 'after'] as const) {
    it(`refuses a second token ${order} a good one with 401, and nothing is kept or sent`, async () => {
      const user = new TeamsUser(app.url, teams);
      const tokens = ['authorization', await good(), 'authorization', 'Bearer garbage'];
      if (order === 'before') tokens.push(...tokens.splice(0, 2));
      const body = JSON.stringify(user.activity({ text: 'hello' }));
      const asked = request(`${app.url}/api/messages`, {
        method: 'POST',
        headers: ['host', new URL(app.url).host, 'content-type', 'application/json', ...tokens],
      });
      asked.end(body);
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      response.resume();
      expect(response.statusCode).to.equal(401);
      expect(await storedText(app.folder)).not.to.include(user.personal);
      expect(teams.sent).to.deep.equal([]);
    });
  }

  const doubled = (activity: Record<string, unknown>) =>
    JSON.stringify(activity).replace(/}$/, ',"serviceUrl":"https://evil.example/"}');
  const odd = { toString: 1 };
  const within = (field: string, more: object) => (activity: Record<string, unknown>) =>
    JSON.stringify({ ...activity, [field]: { ...(activity[field] as object), ...more } });
  const invoked = (name: unknown, value: unknown) => (activity: Record<string, unknown>) =>
    JSON.stringify({ ...activity, type: 'invoke', name, value });
  const damaged: [string, (activity: Record<string, unknown>) => string, number][] = [
    ['no JSON', () => '{"type":"message"', 400],
    ['nothing at all', () => '', 400],
    ['a list of activities', (activity) => JSON.stringify([activity]), 400],
    ['a number', () => '7', 400],
    ['null', () => 'null', 400],
    ['no type', ({ type: _, ...rest }) => JSON.stringify(rest), 400],
    ['a type that is a list', (activity) => JSON.stringify({ ...activity, type: ['message'] }), 400],
    ['no conversation', ({ conversation: _, ...rest }) => JSON.stringify(rest), 400],
    ['a conversation without an id', (activity) => JSON.stringify({ ...activity, conversation: {} }), 400],
    ['no channel', ({ channelId: _, ...rest }) => JSON.stringify(rest), 400],
    ['a text that is a list', (activity) => JSON.stringify({ ...activity, text: ['a', 'b'] }), 400],
    ['a sender that is a list', (activity) => JSON.stringify({ ...activity, from: [activity.from] }), 400],
    [
      'a mention of nobody',
      (activity) => JSON.stringify({ ...activity, entities: [{ type: 'mention', text: 7, mentioned: null }] }),
      400,
    ],
    [
      'a prototype in the place of its fields',
      ({ from, ...rest }) => `{"__proto__":${JSON.stringify({ from })},${JSON.stringify(rest).slice(1)}`,
      400,
    ],
    ['a conversation that leads elsewhere', within('conversation', { id: '..' }), 400],
    ['a conversation with half a character', within('conversation', { id: 'a:\ud800' }), 400],
    ['a conversation with a line break', within('conversation', { id: 'a:1\r\nhost: evil' }), 400],
    ['a conversation of an odd tenant', within('conversation', { tenantId: odd }), 400],
    ['a conversation of an odd type', within('conversation', { conversationType: ['personal'] }), 400],
    ['a sender whose name is no text', within('from', { name: odd }), 400],
    ['a sender whose object id is no text', within('from', { aadObjectId: odd }), 400],
    ['a receiver whose name is no text', within('recipient', { name: odd }), 400],
    ['an id that leads elsewhere', (activity) => JSON.stringify({ ...activity, id: '..' }), 400],
    ['a moment that is none', (activity) => JSON.stringify({ ...activity, localTimestamp: 'noon' }), 400],
    [
      'a file whose name is no text',
      (activity) => JSON.stringify({ ...activity, attachments: [{ contentType: 'image/png', name: odd }] }),
      400,
    ],
    ['a service address twice, the second elsewhere', doubled, 403],
    ['an invoke whose name is a list', invoked(['adaptiveCard/action'], { action: {} }), 400],
    ['a press of nothing', invoked('adaptiveCard/action', undefined), 400],
    ['a press that is a list', invoked('adaptiveCard/action', [{ action: {} }]), 400],
    ['a press of a text', invoked('adaptiveCard/action', { action: 'ticket' }), 400],
    ['a search for a number', invoked('composeExtension/query', 7), 400],
    ['a nest of lists', (activity) => JSON.stringify({ ...activity, value: nested(100) }), 400],
    ['a megabyte', (activity) => JSON.stringify({ ...activity, text: `${activity.text}${'x'.repeat(2 ** 20)}` }), 413],
  ];
  for (const [what, bodyOf, status] of damaged) {
    it(`refuses ${what} under a good token with ${status}, and nothing is kept or sent`, async () => {
      const user = new TeamsUser(app.url, teams);
      const text = `secret words ${randomUUID()}`;
      const response = await fetch(`${app.url}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: await good() },
        body: bodyOf(user.activity({ text })),
      });
      expect(response.status).to.equal(status);
      expect(await response.text()).not.to.match(/node_modules|\/src\//);
      expect(await storedText(app.folder))
        .not.to.include(text)
        .and.not.to.include(user.personal);
      expect(teams.sent).to.deep.equal([]);
      expect(({} as { from?: unknown }).from).to.equal(undefined);
    });
  }

  it('are answered without a fault where a client sends what no card or search has, and prove nobody', async () => {
    const user = new TeamsUser(app.url, teams);
    const search = await user.invoke('composeExtension/query', { commandId: odd, parameters: [null, odd] });
    expect(search.status).to.equal(200);
    const press = await user.press({ card: odd, verb: odd });
    expect(press.status).to.equal(200);
    const before = teams.sent.length;
    const response = await user.send(user.activity({ text: 'forgot password', channelData: { tenant: { id: odd } } }));
    expect(response.status).to.equal(200);
    expect(teams.sent[before]?.body.summary).to.match(/forg/i);
    teams.sent.length = 0;
  });

  for (const type of ['typing', 'messageReaction', 'endOfConversation', 'trace', 'evil', '__proto__']) {
    it(`keep nothing of an activity of type ${type}`, async () => {
      const user = new TeamsUser(app.url, teams);
      expect((await user.send(user.activity({ type }))).status).to.equal(200);
      expect(await storedText(app.folder)).not.to.include(user.personal);
    });
  }

  it('keep nothing of an invoke that is not known', async () => {
    const user = new TeamsUser(app.url, teams);
    expect((await user.invoke('task/fetch', {})).status).to.equal(501);
    expect(await storedText(app.folder)).not.to.include(user.personal);
  });

  it('are served with a good token', async () => {
    const user = new TeamsUser(app.url, teams);
    const response = await user.send(user.activity({ text: 'forgot password' }));
    expect(response.status).to.equal(200);
    expect(teams.sent).to.have.length(1);
    expect(await storedText(app.folder)).to.include(user.personal);
  });

  it('are served for an app of one tenant, and for a managed identity', async () => {
    for (const MicrosoftAppType of ['SingleTenant', 'UserAssignedMSI']) {
      const settings: Record<string, string> = {
        MicrosoftAppId: appId,
        MicrosoftAppTenantId: randomUUID(),
        MicrosoftAppType,
      };
      if (MicrosoftAppType === 'SingleTenant') settings.MicrosoftAppPassword = 'not-a-secret';
      const { credentials: _, ...microsoft } = teams.microsoft;
      const one = await startTestApp(settings, { botFramework: microsoft, sendTimeout: 200 });
      const user = new TeamsUser(one.url, teams);
      expect((await user.send(user.activity({ text: 'hi' }), '')).status).to.equal(401);
      // The token is good, and how the app would sign in to reply is the framework's affair.
      const response = await user.send(user.activity({ text: 'hi', deliveryMode: 'expectReplies' }));
      expect(response.status).to.equal(200);
      await one.close();
    }
  });

  it('are told in the log, why and by which host, once, and nothing of what was said', async () => {
    const user = new TeamsUser(app.url, teams);
    const text = `secret words ${randomUUID()}`;
    for (let time = 0; time < 3; time++)
      await user.send(user.activity({ text, serviceUrl: 'https://other.example/emea/' }), await good());
    const lines = app.log().match(/.*"kind":"ServiceNotAllowed".*"host":"other\.example".*/g);
    expect(lines).to.have.length(1);
    expect(app.log()).to.include('"reason":"The token has expired"').and.to.include('"reason":"invalid signature"');
    expect(app.log()).not.to.include(text).and.not.include(user.objectId);
  });

  it('are refused with 503 while the keys fail, which is nobody’s fault who sends', async () => {
    const failing = createServer((_request, response) => {
      response.statusCode = 500;
      response.end();
    });
    await new Promise<void>((listening) => failing.listen(0, '127.0.0.1', listening));
    const address = `http://127.0.0.1:${(failing.address() as AddressInfo).port}/oidc`;
    const authority = { ...teams.microsoft.authority, ToBotFromChannelOpenIdMetadataUrl: address };
    const one = await startTestApp(teamsSettings, { botFramework: { ...teams.microsoft, authority } });
    const user = new TeamsUser(one.url, teams);
    expect((await user.send(user.activity({ text: 'hello' }))).status).to.equal(503);
    failing.closeAllConnections();
    failing.close();
    await one.close();
  });

  it('are refused in time while no token can be checked, and nothing is kept', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/oidc`;
    const authority = { ...teams.microsoft.authority, ToBotFromChannelOpenIdMetadataUrl: address };
    const one = await startTestApp(teamsSettings, {
      botFramework: { ...teams.microsoft, authority },
      answersWithin: 300,
    });
    const user = new TeamsUser(one.url, teams);
    expect((await user.send(user.activity({ text: 'hello' }))).status).to.equal(503);
    expect(await storedText(one.folder)).not.to.include(user.personal);
    silent.closeAllConnections();
    silent.close();
    await one.close();
  });
});
