import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { largestMessage } from '../../src/replies/within-size.ts';
import type { StaffPerson } from '../../src/tickets/ticket.ts';
import { withStore } from '../support/linked-visitor.ts';
import {
  botId,
  openTeams,
  type Sent,
  storedText,
  type TeamsStandIn,
  TeamsUser,
  teamsButton,
  teamsSettings,
  tenant,
} from '../support/teams-stand-in.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const samId = `${tenant}/22222222-3333-4444-5555-666666666666`;

describe('Teams', () => {
  let teams: TeamsStandIn;
  let app: TestApp;
  let user: TeamsUser;
  let skew = 0;
  const sam: StaffPerson = { id: samId, name: 'Sam Okafor' };
  before(async () => {
    teams = await openTeams();
    app = await startTestApp(
      { ...teamsSettings, STAFF_ACCOUNTS: samId },
      {
        botFramework: teams.microsoft,
        now: () => new Date(Date.now() + skew),
      },
    );
  });
  after(async () => {
    await app.close();
    await teams.close();
  });
  beforeEach(() => {
    teams.state.behaviour = 'take';
    user = new TeamsUser(app.url, teams);
  });

  const bodyOf = (card: unknown) => JSON.stringify((card as { body: unknown }).body);
  const numberIn = (text: string) => Number(/#(\d+)/.exec(text)?.[1]);

  it('shows a card without its text beside it, with a line for the toast', async () => {
    const [answer] = await user.say('forgot password');
    expect(answer?.text).to.equal(undefined);
    expect(answer?.summary).to.be.a('string').and.not.include('*');
    const card = answer?.attachments?.[0]?.content as { actions: { type: string; verb?: string }[] };
    expect(card.actions.map(({ type, verb }) => [type, verb])).to.deep.equal([
      ['Action.Execute', 'vote'],
      ['Action.Execute', 'vote'],
      ['Action.Execute', 'person'],
    ]);
  });

  it('puts what came of a vote into its card, once, and posts nothing beside it', async () => {
    const [answer] = await user.say('forgot password');
    const data = teamsButton(answer, 'This helped');
    const { status, body, posted } = await user.press(data);
    expect(status).to.equal(200);
    expect(body).to.include({ statusCode: 200, type: 'application/vnd.microsoft.card.adaptive' });
    expect(bodyOf(body.value)).to.include('Good to know.');
    expect(body.value.actions).to.equal(undefined);
    expect(posted).to.deep.equal([]);
    const again = await user.press(data);
    expect(bodyOf(again.body.value)).to.include('Good to know.');
  });

  it('leads through a dialog by cards that take each other’s place, to one ticket of a known person', async () => {
    const [answer] = await user.say('forgot password');
    const asked = await user.press(teamsButton(answer, 'Ask a person'));
    expect(bodyOf(asked.body.value)).to.match(/forg/i);
    const [form] = asked.posted;
    const data = teamsButton(form, 'Send to support');
    const sent = await user.press(data, { question: 'My **own** words' });
    expect(sent.posted).to.deep.equal([]);
    const number = numberIn(bodyOf(sent.body.value));
    const ticket = (await app.desk.view(number))?.ticket.value;
    expect(ticket?.question).to.equal('My **own** words');
    expect(ticket?.requester).to.include({ proof: 'teams' });
    expect(ticket?.requester).not.to.have.property('address');
    await user.press(data, { question: 'My **own** words' });
    expect(await app.desk.ofPerson(`msteams/${user.id}`)).to.have.length(1);
  });

  it('leads through the same dialog by typing', async () => {
    await user.say('person');
    const [receipt] = await user.say('my invitation never came');
    expect(receipt?.text).to.match(/#\d+/);
  });

  it('does not take a name or an address for a proof', async () => {
    await user.say('person', { from: { id: user.id, name: 'Sam', email: 'sam@contoso.example', aadObjectId: 'sam' } });
    const [receipt] = await user.say('hello', { from: { id: user.id, aadObjectId: 'sam' } });
    expect((await app.desk.view(numberIn(receipt?.text ?? '')))?.ticket.value.requester.proof).to.equal('none');
  });

  describe('an activity that is sent again', () => {
    it('under its id acts once', async () => {
      const activity = user.activity({ text: 'person' });
      const before = teams.sent.length;
      for (let i = 0; i < 4; i++) await user.send(activity);
      expect(teams.sent.length - before).to.equal(4);
      await user.say('I need help');
      expect(await app.desk.ofPerson(`msteams/${user.id}`)).to.have.length(1);
    });

    it('under a new id acts once, a message by its sender, time and text', async () => {
      await user.say('person');
      const activity = user.activity({ text: 'I need help with my profile' });
      const later = (seconds: number) =>
        new Date(Date.parse(String(activity.timestamp)) + seconds * 1000).toISOString();
      const again = [0, 1, 2].map((id) => ({ ...activity, id: `again-${id}`, timestamp: later(id) }));
      await Promise.all(again.map((one) => user.send(one)));
      const theirs = await app.desk.ofPerson(`msteams/${user.id}`);
      expect(theirs).to.have.length(1);
      // The same once more would be added to it.
      const events = (await app.desk.view(theirs[0]?.value.number ?? 0))?.events.map(({ value }) => value.kind);
      expect(events).to.deep.equal(['opened']);
    });

    it('is two where a person says the same twice', async () => {
      const [first] = await user.say('change account');
      expect(first?.summary ?? first?.text).to.include('not sure');
      await user.say('1');
      const [second] = await user.say('1');
      expect(second, 'a second reply').not.to.equal(undefined);
      const other = user.activity({ text: '1' });
      const before = teams.sent.length;
      await user.send(other);
      expect(teams.sent.length).to.equal(before + 1);
    });

    it('is another where somebody else says the same at the same moment', async () => {
      const other = new TeamsUser(app.url, teams);
      await user.say('person');
      await other.say('person');
      const activity = user.activity({ text: 'I need help' });
      const { from, conversation } = other.activity();
      await user.send(activity);
      await other.send({ ...activity, from, conversation });
      expect(await app.desk.ofPerson(`msteams/${other.id}`)).to.have.length(1);
    });

    it('is answered as before, where a card of a request is pressed again', async () => {
      await user.say('person');
      const [receipt] = await user.say(`withdraw me ${randomUUID()}`);
      const number = numberIn(receipt?.text ?? '');
      const [shown] = await user.say(`#${number}`);
      const data = teamsButton(shown, 'Withdraw');
      const first = await user.press(data);
      const again = await user.press(data);
      expect(bodyOf(again.body.value)).to.equal(bodyOf(first.body.value));
      const events = (await app.desk.view(number))?.events.map(({ value }) => value.kind);
      expect(events).to.deep.equal(['opened', 'withdrawn']);
    });

    it('is a press of a card once, by the card’s nonce', async () => {
      const [form] = await user.say('person');
      const data = teamsButton(form, 'Send to support');
      const presses = await Promise.all([0, 1, 2].map(() => user.press(data, { question: 'pressed quickly' })));
      expect(new Set(presses.map(({ body }) => bodyOf(body.value))).size).to.equal(1);
      expect(await app.desk.ofPerson(`msteams/${user.id}`)).to.have.length(1);
    });
  });

  describe('where others read along', () => {
    let thread: string;
    beforeEach(() => {
      thread = `19:${randomUUID()}@thread.tacv2;messageid=1`;
    });
    const sayThere = async (more: Record<string, unknown>, type: 'channel' | 'groupChat' = 'channel') => {
      const before = teams.sent.length;
      expect((await user.send(user.activity({ ...more, ...user.in(thread, type) }))).status).to.equal(200);
      return teams.sent.slice(before);
    };

    for (const type of ['channel', 'groupChat'] as const) {
      it(`answers in the thread of a ${type} when it is named, and not otherwise`, async () => {
        expect(await sayThere({ text: 'forgot password' }, type)).to.deep.equal([]);
        const [answer] = await sayThere(user.mention('forgot password'), type);
        expect(answer?.conversation).to.equal(thread);
        expect(answer?.body.summary).to.match(/forg/i);
        expect(answer?.body).not.to.have.property('suggestedActions');
      });
    }

    it('says what it is there for when it is added, and greets nobody who comes after it', async () => {
      const added = (id: string) => ({ type: 'conversationUpdate', membersAdded: [{ id }] });
      const [intro, ...more] = await sayThere(added(botId));
      expect(intro?.body.text).to.include('Mention me with a question');
      expect(more).to.deep.equal([]);
      expect(await sayThere(added(new TeamsUser(app.url, teams).id))).to.deep.equal([]);
      const before = teams.sent.length;
      await user.send(user.activity({ ...added(botId), text: undefined }));
      expect(teams.sent[before]?.body.text, 'who added it is greeted in their own chat').to.include('Hello.');
    });

    it('says in help what is for there and what for the personal chat', async () => {
      const [there] = await sayThere(user.mention('help'));
      expect(there?.body.text).to.include('our own chat').and.include('use this channel');
      const [here] = await user.say('help');
      expect(here?.text).not.to.include('use this channel');
    });

    it('says what is missing where tickets are to be shown and no team is set', async () => {
      const [there] = await sayThere(user.mention('use this channel'));
      expect(there?.body.text).to.include('STAFF_TEAM_ID');
    });

    it('keeps nothing of what was not for it', async () => {
      const words = `salary ${randomUUID()}`;
      await sayThere({ text: words });
      await sayThere(user.mention('hello'));
      expect(app.log()).not.to.include(words);
      const kept = await storedText(app.folder);
      expect(kept).not.to.include(words);
      expect(kept).to.include(thread);
    });

    it('tells nobody of a request of whoever greets it there', async () => {
      const number = /#\d+/.exec(JSON.stringify([await user.say('person'), await user.say('my salary is late')]))?.[0];
      const [here] = await user.say('are you there?');
      expect(JSON.stringify(here)).to.include(number).and.include('my salary is late');
      const [there] = await sayThere(user.mention('are you there?'));
      expect(there?.body.text).to.match(/^Hello\./);
    });

    it('takes what is private to the personal chat', async () => {
      const [there] = await sayThere(user.mention('person'));
      expect(there?.body.text).to.include('our own chat').and.include('https://teams.microsoft.com/l/chat/');
      const opened = await teams.arrived(({ body }) => 'members' in body && JSON.stringify(body).includes(user.id));
      const here = await teams.arrived(
        ({ conversation, body }) => conversation === opened.id && body.type === 'message',
      );
      expect(here.body.suggestedActions?.actions?.[0]?.value).to.equal('person');
      const [requests] = await sayThere(user.mention('my requests'));
      expect(requests?.body.text).to.include('our own chat');
    });

    it('goes on there with what asks for a person also where that was a button, or a yes', async () => {
      const offered = async () => {
        const isOffer = (one: Sent) => one.body.text?.startsWith('You asked me this') === true;
        const before = teams.sent.length;
        const { body } = await teams.arrived((one) => isOffer(one) && teams.sent.indexOf(one) >= before);
        return body.suggestedActions?.actions?.[0]?.value;
      };
      const [answer] = await sayThere(user.mention('forgot password'));
      const byButton = offered();
      await user.press(teamsButton(answer?.body, 'Ask a person'), {}, user.in(thread));
      expect(await byButton).to.equal('Ask a person');
      await sayThere(user.mention('xyzzy plugh'));
      await sayThere(user.mention('qwerty asdfg'));
      const byYes = offered();
      const [yes] = await sayThere(user.mention('yes'));
      expect(yes?.body.text).to.include('message=Ask%20a%20person)');
      expect(await byYes).to.equal('Ask a person');
    });

    it('keeps the first of two votes on an answer, and tells who comes second that it was somebody else', async () => {
      const [answer] = await sayThere(user.mention('forgot password'));
      const vote = async (who: TeamsUser) => {
        const { body } = await who.press(teamsButton(answer?.body, 'This helped'), {}, user.in(thread));
        return JSON.stringify(body.value);
      };
      expect(await vote(user)).to.include('Good to know.');
      expect(await vote(new TeamsUser(app.url, teams))).to.include('Somebody else here told me');
    });
  });

  it('reads what is said to a message that is quoted', async () => {
    const entities = [{ type: 'quotedReply', quotedReply: { messageId: '1783419459151', preview: 'Hello.' } }];
    const [answer] = await user.say('<quoted messageId="1783419459151"/> help', { entities });
    expect(answer?.text).to.include('I am a bot.');
  });

  describe('an edited message', () => {
    const edited = (text: string) => ({
      type: 'messageUpdate',
      text,
      channelData: { eventType: 'editMessage', tenant: { id: tenant } },
    });

    it('is answered as if it were said anew', async () => {
      const before = teams.sent.length;
      await user.send(user.activity(edited('forgot password')));
      expect(teams.sent.slice(before).map(({ body }) => body.summary)).to.have.length(1);
    });

    it('answers no question of a dialog', async () => {
      await user.say('person');
      await user.send(user.activity(edited('this is no request')));
      expect(await app.desk.ofPerson(`msteams/${user.id}`)).to.deep.equal([]);
    });

    describe('that the bot has heard', () => {
      let said: Record<string, unknown>;
      const words = () => `forgot password ${marker}`;
      let marker: string;
      beforeEach(async () => {
        marker = randomUUID();
        said = user.activity({ text: words() });
        await user.send(said);
        skew = 0;
      });
      const change = async (more: Record<string, unknown>, who = user) => {
        const before = teams.sent.length;
        const { status } = await who.send(who.activity({ ...more, id: said.id, conversation: said.conversation }));
        expect(status).to.equal(200);
        return teams.sent.slice(before).map(({ body }) => body.summary ?? body.text);
      };
      const gone = { type: 'messageDelete', channelData: { eventType: 'softDeleteMessage', tenant: { id: tenant } } };
      /** What staff are shown of the conversation. */
      const kept = async () => {
        await user.say('person');
        const [receipt] = await user.say('now a person');
        const view = await app.desk.view(numberIn(receipt?.text ?? ''));
        return withStore(app, ({ history }) => history.read(view?.ticket.value.conversation ?? ''));
      };

      it('is answered anew at once, and stands there once', async () => {
        expect(await change(edited(`multiple emails ${marker}`))).to.have.length(1);
        const texts = (await kept()).map(({ text }) => text);
        expect(texts).to.include('[edited]').and.include(`multiple emails ${marker}`).and.not.include(words());
      });

      it('is not answered when it was changed later; staff read what stands there now', async () => {
        skew = 121_000;
        expect(await change(edited(`multiple emails ${marker}`))).to.deep.equal([]);
        const texts = (await kept()).map(({ text }) => text);
        expect(texts).to.include(`multiple emails ${marker}`).and.not.include(words());
      });

      it('is taken out when it was deleted, by who wrote it alone, and comes back as it was', async () => {
        const other = new TeamsUser(app.url, teams);
        await change(gone, other);
        await change(edited('I am somebody else'), other);
        expect(await change(gone)).to.deep.equal([]);
        await change({ ...edited(words()), channelData: { eventType: 'undeleteMessage', tenant: { id: tenant } } });
        let texts = (await kept()).map(({ text }) => text);
        expect(texts[0]).to.equal(words());
        await change(gone);
        texts = (await kept()).map(({ text }) => text);
        expect(texts[0]).to.equal('[deleted]');
        expect(texts).not.to.include(words());
      });

      it('is taken out of the request that came of it, when it was deleted', async () => {
        await user.say('person');
        const [receipt] = await user.say('send');
        const number = numberIn(receipt?.text ?? '');
        const question = async () => (await app.desk.view(number))?.ticket.value.question;
        expect(await question()).to.equal(words());
        const other = new TeamsUser(app.url, teams);
        await change(gone, other);
        expect(await question()).to.equal(words());
        await change(gone);
        expect(await question()).to.equal('[deleted]');
        await change(gone);
        const events = (await app.desk.view(number))?.events.map(({ value }) => value.kind);
        expect(events).to.deep.equal(['opened', 'taken-back']);
        expect(await app.desk.search(marker)).to.deep.equal([]);
      });

      it('is not what a request begins with, once it was deleted or is said differently', async () => {
        const later = async () => JSON.stringify(await user.say('person'));
        expect(await later()).to.include(marker);
        await user.say('cancel');
        await change(gone);
        expect(await later()).not.to.include(marker);
        await user.say('cancel');
        said = user.activity({ text: words() });
        await user.send(said);
        skew = 121_000;
        await change(edited(`multiple emails ${randomUUID()}`));
        expect(await later()).not.to.include(marker);
      });

      it('is not answered where the bot never heard it', async () => {
        said = { ...said, id: randomUUID() };
        expect(await change(gone)).to.deep.equal([]);
      });
    });
  });

  it('keeps a long answer within what a message may hold, also where its card is pressed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'accessdesk-long-'));
    const table = '| Step | What |\n| - | - |\n| 1 | Open |';
    const answer = 'A paragraph of the rules for parrots.\n\n'.repeat(2000);
    await writeFile(join(folder, 'a.md'), `# A\n\n## Rules for parrots {#parrots}\n\n${table}\n\n${answer}`);
    const other = await startTestApp({ ...teamsSettings, FAQ_DIR: folder }, { botFramework: teams.microsoft });
    try {
      const asker = new TeamsUser(other.url, teams);
      const [shown] = await asker.say('rules for parrots');
      const { body } = await asker.press(teamsButton(shown, 'This helped'));
      for (const [what, card] of [
        ['shown', shown],
        ['pressed', body.value],
      ] as const) {
        const text = JSON.stringify(card);
        expect(text.length, what).to.be.at.most(largestMessage);
        expect(text, what)
          .to.include('- Step: 1; What: Open')
          .and.match(/\[Read on\]\([^)]*\/entries\/parrots\)/);
      }
      expect(JSON.stringify(body.value)).to.include('Good to know.');
    } finally {
      await other.close();
      await rm(folder, { recursive: true });
    }
  });

  describe('what staff write', () => {
    let number: number;
    beforeEach(async () => {
      await user.say('person');
      const [receipt] = await user.say('my invitation never came');
      number = numberIn(receipt?.text ?? '');
    });
    const said = (text: string) =>
      teams.arrived(({ body }) => body.type === 'message' && (body.text ?? '').includes(text));

    it('arrives in order, as text, also after a restart', async () => {
      await app.restart();
      const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()];
      for (const [index, text] of [`Hello *you* ${one}`, two, three].entries()) {
        await app.desk.reply(number, text, sam, `reply ${number} ${index}`);
      }
      await said(three);
      const texts = teams.textsIn(user.personal).filter((text) => [one, two, three].some((id) => text.includes(id)));
      expect(texts).to.have.length(3);
      expect(texts[0]).to.include('Sam Okafor').and.include('Hello \\*you\\*');
      expect(texts.map((text) => [one, two, three].findIndex((id) => text.includes(id)))).to.deep.equal([0, 1, 2]);
    });

    it('waits as long as the channel says, and is sent once', async () => {
      teams.state.behaviour = 'throttle';
      teams.state.retryAfter = 1000;
      const text = randomUUID();
      await app.desk.reply(number, text, sam, `reply ${number}`);
      const waiting = async () => {
        for (;;) {
          const view = await app.desk.view(number);
          const [delivery] = [...(view?.delivery.values() ?? [])].filter(({ answer }) => answer);
          if (delivery) return delivery;
          await new Promise((next) => setImmediate(next));
        }
      };
      const { state, answer, next } = await waiting();
      expect([state, answer]).to.deep.equal(['waiting', 'status 429']);
      expect(Date.parse(next ?? '') - Date.now()).to.be.within(900_000, 1_000_000);
    });

    it('is answered in words alone: whoever sends a picture is told that it reaches nobody', async () => {
      await app.desk.reply(number, `What do you see? ${number}`, sam, `reply ${number}`);
      await said(`What do you see? ${number}`);
      const html = { contentType: 'text/html', content: '<p>so</p>' };
      const picture = { contentType: 'image/png', contentUrl: 'https://smba.trafficmanager.net/x', name: 'shot.png' };
      const wrote = async () =>
        (await app.desk.view(number))?.events.filter(({ value }) => value.kind === 'user-wrote').length;
      for (const attachments of [[html], null]) expect(await user.say('this', { attachments })).to.deep.equal([]);
      const [both] = await user.say('see here', { attachments: [html, picture] });
      expect(both?.text).to.equal('Only your words reach Sam Okafor: pictures and files do not.');
      const [alone] = await user.say('', { attachments: [picture] });
      expect(alone?.text).to.equal('Pictures and files do not reach Sam Okafor. Say in words what is on them.');
      expect(await wrote()).to.equal(3);
    });

    it('names whoever takes it as they are called', async () => {
      const [name, shown] = ['Sam *the* O_kafor', 'Sam \\*the\\* O\\_kafor is here now'];
      await app.desk.claim(number, { ...sam, name }, `claim ${number}`);
      await said(shown);
    });

    it('has failed where the user blocked the bot, and reaches them again when they speak', async () => {
      teams.state.behaviour = 'block';
      await app.desk.reply(number, 'are you there?', sam, `reply ${number}`);
      const failed = async () => {
        for (;;) {
          const view = await app.desk.view(number);
          if ([...(view?.delivery.values() ?? [])].some(({ state }) => state === 'failed')) return view;
          await new Promise((next) => setImmediate(next));
        }
      };
      expect((await failed())?.ticket.value.number).to.equal(number);
      teams.state.behaviour = 'take';
      await user.say('I am back');
      const text = randomUUID();
      await app.desk.reply(number, text, sam, `reply ${number} again`);
      await said(text);
    });
  });

  it('is answered in time when the connector hangs, and nothing that was said is lost', async () => {
    const { microsoft: botFramework } = teams;
    const hurried = await startTestApp(teamsSettings, { botFramework, sendTimeout: 5000, answersWithin: 2000 });
    const waiting = new TeamsUser(hurried.url, teams);
    // The first of all takes its time, however it is answered: keys are fetched, and the matcher learns.
    await waiting.send(waiting.activity({ text: 'forgot password' }));
    await teams.arrived(({ conversation }) => conversation === waiting.personal);
    teams.state.behaviour = 'hang';
    const words = `forgot password ${randomUUID()}`;
    const asked = teams.asked();
    const response = await waiting.send(waiting.activity({ text: words }));
    expect(response.status).to.equal(202);
    await asked;
    expect(await storedText(hurried.folder)).to.include(words);
    teams.state.behaviour = 'take';
    await hurried.close();
  });

  describe('a card that is looked at anew by its client', () => {
    const look = (data: unknown, more: Record<string, unknown> = {}) => {
      const value = { action: { type: 'Action.Execute', verb: 'look', data }, trigger: 'automatic' };
      return user.invoke('adaptiveCard/action', value, more);
    };
    const refreshOf = (shown: { attachments?: unknown } | undefined) => {
      const [card] = (shown?.attachments ?? []) as { content: { refresh?: { action: { data: object } } } }[];
      return card?.content.refresh?.action.data;
    };

    it('shows the requests there are by now', async () => {
      await user.say('person');
      await user.say('the first of two');
      const [list] = await user.say('my requests');
      await user.say('person');
      await user.say('something else, the second of two');
      const { body, posted } = await look(refreshOf(list));
      expect(bodyOf(body.value)).to.include('the first of two').and.include('the second of two');
      expect(body.value.refresh.userIds).to.deep.equal([user.id]);
      expect(posted).to.deep.equal([]);
    });

    it('causes nothing, whatever it says', async () => {
      await user.say('person');
      const [receipt] = await user.say('leave me be');
      const number = numberIn(receipt?.text ?? '');
      const [form] = await user.say('person');
      const data = teamsButton(form, 'Send to support') as object;
      for (const tried of [
        { verb: 'request', act: 'withdraw', number },
        { ...data, question: 'by itself' },
      ]) {
        expect((await look(tried)).posted).to.deep.equal([]);
      }
      expect(await app.desk.ofPerson(`msteams/${user.id}`)).to.have.length(1);
      expect((await app.desk.view(number))?.ticket.value.state).to.equal('open');
      const { body } = await user.press(data, { question: 'pressed by a person' });
      expect(bodyOf(body.value)).to.match(/#\d+/);
    });

    it('tells nobody in a group of what is somebody’s own', async () => {
      await user.say('person');
      const [receipt] = await user.say('a secret of mine');
      const number = numberIn(receipt?.text ?? '');
      const group = user.in(`19:${randomUUID()}@thread.v2`, 'groupChat');
      const other = new TeamsUser(app.url, teams, 'Olaf');
      for (const [who, act] of [
        [user, 'show'],
        [user, 'list'],
        [other, 'show'],
        [other, 'list'],
      ] as const) {
        const value = {
          action: { type: 'Action.Execute', data: { verb: 'request', act, number } },
          trigger: 'automatic',
        };
        const { body, posted } = await who.invoke('adaptiveCard/action', value, group);
        expect(JSON.stringify([body, posted]), act).not.to.include('secret');
        expect(posted).to.deep.equal([]);
      }
      const value = {
        action: { type: 'Action.Execute', data: { verb: 'request', act: 'show', number } },
        trigger: 'automatic',
      };
      expect(JSON.stringify((await other.invoke('adaptiveCard/action', value)).body)).not.to.include('secret');
    });
  });

  it('refreshes a request’s card with what it is by now', async () => {
    await user.say('person');
    const [receipt] = await user.say('look at me');
    const number = numberIn(receipt?.text ?? '');
    const [shown] = await user.say(`#${number}`);
    const card = shown?.attachments?.[0]?.content as { refresh: { action: { data: unknown }; userIds: string[] } };
    expect(card.refresh.userIds).to.deep.equal([user.id]);
    await app.desk.claim(number, sam, `claim ${number}`);
    const { data } = card.refresh.action;
    const value = { action: { type: 'Action.Execute', verb: 'request', data }, trigger: 'automatic' };
    const { body, posted } = await user.invoke('adaptiveCard/action', value);
    expect(bodyOf(body.value)).to.include('with Sam Okafor');
    expect(posted.map(({ text = '' }) => text).filter((text) => !text.includes('Sam Okafor is here'))).to.deep.equal(
      [],
    );
  });
});
