import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { importInto } from '../support/invitation-way.ts';
import { mailsTo } from '../support/linked-visitor.ts';
import {
  openTeams,
  type TeamMember,
  type TeamsStandIn,
  TeamsUser,
  teamsButton,
  teamsSettings,
  tenant,
} from '../support/teams-stand-in.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const samId = `${tenant}/22222222-3333-4444-5555-666666666666`;
const sam = { id: samId, name: 'Sam Okafor' };

describe('people in Teams', () => {
  let teams: TeamsStandIn;
  let app: TestApp;
  let user: TeamsUser;
  let address: string;
  let people = 0;
  before(async () => {
    teams = await openTeams();
    app = await startTestApp(
      { ...teamsSettings, STAFF_ACCOUNTS: samId },
      { botFramework: teams.microsoft, sendTimeout: 8000 },
    );
  });
  after(async () => {
    await app.close();
    await teams.close();
  });
  beforeEach(() => {
    teams.state.behaviour = 'take';
    teams.state.roster = 'take';
    user = new TeamsUser(app.url, teams);
    // Without so many digits that it could be taken for a code.
    address = `amira.${++people}@contoso.example`;
    isOnRoster({ email: address });
  });

  const isOnRoster = (more: Partial<TeamMember> & { userRole?: string; userPrincipalName?: string }) =>
    teams.members.set(user.personal, [{ ...user.member, ...more }]);
  const fieldOf = (shown: { attachments?: unknown } | undefined, id: string) => {
    const [card] = (shown?.attachments ?? []) as { content: { body: { id?: string; value?: string }[] } }[];
    return card?.content.body.find((one) => one.id === id);
  };
  const textOf = (value: unknown) => JSON.stringify(value);
  const ticketOf = async () => (await app.desk.ofPerson(`msteams/${user.id}`)).at(-1)?.value;

  /** Adds a profile of this person, by whose tenant and object id Teams proves who they are. */
  const addProfiles = async (objectId: string, companies: readonly string[]) => {
    const rows = companies.map(
      (name) => `CustomerSource,${name},enhancement,,Amira Haddad,${address},member,${tenant},${objectId}`,
    );
    const head = 'portal,organisation,plan,plan_until,name,email,role,tenant,object_id';
    const result = await importInto(app, [head, ...rows].join('\n'));
    expect(result).to.have.property('imported');
  };

  describe('who asks for invitations', () => {
    it('needs two messages by card: the address is filled in', async () => {
      const [form] = await user.say('resend-invite');
      expect(fieldOf(form, 'address')?.value).to.equal(address);
      const { body } = await user.press(teamsButton(form, 'Send the e-mails'), { address });
      expect(textOf(body.value)).to.include(address);
    });

    it('needs two messages by typing: a number takes the address', async () => {
      const [question] = await user.say('resend my invitation');
      expect(textOf(question)).to.include(address);
      const [receipt] = await user.say('1');
      expect(receipt?.text).to.include(address);
    });

    it('needs one where the sentence names the address', async () => {
      const [receipt] = await user.say('resend my invitation to jo@fabrikam.example');
      expect(receipt?.text).to.include('jo@fabrikam.example');
    });

    it('needs two where the roster knows none', async () => {
      isOnRoster({});
      const [form] = await user.say('resend-invite');
      expect(fieldOf(form, 'address')).not.to.have.property('value');
      const [receipt] = await user.say('jo@fabrikam.example');
      expect(receipt?.text).to.include('jo@fabrikam.example');
    });
  });

  describe('who show who they are', () => {
    it('need two messages by card: the address is filled in', async () => {
      const [form] = await user.say('list-profiles');
      expect(fieldOf(form, 'address')?.value).to.equal(address);
      const { body } = await user.press(teamsButton(form, 'Send a code'), { address });
      expect(textOf(body.value)).to.include(`If ${address} is on a profile`);
    });

    it('need two by typing: a number takes the address, the next one the sign-in', async () => {
      await user.say('list-profiles');
      const [code] = await user.say('1');
      expect(textOf(code)).to.include(`If ${address} is on a profile`);
      await user.say('back');
      const [signIn] = await user.say('2');
      expect(textOf(signIn)).to.include('/sign-in/chat/');
    });

    it('are shown nothing for the address that was filled in, before its code is typed', async () => {
      await addProfiles(randomUUID(), ['Contoso Ltd']);
      const [form] = await user.say('list-profiles');
      const { body } = await user.press(teamsButton(form, 'Send a code'), { address });
      expect(textOf([form, body])).not.to.include('Contoso');
      const [mail] = await mailsTo(app.url, address, 1, ({ subject }) => subject.includes('code'));
      const [shown] = await user.say(/\b\d{4} ?\d{4}\b/.exec(mail?.text ?? '')?.[0] ?? '');
      expect(textOf(shown)).to.include('Contoso Ltd');
    });
  });

  for (const trouble of ['fail', 'throttle', 'block', 'hang'] as const) {
    it(`are answered where the roster answers with: ${trouble}`, async () => {
      teams.state.roster = trouble;
      const [form] = await user.say('resend-invite');
      expect(fieldOf(form, 'address')).not.to.have.property('value');
      await user.say('cancel');
      const [proving] = await user.say('list-profiles');
      expect(fieldOf(proving, 'address')).not.to.have.property('value');
    });
  }

  it('are asked for at the roster once, not at every message', async () => {
    await user.say('resend-invite');
    const before = teams.state.requests;
    await user.say('what is this for');
    await user.say('cancel');
    teams.state.roster = 'fail';
    const [form] = await user.say('resend-invite');
    expect(fieldOf(form, 'address')?.value).to.equal(address);
    expect(teams.state.requests - before).to.be.below(10);
  });

  it('prove nothing by the address of the roster', async () => {
    await addProfiles(randomUUID(), ['Contoso Ltd']);
    const [asked] = await user.say('list-profiles');
    expect(textOf(asked)).not.to.include('Contoso');
    await user.say('cancel');
    await user.say('person');
    await user.say('my question');
    const requester = (await ticketOf())?.requester;
    expect(requester).to.include({ proof: 'teams' }).and.not.have.property('address');
  });

  describe('by tenant and object id', () => {
    it('see their profiles at once, and what they are by now when the card comes into view again', async () => {
      await addProfiles(user.objectId, ['Contoso Ltd', 'Fabrikam Inc']);
      const [list] = await user.say('list-profiles');
      expect(textOf(list)).to.include('Contoso Ltd').and.include('Fabrikam Inc');
      await addProfiles(user.objectId, ['Contoso Ltd', 'Fabrikam Inc', 'Tailspin Toys']);
      const [card] = (list?.attachments ?? []) as { content: { refresh: { action: object; userIds: string[] } } }[];
      expect(card?.content.refresh.userIds).to.deep.equal([user.id]);
      const look = { action: card?.content.refresh.action, trigger: 'automatic' };
      const { body, posted } = await user.invoke('adaptiveCard/action', look);
      expect(textOf(body.value)).to.include('Tailspin Toys');
      expect(posted).to.deep.equal([]);
      const again = await user.invoke('adaptiveCard/action', look);
      const row = (again.body.value.body as { selectAction?: { title: string; data: object } }[]).find(
        ({ selectAction }) => selectAction?.title.includes('Tailspin'),
      );
      const chosen = await user.press(row?.selectAction?.data);
      expect(textOf(chosen.body.value)).to.include('Tailspin Toys');
      const late = await user.invoke('adaptiveCard/action', look);
      expect(late.body.value).to.equal('');
      const other = new TeamsUser(app.url, teams);
      const inTheirs = { conversation: { id: other.personal, conversationType: 'personal', tenantId: tenant } };
      expect(textOf((await other.invoke('adaptiveCard/action', look, inTheirs)).body)).not.to.include('Tailspin');
    });

    it('are nobody under the same object id of another tenant', async () => {
      await addProfiles(user.objectId, ['Contoso Ltd']);
      const home = randomUUID();
      const elsewhere = { conversation: { id: user.personal, conversationType: 'personal', tenantId: home } };
      const both = [
        { ...elsewhere, channelData: { tenant: { id: home } } },
        elsewhere,
        { channelData: { tenant: { id: home } } },
        { from: { id: user.id, aadObjectId: user.objectId, tenantId: home } },
      ];
      for (const more of both) {
        const [asked] = await user.say('list-profiles', more);
        expect(textOf(asked), JSON.stringify(more)).not.to.include('Contoso');
        await user.say('cancel', more);
      }
    });

    it('are guests as users: known by the ids of the tenant they are guests in, filled in by their mail alone', async () => {
      const userPrincipalName = 'jo_fabrikam.example#EXT#@contoso.example';
      isOnRoster({ userRole: 'guest', userPrincipalName });
      const [form] = await user.say('resend-invite');
      expect(fieldOf(form, 'address')).not.to.have.property('value');
      expect(textOf(form)).not.to.include('#EXT#');
      await user.say('cancel');
      await addProfiles(user.objectId, ['Contoso Ltd']);
      const [only] = await user.say('list-profiles');
      expect(textOf(only)).to.include('Contoso Ltd');
    });
  });

  it('are mailed instead where they have blocked the bot, at the address that they sent', async () => {
    const [form] = await user.say('person');
    expect(fieldOf(form, 'address')?.value).to.equal(address);
    const question = `where is my invitation ${randomUUID()}`;
    const { body } = await user.press(teamsButton(form, 'Send to support'), { question, address });
    expect(textOf(body.value)).to.include(address);
    const ticket = await ticketOf();
    expect(ticket?.requester).to.include({ proof: 'teams', address });
    teams.state.behaviour = 'block';
    const reply = `it is on its way ${randomUUID()}`;
    await app.desk.reply(ticket?.number ?? 0, reply, sam, `reply ${reply}`);
    const [mail] = await mailsTo(app.url, address, 1, ({ text }) => text.includes(reply));
    expect(mail?.text).to.include('Sam Okafor');
  });

  it('are not mailed at an address that they took out of the form', async () => {
    const [form] = await user.say('person');
    for (const given of ['', 'no address']) {
      const { body } = await user.press(teamsButton(form, 'Send to support'), { question: 'help me', address: given });
      expect(textOf(body.value)).to.match(/#\d+/);
    }
    expect((await ticketOf())?.requester).not.to.have.property('address');
  });
});
