import { expect } from 'chai';
import { minute } from '../support/access-rooms.ts';
import { type Chat, type DialogBench, openDialogBench } from '../support/dialog-bench.ts';
import { converse } from '../support/dialog-table.ts';

const account = { key: 'https://login.test|amira', email: 'amira.malik@outlook.example' };

describe('listing profiles', () => {
  let bench: DialogBench;
  let people = 0;
  let chat: Chat;
  let address: string;
  beforeEach(async () => {
    bench ??= await openDialogBench();
    chat = bench.chat(`amira${++people}`);
    address = `${chat.name}@contoso.example`;
  });
  after(() => bench.close());

  const profile = (name: string, company: object = {}) =>
    bench.rooms.person(
      `${chat.name}-${name}`,
      { email: address, name: 'Amira Malik' },
      { name: `${name} ${people}`, ...company },
    );
  const link = (name: string) => bench.rooms.link(`${chat.name}-${name}`, account);

  async function list(): Promise<string> {
    await chat.say('show my profiles');
    await chat.say(address);
    return chat.say(await bench.rooms.code());
  }

  it('says so where there is none, and what to do', async () => {
    await bench.rooms.person(chat.name, { email: 'other@contoso.example' });
    bench.signedIn.set(`test/${chat.name}`, proof('sign-in', 'https://login.test|nobody'));
    await converse(chat, [['show my profiles', ['No profile is linked to the account', 'resend my invitation']]]);
  });

  it('finds those of a mailbox where the account that is signed in has none', async () => {
    await profile('Solo');
    bench.signedIn.set(`test/${chat.name}`, proof('sign-in', 'https://login.test|nobody'));
    await converse(chat, [
      ['show my profiles', ['No profile is linked to the account', 'Show who I am in another way']],
      ['1', ['Which e-mail address']],
      [address, ['eight digits']],
    ]);
    expect(await chat.say(await bench.rooms.code())).to.include(`**Solo ${people}**`);
  });

  it('shows a single one whole, with what can be done', async () => {
    await profile('Solo', { planUntil: '2027-03-31' });
    await link('Solo');
    const shown = await list();
    for (const part of [
      `**Solo ${people}**`,
      'You have one profile.',
      `CustomerSource, for Amira Malik at ${address}.`,
      'It is linked to a...@outlook.example.',
      'It gives access until 31 March 2027.',
      'Open CustomerSource: <https://customers.example>',
      '1. Use this one',
      '2. Move to another account',
    ])
      expect(shown).to.include(part);
    expect(shown).not.to.include('amira.malik');
  });

  it('lists several with their state, to pick by number or by name', async () => {
    await profile('Alpha');
    await profile('Beta', { portal: 'PartnerSource' });
    await profile('Gamma', { planUntil: '2020-01-31' });
    await link('Beta');
    const shown = await list();
    expect(shown).to.include('You have 3 profiles.');
    expect(shown).to.include(`1. **Alpha ${people}**, CustomerSource, ${address} (Not linked)`);
    expect(shown).to.include(`2. **Beta ${people}**, PartnerSource, ${address} (Linked)`);
    expect(shown).to.include(`3. **Gamma ${people}**, CustomerSource, ${address} (No access)`);
    await converse(chat, [
      [`gamma ${people}`, ['It gives no access: the plan of Gamma', '31 January 2020', '1. Done']],
      ['back', 'You have 3 profiles.'],
      ['1', ['It is not linked to a Microsoft Account yet.', '1. Send invitation']],
      ['back', 'You have 3 profiles.'],
      ['2', ['Open PartnerSource: <https://partners.example/start/>', '2. Move to another account']],
    ]);
  });

  it('shows six and a link to all where there are more', async () => {
    for (const name of ['A', 'B', 'C', 'D', 'E', 'F', 'G']) await profile(name);
    const shown = await list();
    expect(shown).to.include('first six of 7');
    expect(shown).to.include('6. **F');
    expect(shown).not.to.include('**G');
    expect(chat.links).to.deep.equal(['http://desk.test/accounts']);
    expect(await chat.press(`A ${people}`)).to.include('not linked');
  });

  it('writes into the trail which profiles it showed, once, by which proof', async () => {
    await profile('Alpha');
    await profile('Beta');
    await list();
    await converse(chat, [
      ['1', 'Send invitation'],
      ['back', 'You have 2 profiles.'],
    ]);
    const rows = await bench.rooms.trailRows();
    const shown = rows.filter(({ action, actor }) => action === 'profile.shown' && actor === `chat:test/${chat.name}`);
    expect(shown.map(({ profile, proof }) => `${profile} ${proof}`)).to.deep.equal([
      `${chat.name}-Alpha mailbox`,
      `${chat.name}-Beta mailbox`,
    ]);
  });

  it('sends an invitation for one', async () => {
    await profile('Alpha');
    await list();
    await converse(chat, [['send invitation', [`For ${address}:`, 'invitation sent']]]);
  });

  it('sends it for that one only, where more carry its address', async () => {
    await profile('Alpha');
    await profile('Beta');
    await list();
    await chat.say('2');
    const receipt = await chat.say('send invitation');
    await bench.rooms.asks.idle();
    expect(receipt).to.include(`**Beta ${people}**`).and.not.include('Alpha').and.not.include('other profiles');
    const sent = (await bench.rooms.mails()).filter(({ to, template }) => to === address && template !== 'code');
    expect(sent.map(({ template, about }) => `${template} ${about}`)).to.deep.equal([`invitation ${chat.name}-Beta`]);
  });

  it('goes on to moving one, with the profile that was picked', async () => {
    for (const name of ['Alpha', 'Beta']) {
      await profile(name);
      await link(name);
    }
    await list();
    await converse(chat, [
      ['2', '2. Move to another account'],
      ['2', '2. Let a person decide'],
      ['2', `For **Beta ${people}**, CustomerSource.`],
    ]);
  });

  it('makes one the profile in use where its person is signed in, and leads to the page where not', async () => {
    await profile('Alpha');
    await link('Alpha');
    await list();
    expect(await chat.press('Use this one')).to.include('Choose it on this page: <http://desk.test/accounts>');
    bench.signedIn.set(`test/${chat.name}`, proof('sign-in', account.key));
    const signedIn = bench.chat(chat.name, `${chat.name}-2`);
    await signedIn.say('show my profiles');
    if (signedIn.text.includes('Which one')) await signedIn.press(`Alpha ${people}`);
    expect(await signedIn.press('Use this one')).to.equal(
      `Alpha ${people} in CustomerSource is the profile in use now.`,
    );
    expect(bench.used).to.include(`${chat.name}-Alpha`);
  });

  it('does nothing for a profile that the proof does not reach, whatever a card says', async () => {
    await profile('Alpha');
    await profile('Beta');
    await bench.rooms.person(`victim${people}`);
    await list();
    for (const choice of [`victim${people}`, '__proto__', ['x']]) {
      const data = chat.data(`Alpha ${people}`) as object;
      expect(await chat.submit({ ...data, choice })).to.include('Which one is it about?');
    }
    expect(await chat.say(`victim${people}`)).not.to.include('victim');
  });

  it('shows nothing once the proof has run out', async () => {
    await profile('Alpha');
    await profile('Beta');
    await list();
    bench.rooms.pass(16 * minute);
    expect(await chat.press(`Alpha ${people}`)).to.include('Which e-mail address is on your profile?');
  });

  function proof(level: 'sign-in', of: string) {
    return { level, account: of, verifiedAt: bench.rooms.now().toISOString() } as const;
  }
});
