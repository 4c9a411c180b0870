import { expect } from 'chai';
import { mailsTo } from '../support/linked-visitor.ts';
import { startTeamOfStaff, type TeamOfStaff } from '../support/teams-staff.ts';
import { openTeams, type TeamsStandIn, teamsSettings } from '../support/teams-stand-in.ts';

const day = 24 * 3600_000;
const staffEmail = 'staff@contoso.example';

describe('an app secret that ends', () => {
  let teams: TeamsStandIn;
  let staff: TeamOfStaff;
  let time: number;
  before(async () => {
    teams = await openTeams();
    time = Date.parse('2026-11-20T10:00:00.000Z');
    const env = { MicrosoftAppPasswordEnds: '2026-12-26', STAFF_EMAIL: staffEmail };
    staff = await startTeamOfStaff(teams, env, { now: () => new Date(time) });
    await staff.useChannel(staff.lea);
  });
  after(async () => {
    await staff.app.close();
    await teams.close();
  });

  const lines = () => teams.sent.flatMap(({ body }) => JSON.stringify(body).match(/My secret for Teams [^.]+/) ?? []);
  const mails = async () => {
    const all = (await (await fetch(`${staff.app.url}/dev/mail.json`)).json()) as { to: string; subject: string }[];
    return all.filter(({ to }) => to === staffEmail).map(({ subject }) => subject);
  };
  const left = async () => {
    const text = await (await fetch(`${staff.app.url}/metrics`)).text();
    return Number(/^accessdesk_app_secret_left_seconds (\S+)/m.exec(text)?.[1]);
  };

  it('is told nobody while there is time', async () => {
    await staff.app.restart();
    expect(await left()).to.equal(35 * 86_400 + 14 * 3600);
    expect([await mails(), lines()]).to.deep.equal([[], []]);
    expect(staff.app.log()).not.to.include('secret ends soon');
  });

  for (const [days, when, inWords] of [
    [20, 'once the warning of 30 days is due', 'in 20 days'],
    [0, 'on its day', 'today'],
  ] as const) {
    it(`is told staff by mail, in their channel and in the log ${when}, however often the server starts`, async () => {
      time = Date.parse('2026-12-26T10:00:00.000Z') - days * day;
      await staff.app.restart();
      const [mail] = await mailsTo(staff.app.url, staffEmail, 1, ({ subject }) => subject.endsWith(inWords));
      expect(mail?.subject).to.equal(`The bot’s secret ends ${inWords}`);
      await teams.arrived(({ body }) => JSON.stringify(body).includes(`on 26 December 2026, ${inWords}`));
      const before = [await mails(), lines()];
      await staff.app.restart();
      await staff.useChannel(staff.lea);
      await staff.app.restart();
      expect([await mails(), lines()]).to.deep.equal(before);
      expect(staff.app.log()).to.include(`"days":${days},"msg":"the app secret ends soon`);
      expect(mail?.text).to.include('MicrosoftAppPasswordEnds');
      expect(mail?.text + staff.app.log()).not.to.include(teamsSettings.MicrosoftAppPassword);
    });
  }

  it('is an error in the log once it has ended', async () => {
    time += day;
    await staff.app.restart();
    expect(staff.app.log()).to.include('the app secret has ended');
    expect(await left()).to.be.below(0);
  });
});
