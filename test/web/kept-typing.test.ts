import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect } from 'chai';
import type { Request, Response } from 'restify';
import { createKeys } from '../../src/keys.ts';
import type { Session } from '../../src/sessions/session.ts';
import { createCookies } from '../../src/web/cookies.ts';
import { createKeptTyping } from '../../src/web/kept-typing.ts';

const by = (account: string) => ({ account }) as Session;

describe('what was typed before a new sign-in', () => {
  let time: number;
  beforeEach(() => {
    time = Date.now();
  });
  const typing = createKeptTyping(createCookies('https://desk.example'), createKeys(['a secret of the tests']), () => {
    return new Date(time);
  });
  const answer = () => new ServerResponse(new IncomingMessage(new Socket())) as Response;
  /** The cookie that a browser is given; '' where nothing is kept. */
  async function kept(typed: string, account = 'issuer|ana', form = '/form'): Promise<string> {
    const response = answer();
    await typing.keep(response, by(account), form, typed);
    return String(response.getHeader('set-cookie') ?? '');
  }
  async function taken(cookie: string, account = 'issuer|ana', form = '/form') {
    const request = new IncomingMessage(new Socket()) as Request;
    request.headers.cookie = cookie.split(';', 1)[0] ?? '';
    const response = answer();
    return {
      typed: await typing.take(request, response, by(account), form),
      cleared: response.hasHeader('set-cookie'),
    };
  }

  it('comes back once for the account and form it was typed in, and is readable to nobody on the way', async () => {
    const cookie = await kept('Ana, ana@contoso.example\nÖzgür <b>');
    expect(decodeURIComponent(cookie)).not.to.include('contoso');
    expect(await taken(cookie)).to.deep.equal({ typed: 'Ana, ana@contoso.example\nÖzgür <b>', cleared: true });
  });

  it('is nothing to another account, and waits where another form is opened', async () => {
    const cookie = await kept('mine');
    expect(await taken(cookie, 'issuer|ben')).to.deep.equal({ typed: undefined, cleared: true });
    expect(await taken(cookie, 'issuer|ana', '/other')).to.deep.equal({ typed: undefined, cleared: false });
  });

  it('is over after ten minutes, and nothing where it was tampered with', async () => {
    const cookie = await kept('mine');
    expect((await taken(cookie.replace('typed=ey', 'typed=ez'))).typed).to.equal(undefined);
    time += 601_000;
    expect((await taken(cookie)).typed).to.equal(undefined);
  });

  it('holds a list of twenty people, and is left out where a browser would not keep it', async () => {
    const people = Array.from({ length: 20 }, (_, n) => `Person ${n * 7919}, p${n * 104729}@contoso.example`).join(
      '\n',
    );
    const cookie = await kept(people);
    expect(cookie.length).to.be.at.most(4096);
    expect((await taken(cookie)).typed).to.equal(people);
    const noise = Array.from({ length: 2000 }, (_, n) => ((n * 48271) % 65521).toString(36)).join(' ');
    expect([await kept(noise), await kept('  ')]).to.deep.equal(['', '']);
  });
});
