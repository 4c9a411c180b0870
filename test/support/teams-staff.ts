/** The team of staff in Teams and its channel, around an app: a lead, two members, and whoever asks. */
import type { Surroundings } from '../../src/app.ts';
import type { ChannelPlace } from '../../src/staff-channel/staff-channel.ts';
import { type Sent, serviceUrl, type TeamsStandIn, TeamsUser, teamsSettings, tenant } from './teams-stand-in.ts';
import { startTestApp, type TestApp } from './test-app.ts';

export const group = '33333333-4444-5555-6666-777777777777';
export const team = '19:team@thread.tacv2';
export const channel = '19:tickets@thread.tacv2';

/** The channel as it is kept once a lead has chosen it. */
export const channelPlace: ChannelPlace = {
  channel: 'msteams',
  serviceUrl,
  conversation: channel,
  bot: { id: 'bot', name: '' },
  tenant: 't',
  team: 'team',
};

export type TeamOfStaff = Awaited<ReturnType<typeof startTeamOfStaff>>;

export async function startTeamOfStaff(
  teams: TeamsStandIn,
  env: Record<string, string> = {},
  surroundings: Partial<Surroundings> = {},
) {
  const [lea, ana, ben] = [
    new TeamsUser('', teams, 'Lea Lind'),
    new TeamsUser('', teams, 'Ana Silva'),
    new TeamsUser('', teams, 'Ben Okafor'),
  ];
  const app: TestApp = await startTestApp(
    { ...teamsSettings, STAFF_TEAM_ID: group, STAFF_ACCOUNTS: `${tenant}/${lea.objectId}:lead`, ...env },
    { botFramework: teams.microsoft, sendTimeout: 1500, ...surroundings },
  );
  for (const one of [lea, ana, ben]) Object.assign(one, { url: app.url });
  teams.teams.set(team, { id: team, name: 'Support', aadGroupId: group });
  teams.members.set(team, [lea.member, ana.member, ben.member]);

  /** The channel, or a thread of it. */
  const place = (of = team, thread = '') =>
    lea.in(`${channel}${thread}`, 'channel', { team: { id: of }, channel: { id: channel } }) as Record<string, unknown>;
  const sayIn = async (who: TeamsUser, more: Record<string, unknown>) => {
    const before = teams.sent.length;
    const activity = who.activity(more);
    const response = await who.send(activity);
    return { status: response.status, said: teams.postedTo(activity, before).map(({ body }) => body.text ?? '') };
  };
  const isCardOf = ({ method, body }: Sent, number: number) => {
    const inside = (body as { activity?: unknown }).activity ?? body;
    return method === 'POST' && JSON.stringify(inside).includes(`"act":"claim","number":${number}`);
  };
  return {
    app,
    lea,
    ana,
    ben,
    place,
    inThread: (root: string) => place(team, `;messageid=${root}`),
    sayIn,
    useChannel: (who: TeamsUser, of = team) => sayIn(who, { ...who.mention('use this channel'), ...place(of) }),
    isCardOf,
    /** Opens a ticket of this user by typing; resolves when its card is in the channel. */
    async openTicket(user: TeamsUser, question: string) {
      await user.say('person');
      const [receipt] = await user.say(question);
      const number = Number(/#(\d+)/.exec(receipt?.text ?? '')?.[1]);
      const posted = await teams.arrived((one) => isCardOf(one, number));
      return { number, root: posted.id, posted, question };
    },
    /** Presses a button of a card that stands in the channel. */
    pressIn: (who: TeamsUser, data: unknown, fields: Record<string, unknown> = {}) => who.press(data, fields, place()),
  };
}

/** The card of what was sent into the channel, as a message has it. */
export function cardIn({ body }: Pick<Sent, 'body'>) {
  const { activity = body } = body as { activity?: Sent['body'] };
  return { attachments: activity.attachments } as Partial<Sent['body']>;
}
