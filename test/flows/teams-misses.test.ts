import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { cardIn, startTeamOfStaff, type TeamOfStaff } from '../support/teams-staff.ts';
import { openTeams, type Sent, type TeamsStandIn, TeamsUser, teamsButton } from '../support/teams-stand-in.ts';
import { until } from '../support/until.ts';

const doors = '# Doors\n\n## How do I open the blue door?\n\nPush.\n\n## Where is my key?\n\nIn the box.\n';
const week = 7 * 24 * 3600_000;
const parrot = 'parrot feed water sundays';

interface Row {
  readonly columns: readonly { readonly items: readonly { readonly text: string }[] }[];
  readonly selectAction?: { readonly data: unknown };
}

describe('the weekly card of questions without an answer', () => {
  let teams: TeamsStandIn;
  let staff: TeamOfStaff;
  let user: TeamsUser;
  let faq: string;
  let time: number;
  before(async () => {
    faq = await mkdtemp(join(tmpdir(), 'accessdesk-faq-'));
    await writeFile(join(faq, 'doors.md'), doors);
    teams = await openTeams();
    time = Date.parse('2026-11-26T10:00:00.000Z');
    staff = await startTeamOfStaff(teams, { FAQ_DIR: faq }, { now: () => new Date(time) });
    user = new TeamsUser(staff.app.url, teams);
    await user.say(`${parrot}?`);
    await user.say(parrot.toUpperCase());
    await user.say('parrot cage of jo.doe@fabrikam.example number 4711');
    await staff.useChannel(staff.lea);
  });
  after(async () => {
    await staff.app.close();
    await teams.close();
    await rm(faq, { recursive: true });
  });
  beforeEach(() => {
    teams.state.behaviour = 'take';
    teams.state.roster = 'take';
  });

  const isCard = ({ method, body }: Sent) =>
    method === 'POST' && JSON.stringify(body).includes('Questions without an answer');
  const cards = () => teams.sent.filter(isCard);
  const rowsOf = (card: unknown) =>
    (card as { body: Row[] }).body.filter((block) => 'columns' in block) as readonly Row[];
  const contentOf = (sent: Sent) => cardIn(sent).attachments?.[0]?.content;
  const rowOf = (card: unknown, text: string) => rowsOf(card).find((row) => JSON.stringify(row).includes(text));
  const asMessage = (content: unknown) => ({ attachments: [{ contentType: '', content }] });
  let posted: Sent;

  it('is not there while the week lasts', async () => {
    await staff.app.restart();
    expect(cards()).to.deep.equal([]);
  });

  it('is posted once when the next week has begun, however often the server starts', async () => {
    teams.state.behaviour = 'fail';
    time += week;
    const isTried = teams.asked();
    await staff.app.restart();
    await isTried;
    await staff.app.stop();
    teams.state.behaviour = 'take';
    time += 61_000;
    await staff.app.start();
    posted = await teams.arrived(isCard);
    await staff.app.restart();
    await staff.useChannel(staff.lea);
    await staff.app.restart();
    expect(cards()).to.have.length(1);
  });

  it('counts the same question together, and shows nothing that tells of a person', () => {
    const card = contentOf(posted);
    expect(JSON.stringify(rowOf(card, 'PARROT'))).to.include('Asked 2 times');
    const text = JSON.stringify(card);
    expect(text)
      .to.include('parrot cage')
      .and.not.match(/jo\.doe|fabrikam|4711/);
  });

  it('lets members of the team of staff alone answer, and nobody when that cannot be checked', async () => {
    const press = rowOf(contentOf(posted), 'PARROT')?.selectAction?.data;
    const fields = { question: 'How do I feed a parrot?', answer: 'With seeds.', topic: 'doors' };
    for (const act of ['list', 'open', 'answer', 'phrasing']) {
      const { body } = await staff.pressIn(user, { ...(press as object), act }, fields);
      expect(body.value, act).to.include('You are not in the team of staff');
    }
    for (const trouble of ['fail', 'hang', 'throttle', 'block'] as const) {
      teams.state.roster = trouble;
      time += 61_000;
      const { body } = await staff.pressIn(staff.ana, { ...(press as object), act: 'answer' }, fields);
      expect(body.value, trouble).to.include('cannot be checked');
    }
    const base = await readFile(join(faq, 'doors.md'), 'utf8');
    expect(base).not.to.include('With seeds.');
  });

  it('says in words why an answer was not taken, and keeps what was typed', async () => {
    const { form, data } = await opened('PARROT', 'Add this answer');
    const fields = { question: 'Feed a parrot?', answer: 'See [this](#nowhere).\n\n## Heading?', topic: topicIn(form) };
    const { body } = await staff.pressIn(staff.ana, data, fields);
    const text = JSON.stringify(body.value);
    expect(text).to.include('Nothing was written.').and.include('## Heading?').and.include('Feed a parrot?');
    const { body: same } = await staff.pressIn(staff.ana, data, { ...fields, question: '', answer: 'Seeds.' });
    expect(JSON.stringify(same.value)).to.include('Write the question.');
  });

  it('takes an answer once, shows that in its place to all, and knows it', async () => {
    const { form, data } = await opened('PARROT', 'Add this answer');
    const fields = { question: 'How do I feed a parrot?', answer: 'With seeds.', topic: topicIn(form) };
    const both = await Promise.all([staff.ana, staff.ben].map((who) => staff.pressIn(who, data, fields)));
    for (const { body } of both) expect(JSON.stringify(body.value)).to.match(/Answered by (?:Ana Silva|Ben Okafor)/);
    const again = await staff.pressIn(staff.ana, data, { ...fields, answer: 'With nuts.' });
    expect(JSON.stringify(again.body.value)).to.include('Answered by');
    const base = await readFile(join(faq, 'doors.md'), 'utf8');
    expect(base.split('With seeds.')).to.have.length(2);
    expect(base).not.to.include('With nuts.');
    const edited = await teams.arrived(({ method, activity }) => method === 'PUT' && activity === posted.id);
    expect(rowOf(contentOf(edited), 'PARROT')?.selectAction).to.equal(undefined);
    expect(JSON.stringify(contentOf(edited))).to.include('Answered by');
    await until(async () => {
      const [answer] = await user.say('How do I feed a parrot?');
      return JSON.stringify(answer).includes('With seeds.');
    });
  });

  it('takes a question as another phrasing of an answer', async () => {
    const { data } = await opened('parrot cage', 'Add as a phrasing');
    const { body } = await staff.pressIn(staff.ben, data, { question: 'parrot cage', entry: 'how-do-i-feed-a-parrot' });
    expect(JSON.stringify(body.value)).to.include('Added to an answer by Ben Okafor');
  });

  async function opened(question: string, button: string) {
    const press = rowOf(contentOf(posted), question)?.selectAction?.data;
    const { body } = await staff.pressIn(staff.ana, press);
    return { form: body.value, data: teamsButton(asMessage(body.value) as never, button) };
  }

  function topicIn(form: unknown): string {
    const { body } = form as { body: { id?: string; value?: string }[] };
    return body.find(({ id }) => id === 'topic')?.value ?? '';
  }
});
