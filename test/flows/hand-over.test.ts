import { expect } from 'chai';
import type { StaffPerson } from '../../src/tickets/ticket.ts';
import { button, ChannelClient } from '../support/channel-client.ts';
import { DirectLineClient } from '../support/direct-line-client.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const offTopic = 'what is the weather in paris tomorrow';

/** The card's fields as a client sends them. */
const filled = (data: unknown, fields: Record<string, unknown>) => ({ ...(data as object), ...fields });

describe('handing over to a person', () => {
  let app: TestApp;
  let user: ChannelClient;
  let sam: StaffPerson;
  before(async () => {
    app = await startTestApp();
    sam = { id: `${app.url}/sample-sign-in|sam`, name: 'Sam Okafor' };
  });
  after(() => app.close());
  beforeEach(() => {
    user = new ChannelClient(app.url);
  });

  /** Says each line; the last reply's text, or all of the last replies. */
  const talk = async (...lines: string[]) => {
    let replies: Awaited<ReturnType<ChannelClient['say']>> = [];
    for (const line of lines) replies = await user.say(line);
    return replies.map(({ text }) => text).join('\n');
  };
  const numberIn = (text: string) => Number(/#(\d+)/.exec(text)?.[1]);
  const ticketIn = async (text: string) => (await app.desk.view(numberIn(text)))?.ticket.value;

  it('is offered after two misses, with the question as it was typed', async () => {
    await talk(offTopic);
    const [second] = await user.say('Tell me a JOKE about penguins');
    expect(second?.suggestedActions?.actions.map(({ value }) => value)).to.deep.equal(['Ask a person']);
    expect(await talk('Ask a person')).to.include('“Tell me a JOKE about penguins”');
    const receipt = await talk('send');
    expect(receipt).to.match(/^Your request has the number #\d+\./);
    expect(await ticketIn(receipt)).to.include({
      question: 'Tell me a JOKE about penguins',
      state: 'open',
      conversation: `emulator/${user.conversation}`,
    });
  });

  it('is offered after a down-vote, and tells what the bot had answered and how sure it was', async () => {
    const [answer] = await user.say('forgot password');
    await user.press(button(answer, 'Not what I meant'));
    await user.press({ verb: 'person' });
    const receipt = await talk('send');
    const ticket = await ticketIn(receipt);
    expect(ticket?.answered).to.include({ decision: 'answer', id: 'forgot-password' });
    expect(ticket?.answered?.confidence).to.be.within(1, 100);
    expect(ticket?.topic).to.equal('forgot-password');
  });

  it('takes what is typed instead of the card, and adds it to the question', async () => {
    const receipt = await talk(offTopic, 'person', 'it is for tomorrow at nine');
    expect((await ticketIn(receipt))?.question).to.equal(`${offTopic}\n\nit is for tomorrow at nine`);
  });

  it('takes the card as it was filled in, once', async () => {
    await talk(offTopic);
    const [form] = await user.press({ verb: 'person' });
    const sent = filled(button(form, 'Send to support'), { question: 'My <b>own</b> {{words}}' });
    const [receipt] = await user.press(sent);
    expect((await ticketIn(receipt?.text ?? ''))?.question).to.equal('My <b>own</b> {{words}}');
    for (let again = 0; again < 5; again++) {
      const [told] = await user.press(sent);
      expect(told?.text)
        .to.match(/^This was done already\./)
        .and.include(`#${numberIn(receipt?.text ?? '')}`);
    }
    expect(await app.desk.ofPerson(`emulator/${user.user}`)).to.have.length(1);
  });

  it('opens one ticket for five presses at the same moment', async () => {
    const [form] = await user.say('person');
    const sent = filled(button(form, 'Send to support'), { question: 'I press quickly' });
    await Promise.all(Array.from({ length: 5 }, () => user.press(sent)));
    expect(await app.desk.ofPerson(`emulator/${user.user}`)).to.have.length(1);
  });

  for (const [name, question] of [
    ['a list', ['a', 'b']],
    ['an object', { text: 'a' }],
    ['nothing', undefined],
    ['blanks', '   '],
  ] as const) {
    it(`asks again for a question that is ${name}`, async () => {
      const [form] = await user.say('person');
      const [hint] = await user.press(filled(button(form, 'Send to support'), { question }));
      expect(hint?.text).to.include('Write a few words about what you need.');
      expect(await app.desk.ofPerson(`emulator/${user.user}`)).to.deep.equal([]);
    });
  }

  it('refuses the card of an older question, and that of somebody else', async () => {
    const [form] = await user.say('person');
    await user.say('cancel');
    const [old] = await user.press(filled(button(form, 'Send to support'), { question: 'too late' }));
    expect(old?.text).to.include('out of date');
    const [foreign] = await new ChannelClient(app.url).press(
      filled(button(form, 'Send to support'), { question: 'not mine' }),
    );
    expect(foreign?.text).to.include('out of date');
  });

  it('shows the nearest answers once more, and one that is chosen instead of a ticket', async () => {
    await talk('i cannot log in');
    const [form] = await user.say('person');
    const card = form?.attachments?.[0]?.content as {
      body: { type: string; text?: string; actions?: { title: string }[] }[];
      actions: { title: string; data: { choice?: string } }[];
    };
    // The line speaks of the buttons right below it, which are answers and nothing else; what sends stands above.
    const [sends, line] = card.body.slice(-2);
    expect(sends?.actions?.map(({ title }) => title)).to.deep.equal(['Send to support']);
    expect(line?.text).to.equal('Or see one of these answers instead:');
    expect(card.actions.every(({ data }) => data.choice)).to.equal(true);
    const near = card.actions[0];
    expect(near, JSON.stringify(card)).not.to.equal(undefined);
    const [answer] = await user.press(near?.data);
    expect(answer?.text).to.include(near?.title);
    expect(await app.desk.ofPerson(`emulator/${user.user}`)).to.deep.equal([]);
  });

  it('speaks of one answer where only one is near, right above it', async () => {
    await talk('invite');
    const [form] = await user.say('person');
    expect(form?.text).to.match(/Or see this answer instead:\n\n1\. [^\n]+\n\n/);
    const card = form?.attachments?.[0]?.content as { body: { text?: string }[]; actions: unknown[] };
    expect([card.body.at(-1)?.text, card.actions.length]).to.deep.equal(['Or see this answer instead:', 1]);
  });

  it('takes a question that begins like the choice of an answer for what it is', async () => {
    await talk('i cannot log in');
    const [form] = await user.press({ verb: 'person' });
    const question = 'see the attached invoice: I cannot sign in to it';
    const [receipt] = await user.press(filled(button(form, 'Send to support'), { question }));
    expect((await ticketIn(receipt?.text ?? ''))?.question).to.equal(question);
  });

  it('says that a question is too long, typed or sent with the card, and goes on', async () => {
    const long = 'word '.repeat(900);
    const [, form] = [await user.say('person'), (await user.say(long))[0]];
    expect(form?.text).to.include('up to 4,000 characters');
    const [again] = await user.press(filled(button(form, 'Send to support'), { question: long }));
    expect(again?.text).to.include('up to 4,000 characters');
    expect(await app.desk.ofPerson(`emulator/${user.user}`)).to.deep.equal([]);
    const number = numberIn(await talk('short enough'));
    expect(await talk(`add ${number}`, long)).to.include('up to 4,000 characters');
    expect(await talk('this is shorter')).to.equal(`Added to #${number}.`);
  });

  it('says what cancel did and did not do, and what help is about', async () => {
    expect(await talk('person', 'help'))
      .to.include('I send your question to a person')
      .and.include('in your own words');
    expect(await talk('back')).to.include('This is the first question.');
    expect(await talk('cancel')).to.equal('Cancelled. Nothing was sent to a person.');
    expect(await talk('cancel')).to.equal('There is nothing to cancel.');
  });

  it('goes on where it was after the server was started anew', async () => {
    await talk(offTopic, 'person');
    await app.restart();
    expect(await talk('send')).to.match(/#\d+/);
  });

  describe('my requests', () => {
    it('are listed, shown, added to, withdrawn and reopened by typing', async () => {
      const number = numberIn(await talk('person', 'my printer is on fire'));
      expect(await talk('my requests'))
        .to.include(`#${number}`)
        .and.include('my printer is on fire');
      expect(await talk(`#${number}`)).to.include('waiting for a person');
      expect(await talk(`add ${number}`, 'it is out again')).to.equal(`Added to #${number}.`);
      expect(await talk(`withdraw #${number}`)).to.equal(`#${number} is withdrawn. Nobody works on it any more.`);
      expect(await talk(`withdraw ${number}`)).to.equal(`#${number} is closed. Only open requests can be withdrawn.`);
      expect(await talk(`reopen ${number}`)).to.include(`You withdrew #${number}`);
      expect(await talk(`#${number}`)).to.include('withdrawn');
    });

    it('are reopened by the button of a closed one', async () => {
      const number = numberIn(await talk('person', 'nothing works'));
      await app.desk.claim(number, sam, 'claim');
      await app.desk.resolve(number, sam, 'resolve');
      const [shown] = await user.say(`#${number}`);
      const [reopened] = await user.press(button(shown, 'Still need help'));
      expect(reopened?.text).to.equal(`#${number} is open again. A person looks at it.`);
      expect((await app.desk.view(number))?.ticket.value.state).to.equal('reopened');
    });

    it('of others are as if there were none', async () => {
      const number = numberIn(await talk('person', 'this is private'));
      user = new ChannelClient(app.url);
      for (const words of [`#${number}`, `withdraw ${number}`, `add ${number}`, `reopen ${number}`]) {
        expect(await talk(words)).to.equal(`You have no request #${number}. Say “my requests” to see yours.`);
      }
      const [pressed] = await user.press({ verb: 'request', act: 'withdraw', number });
      expect(pressed?.text).to.include('You have no request');
      expect((await app.desk.view(number))?.ticket.value.state).to.equal('open');
    });
  });

  describe('whoever asks whether anybody is there', () => {
    it('is told how their open request stands and when it is answered, and can add to it', async () => {
      const number = numberIn(await talk('person', 'my printer is on fire'));
      for (const words of ['Are you there?', 'hello?', 'anyone?']) {
        const [told] = await user.say(words);
        expect(told?.text, words)
          .to.include(`**#${number}**`)
          .and.include('I am here.')
          .and.include('as soon as one is free')
          .and.include('waiting for a person')
          .and.include('my printer is on fire');
        expect(button(told, 'Add something')).to.deep.include({ act: 'add', number });
      }
      await talk(`withdraw ${number}`);
      expect(await talk('anyone?')).to.match(/^Hello\./);
    });

    it('is told who has it after they left the person, and to that person while they are there', async () => {
      const number = numberIn(await talk('person', 'my printer is on fire'));
      await app.desk.claim(number, sam, `claim ${number}`);
      expect(await talk('are you there?')).to.equal('');
      expect((await app.desk.view(number))?.ticket.value.userWroteAt).not.to.equal(undefined);
      await talk('leave');
      expect(await talk('are you there?'))
        .to.include('with Sam Okafor')
        .and.not.include('as soon as one is free');
    });

    it('is told when support opens again', async () => {
      const saturday = new Date('2026-11-28T12:00:00Z');
      const closed = await startTestApp({ OFFICE_HOURS: 'Mo-Fr 09:00-17:00' }, { now: () => saturday });
      try {
        user = new ChannelClient(closed.url);
        await talk('person', 'my printer is on fire', 'skip');
        expect(await talk('hello?')).to.include('Support opens again on 30 November 2026, 09:00 UTC');
      } finally {
        await closed.close();
      }
    });

    it('hears nothing of anybody else’s', async () => {
      await talk('person', 'this is private');
      user = new ChannelClient(app.url);
      expect(await talk('are you there?')).to.match(/^Hello\./);
    });
  });

  describe('a conversation that a person has', () => {
    let client: DirectLineClient;
    let number: number;
    beforeEach(async () => {
      client = await new DirectLineClient(app.url).open();
      await client.say('person');
      await client.shown(({ text }) => text?.includes('What should the person know?') ?? false);
      await client.say('my invitation never came');
      number = numberIn((await client.replyTo('my invitation never came')).text ?? '');
      await app.desk.claim(number, sam, `claim ${number}`);
      // What is said after it is not mixed up with this.
      await client.shown(({ text }) => text?.startsWith('Sam Okafor is here now') ?? false);
    });
    afterEach(() => client.close());

    it('tells the user who is there, and brings what staff write in order and once, also over a restart', async () => {
      await app.desk.reply(number, 'Hello. Which *address*?', sam, 'reply 1');
      const reply = await client.shown(({ from }) => from.id === 'staff');
      expect(reply).to.include({ text: 'Hello. Which *address*?', textFormat: 'plain' });
      expect(reply.channelData).to.include({ staff: 'Sam Okafor' });
      client.close();
      await app.desk.reply(number, 'second', sam, 'reply 2');
      await app.restart();
      await app.desk.reply(number, 'third', sam, 'reply 3');
      const again = await new DirectLineClient(app.url).open(client.token);
      await again.shown(({ text }) => text === 'third');
      const said = again.activities.filter(({ from }) => from.id === 'staff').map(({ text }) => text);
      expect(said).to.deep.equal(['Hello. Which *address*?', 'second', 'third']);
      again.close();
    });

    it('is the person’s: the bot is silent but for its commands', async () => {
      await client.say('it is amira@contoso.example');
      await client.say('forgot password');
      await client.say('help');
      const help = await client.replyTo('help');
      expect(help.text).to.match(/^Sam Okafor is in this conversation/);
      const replies = client.activities.slice(
        client.activities.findIndex(({ text }) => text?.startsWith('it is amira')),
      );
      expect(replies.filter(({ from }) => from.role === 'bot')).to.have.length(1);
      expect((await app.desk.view(number))?.ticket.value.userWroteAt).not.to.equal(undefined);
    });

    it('shows the name of whoever of staff is there as it is', async () => {
      await app.desk.assign(number, undefined, sam, `release ${number}`);
      await app.desk.claim(number, { ...sam, name: '*Sam* [here](https://evil.example)' }, `again ${number}`);
      const told = await client.shown(({ text }) => text?.includes('evil.example') ?? false);
      expect(told.text).to.include('\\*Sam\\* \\[here\\](https://evil.example) is here now');
    });

    it('tells the user how much of a long message reached the person', async () => {
      const long = 'word '.repeat(900);
      await client.say(long);
      const told = await client.shown(({ text }) => text?.startsWith('Only the first 4,000') ?? false);
      expect(told.text).to.include('reach Sam Okafor');
      expect(client.activities.some(({ text }) => text === long.slice(0, 4000))).to.equal(true);
    });

    it('is the bot’s again when the user leaves, and when the ticket is closed', async () => {
      await client.say('leave');
      expect((await client.replyTo('leave')).text)
        .to.include('You talk to me again.')
        .and.include(`#${number}`);
      await client.say('forgot password');
      expect((await client.replyTo('forgot password')).text).to.include('account.live.com');
      await app.desk.reply(number, 'are you back?', sam, 'reply');
      await client.shown(({ text }) => text === 'are you back?');
      await app.desk.resolve(number, sam, 'resolve');
      const closed = await client.shown(({ text }) => text?.includes(`closed your request #${number}`) ?? false);
      expect(closed.suggestedActions?.actions.map(({ value }) => value)).to.deep.equal([`Reopen #${number}`]);
      await client.say('switch profiles');
      expect((await client.replyTo('switch profiles')).text).to.include('profile');
    });
  });
});
