import { expect } from 'chai';
import { profiles } from '../../src/directory/directory.ts';
import { Change } from '../../src/records/records.ts';
import { day, minute } from '../support/access-rooms.ts';
import { type Chat, type DialogBench, openDialogBench } from '../support/dialog-bench.ts';
import { converse } from '../support/dialog-table.ts';

describe('moving a profile to another account', () => {
  let bench: DialogBench;
  let people = 0;
  let chat: Chat;
  let address: string;
  const account = () => ({ key: `https://login.test|amira${people}`, email: 'amira.malik@outlook.example' });
  beforeEach(async () => {
    bench ??= await openDialogBench();
    chat = bench.chat(`amira${++people}`);
    address = `${chat.name}@contoso.example`;
    await bench.rooms.person(chat.name, {}, { name: `Contoso ${people}` });
    await bench.rooms.link(chat.name, account());
  });
  after(() => bench.close());

  async function mails(to = address): Promise<string[]> {
    return (await bench.rooms.mails()).filter((mail) => mail.to === to).map(({ template }) => template);
  }

  async function signIn(): Promise<string> {
    const id = chat.links.at(-1)?.split('/').at(-1) ?? '';
    const offered = await bench.rooms.chatSignIns.offer(id, account().key);
    return offered.outcome === 'offered' ? offered.number : '';
  }

  async function beginSignedIn(): Promise<string> {
    await chat.say('reassociate');
    await chat.say('sign in');
    return chat.say(await signIn());
  }

  async function beginByMail(): Promise<string> {
    await chat.say('reassociate');
    await chat.say('send a code');
    await chat.say(address);
    return chat.say(await bench.rooms.code());
  }

  const state = async () => (await bench.rooms.reassociations.latestOf(chat.name))?.value.state;

  it('shows what is and what will be before it sends the link to who signed in', async () => {
    const shown = await beginSignedIn();
    for (const part of [
      'Switch the Microsoft Account?',
      `For **Contoso ${people}**, CustomerSource.`,
      'Now: a...@outlook.example',
      'After you confirm: The account you sign in with when you open the new link',
      `We send the link to ${address}. Until it is used, everything stays as it is.`,
      '1. Send the link',
    ])
      expect(shown).to.include(part);
    expect(await state()).to.equal(undefined);
    await converse(chat, [
      ['send the link', [`is on its way to ${address}`, 'until then the old account stays linked']],
    ]);
    expect(await state()).to.equal('invited');
    expect(await mails()).to.include('invitation');
    expect((await bench.rooms.accounts.association(chat.name))?.value.account.key).to.equal(account().key);
  });

  it('sets “now” and “after” apart on the card', async () => {
    await beginSignedIn();
    const body: { type: string; style?: string }[] = chat.replies.at(-1)?.activity.attachments?.[0]?.content.body;
    expect(body.filter(({ type }) => type === 'Container').map(({ style }) => style)).to.deep.equal([
      'emphasis',
      'accent',
    ]);
  });

  it('lets staff decide for who showed only that they read the mail, and tells them in the chat', async () => {
    expect(await beginByMail()).to.include('After you confirm: A person decides first.');
    await converse(chat, [['ask for it', ['A person decides about moving', 'You hear of it here and by mail']]]);
    expect(await state()).to.equal('awaiting-approval');
    expect(await mails()).not.to.include('invitation');
    const request = (await bench.rooms.reassociations.latestOf(chat.name))?.value.request ?? '';
    bench.awaited.wake();
    await bench.awaited.idle();
    expect(bench.told).to.deep.equal([]);
    await bench.rooms.reassociations.approve(chat.name, request, { actor: 'staff:lea', proof: 'sign-in' }, 'Known.');
    await bench.restart();
    bench.awaited.wake();
    await bench.awaited.idle();
    bench.awaited.wake();
    await bench.awaited.idle();
    expect(bench.told).to.deep.equal([{ conversation: `test/${chat.name}`, text: 'move approved' }]);
    expect(await mails()).to.include.members(['decided', 'invitation']);
  });

  it('takes a code, and asks staff, from who is signed in with the account they want to use', async () => {
    bench.signedIn.set(`test/${chat.name}`, {
      level: 'sign-in',
      account: 'https://login.test|the-new-one',
      verifiedAt: bench.rooms.now().toISOString(),
    });
    await converse(chat, [
      ['reassociate', ['No profile is linked to the account you are signed in with', 'in another way']],
      ['1', ['Sign in with the Microsoft Account it is linked to now']],
      ['send a code', ['Which e-mail address']],
      [address, ['eight digits']],
    ]);
    await chat.say(await bench.rooms.code());
    await chat.say('1');
    expect(await state()).to.equal('awaiting-approval');
  });

  it('corrects the address on the way, for who signed in at once', async () => {
    await beginSignedIn();
    await converse(chat, [
      ['change address', 'What is the right e-mail address?'],
      ['amira@new', 'has no ending'],
      [`new${people}@contoso.example`, `A code of eight digits is on its way to new${people}@contoso.example`],
      ['00000000', 'That is not the code. You have 4 more tries.'],
      [
        () => bench.rooms.code(),
        [`The address of the profile is new${people}@contoso.example now.`, `We send the link to new${people}@contoso`],
      ],
      ['1', `is on its way to new${people}@contoso.example`],
    ]);
    expect((await bench.rooms.directory.member(chat.name))?.profile.value.email).to.equal(
      `new${people}@contoso.example`,
    );
    expect(await mails(`new${people}@contoso.example`)).to.include('invitation');
    expect(await mails()).to.include('addressChanged');
  });

  it('lets staff decide about the address too where the mailbox is all that was shown', async () => {
    await beginByMail();
    await converse(chat, [
      ['2', 'What is the right e-mail address?'],
      [`new${people}@contoso.example`, 'A code of eight digits'],
      [() => bench.rooms.code(), [`A person decides about new${people}@`, 'Your new address waits for a person.']],
      ['2', 'What is the right e-mail address?'],
      [`newer${people}@contoso.example`, 'Another change of its address waits for a person already.'],
      ['1', 'A person decides about moving'],
    ]);
    expect((await bench.rooms.directory.member(chat.name))?.profile.value.email).to.equal(address);
  });

  it('says what stays and what was changed when it is cancelled in the middle', async () => {
    await beginSignedIn();
    await converse(chat, [['cancel', 'Cancelled. The account stays as it is.']]);
    await converse(chat, [
      ['reassociate', '1. Send the link'],
      ['2', 'What is'],
      [`other${people}@contoso.example`, 'A code'],
      [() => bench.rooms.code(), 'The address of the profile is'],
      ['3', 'The account stays as it is; the address of the profile was changed.'],
    ]);
    expect(await state()).to.equal(undefined);
  });

  it('says that a person still decides about the address when it is cancelled after that', async () => {
    await beginByMail();
    await chat.say('change address');
    await chat.say(`new${people}@contoso.example`);
    await chat.say(await bench.rooms.code());
    await converse(chat, [['cancel', 'The account stays as it is; a person still decides about the new address.']]);
  });

  it('asks once more where the address was changed between the summary and the word to send', async () => {
    await beginSignedIn();
    const { records, directory } = bench.rooms;
    const member = await directory.member(chat.name);
    const email = `moved${people}@contoso.example`;
    if (member) {
      const change = new Change().update(profiles, member.profile, { ...member.profile.value, email, address: email });
      await records.commit(change);
    }
    await converse(chat, [
      ['1', ['The address on the profile was changed meanwhile', `We send the link to ${email}.`]],
      ['1', `is on its way to ${email}`],
    ]);
    expect(await mails()).not.to.include('invitation');
  });

  it('asks which profile where there are several that are linked', async () => {
    await bench.rooms.person(`${chat.name}-b`, { email: address }, { name: `Beta ${people}` });
    await bench.rooms.link(`${chat.name}-b`, account());
    await bench.rooms.person(`${chat.name}-c`, { email: address }, { name: `Unlinked ${people}` });
    const shown = await beginByMail();
    expect(shown).to.include('Which profile').and.include(`1. **Beta`).and.include('2. **Contoso');
    expect(shown).not.to.include('Unlinked');
    await converse(chat, [
      ['1', `For **Beta ${people}**`],
      ['back', 'Which profile'],
      ['2', `For **Contoso ${people}**`],
    ]);
  });

  it('says so where nothing is linked, where nothing is found, and where a move is under way', async () => {
    const other = bench.chat(`unlinked${people}`);
    await bench.rooms.person(other.name);
    await converse(other, [
      ['reassociate', '1. Sign in'],
      ['2', 'Which'],
      [`${other.name}@contoso.example`, 'A code'.toLowerCase()],
      [() => bench.rooms.code(), 'None of your profiles is linked'],
    ]);
    await beginSignedIn();
    await chat.say('1');
    await converse(chat, [['reassociate', `A move of Contoso ${people} in CustomerSource is under way already`]]);
  });

  it('sends nothing when the proof runs out before the last word', async () => {
    await beginSignedIn();
    bench.rooms.pass(15 * minute);
    await converse(chat, [
      ['1', ['and that is over', 'I move a profile only for the person it belongs to', '1. Sign in']],
    ]);
    expect(await state()).to.equal(undefined);
  });

  it('sends nothing for a profile that is another account’s by then, and says why', async () => {
    await beginSignedIn();
    await bench.rooms.link(chat.name, { key: 'https://login.test|next' });
    const replied = await chat.say('1');
    expect(replied).to.include('That profile is not one of yours any more, so nothing more was changed.');
    expect(await state()).to.equal(undefined);
  });

  it('does once what is asked twice', async () => {
    await beginSignedIn();
    const send = chat.data('Send the link');
    await chat.submit(send);
    expect(await chat.submit(send)).to.include('This was done already. The link for Contoso');
    expect((await mails()).filter((template) => template === 'invitation')).to.have.length(1);
  });

  it('sends nothing for a profile of somebody else, whatever a card says', async () => {
    await bench.rooms.person(`victim${people}`);
    await bench.rooms.link(`victim${people}`, { key: 'https://login.test|victim' });
    await bench.rooms.person(`${chat.name}-b`, { email: address }, { name: `Beta ${people}` });
    await bench.rooms.link(`${chat.name}-b`, account());
    await beginSignedIn();
    const data = chat.data(`Beta ${people}`) as object;
    expect(await chat.submit({ ...data, choice: `victim${people}`, profile: `victim${people}` })).to.include(
      'Which profile',
    );
    expect(await bench.rooms.reassociations.latestOf(`victim${people}`)).to.equal(undefined);
  });

  it('tells nothing in the chat of a request that was taken back or ran out', async () => {
    bench.told.length = 0;
    await beginByMail();
    await chat.say('1');
    bench.rooms.pass(8 * day);
    await bench.rooms.reassociations.cancel(chat.name, { staff: { actor: 'staff:lea', proof: 'sign-in' } });
    bench.awaited.wake();
    await bench.awaited.idle();
    expect(bench.told).to.deep.equal([]);
  });
});
