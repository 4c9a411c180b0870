import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { StaffPerson } from '../../src/tickets/ticket.ts';
import { forPlayground, type Playground, people, type Shown, startPlayground } from '../support/playground.ts';
import { teamsButton } from '../support/teams-stand-in.ts';
import { freePort, startTestApp, type TestApp } from '../support/test-app.ts';

describe('Microsoft 365 Agents Playground', () => {
  let app: TestApp;
  let playground: Playground;
  before(async () => {
    const { tenantId, team, currentUser } = people;
    const port = await freePort();
    const env = {
      PORT: String(port),
      STAFF_TEAM_ID: team.aadGroupId,
      // Who types in the playground is one person, so the user has to be the lead of support too.
      STAFF_ACCOUNTS: `${tenantId}/${currentUser.aadObjectId}:lead,http://localhost:${port}/sample-sign-in|sam`,
    };
    app = await startTestApp(env, forPlayground);
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

  it('welcomes who installs the app, once', async () => {
    await playground.install();
    await playground.shown('I answer questions about access');
    await playground.install();
    await playground.say('help');
    const next = await playground.shown('');
    expect(JSON.stringify(next)).not.to.include('I answer questions about access');
  });

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

  describe('the channel of staff', () => {
    const [, ana, ben] = people.users;
    let number: number;
    let card: Shown;
    before(async () => {
      await playground.sayInChannel('use this channel');
      await playground.shown('Tickets are shown in this channel');
    });
    beforeEach(async () => {
      await playground.say('person');
      await playground.shown('Your question');
      await playground.say(`nothing works ${randomUUID()}`);
      number = numberIn(JSON.stringify(await playground.shown('Your request has the number')));
      card = await playground.shown(`"act":"claim","number":${number}`);
    });

    /** The card that takes the place of the pressed one. */
    const act = async (title: string, by = ana): Promise<string> => {
      const action = { type: 'Action.Execute', verb: 'press', data: teamsButton(card as never, title) };
      const answer = await playground.invoke('adaptiveCard/action', { action, trigger: 'manual' }, card, by);
      card = { ...card, attachments: [{ content: (answer as { value: unknown }).value }] };
      return JSON.stringify(card.attachments);
    };
    const kinds = async () => (await app.desk.view(number))?.events.map(({ value }) => value.kind);
    const noted = () =>
      new Promise<void>((happened) => {
        const end = app.desk.watch(async () => {
          if (!(await kinds())?.includes('noted')) return;
          end();
          happened();
        });
      });

    it('takes a ticket, answers it in its thread and ends it, all in its card’s place', async () => {
      expect(await act('Take it')).to.include('With Ana Silva');
      expect((await playground.shown('Ana Silva took it.')).conversation).to.equal(card.conversation);
      await playground.shown('Ana Silva is here');

      const note = `is odd ${randomUUID()}`;
      const isNoted = noted();
      await playground.writeInThread(card, `;; ${note}`, ana as never);
      await isNoted;
      await playground.writeInThread(card, 'Which browser is it?', ana as never);
      const told = await playground.shown('Which browser is it?');
      expect(told.conversation).to.equal(people.personalChat.id);
      expect(told.text).not.to.include(note);
      await playground.say('the blue one');
      expect((await playground.shown('the blue one')).conversation).to.equal(card.conversation);

      expect(await act('Resolve')).to.include('Resolved');
      await playground.shown(`#${number}`);
      expect(await kinds()).to.deep.equal(['opened', 'claimed', 'noted', 'replied', 'user-wrote', 'resolved']);
    });

    it('tells who has a ticket to the one who comes later, and gives it back to all', async () => {
      const before = card;
      expect(await act('Take it')).to.include('With Ana Silva');
      card = before;
      expect(await act('Take it', ben))
        .to.include('Ana Silva')
        .and.not.include('With Ben');
      expect(await act('Give it back')).to.include('Nobody has it');
    });

    it('is searched from the message box', async () => {
      const value = { commandId: 'tickets', parameters: [{ name: 'text', value: `#${number}` }] };
      const found = await playground.invoke('composeExtension/query', value);
      expect(JSON.stringify(found)).to.include(`#${number} · Nobody has it`);
    });
  });

  it('finds answers in the message box, though it names neither command nor parameter', async () => {
    const found = await playground.invoke('composeExtension/query', { parameters: [{ value: 'forgot password' }] });
    expect(JSON.stringify(found)).to.include('/entries/forgot-password');
  });
});
