import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { askServer } from '../../src/control/ask-server.ts';
import { cardIn, channel, startTeamOfStaff, type TeamOfStaff, team } from '../support/teams-staff.ts';
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

describe('the channel of staff in Teams', () => {
  let teams: TeamsStandIn;
  let staff: TeamOfStaff;
  let app: TestApp;
  let lea: TeamsUser;
  let ana: TeamsUser;
  let ben: TeamsUser;
  let user: TeamsUser;
  let skew: number;
  before(async () => {
    teams = await openTeams();
    skew = 0;
    staff = await startTeamOfStaff(teams, {}, { now: () => new Date(Date.now() + skew) });
    ({ app, lea, ana, ben } = staff);
    teams.teams.set('19:other@thread.tacv2', { id: '19:other@thread.tacv2', name: 'Other', aadGroupId: randomUUID() });
    teams.members.set('19:other@thread.tacv2', [lea.member]);
  });
  after(async () => {
    await app.close();
    await teams.close();
  });
  beforeEach(() => {
    teams.state.behaviour = 'take';
    teams.state.roster = 'take';
    user = new TeamsUser(app.url, teams);
  });

  const place = (of = team, thread = '') => staff.place(of, thread);
  const sayIn = (...of: Parameters<TeamOfStaff['sayIn']>) => staff.sayIn(...of);
  const useChannel = (...of: Parameters<TeamOfStaff['useChannel']>) => staff.useChannel(...of);
  const inThread = (root: string) => staff.inThread(root);
  const numberIn = (text: string) => Number(/#(\d+)/.exec(text)?.[1]);
  const openTicket = (question = `My invitation never came ${randomUUID()}`) => staff.openTicket(user, question);
  /** Resolves when this has happened to the ticket, after the call. */
  const changeOf = (number: number, kind: string) =>
    new Promise<void>((happened) => {
      const end = app.desk.watch(async (changed) => {
        const events = changed === number ? (await app.desk.view(number))?.events : undefined;
        if (!events?.some(({ value }) => value.kind === kind)) return;
        end();
        happened();
      });
    });
  const isCardOf = (sent: Sent, number: number) => staff.isCardOf(sent, number);
  const pressAct = (who: TeamsUser, act: string, number: number, at = '') =>
    who.press({ verb: 'ticket', act, number, at }, {}, place());

  it('is chosen by a lead of the team alone', async () => {
    expect((await useChannel(ana)).said.join()).to.include('Only a lead');
    expect((await useChannel(lea, '19:other@thread.tacv2')).said.join()).to.include('Only a lead');
    const stranger = new TeamsUser(app.url, teams, 'Lea Lind');
    expect((await useChannel(stranger)).said.join()).to.include('Only a lead');
    teams.state.roster = 'fail';
    expect((await useChannel(lea)).said.join()).to.include('cannot be checked');
    teams.state.roster = 'take';
    expect((await useChannel(lea)).said.join()).to.include('Tickets are shown in this channel');
  });

  it('is not chosen elsewhere, and whoever asks is told where', async () => {
    const before = teams.sent.length;
    const [here] = await lea.say('use this channel');
    expect(here?.text).to.include('Say it in a channel');
    const there = { ...lea.mention('use this channel'), ...lea.in('19:group@thread.v2', 'groupChat') };
    expect((await sayIn(lea, there)).said.join()).to.include('Say it in a channel');
    expect(teams.sent.slice(before)).to.have.length(2);
  });

  it('shows a card for each ticket, with the actions of its state, and edits it in its place', async () => {
    const { number, root, posted, question } = await openTicket();
    const text = JSON.stringify(posted.body);
    expect(text).to.include(question).and.include('Nobody has it').and.include('known through Teams');
    expect(teamsButton(cardIn(posted), 'Take it')).to.include({ act: 'claim' });
    const { body } = await pressAct(ana, 'claim', number);
    expect(JSON.stringify(body.value)).to.include('With Ana Silva').and.include('Give it back');
    const edited = await teams.arrived(({ method, activity }) => method === 'PUT' && activity === root);
    expect(JSON.stringify(edited.body)).to.include('With Ana Silva');
    const line = await teams.arrived(
      ({ conversation, body: { text: said } }) => conversation.endsWith(root) && Boolean(said),
    );
    expect(line.body.text).to.equal('Ana Silva took it.');
  });

  it('shows what a ticket is by now to members whose client looks at its card anew, and does nothing for others', async () => {
    const { number, posted } = await openTicket();
    const [card] = cardIn(posted).attachments ?? [];
    const { refresh } = (card ?? expect.fail('no card')).content as { refresh: { action: object; userIds?: unknown } };
    expect(refresh.userIds).to.equal(undefined);
    const look = (who: TeamsUser, data: object = {}) => {
      const { data: own = {} } = refresh.action as { data?: object };
      const value = { action: { ...refresh.action, data: { ...own, ...data } }, trigger: 'automatic' };
      return who.invoke('adaptiveCard/action', value, place());
    };
    await app.desk.claim(number, { id: `${tenant}/${ben.objectId}`, name: 'Ben Okafor' }, `claim ${number}`);
    expect(JSON.stringify((await look(ana)).body.value)).to.include('With Ben Okafor');
    await look(ana, { act: 'resolve' });
    expect((await look(user)).body).to.deep.include({ type: 'application/vnd.microsoft.activity.message', value: '' });
    skew += 61_000;
    teams.state.roster = 'hang';
    expect((await look(ana)).body.value).to.equal('');
    expect((await app.desk.view(number))?.ticket.value.state).to.equal('assigned');
  });

  it('tells of two who take a ticket who has it, and a press that comes again acts once', async () => {
    const { number, root } = await openTicket();
    const [one, other] = await Promise.all([pressAct(ana, 'claim', number), pressAct(ben, 'claim', number)]);
    const both = [one, other].map(({ body }) => JSON.stringify(body.value));
    expect(both.filter((text) => text.includes(`has #${number} already`))).to.have.length(1);
    const has = (await app.desk.view(number))?.ticket.value.assignee?.name;
    expect(both.every((text) => text.includes(`With ${has}`))).to.equal(true);
    await pressAct(has === 'Ana Silva' ? ana : ben, 'claim', number);
    const events = (await app.desk.view(number))?.events.map(({ value }) => value.kind);
    expect(events?.filter((kind) => kind === 'claimed')).to.have.length(1);
    await teams.arrived(({ method, activity }) => method === 'PUT' && activity === root);
  });

  it('tells whoever acts on a ticket of somebody else, or on one that is over, why nothing comes of it', async () => {
    const { number, root } = await openTicket();
    await pressAct(ben, 'claim', number);
    const { body } = await pressAct(ana, 'resolve', number);
    expect(JSON.stringify(body.value)).to.include(`Ben Okafor has #${number}: only they or a lead can do this.`);
    await teams.arrived(({ method, activity }) => method === 'PUT' && activity === root);
    const { said } = await sayIn(ana, { text: 'I can help', ...inThread(root) });
    expect(said.join()).to.include(`Ben Okafor has #${number}, so your message was not sent to the user.`);
    await pressAct(ben, 'resolve', number);
    const after = await sayIn(ben, { text: 'one more thing', ...inThread(root) });
    expect(after.said.join()).to.include(`#${number} is closed, so your message was not sent to the user.`);
    expect((await app.desk.view(number))?.events.filter(({ value }) => value.kind === 'replied')).to.have.length(0);
  });

  it('acts once on a press that comes again late, whatever happened since', async () => {
    const { number } = await openTicket();
    const at = () => app.desk.view(number).then((view) => view?.ticket.value.changedAt);
    const shownFirst = await at();
    await pressAct(ana, 'claim', number, shownFirst);
    await pressAct(ana, 'release', number, await at());
    await pressAct(ana, 'claim', number, shownFirst);
    const view = await app.desk.view(number);
    expect(view?.ticket.value.state).to.equal('open');
    expect(view?.events.map(({ value }) => value.kind)).to.deep.equal(['opened', 'claimed', 'released']);
  });

  it('brings what is written in a ticket’s thread to the user, and keeps what begins with ;; inside', async () => {
    const { number, root } = await openTicket();
    const [reply, note] = [`which address? ${randomUUID()}`, `looks odd ${randomUUID()}`];
    let isNoted = false;
    const noted = changeOf(number, 'noted').then(() => {
      isNoted = true;
    });
    // The card has arrived a moment before its id is kept.
    const typed = ana.activity({ text: `;; ${note}`, ...inThread(root) });
    while (!isNoted) await ana.send(typed);
    await noted;
    const again = ana.activity({ text: reply, ...inThread(root) });
    await Promise.all([0, 1, 2].map((i) => ana.send({ ...again, id: `retry ${i} ${reply}` })));
    const there = await teams.arrived(
      ({ conversation, body }) => conversation === user.personal && (body.text ?? '').includes(reply),
    );
    expect(there.body.text).to.include('Ana Silva');
    expect(JSON.stringify(teams.textsIn(user.personal))).not.to.include(note);
    const view = await app.desk.view(number);
    expect(view?.events.filter(({ value }) => value.kind === 'replied')).to.have.length(1);
    expect(view?.events.find(({ value }) => value.kind === 'noted')?.value.text).to.equal(note);
    const said = `it is amira ${randomUUID()}`;
    await user.say(said);
    const back = await teams.arrived(
      ({ conversation, body }) => conversation.endsWith(root) && (body.text ?? '').includes(said),
    );
    expect(back.body.text).to.include(said);
    expect(
      teams.sent.some(({ conversation, body }) => conversation.endsWith(root) && body.text?.includes(reply)),
    ).to.equal(false);
  });

  describe('what is written in a ticket’s thread', () => {
    const colleague = () => {
      const text = '<at>Ben Okafor</at>';
      return { text, entities: [{ type: 'mention', mentioned: { id: ben.id, name: 'Ben Okafor' }, text }] };
    };
    const html = { contentType: 'text/html', content: '<p>so</p>' };
    const picture = { contentType: 'image/png', contentUrl: 'https://smba.trafficmanager.net/x', name: 'shot.png' };
    const quote = { contentType: 'messageReference', name: 'quote' };
    /** What is written, the reply and the note that are made of it, and what is told of it. */
    const cases: [what: string, () => Record<string, unknown>, reply: string, note: string, told: string][] = [
      [
        'a note below a reply',
        () => ({ text: 'Which address?\n;; check the tenant\nfirst' }),
        'Which address?',
        'check the tenant\nfirst',
        '',
      ],
      [
        'a note to a colleague',
        () => ({ ...colleague(), text: `${colleague().text} ;; not for them` }),
        '',
        '@Ben Okafor not for them',
        '',
      ],
      ['a note behind what nobody sees', () => ({ text: '\u200b\u00a0;; hidden mark' }), '', 'hidden mark', ''],
      ['a note under wide marks', () => ({ text: '；；wide mark' }), '', 'wide mark', ''],
      [
        'a colleague’s name',
        () => ({ ...colleague(), text: `${colleague().text} looks at it` }),
        '@Ben Okafor looks at it',
        '',
        '',
      ],
      ['a sign alone', () => ({ text: '👍' }), '👍', '', ''],
      [
        'an answer to a message',
        () => ({ text: 'yes, that one', attachments: [html, quote] }),
        'yes, that one',
        '',
        '',
      ],
      [
        'a note that quotes what the user wrote',
        () => ({ text: '<quoted messageId="1783419459151"/>;; looks odd', attachments: [html] }),
        '',
        'looks odd',
        '',
      ],
      [
        'a reply that quotes what the user wrote',
        () => ({ text: '<quoted messageId="1783419459151"/> that one', attachments: [html] }),
        'that one',
        '',
        '',
      ],
      [
        'words with a picture',
        () => ({ text: 'see here', attachments: [html, picture] }),
        'see here',
        '',
        'Only your words go',
      ],
      [
        'a picture alone',
        () => ({ text: '', attachments: [picture] }),
        '',
        '',
        'Pictures and files do not get to the user',
      ],
      ['nothing behind the marks', () => ({ text: ';; ' }), '', '', ''],
    ];
    for (const [what, written, reply, note, told] of cases) {
      it(`is kept apart for the user and for staff: ${what}`, async () => {
        const { number, root } = await openTicket();
        const isOfCard = ({ conversation }: Sent) => conversation.endsWith(root);
        // The card has arrived a moment before its id is kept.
        const first = ana.activity({ text: 'first', ...inThread(root) });
        while (!(await app.desk.view(number))?.events.some(({ value }) => value.kind === 'replied'))
          await ana.send(first);
        const before = teams.sent.length;
        const { said } = await sayIn(ana, { ...written(), ...inThread(root) });
        const events = ((await app.desk.view(number))?.events ?? []).slice(2).map(({ value }) => value);
        const textsOf = (kind: string) => events.flatMap((one) => (one.kind === kind ? [one.text] : []));
        expect(textsOf('replied')).to.deep.equal(reply === '' ? [] : [reply]);
        expect(textsOf('noted')).to.deep.equal(note === '' ? [] : [note]);
        const answers = teams.sent
          .slice(before)
          .filter(isOfCard)
          .map(({ body }) => body.text ?? '');
        if (told === '') expect(answers.join()).not.to.include('user');
        else expect(said.join()).to.include(told);
      });
    }
  });

  it('keeps nothing of what is deleted, changed or liked there without having been for it', async () => {
    const words = `lunch at noon ${randomUUID()}`;
    const happened = (type: string, eventType?: string, more: object = {}) => {
      const id = `${channel};messageid=${randomUUID()}`;
      const { conversation, channelData } = lea.in(id, 'channel', { team: { id: team }, channel: { id: channel } });
      return {
        type,
        text: words,
        conversation,
        channelData: { ...channelData, ...(eventType && { eventType }) },
        ...more,
      };
    };
    for (const more of [
      happened('messageDelete', 'softDeleteMessage'),
      happened('messageUpdate', 'editMessage'),
      happened('messageUpdate', 'undeleteMessage'),
      happened('messageUpdate'),
      happened('messageReaction', undefined, { reactionsAdded: [{ type: 'like' }] }),
      happened('conversationUpdate', 'teamMemberAdded', { membersAdded: [{ id: user.id }] }),
    ]) {
      await sayIn(ana, more);
      const kept = await storedText(app.folder);
      expect(kept, more.type)
        .not.to.include(words)
        .and.not.to.include(`conversation-references","msteams/${more.conversation.id}`);
    }
  });

  it('drops everything else that is written there, unread and unkept', async () => {
    const words = `lunch at noon ${randomUUID()}`;
    const { said } = await sayIn(ana, { text: words, ...place(team, ';messageid=999') });
    await sayIn(ana, { text: words, ...place() });
    // Cards of the tests before may still be on their way.
    expect(said.join('')).to.equal('');
    expect(await storedText(app.folder)).not.to.include(words);
    expect(app.log()).not.to.include(words);
  });

  it('lets nobody act who is not in the team at that moment, whatever they call themselves', async () => {
    const { number, root } = await openTicket();
    const stranger = new TeamsUser(app.url, teams, 'Ana Silva');
    const guest = new TeamsUser(app.url, teams, 'Gus Guest');
    const gone = new TeamsUser(app.url, teams, 'Gil Gone');
    teams.members.set(team, [
      lea.member,
      ana.member,
      ben.member,
      gone.member,
      { ...guest.member, userRole: 'guest' } as never,
    ]);
    skew += 61_000;
    expect(JSON.stringify((await pressAct(gone, 'eat', number)).body.value)).to.include('no longer works');
    teams.members.set(team, [lea.member, ana.member, ben.member, { ...guest.member, userRole: 'guest' } as never]);
    skew += 61_000;
    for (const one of [stranger, guest, gone]) {
      expect((await pressAct(one, 'claim', number)).body.value, one.name).to.include(
        'You are not in the team of staff, or you are a guest there',
      );
      expect((await sayIn(one, { text: 'I am staff', ...inThread(root) })).said.join()).to.include(
        'You are not in the team',
      );
    }
    const foreign = { ...place(), conversation: { ...(place().conversation as object), tenantId: randomUUID() } };
    const other = await ana.press({ verb: 'ticket', act: 'claim', number, at: '' }, {}, foreign);
    expect(other.body.value).to.include('You are not in the team of staff');
    expect((await user.press({ verb: 'ticket', act: 'claim', number, isStaff: true })).body.value).to.include(
      'not in the team',
    );
    expect((await app.desk.view(number))?.ticket.value.state).to.equal('open');
  });

  it('is sent again what staff could not be told an answer to', async () => {
    const { number, root } = await openTicket();
    const stranger = new TeamsUser(app.url, teams, 'Ana Silva');
    const long = ana.activity({ text: 'x'.repeat(5000), ...inThread(root) });
    const first = ana.activity({ text: 'first', ...inThread(root) });
    while (!(await app.desk.view(number))?.events.some(({ value }) => value.kind === 'replied')) await ana.send(first);
    teams.state.behaviour = 'block';
    expect((await ana.send(long)).status).to.equal(502);
    expect((await stranger.send({ ...long, from: stranger.activity().from })).status).to.equal(502);
    expect(app.log()).not.to.include('x'.repeat(100));
  });

  it('refuses when the roster cannot be asked, also while it hangs', async () => {
    const { number } = await openTicket();
    for (const trouble of ['fail', 'throttle', 'hang', 'block'] as const) {
      skew += 61_000;
      teams.state.roster = trouble;
      expect((await pressAct(ana, 'claim', number)).body.value, trouble).to.include('cannot be checked');
    }
    expect((await app.desk.view(number))?.ticket.value.state).to.equal('open');
  });

  it('does nothing that takes a roster while there is none, whatever is tried', async () => {
    const { number, root } = await openTicket();
    await pressAct(ana, 'claim', number);
    const before = (await app.desk.view(number))?.events.length;
    const bodyOf = async (answer: Promise<{ body: unknown }>) => (await answer).body;
    const tried: Record<string, () => Promise<unknown>> = {
      ...Object.fromEntries(
        ['claim', 'release', 'resolve', 'reopen', 'show'].map((act) => [act, () => bodyOf(pressAct(ana, act, number))]),
      ),
      'a reply': () => sayIn(ana, { text: 'a reply', ...inThread(root) }),
      'a note': () => sayIn(ana, { text: ';; a note', ...inThread(root) }),
      'a search': () => bodyOf(ana.invoke('composeExtension/query', { commandId: 'tickets', parameters: [] })),
      'the choice of the channel': () => useChannel(lea),
    };
    for (const trouble of ['fail', 'throttle', 'block', 'hang'] as const) {
      for (const [what, act] of Object.entries(tried)) {
        skew += 61_000;
        teams.state.roster = trouble;
        const told = JSON.stringify(await act());
        expect(told, `${what}, ${trouble}`).to.match(/cannot be checked|not sent to the user/);
        expect(told).not.to.include(`#${number}`);
      }
    }
    expect((await app.desk.view(number))?.events.length).to.equal(before);
    expect((await app.desk.view(number))?.ticket.value.assignee?.name).to.equal('Ana Silva');
  });

  it('shows later what Teams does not take now', async () => {
    teams.state.behaviour = 'take';
    await user.say('person');
    const [receipt] = await user.say(`an outage ${randomUUID()}`);
    const number = numberIn(receipt?.text ?? '');
    const { id: root } = await teams.arrived((one) => isCardOf(one, number));
    teams.state.behaviour = 'fail';
    await app.desk.setUrgency(number, 'urgent', { id: `${tenant}/${lea.objectId}`, name: 'Lea Lind' }, 'urgent');
    await app.logged('a ticket could not be shown');
    teams.state.behaviour = 'take';
    await app.restart();
    const edited = await teams.arrived(({ method, activity }) => method === 'PUT' && activity === root);
    expect(JSON.stringify(edited.body)).to.include('urgent');
    const line = await teams.arrived(
      ({ conversation, body }) => conversation.endsWith(root) && body.text === 'Lea Lind made it urgent.',
    );
    expect(line.body.from?.id).to.equal(botId);
  });

  describe('the search', () => {
    const search = async (who: TeamsUser, commandId: string, text: string, queryOptions?: object) => {
      const value = { commandId, parameters: [{ name: 'text', value: text }], ...(queryOptions && { queryOptions }) };
      const { status, body } = await who.invoke('composeExtension/query', value);
      expect(status).to.equal(200);
      const { text: said, attachments = [] } = body.composeExtension;
      return {
        said,
        titles: attachments.map(({ preview }: { preview: { content: { title: string } } }) => preview.content.title),
      };
    };

    it('finds answers while somebody types, and what is often asked before', async () => {
      expect((await search(user, 'answers', 'forg')).titles.join()).to.match(/forg/i);
      expect((await search(user, 'answers', '')).titles).to.have.length(3);
      const { body } = await user.invoke('composeExtension/query', { parameters: [{ value: 'forgot password' }] });
      expect(JSON.stringify(body)).to.include('/entries/forgot-password');
      expect((await search(user, 'answers', 'zzzz qqqq')).said).to.be.a('string');
      const beyond = await search(user, 'answers', 'forg', { skip: 400, count: 25 });
      expect(beyond, 'below the end of a list').to.deep.equal({ said: undefined, titles: [] });
    });

    it('shows tickets to staff alone: recent, unassigned, mine, by number and by words', async () => {
      const { number, question } = await openTicket();
      const here = async (text: string, who = ana, options?: object) =>
        (await search(who, 'tickets', text, options)).titles;
      expect((await here('recent'))[0]).to.include(`#${number}`);
      expect((await here('unassigned')).join()).to.include(`#${number} · Nobody has it`);
      await pressAct(ana, 'claim', number);
      expect((await here('unassigned')).join()).not.to.include(`#${number}`);
      expect(await here('mine')).to.include(`#${number} · With Ana Silva`);
      expect((await here('mine', ben)).join()).not.to.include(`#${number}`);
      expect(await here(`#${number}`)).to.have.length(1);
      expect(await here(question)).to.deep.equal([`#${number} · With Ana Silva`]);
      const [first, second] = await Promise.all([0, 1].map((skip) => here('recent', ana, { skip, count: 1 })));
      expect(first).to.have.length(1).and.not.to.deep.equal(second);
      const told = await search(user, 'tickets', 'recent');
      expect(told.titles).to.deep.equal([]);
      expect(told.said).to.include('team of staff alone');
    });
  });

  it('reminds once of a ticket that nobody takes', async () => {
    const { number, root } = await openTicket();
    // When it was posted is kept a moment after that, and before the server has stopped.
    await app.stop();
    skew += 16 * 60_000;
    await app.start();
    const told = await teams.arrived(
      ({ conversation, body }) => conversation.endsWith(root) && (body.text ?? '').startsWith('Nobody has taken'),
    );
    expect(told.body.text).to.include(`#${number}`);
    await app.restart();
    await useChannel(lea);
    const lines = teams.sent.filter(
      ({ conversation, body }) => conversation.endsWith(root) && body.text?.startsWith('Nobody'),
    );
    expect(lines).to.have.length(1);
  });

  for (const [what, STAFF_TEAM_ID] of [
    ['another team is named', randomUUID()],
    ['none is named any more', ''],
  ] as const) {
    it(`is used no more, and its members do nothing, where ${what}`, async () => {
      const { number } = await openTicket();
      await app.stop();
      const STAFF_ACCOUNTS = `${tenant}/${lea.objectId}:lead`;
      const other = await startTestApp(
        { ...teamsSettings, STAFF_TEAM_ID, STAFF_ACCOUNTS, STORE_URL: `file:${app.folder}` },
        { botFramework: teams.microsoft, sendTimeout: 500 },
      );
      try {
        for (const one of [lea, ana, user]) Object.assign(one, { url: other.url });
        await pressAct(ana, 'claim', number);
        const found = await ana.invoke('composeExtension/query', { commandId: 'tickets', parameters: [] });
        expect(JSON.stringify(found.body)).to.include('team of staff alone');
        expect((await other.desk.view(number))?.ticket.value.state).to.equal('open');
        await user.say('person');
        await user.say(`whom does this reach? ${randomUUID()}`);
        const status = (await askServer(app.folder, 'staff channel', ''))?.result;
        expect(status).to.deep.equal({ isUsed: false, waiting: 0 });
      } finally {
        for (const one of [lea, ana]) Object.assign(one, { url: app.url });
        await other.close();
        await app.start();
      }
    });
  }
});
