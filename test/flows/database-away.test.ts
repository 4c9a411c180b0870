/** The database is stopped for real while people write in Teams. */
import { expect } from 'chai';
import { createWords } from '../../src/words/words.ts';
import { describeWithPostgres, type PostgresServer, startPostgres } from '../support/postgres.ts';
import { openTeams, type TeamsStandIn, TeamsUser, teamsButton, teamsSettings } from '../support/teams-stand-in.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describeWithPostgres('Teams while the database is away', () => {
  let postgres: PostgresServer;
  let teams: TeamsStandIn;
  let app: TestApp;
  const away = createWords('en').say('teams.away');

  before(async () => {
    [postgres, teams] = await Promise.all([startPostgres(), openTeams()]);
    app = await startTestApp(
      { ...teamsSettings, STORE_URL: await postgres.newDatabase(), SECRET_KEY: 'a key of thirty-two bytes or more!' },
      { botFramework: teams.microsoft },
    );
  });
  after(async () => {
    await app.close();
    await teams.close();
    await postgres.stop();
  });

  it('says so once to whoever writes, and answers what its channel sends again when it is back', async () => {
    const [user, other] = [new TeamsUser(app.url, teams), new TeamsUser(app.url, teams)];
    const [answer] = await other.say('forgot password');
    await postgres.stop();
    const activity = user.activity({ text: 'forgot password' });
    const refused = await Promise.all([user.send(activity), user.send(activity)]);
    expect(refused.map(({ status }) => status)).to.deep.equal([503, 503]);
    expect(teams.textsIn(user.personal)).to.deep.equal([away]);
    const pressed = await other.press(teamsButton(answer, 'This helped'));
    expect(pressed.status).to.equal(200);
    expect(pressed.body.value).to.equal(away);
    await postgres.start();
    while ((await user.send(activity)).status !== 200);
    const texts = teams.textsIn(user.personal);
    expect(texts.filter((text) => text === away)).to.have.length(1);
    expect(texts).to.have.length(2);
    const voted = await other.press(teamsButton(answer, 'This helped'));
    expect(JSON.stringify(voted.body.value)).to.include('Good to know.');
  });
});
