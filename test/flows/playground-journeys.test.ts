/**
 * The ways of somebody who shows who they are and then changes something, through Microsoft 365 Agents Playground: each
 * once by typing alone and once by pressing cards, over the whole app with its mail, its sign-in and its pages.
 */
import { expect } from 'chai';
import { askServer } from '../../src/control/ask-server.ts';
import { SmtpSink } from '../mail/smtp-sink.ts';
import { ChannelClient } from '../support/channel-client.ts';
import { confirm, importInto, linkIn, mailed } from '../support/invitation-way.ts';
import { type CapturedMail, linkProfiles, type MailsTo } from '../support/linked-visitor.ts';
import { numberAlone } from '../support/number-alone.ts';
import { forPlayground, type Playground, people, startPlayground } from '../support/playground.ts';
import { type PlaygroundTalk, talkByCard, talkByTyping } from '../support/playground-talk.ts';
import { takenMails } from '../support/taken-mails.ts';
import { storedText } from '../support/teams-stand-in.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { csrfOf, WebVisitor } from '../support/web-visitor.ts';

/** Who goes one way, and what there is of them before. */
interface Traveller {
  readonly name: string;
  readonly talk: PlaygroundTalk;
  /** Of their profiles. */
  readonly address: string;
  /** Theirs, in the order of lists. */
  readonly companies: readonly [string, string];
  /** Where they are signed in with the account that has their profiles. */
  readonly browser: WebVisitor;
}

describe('ways through Agents Playground', () => {
  let app: TestApp;
  let sink: SmtpSink;
  let mailsTo: MailsTo;
  let playground: Playground;
  /** ms that the app's clock is ahead. */
  let skew = 0;
  /** Every code and number that was mailed or shown on a way. */
  const secrets: string[] = [];

  /** What somebody wants, whether their profiles are linked before, and how they get it. */
  const ways: readonly [wish: string, isLinked: boolean, go: (who: Traveller) => Promise<void>][] = [
    ['sees their profiles after a code, and has an invitation sent for one', false, listByCode],
    ['sees their profiles after a sign-in, chooses one, and is known from then on', true, listBySignIn],
    ['moves a profile after a sign-in', true, moveBySignIn],
    ['moves a profile after a code, as a person decides', true, moveByCode],
    ['moves a profile to whoever reads its new address', true, moveAndCorrect],
    ['invites a colleague', true, inviteColleague],
    ['asks a person', false, askPerson],
  ];
  const manners = [
    ['by typing', talkByTyping],
    ['by cards', talkByCard],
  ] as const;
  before(async () => {
    sink = await new SmtpSink().listen();
    mailsTo = takenMails(sink);
    const now = () => new Date(Date.now() + skew);
    app = await startTestApp({ MAIL_URL: `smtp://127.0.0.1:${sink.port}` }, { ...forPlayground, now });
    playground = await startPlayground(app.url);
    const rows = ways.flatMap((_way, way) =>
      manners.flatMap((_manner, manner) => {
        const name = nameOf(way, manner);
        return companiesOf(name).map(
          (company) => `CustomerSource,${company},enhancement,,${name},${addressOf(name)},administrator`,
        );
      }),
    );
    const imported = await importInto(app, ['portal,organisation,plan,plan_until,name,email,role', ...rows].join('\n'));
    expect(imported).to.have.property('imported');
  });
  after(async () => {
    await playground?.close();
    await app.close();
    await sink.close();
  });

  /** Nobody of this way is known by the next one, and no code or number of it was kept. */
  afterEach(async () => {
    const kept = (await storedText(app.folder)) + app.log();
    for (const secret of secrets.splice(0)) expect(kept, secret).not.to.match(numberAlone(secret));
    const { id, aadObjectId } = people.currentUser;
    for (const one of [id, aadObjectId]) await askServer(app.folder, 'forget', one);
    // One person may ask for five codes in an hour.
    skew += 3600_000;
  });

  for (const [way, [wish, isLinked, go]] of ways.entries()) {
    for (const [manner, [how, talkIn]] of manners.entries()) {
      it(`${wish}, ${how}`, async () => {
        const name = nameOf(way, manner);
        const browser = new WebVisitor(app.url);
        const [address, companies, talk] = [addressOf(name), companiesOf(name), talkIn(playground)];
        if (isLinked) {
          await browser.signInAs('other', '/', {}, name);
          await linkProfiles(browser, address, companies.length, mailsTo);
        }
        await go({ name, talk, address, companies, browser });
      });
    }
  }

  it('knows its user from the sample, as its default configuration names them', async () => {
    const [tenant, objectId] = ['00000000-0000-0000-0000-0000000000001', '00000000-0000-0000-0000-0000000000020'];
    const alex = new ChannelClient(app.url);
    const [list] = await alex.say('list-profiles', {
      channelId: 'msteams',
      conversation: { id: alex.conversation, conversationType: 'personal', tenantId: tenant },
      channelData: { tenant: { id: tenant } },
      from: { id: alex.user, name: 'Alex Wilber', aadObjectId: objectId },
    });
    expect(JSON.stringify(list)).to.include('You have 2 profiles.');
  });

  async function listByCode({ talk, address, companies: [company] }: Traveller): Promise<void> {
    await talk.begin('list-profiles', 'Which e-mail address is on your profile?');
    await sendCode(talk, address);
    await enter(talk, await codeTo(address), 'You have 2 profiles.');
    await talk.answer({ press: company, type: '1', shows: 'It is not linked to a Microsoft Account yet.' });
    await talk.answer({ press: 'Send invitation', type: 'send invitation', shows: 'invitation sent' });
    await talk.pressAgain();
    const [mail, ...more] = await invitationsTo(address);
    expect(mail?.subject).to.include(company);
    expect(more).to.deep.equal([]);
  }

  async function listBySignIn({ talk, name, companies, browser }: Traveller): Promise<void> {
    await talk.begin('list-profiles', 'Which e-mail address is on your profile?');
    await talk.answer({ press: 'Sign in instead', type: 'sign in instead', shows: 'a number of six digits' });
    await enter(talk, await signIn(talk.text, name, browser), 'You have 2 profiles.');
    await talk.answer({ press: companies[1], type: '2', shows: 'It is linked to' });
    await talk.answer({ press: 'Use this one', type: 'use this one', shows: 'is the profile in use now' });
    await talk.pressAgain();
    expect((await browser.get('/')).text).to.include(`Using ${companies[1]}`);
    await talk.begin('list-profiles', 'You have 2 profiles.');
    await talk.begin('cancel', 'Closed.');
  }

  async function moveBySignIn(who: Traveller): Promise<void> {
    const { talk, name, address, companies, browser } = who;
    await talk.begin('reassociate', 'Sign in with the Microsoft Account it is linked to now.');
    await talk.answer({ press: 'Sign in', type: 'sign in', shows: 'a number of six digits' });
    await enter(talk, await signIn(talk.text, name, browser), 'Which profile shall move');
    await talk.answer({ press: companies[0], type: '1', shows: 'Switch the Microsoft Account?' });
    expect(talk.text).to.include(companies[0]).and.include(address);
    await talk.answer({ press: 'Send the link', type: 'send the link', shows: `is on its way to ${address}` });
    await talk.pressAgain();
    await isMoved(who, address);
  }

  async function moveByCode(who: Traveller): Promise<void> {
    const { talk, address, companies } = who;
    await talk.begin('reassociate', 'If you cannot, I send a code');
    await talk.answer({ press: 'Send a code', type: 'send a code', shows: 'Which e-mail address is on your profile?' });
    await sendCode(talk, address);
    await enter(talk, await codeTo(address), 'Which profile shall move');
    await talk.answer({ press: companies[0], type: '1', shows: 'A person decides first.' });
    await talk.answer({ press: 'Ask for it', type: 'ask for it', shows: 'A person decides about moving' });
    await talk.pressAgain();
    await approve(address);
    await playground.shown(`Your move of ${companies[0]} in CustomerSource was approved.`);
    await isMoved(who, address);
  }

  async function moveAndCorrect(who: Traveller): Promise<void> {
    const { talk, name, address, companies, browser } = who;
    const right = `right.${address}`;
    await talk.begin('reassociate', 'Sign in with the Microsoft Account it is linked to now.');
    await talk.answer({ press: 'Sign in', type: 'sign in', shows: 'a number of six digits' });
    await enter(talk, await signIn(talk.text, name, browser), 'Which profile shall move');
    await talk.answer({ press: companies[0], type: '1', shows: 'Switch the Microsoft Account?' });
    await talk.answer({ press: 'Change address', type: 'change address', shows: 'What is the right e-mail address?' });
    await sendCode(talk, right);
    await enter(talk, await codeTo(right), `The address of the profile is ${right} now.`);
    expect(await mailsTo(address, 1, ({ subject }) => subject.includes('has another e-mail address'))).to.have.length(
      1,
    );
    await talk.answer({ press: 'Send the link', type: '1', shows: `is on its way to ${right}` });
    await talk.pressAgain();
    await isMoved(who, right);
  }

  async function inviteColleague({ talk, name, companies, browser }: Traveller): Promise<void> {
    const invited = `ann.${addressOf(name)}`;
    await talk.begin('invite-colleague', 'Only administrators invite people');
    await enter(talk, await signIn(talk.text, name, browser), 'To which company');
    await talk.answer({ press: companies[0], type: '1', shows: 'Whom shall I invite' });
    const people = `Ann Lee <${invited}>`;
    await talk.answer({ press: 'Check the list', fields: { people }, type: people, shows: 'Invite this person?' });
    await talk.answer({ press: 'Send the invitation', type: '1', shows: `Ann Lee, ${invited}: invited` });
    await talk.pressAgain();
    const [mail, ...more] = await invitationsTo(invited);
    expect(more).to.deep.equal([]);
    expect(await redeem(mail, `Ann ${name}`)).to.include(companies[0]);
  }

  async function askPerson({ talk, name }: Traveller): Promise<void> {
    const question = `my invitation never came, says ${name}`;
    await talk.begin('person', 'Your question');
    await talk.answer({ press: 'Send to support', fields: { question }, type: question, shows: 'has the number #' });
    await talk.pressAgain();
    const asked = await app.desk.ofPerson(`msteams/${people.currentUser.id}`);
    expect(asked.map(({ value }) => value.question)).to.deep.equal([question]);
    const number = asked[0]?.value.number ?? 0;
    const sam = { id: `${app.url}/sample-sign-in|sam`, name: 'Sam Okafor' };
    await app.desk.reply(number, `Look once more, ${name}.`, sam, `reply to ${name}`);
    await playground.shown(`Look once more, ${name}.`);
    await playground.say('leave');
    await playground.shown('You talk to me again');
  }

  function sendCode(talk: PlaygroundTalk, address: string): Promise<void> {
    return talk.answer({
      press: 'Send a code',
      fields: { address },
      type: address,
      shows: 'code of eight digits is on its way',
    });
  }

  function enter(talk: PlaygroundTalk, code: string, shows: string): Promise<void> {
    return talk.answer({ press: 'Go on', fields: { code }, type: code, shows });
  }

  async function codeTo(address: string): Promise<string> {
    const [mail] = await mailsTo(address, 1, ({ subject }) => subject === 'Your code');
    const code = /\b\d{4} ?\d{4}\b/.exec(mail?.text ?? '')?.[0] ?? '';
    secrets.push(code.replace(' ', ''));
    return code;
  }

  /** Goes through the page that the question links to; the number it shows. */
  async function signIn(said: string, name: string, browser: WebVisitor): Promise<string> {
    const path = /\/sign-in\/chat\/[\w-]+/.exec(said)?.[0] ?? '';
    await browser.signInAs('other', path, {}, name);
    const shown = await browser.post(path, { csrf: csrfOf(await browser.get(path)) });
    const number = /<output[^>]*>(\d{6})</.exec(shown.text)?.[1] ?? '';
    secrets.push(number);
    return number;
  }

  async function invitationsTo(address: string): Promise<readonly CapturedMail[]> {
    await mailsTo(address, 1, isInvitation);
    await mailed(app);
    return mailsTo(address, 1, isInvitation);
  }

  /** Opens the invitation in a browser of its own and confirms; the profiles of the account it is signed in with. */
  async function redeem(mail: CapturedMail | undefined, account: string): Promise<string> {
    const browser = new WebVisitor(app.url);
    await browser.signInAs('other', '/', {}, account);
    await browser.get(linkIn(mail ?? { text: '' }));
    expect((await confirm(browser)).status).to.equal(200);
    return (await browser.get('/profile')).text;
  }

  /** The one link that was sent moves the first of their profiles, and nothing else. */
  async function isMoved({ name, companies, browser }: Traveller, address: string): Promise<void> {
    const isMove = ({ subject }: CapturedMail) => subject.includes('to another Microsoft Account');
    await mailsTo(address, 1, isMove);
    await mailed(app);
    const [mail, ...more] = await mailsTo(address, 1, isMove);
    expect(more).to.deep.equal([]);
    expect(await redeem(mail, `Next ${name}`))
      .to.include(companies[0])
      .and.not.include(companies[1]);
    const before = (await browser.get('/profile')).text;
    expect(before).to.include(companies[1]).and.not.include(companies[0]);
    await mailsTo(
      address,
      1,
      ({ subject }) => subject === `${companies[0]} - CustomerSource is linked to another Microsoft Account`,
    );
  }

  async function approve(address: string): Promise<void> {
    const staff = new WebVisitor(app.url);
    await staff.signInAs('sam', '/staff/people');
    const page = await staff.get(`/staff/people?q=${encodeURIComponent(address)}`);
    const form = page.text.split('<form').find((one) => /action="[^"]+\/approve"/.test(one)) ?? '';
    const fields = [...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]);
    const action = /action="([^"]+)"/.exec(form)?.[1] ?? '';
    const decided = await staff.post(action, { ...Object.fromEntries(fields), reason: 'We know them.' });
    expect(decided.status).to.equal(200);
  }
});

function isInvitation({ text }: CapturedMail): boolean {
  return text.includes('/invitations/');
}

/** Of who goes a way in a manner; nobody goes two. */
function nameOf(way: number, manner: number): string {
  return `Way${way} Manner${manner}`;
}

function addressOf(name: string): string {
  return `${name.toLowerCase().replace(' ', '.')}@fabrikam.example`;
}

function companiesOf(name: string): [string, string] {
  return [`Alpha ${name}`, `Beta ${name}`];
}
