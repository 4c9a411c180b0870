import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import {
  clientId,
  clientSecret,
  issuerOf,
  type MicrosoftStandIn,
  microsoftStandIn,
} from '../support/microsoft-stand-in.ts';
import { cardIn, startTeamOfStaff, type TeamOfStaff } from '../support/teams-staff.ts';
import { openTeams, type TeamsStandIn, TeamsUser, teamsButton, tenant } from '../support/teams-stand-in.ts';
import { csrfOf, WebVisitor } from '../support/web-visitor.ts';

describe('the inbox beside Teams', () => {
  let teams: TeamsStandIn;
  let microsoft: MicrosoftStandIn;
  let staff: TeamOfStaff;
  let user: TeamsUser;
  let lead: WebVisitor;
  let skew = 0;
  before(async () => {
    [teams, microsoft] = await Promise.all([openTeams(), microsoftStandIn()]);
    const signIn = {
      STAFF_SIGN_IN_ISSUER: issuerOf(tenant),
      STAFF_SIGN_IN_CLIENT_ID: clientId,
      STAFF_SIGN_IN_CLIENT_SECRET: clientSecret,
    };
    staff = await startTeamOfStaff(teams, signIn, {
      fetch: microsoft.fetch,
      now: () => new Date(Date.now() + skew),
    });
    user = new TeamsUser(staff.app.url, teams);
    await staff.useChannel(staff.lea);
    lead = new WebVisitor(staff.app.url);
    const { location } = await lead.beginSignIn('/staff');
    const asked = new URL(location).searchParams;
    const claims = { oid: staff.lea.objectId, name: 'Lea Lind' };
    const code = microsoft.issue(asked.get('nonce') ?? '', tenant, { claims });
    await lead.get(`/sign-in/callback?code=${code}&state=${asked.get('state')}`);
  });
  after(async () => {
    await staff.app.close();
    await teams.close();
  });
  beforeEach(() => {
    teams.state.behaviour = 'take';
  });

  const press = async (who: TeamsUser, card: { attachments?: unknown }, title: string) => {
    const { body } = await staff.pressIn(who, teamsButton(card as never, title));
    return { attachments: [{ content: body.value }] };
  };

  it('knows a person as the same one: what is taken here is theirs there, and the other way round', async () => {
    const { number, posted } = await staff.openTicket(user, `take me ${randomUUID()}`);
    await press(staff.lea, cardIn(posted), 'Take it');
    const mine = await lead.get('/staff?list=mine');
    expect(mine.text).to.include(`id="_t-${number}"`);
    const page = await lead.get(`/staff/tickets/${number}`);
    const fields = { csrf: csrfOf(page), nonce: randomUUID(), version: '' };
    const { number: second, root } = await staff.openTicket(
      new TeamsUser(staff.app.url, teams),
      `and me ${randomUUID()}`,
    );
    const claimed = await lead.post(`/staff/tickets/${second}/claim`, { ...fields, nonce: randomUUID() });
    expect(claimed.status).to.equal(303);
    const edited = await teams.arrived(({ method, activity }) => method === 'PUT' && activity === root);
    expect(JSON.stringify(edited.body)).to.include('With Lea Lind');
    const titles = await staff.lea.invoke('composeExtension/query', {
      commandId: 'tickets',
      parameters: [{ name: 'text', value: 'mine' }],
    });
    const found = JSON.stringify(titles.body);
    expect(found).to.include(`#${number}`).and.include(`#${second}`);
    const assignees = await Promise.all(
      [number, second].map(async (one) => (await staff.app.desk.view(one))?.ticket.value.assignee?.id),
    );
    expect(assignees).to.deep.equal(Array(2).fill(`${tenant}/${staff.lea.objectId}`));
  });

  it('says when Teams does not take a ticket, what to do, and when it is shown after all', async () => {
    const other = new TeamsUser(staff.app.url, teams);
    await other.say('person');
    teams.state.behaviour = 'block';
    const question = `not in Teams ${randomUUID()}`;
    await other.send(other.activity({ text: question }));
    const text = await until('One ticket is not shown in Teams');
    expect(text).to.include('status 403').and.include('Install the app in the team once more');
    teams.state.behaviour = 'fail';
    skew += 6_000;
    await looksAgain();
    expect(await until('status 503')).to.include('It is tried again by itself');
    teams.state.behaviour = 'take';
    skew += 40_000;
    await looksAgain();
    await teams.arrived(({ body }) => JSON.stringify(body).includes(question));
    await gone('not shown in Teams');
  });

  it('forgets a ticket that was over before Teams could be told', async () => {
    teams.state.behaviour = 'block';
    const other = new TeamsUser(staff.app.url, teams);
    await other.send(other.activity({ text: 'person' }));
    await other.send(other.activity({ text: `over soon ${randomUUID()}` }));
    await until('One ticket is not shown in Teams');
    const [ticket] = await staff.app.desk.ofPerson(`msteams/${other.id}`);
    await staff.app.desk.resolve(
      ticket?.value.number ?? 0,
      { id: `${tenant}/${staff.lea.objectId}`, name: 'Lea' },
      'over',
    );
    skew += 6_000;
    await looksAgain();
    await gone('not shown in Teams');
  });

  /** The worker looks at all tickets when the channel is chosen. */
  const looksAgain = () => staff.useChannel(staff.lea);
  const until = (words: string) => looked((text) => text.includes(words));
  const gone = (words: string) => looked((text) => !text.includes(words));
  /** The inbox, as soon as it is like this; not asked for as often as would be too often. */
  async function looked(isIt: (text: string) => boolean): Promise<string> {
    for (;;) {
      const { text } = await lead.get('/staff?list=all');
      if (isIt(text)) return text;
      await setTimeout(100);
    }
  }
});
