import { expect } from 'chai';
import { minute } from '../support/access-rooms.ts';
import { type Chat, type DialogBench, openDialogBench } from '../support/dialog-bench.ts';
import { converse } from '../support/dialog-table.ts';
import { numberAlone } from '../support/number-alone.ts';

const account = { key: 'https://login.test|amira', name: 'Amira Malik', email: 'amira.malik@outlook.example' };

describe('proving who one is', () => {
  let bench: DialogBench;
  let people = 0;
  let chat: Chat;
  let address: string;
  beforeEach(async () => {
    bench ??= await openDialogBench();
    const id = `amira${++people}`;
    address = `${id}@contoso.example`;
    await bench.rooms.person(id, {}, { name: `Contoso ${people}` });
    await bench.rooms.link(id, { ...account, key: `${account.key}${people}` });
    chat = bench.chat(id);
  });
  after(() => bench.close());

  /** Opens the link and signs in: the number that the page shows. */
  async function signIn(): Promise<string> {
    const id = chat.links.at(-1)?.split('/').at(-1) ?? '';
    const offered = await bench.rooms.chatSignIns.offer(id, `${account.key}${people}`);
    return offered.outcome === 'offered' ? offered.number : '';
  }

  it('takes a code from the mailbox for looking at profiles, however it is written', async () => {
    await converse(chat, [
      ['show my profiles', ['only to the person they belong to', 'Which e-mail address']],
      [`it is ${address}.`, 'a code of eight digits is on its way'],
      [async () => (await bench.rooms.code()).replace(/^(.{4})/, 'here: $1 '), 'You have one profile.'],
    ]);
  });

  it('says the same about an address that nobody has, and lets no code in', async () => {
    const stranger = bench.chat(`stranger${people}`);
    await chat.say('show my profiles');
    await stranger.say('show my profiles');
    const known = await chat.say(address);
    expect(await stranger.say('nobody@nowhere.example')).to.equal(known.replace(address, 'nobody@nowhere.example'));
    await converse(stranger, [['00000000', 'That is not the code. You have 4 more tries.']]);
    await converse(chat, [['00000000', 'That is not the code. You have 4 more tries.']]);
  });

  it('locks a code after five wrong ones and sends a new one when asked', async () => {
    await chat.say('show my profiles');
    await chat.say(address);
    const right = await bench.rooms.code();
    const wrong = right === '00000000' ? '11111111' : '00000000';
    for (const left of [4, 3, 2]) expect(await chat.say(wrong)).to.include(`You have ${left} more tries`);
    await converse(chat, [
      [wrong, 'You have one more try'],
      [wrong, 'no longer works'],
      [right, 'no longer works'],
    ]);
    bench.rooms.pass(minute);
    await converse(chat, [
      ['send a new code', 'a code of eight digits is on its way'],
      [() => bench.rooms.code(), 'You have one profile.'],
    ]);
  });

  it('refuses a code that has run out', async () => {
    await chat.say('show my profiles');
    await chat.say(address);
    bench.rooms.pass(10 * minute);
    expect(await chat.say(await lateCode())).to.include('That code has run out');
  });

  it('refuses the code of another conversation of the same person', async () => {
    const elsewhere = bench.chat(chat.name, 'elsewhere');
    for (const one of [chat, elsewhere]) await one.say('show my profiles');
    await chat.say(address);
    const code = await bench.rooms.code();
    await elsewhere.say('somebody.else@contoso.example');
    await converse(elsewhere, [[code, 'That is not the code']]);
    expect(await chat.say(code)).to.include('You have one profile.');
  });

  it('tells when to ask again after five codes in an hour', async () => {
    await chat.say('show my profiles');
    await chat.say(address);
    for (let count = 0; count < 4; count++) await chat.say('1');
    const refused = await chat.say('1');
    expect(refused).to.match(/You asked for five codes in an hour. Try again after \d+ \w+ \d{4}, \d\d:\d\d UTC/);
    expect(refused).to.include('Which e-mail address is on your profile?').and.to.include('1. Sign in instead');
  });

  it('asks nothing of who has proven it, until a quarter of an hour later', async () => {
    await chat.say('show my profiles');
    await chat.say(address);
    await chat.say(await bench.rooms.code());
    await chat.say('done');
    expect(await chat.say('show my profiles')).to.include('You have one profile.');
    bench.rooms.pass(15 * minute);
    // A card that is still there shows nothing any more either.
    expect(await chat.press('Use this one')).to.include('Which e-mail address is on your profile?');
  });

  it('takes a sign-in, once the number that the page shows is typed here', async () => {
    await converse(chat, [
      ['show my profiles', '1. Sign in instead'],
      ['1', ['Open this page and sign in', 'http://desk.test/sign-in/chat/']],
      ['123456', 'Nobody has signed in by the link yet'],
    ]);
    const number = await signIn();
    await converse(chat, [
      [number === '000000' ? '000001' : '000000', 'That is not the number. You have 4 more tries.'],
      [number, 'You have one profile.'],
    ]);
  });

  it('takes the number of a sign-in in the conversation that asked only', async () => {
    const other = bench.chat(`thief${people}`);
    for (const one of [chat, other]) {
      await one.say('show my profiles');
      await one.say('1');
    }
    const number = await signIn();
    expect(await other.say(number)).to.include('Nobody has signed in by the link yet');
    expect(await chat.say(number)).to.include('You have one profile.');
  });

  it('shows the button that leads to the sign-in first and as the one that does it', async () => {
    const buttons = () =>
      chat.replies.flatMap(({ activity }) =>
        (activity.attachments ?? []).flatMap(({ content }) =>
          (content.actions as { title: string; style?: string }[]).map(({ title, style }) => [title, style]),
        ),
      );
    await chat.say('reassociate');
    expect(buttons()).to.deep.equal([
      ['Sign in', 'positive'],
      ['Send a code', undefined],
    ]);
    await chat.say('1');
    expect(buttons()).to.deep.equal([
      ['Sign in', 'positive'],
      ['Go on', undefined],
      ['New link', undefined],
    ]);
    await signIn();
    await chat.say('cancel');
    await chat.say('show my profiles');
    expect(buttons()).to.deep.equal([
      ['Send a code', 'positive'],
      ['Sign in instead', undefined],
    ]);
  });

  it('makes another link when asked, and the one before is over', async () => {
    await chat.say('show my profiles');
    await chat.say('sign in instead');
    const first = chat.links[0];
    await chat.say('new link');
    expect(chat.links[0])
      .to.match(/sign-in\/chat\//)
      .and.not.equal(first);
    expect(await bench.rooms.chatSignIns.find(first?.split('/').at(-1) ?? '')).to.equal(undefined);
    expect(await chat.say(await signIn())).to.include('You have one profile.');
  });

  it('offers a sign-in, or a code and then a person, for moving a profile', async () => {
    await converse(chat, [
      ['reassociate', ['1. Sign in', '2. Send a code', 'a person decides']],
      ['send a code', 'Which e-mail address'],
      [address, 'a code of eight digits'],
      ['back', 'Which e-mail address'],
      ['back', '1. Sign in'],
      ['1', 'Open this page'],
      [signIn, 'Switch the Microsoft Account?'],
    ]);
  });

  it('takes an address that is typed instead of a way as where the code shall go, known or not', async () => {
    const stranger = bench.chat(`stranger${people}`);
    await converse(chat, [
      ['reassociate', '2. Send a code'],
      ['amira@contoso', 'has no ending'],
    ]);
    await stranger.say('reassociate');
    const known = await chat.say(`my address is ${address}`);
    expect(known).to.include(`If ${address} is on a profile, a code of eight digits is on its way`);
    expect(await stranger.say('nobody@nowhere.example')).to.equal(known.replace(address, 'nobody@nowhere.example'));
    await converse(stranger, [['00000000', 'That is not the code. You have 4 more tries.']]);
    await converse(chat, [
      ['back', ['1. Sign in', '2. Send a code']],
      ['send a code', 'Which e-mail address'],
      ['back', '1. Sign in'],
      [address, 'a code of eight digits'],
      [() => bench.rooms.code(), 'Switch the Microsoft Account?'],
    ]);
  });

  it('takes nothing less than a sign-in for inviting people', async () => {
    await chat.say('show my profiles');
    await chat.say(address);
    await chat.say(await bench.rooms.code());
    await chat.say('done');
    await converse(chat, [
      ['invite-colleague', ['Only administrators', 'Open this page and sign in']],
      [signIn, 'None of your profiles is one of an administrator'],
    ]);
  });

  it('takes full-width digits, and keeps a code in no script', async () => {
    const inScript = (text: string, zero: number) =>
      text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
    await chat.say('show my profiles');
    await chat.say(address);
    const code = await bench.rooms.code();
    const arabic = inScript(code, 0x660);
    await converse(chat, [
      [arabic, 'The code is eight digits'],
      [inScript(code, 0xff10), 'You have one profile.'],
    ]);
    expect(await bench.kept(chat.name))
      .not.to.include(arabic)
      .and.not.to.include(inScript(code, 0xff10));
  });

  it('takes a code out of a sentence where its question is gone, and makes nothing of it', async () => {
    await chat.say('show my profiles');
    await chat.say(address);
    const code = await bench.rooms.code();
    await chat.say('cancel');
    await converse(chat, [
      ['person', 'Ask a person'],
      [`${code.slice(0, 4)} ${code.slice(4)} did not work for me123456@contoso.example, order 1234567`, '#1'],
    ]);
    expect(bench.handedOver.at(-1)?.question).to.include(
      '[code] did not work for me123456@contoso.example, order 1234567',
    );
    expect(await bench.keptFiles()).not.to.match(new RegExp(`${code}|${code.slice(0, 4)} ${code.slice(4)}`));
  });

  it('answers a question at the prompt for a code, and asks for it again', async () => {
    await chat.say('show my profiles');
    await chat.say(address);
    await converse(chat, [
      ['What does CustomerSource offer?', [/self-support|resources|CustomerSource/i, 'a code of eight digits']],
      [() => bench.rooms.code(), 'You have one profile.'],
    ]);
  });

  it('goes on with what a code or number proved in a turn that was cut off', async () => {
    const holder = { id: `test/${chat.name} test/${chat.name}`, person: `chat:test/${chat.name}` };
    await chat.say('show my profiles');
    await chat.say(address);
    const code = await bench.rooms.code();
    await bench.rooms.codes.verify(holder, address, code);
    expect(await chat.say(code)).to.include('You have one profile.');
    await chat.say('done');
    await chat.say('reassociate');
    await chat.say('1');
    const number = await signIn();
    await bench.rooms.chatSignIns.verify(holder, number);
    expect(await chat.say(number)).to.include('Switch the Microsoft Account?');
  });

  it('keeps no code and no number, on any path', async () => {
    await chat.say('show my profiles');
    await chat.say(address);
    const code = await bench.rooms.code();
    await chat.press('Go on', { code });
    await chat.say('done');
    await chat.say('reassociate');
    await chat.say('1');
    const number = await signIn();
    await chat.say(`the number is ${number}`);
    await chat.say('cancel');
    await chat.say(code);
    await chat.say(`${number.slice(0, 3)}-${number.slice(3)}`);
    const kept = await bench.keptFiles();
    expect(kept).to.include(address);
    for (const secret of [code, number]) expect(kept).not.to.match(numberAlone(secret));
  });

  /** As the mail had it: the room gives no code that is over. */
  async function lateCode(): Promise<string> {
    bench.rooms.pass(-10 * minute);
    const code = await bench.rooms.code();
    bench.rooms.pass(10 * minute);
    return code;
  }
});
