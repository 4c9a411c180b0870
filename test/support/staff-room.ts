/** Staff's pages over the tickets' room and a real server: tests turn the clock and the roster, and write as users. */
import type { Request, Response } from 'restify';
import { readTrail } from '../../src/audit/read-trail.ts';
import { ActsOfStaff } from '../../src/changes/acts-of-staff.ts';
import { addressChanges } from '../../src/changes/address-change.ts';
import { LookUp } from '../../src/changes/look-up.ts';
import { reassociations } from '../../src/changes/reassociation.ts';
import { WaitingRequests } from '../../src/changes/waiting-requests.ts';
import { AccessDeskError } from '../../src/errors.ts';
import { createKnowledge } from '../../src/faq/knowledge.ts';
import type { Editor } from '../../src/faq/knowledge-editing.ts';
import type { NewLine } from '../../src/history/history.ts';
import { createKeys } from '../../src/keys.ts';
import { createLog } from '../../src/log.ts';
import { Sessions } from '../../src/sessions/sessions.ts';
import type { StaffAccounts } from '../../src/sessions/staff-accounts.ts';
import { Roster } from '../../src/tickets/roster.ts';
import type { StaffPerson } from '../../src/tickets/ticket.ts';
import { ticketFigures } from '../../src/tickets/ticket-figures.ts';
import { createReport } from '../../src/usage/report.ts';
import { addStaff } from '../../src/web/add-staff.ts';
import { addAssetRoutes, loadAssets } from '../../src/web/assets.ts';
import { createCookies } from '../../src/web/cookies.ts';
import { createWebServer, listen, stopListening } from '../../src/web/server.ts';
import { createCsrf } from '../../src/web/sign-in/csrf.ts';
import { Visitors } from '../../src/web/sign-in/visitors.ts';
import { nameOfActor } from '../../src/web/staff-actors.ts';
import { profilesOfRequester } from '../../src/web/staff-profiles.ts';
import { createWords } from '../../src/words/words.ts';
import { turn } from '../stores/sample-turn.ts';
import { openAccessRooms } from './access-rooms.ts';
import { assets as assetsFolder, freePort } from './test-app.ts';
import { openTicketRoom } from './ticket-room.ts';
import { WebVisitor } from './web-visitor.ts';

const entry = (id: string, question: string, plain: string) => ({
  id,
  question,
  alternates: [],
  answer: plain,
  plain,
  html: `<p>${plain}</p>`,
  topic: 'access',
  next: [],
  dialogs: [],
  version: 'v1',
  source: { file: 'access.md', line: 1 },
});
const entries = [
  entry('forgot-password', 'How do I reset a forgotten password?', 'Choose "Forgot password" at the sign-in.'),
  entry(
    'multiple-emails',
    'Why did I get several e-mails?',
    'Each profile gets an e-mail of its own: https://help.contoso.example/entries/multiple-emails/and-why',
  ),
];
const knowledge = createKnowledge({
  topics: [{ id: 'access', title: 'Access', html: '', icon: 'key' }],
  entries,
  actions: [],
  notices: [],
  pages: [],
  often: [],
  version: '',
});

export async function openStaffRoom(beat = 15_000) {
  const room = await openTicketRoom();
  const { clock, roles } = room;
  const { now } = clock;
  const words = createWords('en');
  const assets = await loadAssets(assetsFolder);
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const keys = createKeys(['a key of thirty-two bytes or more!']);
  const cookies = createCookies(url);
  const sessions = new Sessions({ records: room.records, now });
  /** As STAFF_ACCOUNTS names them at this moment. */
  const staff: StaffAccounts = {
    idOf: ({ issuer, subject }) => [`${issuer}|${subject}`].find((id) => roles.has(id)),
    roleOf: ({ issuer, subject }) => roles.get(`${issuer}|${subject}`),
    get listed() {
      return Array.from(roles, ([id, role]) => ({ id, role }));
    },
  };
  const visitors = new Visitors({ sessions, cookies, staff, through: { user: 'idp', staff: 'idp' }, now });
  const csrf = createCsrf({
    keys,
    cookies,
    publicUrl: url,
    words,
    sessionOf: (request) => visitors.sessionOf(request),
  });
  const lines: string[] = [];
  const log = createLog('debug', { write: (line: string) => void lines.push(line) });
  const take = async () => {};
  const frame = {
    styleAddress: assets.address('style.css'),
    scriptAddress: assets.address('page.js'),
    publicUrl: url,
    supportEmail: 'help@accessdesk.example',
  };
  let references = 0;
  const server = createWebServer({
    isLocal: true,
    log,
    take,
    words,
    frame,
    publicUrl: url,
    accountOf: async () => undefined,
    newReference: () => `R${++references}`,
  });
  addAssetRoutes(server, assets);
  const access = await openAccessRooms({ folder: room.folder, store: { ...room.store, records: room.records }, now });
  const rosterNow = () => new Roster(room.records, staff.listed, (id) => `Somebody of staff, ${id.slice(-4)}`);
  const roster = {
    people: () => rosterNow().people(),
    learn: (person: StaffPerson) => rosterNow().learn(person),
    nameOf: (id: string) => rosterNow().nameOf(id),
  };
  let nonces = 0;
  let acts = 0;
  const newId = () => `act-${String(++acts).padStart(6, '0')}`;
  /** What was written into the knowledge base. */
  const taught: string[] = [];
  const known = new Map<string, { id: string; file: string; line: number }>();
  const written = (id: string, what: string, by: Editor, key = '') => {
    const before = known.get(key);
    if (before) return before;
    if (what.includes('@')) throw new AccessDeskError('ERR_PHRASING', 'Take the e-mail address out.');
    taught.push(`${by.actor} ${id}: ${what}`);
    const here = { id, file: 'access.md', line: 12 };
    known.set(key, here);
    return here;
  };
  const present = new Set<string>();
  const events = addStaff(server, {
    desk: room.desk,
    roster,
    knowledge: () => knowledge,
    profilesOf: profilesOfRequester(access),
    ...access,
    history: room.store.history,
    editing: {
      topics: () => [{ id: 'access', title: 'Access', file: 'access.md' }],
      addPhrasing: async (id, phrasing, by, key) => written(id, phrasing, by, key),
      addAnswer: async ({ question, answer, topic }, by, key) => written(topic, `${question} ${answer}`, by, key),
    },
    report: (period) =>
      createReport(
        { history: room.store.history, votes: room.store.votes, tickets: () => ticketFigures(room.records) },
        period,
      ),
    trail: (...asked) => readTrail(room.records, ...asked),
    actorName: nameOfActor({ roster, ...access, desk: room.desk }),
    lookUp: new LookUp(access),
    acts: new ActsOfStaff({ ...access, newId }),
    requests: new WaitingRequests({ ...access, newId, staffEmail: 'staff@contoso.example' }),
    onRequests: (listener) => {
      for (const type of [reassociations, addressChanges]) room.records.onPut(type, listener);
    },
    clientOf: () => '192.0.2.7',
    isPresent: (conversation) => present.has(conversation),
    signIn: { visitors, csrf },
    assets,
    words,
    take,
    log,
    newNonce: () => `nonce-${++nonces}`,
    now,
    beat,
  });
  server.get('/begin/:kind/:who', async (request: Request, response: Response) => {
    const { kind, who } = request.params as { kind: 'staff' | 'user'; who: string };
    const name = names[who] ?? who;
    const signedIn = { issuer: 'https://login.test', subject: who, name };
    await visitors.begin(request, response, { kind, signedIn, staysSignedIn: false });
    response.send(200, {});
  });
  server.get('/end', async (request: Request, response: Response) => {
    await visitors.end(request, response);
    response.send(200, {});
  });
  // A browser with tabs asks for it where a page names no icon, as the two above do, and would tell of a 404.
  server.get('/favicon.ico', async (_: Request, response: Response) => {
    response.send(204);
  });
  await listen(server, port, '127.0.0.1');

  let said = 0;
  return {
    ...room,
    get desk() {
      return room.desk;
    },
    url,
    access,
    taught,
    present,
    log: () => lines.join(''),
    /** A browser in which somebody has signed in. */
    async signedIn(who = 'ana', kind: 'staff' | 'user' = 'staff'): Promise<WebVisitor> {
      const visitor = new WebVisitor(url);
      await visitor.get(`/begin/${kind}/${who}`);
      return visitor;
    },
    /** Adds a line to a conversation. */
    async say(
      from: NewLine['from'],
      text: string,
      more: Partial<NewLine> = {},
      conversation = 'webchat/c-1',
    ): Promise<string> {
      const id = `line-${++said}`;
      const at = now().toISOString();
      const line: NewLine = { id, from, at, text, activity: { type: 'message' }, ...more };
      await room.store.turns.commit(turn({ conversation, person: 'webchat/amira', at, lines: [line] }));
      return id;
    },
    async close() {
      events.close();
      await access.close();
      await stopListening(server);
      await room.close();
    },
  };
}

const names: Readonly<Record<string, string>> = { ana: 'Ana Silva', ben: 'Ben Okafor', lea: 'Lea Lind' };

export type StaffRoom = Awaited<ReturnType<typeof openStaffRoom>>;
