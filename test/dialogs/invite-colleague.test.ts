import { expect } from 'chai';
import { readPeople } from '../../src/dialogs/read-people.ts';
import { minute } from '../support/access-rooms.ts';
import { type Chat, type DialogBench, openDialogBench } from '../support/dialog-bench.ts';
import { converse } from '../support/dialog-table.ts';

describe('inviting colleagues', () => {
  let bench: DialogBench;
  let people = 0;
  let chat: Chat;
  beforeEach(async () => {
    bench ??= await openDialogBench();
    chat = bench.chat(`ada${++people}`);
    await bench.rooms.person(chat.name, { role: 'administrator' }, { name: `Contoso ${people}` });
    await bench.rooms.link(chat.name, { key: `https://login.test|${chat.name}` });
    signIn();
  });
  after(() => bench.close());

  function signIn(): void {
    const verifiedAt = bench.rooms.now().toISOString();
    const account = `https://login.test|${chat.name}`;
    bench.signedIn.set(`test/${chat.name}`, { level: 'sign-in', account, verifiedAt });
  }

  const invitedTo = async () =>
    (await bench.rooms.mails()).filter(({ template }) => template === 'invitation').map(({ to }) => to);

  it('shows the list once more before it invites', async () => {
    await converse(chat, [
      ['invite-colleague', [`Whom shall I invite to Contoso ${people} in CustomerSource?`, 'up to 20']],
      [
        `Ann Lee <ann${people}@contoso.example>; bob.kay${people}@contoso.example`,
        [
          'Invite these 2 people?',
          `Ann Lee, ann${people}@contoso.example`,
          `Bob Kay${people}, bob.kay${people}@contoso.example`,
          'Where there was no name I made one',
          '1. Send 2 invitations',
        ],
      ],
      ['1', [`2 people were invited to Contoso ${people}`, `Ann Lee, ann${people}@contoso.example: invited`]],
    ]);
    expect(await invitedTo()).to.include.members([`ann${people}@contoso.example`, `bob.kay${people}@contoso.example`]);
  });

  it('asks again where no mail can go to any of them', async () => {
    await converse(chat, [
      ['invite-colleague', 'Whom shall I invite'],
      [
        'ann@nowhere; Bob, bob@',
        ['None of these is an address that mail can go to: ann@nowhere; Bob, bob@', 'Whom shall'],
      ],
    ]);
  });

  it('keeps the list for who has to show once more who they are', async () => {
    await chat.say('invite-colleague');
    await chat.say(`ann${people}@contoso.example`);
    bench.rooms.pass(15 * minute);
    await converse(chat, [['1', 'Open this page and sign in']]);
    const id = chat.links.at(-1)?.split('/').at(-1) ?? '';
    const offered = await bench.rooms.chatSignIns.offer(id, `https://login.test|${chat.name}`);
    await converse(chat, [
      [offered.outcome === 'offered' ? offered.number : '', 'Invite this person?'],
      ['1', 'One person was invited'],
    ]);
  });

  it('takes an address from the very sentence', async () => {
    await converse(chat, [
      [`Please invite my colleague ann${people}@contoso.example`, 'Invite this person?'],
      ['yes', 'One person was invited'],
    ]);
  });

  it('takes an address from the question that it was suggested for', async () => {
    await converse(chat, [
      [`Please invite ann${people}@contoso.example`, 'Invite a colleague'],
      ['Invite a colleague', 'Invite this person?'],
      ['yes', 'One person was invited'],
    ]);
  });

  it('can be done by its cards', async () => {
    await chat.say('invite-colleague');
    await chat.press('Check the list', {
      people: `Ann, ann${people}@contoso.example\nBob, bob${people}@contoso.example`,
    });
    expect(await chat.press('Send 2 invitations')).to.include('2 people were invited');
  });

  it('lets the list be changed, by its button or by writing another', async () => {
    await converse(chat, [
      ['invite-colleague', 'Whom'],
      [`ann${people}@contoso.example`, 'Invite this person?'],
      ['change the list', 'Whom shall I invite'],
      [`Bob, bob${people}@contoso.example`, `Bob, bob${people}@contoso.example`],
      [`Carl, carl${people}@contoso.example`, ['Invite this person?', `Carl, carl${people}@contoso.example`]],
      ['1', 'One person was invited'],
    ]);
    expect((await invitedTo()).filter((to) => to.endsWith(`${people}@contoso.example`))).to.deep.equal([
      `carl${people}@contoso.example`,
    ]);
  });

  it('says who could not be invited, and why', async () => {
    await bench.rooms.person(`there${people}`, {}, { name: `Contoso ${people}` });
    await bench.rooms.link(`there${people}`, { key: 'https://login.test|there' });
    await chat.say('invite-colleague');
    const list = [
      `There, there${people}@contoso.example`,
      `Ann, ann${people}@contoso.example`,
      `Ann again, ANN${people}@contoso.example`,
      'Bad, bad@contoso',
      'bob',
    ];
    const checked = await chat.say(list.join('\n'));
    expect(checked).to.include('Not invited: Bad, bad@contoso; bob.').and.not.include('there was no name');
    const receipt = await chat.say('1');
    expect(receipt).to.include('One person was invited');
    expect(receipt).to.include(`There, there${people}@contoso.example: has access already`);
    expect(receipt).to.include(`ANN${people}@contoso.example: is in the list twice`);
    expect(receipt).to.include('bad@contoso: is not an address that mail can go to');
  });

  it('takes twenty and no more', async () => {
    const list = (count: number) =>
      Array.from({ length: count }, (_, n) => `p${n}-${people}@contoso.example`).join('; ');
    await converse(chat, [
      ['invite-colleague', 'Whom'],
      [list(21), 'That is 21 people; up to 20 can be invited at once.'],
      [list(20), 'Invite these 20 people?'],
      ['1', '20 people were invited'],
    ]);
  });

  it('asks which company where there are several, and knows only those that are administered', async () => {
    await bench.rooms.person(`${chat.name}-b`, { role: 'administrator' }, { name: `Beta ${people}` });
    await bench.rooms.person(`${chat.name}-c`, {}, { name: `Member ${people}` });
    for (const one of ['b', 'c'])
      await bench.rooms.link(`${chat.name}-${one}`, { key: `https://login.test|${chat.name}` });
    const shown = await chat.say('invite-colleague');
    expect(shown).to.include('To which company').and.not.include('Member');
    await converse(chat, [['1', `Whom shall I invite to Beta ${people}`]]);
  });

  it('invites nobody for who is no administrator, or is none any more', async () => {
    await bench.rooms.person(`member${people}`);
    await bench.rooms.link(`member${people}`, { key: `https://login.test|member${people}` });
    const member = bench.chat(`member${people}`);
    const verifiedAt = bench.rooms.now().toISOString();
    bench.signedIn.set(`test/${member.name}`, {
      level: 'sign-in',
      account: `https://login.test|${member.name}`,
      verifiedAt,
    });
    expect(await member.say('invite-colleague')).to.include('None of your profiles is one of an administrator');
    await chat.say('invite-colleague');
    await chat.say(`ann${people}@contoso.example`);
    bench.rooms.pass(16 * minute);
    expect(await chat.press('Send the invitation')).to.include('Open this page and sign in');
    expect(await invitedTo()).not.to.include(`ann${people}@contoso.example`);
  });

  it('lets somebody sign in with another account', async () => {
    const member = bench.chat(`both${people}`);
    await bench.rooms.person(member.name);
    await bench.rooms.link(member.name, { key: `https://login.test|${member.name}` });
    const verifiedAt = bench.rooms.now().toISOString();
    const account = `https://login.test|${member.name}`;
    bench.signedIn.set(`test/${member.name}`, { level: 'sign-in', account, verifiedAt });
    await converse(member, [
      ['invite-colleague', ['None of your profiles', '1. Sign in with another account']],
      ['1', 'Open this page and sign in'],
      [
        async ({ links }) => {
          const id = links.at(-1)?.split('/').at(-1) ?? '';
          const offered = await bench.rooms.chatSignIns.offer(id, `https://login.test|${chat.name}`);
          return offered.outcome === 'offered' ? offered.number : '';
        },
        `Whom shall I invite to Contoso ${people}`,
      ],
    ]);
  });

  it('does once what is pressed twice', async () => {
    await chat.say('invite-colleague');
    await chat.say(`ann${people}@contoso.example`);
    const send = chat.data('Send the invitation');
    await chat.submit(send);
    expect(await chat.submit(send)).to.include('This was done already. One person was invited');
  });

  it('reads lists in the ways that people write them', () => {
    const ann = { name: 'Ann Lee', email: 'ann@contoso.example' };
    const bob = { name: '', email: 'bob@contoso.example' };
    for (const [text, rows] of [
      ['ann@contoso.example', [{ ...ann, name: '' }]],
      ['Ann Lee <ann@contoso.example>', [ann]],
      ['"Ann Lee" <ann@contoso.example>, bob@contoso.example', [ann, bob]],
      ['Ann Lee, ann@contoso.example\n\nbob@contoso.example\r\n', [ann, bob]],
      ['Ann Lee;ann@contoso.example;bob@contoso.example', [ann, bob]],
      ['Ann Lee ann@contoso.example', [ann]],
      [
        'ann@contoso.example\tnobody',
        [
          { ...ann, name: '' },
          { name: '', email: 'nobody' },
        ],
      ],
      [' ; ,\n', []],
    ] as const)
      expect(readPeople(text), text).to.deep.equal(rows);
  });
});
