import { expect } from 'chai';
import type { StaffPerson } from '../../src/tickets/ticket.ts';
import { type Playground, people, type Shown, startPlayground } from '../support/playground.ts';
import { teamsButton } from '../support/teams-stand-in.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('Microsoft 365 Agents Playground', () => {
  let app: TestApp;
  let playground: Playground;
  before(async () => {
    app = await startTestApp();
    playground = await startPlayground(app.url);
  });
  after(async () => {
    await playground?.close();
    await app.close();
  });

  const press = async (shown: Shown, title: string, fields: object = {}) => {
    const data = { ...(teamsButton(shown as never, title) as object), ...fields };
    const action = { type: 'Action.Execute', verb: 'press', data };
    const value = { action, trigger: 'manual' };
    const answer = (await playground.invoke('adaptiveCard/action', value, shown)) as { value: unknown };
    return JSON.stringify(answer.value);
  };
  const nextOf = async (shown: Shown, title: string, fields: object = {}): Promise<string> => {
    const text = await press(shown, title, fields);
    expect(text).not.to.include('no longer works');
    return text;
  };
  const numberIn = (text: string) => Number(/#(\d{4})/.exec(text)?.[1]);

  it('is answered, and takes a vote in the card’s place', async () => {
    await playground.say('forgot password');
    const answer = await playground.shown('Microsoft Account password');
    expect(await press(answer, 'This helped')).to.include('Good to know.');
  });

  it('is led through a hand-over by typing, and shown what staff reply', async () => {
    const sam: StaffPerson = { id: `${app.url}/sample-sign-in|sam`, name: 'Sam Okafor' };
    await playground.say('person');
    await playground.shown('Your question');
    await playground.say('my invitation never came');
    const number = numberIn(JSON.stringify(await playground.shown('Your request has the number')));
    await app.desk.reply(number, 'Which address is it?', sam, 'reply');
    await playground.shown('Which address is it?');
    await playground.say('leave');
    await playground.shown('You talk to me again');
  });

  it('is led through the same by cards', async () => {
    await playground.say('switch profiles');
    const answer = await playground.shown('Ask a person');
    await press(answer, 'Ask a person');
    const form = await playground.shown('Your question');
    const receipt = await press(form, 'Send to support', { question: 'How do I switch?' });
    expect((await app.desk.view(numberIn(receipt)))?.ticket.value.question).to.equal('How do I switch?');
  });

  const dialogs: [name: string, asks: string, left: string][] = [
    ['resend-invite', 'E-mail address on your profile', 'Nothing was sent'],
    ['list-profiles', 'dialog', 'Closed. What you did'],
    ['reassociate', 'dialog', 'Cancelled.'],
    ['invite-colleague', 'dialog', 'Nobody was invited'],
    ['person', 'Your question', 'Nothing was sent to a person'],
  ];
  for (const [name, asks, left] of dialogs) {
    it(`is led into ${name} and out of it by typing`, async () => {
      await playground.say(name);
      await playground.shown(asks);
      await playground.say('cancel');
      await playground.shown(left);
    });
  }

  it('sends invitations again in two messages, by card and by typing alone', async () => {
    await playground.say('resend-invite');
    const form = await playground.shown('E-mail address on your profile');
    // What its roster has for the user is filled in.
    expect(JSON.stringify(form)).to.include(people.currentUser.email);
    const answer = await nextOf(form, 'Send the e-mails', { address: people.currentUser.email });
    expect(answer).to.include(people.currentUser.email);
    await playground.say('resend-invite');
    await playground.shown('E-mail address on your profile');
    await playground.say('1');
    await playground.shown('another address');
  });

  it('finds answers in the message box, though it names neither command nor parameter', async () => {
    const found = await playground.invoke('composeExtension/query', { parameters: [{ value: 'forgot password' }] });
    expect(JSON.stringify(found)).to.include('/entries/forgot-password');
  });
});
