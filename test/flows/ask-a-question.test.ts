import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { button, ChannelClient } from '../support/channel-client.ts';
import { root, startTestApp, type TestApp } from '../support/test-app.ts';
import { until } from '../support/until.ts';

describe('asking a question', () => {
  let app: TestApp;
  let user: ChannelClient;
  before(async () => {
    app = await startTestApp({ SUPPORT_EMAIL: 'desk@fabrikam.example' });
  });
  after(() => app.close());
  beforeEach(() => {
    user = new ChannelClient(app.url);
  });

  it('answers a badly typed question with the entry, its votes and follow-ups', async () => {
    const [answer] = await user.say('i forgott my pasword');
    expect(answer?.text).to.include('https://account.live.com/password/reset');
    expect(answer?.attachments?.[0]?.contentType).to.equal('application/vnd.microsoft.card.adaptive');
    expect(button(answer, 'This helped')).to.include({ verb: 'vote', helped: true });
    expect(answer?.suggestedActions?.actions.map(({ title }) => title)).to.have.length.within(1, 3);
  });

  it('answers a follow-up that was pressed', async () => {
    const [answer] = await user.say('forgot password');
    const followUp = answer?.suggestedActions?.actions[0]?.title ?? '';
    const [next] = await user.say(followUp);
    expect(next?.text).to.match(new RegExp(`^\\*\\*${followUp.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\*\\*`));
  });

  it('fills the settings into an answer', async () => {
    const [answer] = await user.say('how do i contact support');
    expect(answer?.text).to.include('desk@fabrikam.example').and.not.include('SUPPORT_EMAIL');
  });

  it('begins a dialog instead of explaining it', async () => {
    const [reply] = await user.say('resend my invite');
    expect(reply?.text).to.include('Which e-mail address is on your profile?');
  });

  it('admits that it has no answer, and names a person at the second miss in a row', async () => {
    const [first] = await user.say('what is the weather in paris tomorrow');
    expect(first?.text).to.equal('I have no answer to that. Say it in other words, or ask a person.');
    const [second] = await user.say('tell me a joke about penguins');
    expect(second?.text).to.include('desk@fabrikam.example');
  });

  it('takes yes and no for an answer to what it asked last, and searches for neither', async () => {
    expect((await user.say('yes'))[0]?.text).to.include('What would you like to know');
    expect((await user.say('no'))[0]?.text).to.equal('All right. Ask me something else whenever you like.');
    const [suggestions] = await user.say('change account');
    expect(suggestions?.text).to.include('Is it one of these?');
    expect((await user.say('yes'))[0]?.text).to.equal('Answer with a number, or say it in other words.');
    const [picked] = await user.say('1');
    expect(suggestions?.text).to.include(picked?.text?.split('**')[1]);
    await user.say('what is the weather in paris tomorrow');
    await user.say('tell me a joke about penguins');
    expect((await user.say('yes please'))[0]?.text).to.include('Ask a person');
  });

  it('begins the dialog whose words it tells people to say', async () => {
    const [reply] = await user.say('move my profile to another account');
    expect(reply?.text).to.include('I move a profile only for the person it belongs to.');
  });

  it('counts misses anew after an answer', async () => {
    await user.say('what is the weather in paris tomorrow');
    await user.say('forgot password');
    const [reply] = await user.say('tell me a joke about penguins');
    expect(reply?.text).not.to.include('desk@fabrikam.example');
  });

  for (const [said, heard] of [
    ['hello!', 'Hello.'],
    ['Thank you so much', 'You are welcome.'],
    ['   ', 'has no words in it'],
    ['👋👋', 'I read words best'],
    ['help', 'Ask me anything'],
    ['who are you?', 'I am a bot'],
    ['back', 'There is no question to go back to.'],
  ]) {
    it(`replies to ${JSON.stringify(said)} without searching`, async () => {
      const replies = await user.say(said ?? '');
      expect(replies).to.have.length(1);
      expect(replies[0]?.text).to.include(heard);
      expect(replies[0]?.attachments ?? []).to.deep.equal([]);
    });
  }

  it('says that it cannot open a file that comes without words', async () => {
    const attachments = [{ contentType: 'image/png', contentUrl: 'https://contoso.example/x.png' }];
    const [reply] = await user.say('', { attachments });
    expect(reply?.text).to.include('cannot open files');
  });

  it('asks for a shorter message instead of searching for a very long one', async () => {
    const [reply] = await user.say('invite '.repeat(14_000));
    expect(reply?.text).to.include('4,000 characters');
  });

  it('keeps one vote per answer', async () => {
    const [answer] = await user.say('forgot password');
    const [thanks] = await user.press(button(answer, 'This helped'));
    expect(thanks?.text).to.equal('Good to know. Anything else?');
    const [again] = await user.press(button(answer, 'Not what I meant'));
    expect(again?.text).to.include('told me about this answer already');
  });

  it('takes a typed vote for a vote on the last answer', async () => {
    const [answer] = await user.say('forgot password');
    await user.say('this helped');
    const [again] = await user.press(button(answer, 'This helped'));
    expect(again?.text).to.include('told me about this answer already');
  });

  it('takes a button of another conversation for what it is: unknown', async () => {
    const [answer] = await new ChannelClient(app.url).say('forgot password');
    const [reply] = await user.press(button(answer, 'This helped'));
    expect(reply?.text).to.include('cannot find the answer');
  });

  for (const value of [
    {},
    [],
    { verb: 'vote' },
    { verb: 'vote', line: ['x'], helped: 'yes' },
    { verb: '__proto__' },
    JSON.parse('{"__proto__":{"verb":"person"}}'),
  ]) {
    it(`says that a button with ${JSON.stringify(value)} no longer works`, async () => {
      const [reply] = await user.press(value);
      expect(reply?.text).to.include('no longer works');
    });
  }

  it('gives the same reply again to a repeated activity, and counts it once', async () => {
    const id = 'the-same-id';
    const [first] = await user.say('what is the weather in paris tomorrow', { id });
    const again = await user.say('what is the weather in paris tomorrow', { id });
    expect(again.map(({ text }) => text)).to.deep.equal([first?.text]);
    const [second] = await user.say('tell me a joke about penguins');
    expect(second?.text).to.include('desk@fabrikam.example');
    await user.say('what is the weather in paris tomorrow', { id });
  });

  it('answers every one of twenty messages that arrive at once', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => user.say('forgot password')));
    expect(replies.map(({ length }) => length)).to.deep.equal(Array.from({ length: 20 }, () => 1));
  });

  it('takes messages that arrive at once one after the other', async () => {
    const replies = await Promise.all(
      ['tell me a joke about penguins', 'what is the weather in paris'].map((text) => user.say(text)),
    );
    const named = replies.flat().filter(({ text }) => text?.includes('desk@fabrikam.example'));
    expect(named).to.have.length(1, 'one is the first miss, the other the second');
  });

  it('welcomes a person once', async () => {
    const arrival = { type: 'conversationUpdate', membersAdded: [{ id: user.user }] };
    const [welcome] = await user.say('', arrival);
    expect(welcome?.text).to.match(/^Hello\. I answer questions/);
    expect(welcome?.suggestedActions?.actions).to.have.length(3);
    expect(await user.say('', arrival)).to.deep.equal([]);
  });
});

describe('suggestions', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.close());
  const torn = 'which account';

  it('lists at most three and "None of these", with numbers in the text', async () => {
    const [reply] = await new ChannelClient(app.url).say(torn);
    expect(reply?.text).to.match(/^I am not sure what you mean\..*1\. .*2\. .*None of these/s);
  });

  it('takes a number for the choice it stands for', async () => {
    const user = new ChannelClient(app.url);
    const [reply] = await user.say(torn);
    const second = /^2\. (.+)$/m.exec(reply?.text ?? '')?.[1];
    const [answer] = await user.say('2');
    expect(answer?.text).to.include(`**${second}**`);
  });

  it('takes "none of these" for a miss', async () => {
    const user = new ChannelClient(app.url);
    await user.say(torn);
    const [first] = await user.say('None of these');
    expect(first?.text).to.include('I have no answer to that');
  });
});

describe('a notice in force', () => {
  let app: TestApp;
  before(async () => {
    // The shipped example is from 16 January 2027, 20:00 to 17 January 2027, 04:00 UTC.
    app = await startTestApp({}, { now: () => new Date('2027-01-17T00:00:00Z') });
  });
  after(() => app.close());

  it('comes first in the answer about availability', async () => {
    const [answer] = await new ChannelClient(app.url).say('is customersource always available');
    expect(answer?.text).to.match(
      /available\?\*\*\s+\*\*Maintenance of CustomerSource\*\* \(until 17 January 2027, 04:00 UTC/,
    );
  });

  it('is told in the welcome', async () => {
    const user = new ChannelClient(app.url);
    const [welcome] = await user.say('', { type: 'conversationUpdate', membersAdded: [{ id: user.user }] });
    expect(welcome?.text).to.include('Maintenance of CustomerSource');
  });

  it('stands on the help page', async () => {
    expect(await (await fetch(app.url)).text()).to.include('Maintenance of CustomerSource');
  });

  it('is gone when it is over', async () => {
    const later = await startTestApp({}, { now: () => new Date('2027-01-17T04:00:00Z') });
    const [answer] = await new ChannelClient(later.url).say('is customersource always available');
    expect(answer?.text).not.to.include('Maintenance of CustomerSource');
    await later.close();
  });
});

describe('a knowledge base that changes', () => {
  it('answers from the new text, and keeps the last good version when an edit is wrong', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'accessdesk-faq-'));
    await cp(join(root, 'faq'), folder, { recursive: true });
    const app = await startTestApp({ FAQ_DIR: folder });
    try {
      const user = new ChannelClient(app.url);
      const file = join(folder, 'signing-in.md');
      const text = await readFile(file, 'utf8');
      await writeFile(
        file,
        `${text}\n\n## Where do I find the blue elephant? {#blue-elephant}\n\nBehind the red door.\n`,
      );
      await answered(user, 'where is the blue elephant', 'Behind the red door.');
      await writeFile(file, `${text}\n\n## A second entry {#forgot-password}\n\nBroken.\n`);
      await app.logged('signing-in.md');
      const [still] = await user.say('where is the blue elephant');
      expect(still?.text).to.include('Behind the red door.');
    } finally {
      await app.close();
      await rm(folder, { recursive: true });
    }
  });

  async function answered(user: ChannelClient, question: string, text: string): Promise<void> {
    await until(async () => {
      const [reply] = await user.say(question);
      return reply?.text?.includes(text) ?? false;
    });
  }
});
