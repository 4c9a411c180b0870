import { expect } from 'chai';
import { Change } from '../../src/records/records.ts';
import { minute } from '../support/access-rooms.ts';
import { type Chat, type DialogBench, openDialogBench } from '../support/dialog-bench.ts';
import { converse } from '../support/dialog-table.ts';

const account = { key: 'https://login.test|amira', email: 'amira.malik@outlook.example' };

describe('sending an invitation again', () => {
  let bench: DialogBench;
  let people = 0;
  let chat: Chat;
  let address: string;
  beforeEach(async () => {
    bench ??= await openDialogBench();
    chat = bench.chat(`amira${++people}`);
    address = `${chat.name}@contoso.example`;
    await bench.rooms.person(chat.name);
  });
  after(() => bench.close());

  /** Templates of the mails to the address. */
  async function mails(to = address): Promise<string[]> {
    await bench.rooms.asks.idle();
    return (await bench.rooms.mails()).filter((mail) => mail.to === to).map(({ template }) => template);
  }

  async function prove(): Promise<void> {
    await chat.say('list-profiles');
    await chat.say(address);
    await chat.say(await bench.rooms.code());
    await chat.say('cancel');
  }

  it('takes the address from the very sentence', async () => {
    await converse(chat, [
      [
        `resend my invite to ${address}`,
        [`If ${address} is on a profile, an e-mail for each one is on its way`, 'spam folder', 'ask a person'],
      ],
    ]);
    expect(await mails()).to.deep.equal(['invitation']);
  });

  it('asks which address, once, and sends one e-mail for each profile', async () => {
    await bench.rooms.person(`${chat.name}-b`, { email: address }, { name: `Fabrikam ${people}` });
    await converse(chat, [
      ['I never got my invitation', 'Which e-mail address is on your profile?'],
      [address.toUpperCase(), 'an e-mail for each one is on its way'],
    ]);
    expect(await mails()).to.deep.equal(['invitation', 'invitation']);
  });

  it('is begun by a chip of its own for another address', async () => {
    await chat.say(`resend-invite`);
    await chat.say('somebody.else@contoso.example');
    const chips = chat.replies.at(-1)?.activity.suggestedActions?.actions.map(({ title }) => title) ?? [];
    expect(chips).to.include('Ask a person');
    expect(await chat.say(chips[0] ?? '')).to.include('Which e-mail address is on your profile?');
  });

  it('says the same about every address', async () => {
    await bench.rooms.person(`${chat.name}-linked`);
    await bench.rooms.link(`${chat.name}-linked`, account);
    const said = [address, `${chat.name}-linked@contoso.example`, 'nobody@nowhere.example'];
    const replies = new Set<string>();
    for (const one of said) replies.add((await chat.say(`resend invite to ${one}`)).replace(one, 'ADDRESS'));
    expect([...replies]).to.have.length(1);
    expect(await mails('nobody@nowhere.example')).to.deep.equal([]);
  });

  it('can be done by its card', async () => {
    await chat.say('resend-invite');
    expect(await chat.press('Send the e-mails', { address })).to.include('is on its way');
    expect(await mails()).to.deep.equal(['invitation']);
  });

  it('says what is wrong with an address, then that it gives up, then sends it to a person', async () => {
    await converse(chat, [
      ['resend-invite', 'Which'],
      ['amira@contoso', ['has no ending', 'Which e-mail address']],
      ['amira', 'That was no address'],
      ['amira again', 'Write one address, or say “cancel”'],
      ['amira', 'here is a person'],
    ]);
  });

  it('gives who has proven the mailbox an honest receipt for each profile', async () => {
    await bench.rooms.person(`${chat.name}-b`, { email: address }, { name: `Linked ${people}` });
    await bench.rooms.link(`${chat.name}-b`, account);
    await bench.rooms.person(`${chat.name}-c`, { email: address }, { name: `Old ${people}`, planUntil: '2020-01-31' });
    await prove();
    await converse(chat, [
      [
        `resend my invite to ${address}`,
        [
          '**Contoso Ltd.**, CustomerSource: invitation sent',
          `**Linked ${people}**, CustomerSource: linked already`,
          `**Old ${people}**, CustomerSource: gives no access at the moment`,
        ],
      ],
      [`resend my invite to ${address}`, 'an invitation was sent less than five minutes ago'],
      ['resend-invite', `1. ${address}`],
      ['1', 'less than five minutes ago'],
      ['resend invite to other@contoso.example', 'If other@contoso.example is on a profile'],
    ]);
    expect(await mails()).to.include.members(['invitation', 'alreadyLinked', 'noAccess']);
  });

  it('replaces the link that is on its way for who has proof, and leaves it for who has none', async () => {
    const invitation = async () =>
      (await bench.rooms.mails()).filter((mail) => mail.to === address && mail.template === 'invitation');
    await chat.say(`resend my invite to ${address}`);
    bench.rooms.pass(6 * minute);
    await chat.say(`resend my invite to ${address}`);
    await bench.rooms.asks.idle();
    const ids = (await invitation()).map(({ data }) => (data as { invitation: string }).invitation);
    const live = async () => (await Promise.all(ids.map((id) => bench.rooms.invitations.token(id)))).filter(Boolean);
    expect(await live()).to.have.length(2);
    bench.rooms.pass(6 * minute);
    await prove();
    await chat.say(`resend my invite to ${address}`);
    expect(await live()).to.have.length(0);
  });

  it('sends the link of a move that is under way, and not that the profile is linked', async () => {
    await bench.rooms.link(chat.name, account);
    await bench.rooms.reassociations.request(
      chat.name,
      bench.rooms.asker(chat.name, { level: 'sign-in', account: account.key }),
    );
    bench.rooms.pass(6 * minute);
    await prove();
    await converse(chat, [[`resend my invite to ${address}`, 'CustomerSource: invitation sent']]);
    expect(await mails()).not.to.include('alreadyLinked');
  });

  it('tells when to try again after twenty addresses in an hour, over a restart too', async () => {
    for (let count = 0; count < 20; count++) await chat.say(`resend invite to nobody${count}@nowhere.example`);
    await bench.restart();
    await converse(chat, [
      [`resend invite to ${address}`, /You asked often enough for now. Try again after .* UTC.*Nothing was sent/],
    ]);
    expect(await mails()).to.deep.equal([]);
  });

  it('escapes what a user wrote', async () => {
    await converse(chat, [
      ['resend-invite', 'Which'],
      ['[x](https://evil.test)@<b>', /^(?![\s\S]*(?<!\\)\]\(https)/],
      ['a_b*c@contoso.example', 'a\\_b\\*c@contoso.example'],
    ]);
  });

  it('sends nothing for a profile that is not there any more', async () => {
    await prove();
    const { records, directory } = bench.rooms;
    const member = await directory.member(chat.name);
    if (member) await records.commit(new Change().delete({ name: 'profiles', indexes: {} }, member.profile as never));
    await converse(chat, [[`resend invite to ${address}`, 'is on a profile']]);
    expect(await mails()).to.deep.equal(['code']);
  });
});
