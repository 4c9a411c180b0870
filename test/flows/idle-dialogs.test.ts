/** A dialog that nobody answers ends by itself, in the web chat and in Teams, through the whole app. */
import { expect } from 'chai';
import { DirectLineClient } from '../support/direct-line-client.ts';
import { openTeams, type TeamsStandIn, TeamsUser, teamsSettings } from '../support/teams-stand-in.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const minute = 60_000;
const ended = 'You had not answered for half an hour';

describe('a dialog that nobody answers', () => {
  let teams: TeamsStandIn;
  let app: TestApp;
  let passed = 0;
  before(async () => {
    teams = await openTeams();
    const now = () => new Date(Date.now() + passed);
    app = await startTestApp(teamsSettings, { botFramework: teams.microsoft, now });
  });
  after(async () => {
    await app.close();
    await teams.close();
  });

  it('is told so once in its chat and in Teams, where a channel that was away too', async () => {
    const [web, user] = [await new DirectLineClient(app.url).open(), new TeamsUser(app.url, teams)];
    await web.say('resend-invite');
    await web.replyTo('resend-invite');
    await user.say('resend-invite');
    const inWeb = async () => {
      // The token of half an hour ago is taken up again, as a page does that is loaded anew.
      const access = await web.fetch('POST', '/chat/token', { token: web.token });
      ({ token: web.token } = access.body as { token: string });
      const { body } = await web.fetch('GET', `/v3/directline/conversations/${web.conversationId}/activities`);
      const { activities } = body as { activities: { text?: string }[] };
      return activities.filter(({ text = '' }) => text.includes(ended)).length;
    };
    const inTeams = () => teams.textsIn(user.personal).filter((text) => text.includes(ended)).length;

    passed += 29 * minute;
    await app.restart();
    expect([await inWeb(), inTeams()]).to.deep.equal([0, 0]);
    passed += 2 * minute;
    teams.state.behaviour = 'fail';
    await app.restart();
    await app.stop();
    teams.state.behaviour = 'take';
    passed += 2 * minute;
    await app.start();
    await teams.arrived(({ body }) => (body.text ?? '').includes(ended));
    await app.restart();
    expect([await inWeb(), inTeams()]).to.deep.equal([1, 1]);
    await user.say('amira@contoso.example');
    expect(inTeams()).to.equal(1);
    web.close();
  });

  it('ends without a word while a person has the conversation', async () => {
    const user = new TeamsUser(app.url, teams);
    await user.say('person');
    const [receipt] = await user.say('I cannot sign in');
    await user.say('resend-invite');
    const number = Number(/#(\d+)/.exec(receipt?.text ?? '')?.[1]);
    const sam = { id: `${app.url}/sample-sign-in|sam`, name: 'Sam Okafor' };
    expect((await app.desk.claim(number, sam, `claim ${number}`)).outcome).to.equal('done');
    const other = new TeamsUser(app.url, teams);
    await other.say('resend-invite');
    passed += 31 * minute;
    await app.restart();
    await teams.arrived(({ conversation, body }) => conversation === other.personal && `${body.text}`.includes(ended));
    await app.stop();
    await app.start();
    await user.say('are you there?');
    await user.say('leave');
    expect(teams.textsIn(user.personal).filter((text) => text.includes(ended))).to.deep.equal([]);
    const [answer] = await user.say('back');
    expect(answer?.text).to.include('There is no question to go back to.');
  });
});
