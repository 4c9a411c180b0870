import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createServer, type Request, type Response, type Server } from 'restify';
import type { SignedIn } from '../../../src/sessions/session.ts';
import { sessionRecords } from '../../../src/sessions/session.ts';
import { Sessions } from '../../../src/sessions/sessions.ts';
import { staffAccounts } from '../../../src/sessions/staff-accounts.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../../../src/stores/embedded/embedded-store.ts';
import { createCookies } from '../../../src/web/cookies.ts';
import { listen, stopListening } from '../../../src/web/server.ts';
import { Visitors } from '../../../src/web/sign-in/visitors.ts';
import { WebVisitor } from '../../support/web-visitor.ts';

const minute = 60_000;

describe('a page of another room', () => {
  let folder: string;
  let store: EmbeddedStore;
  let server: Server;
  let url: string;
  let visitors: Visitors;
  let time: number;
  const now = () => new Date(time);
  const people: Record<string, SignedIn> = {
    amira: { issuer: 'https://idp.example', subject: 'amira' },
    sam: { issuer: 'https://idp.example', subject: 'sam' },
  };

  /** As after a restart with these settings. */
  const open = (through: string, staff: string[]) =>
    new Visitors({
      sessions: new Sessions({ records: store.records, now }),
      cookies: createCookies(url),
      staff: staffAccounts(staff),
      through: { user: through, staff: through },
      now,
    });

  beforeEach(async () => {
    time = Date.parse('2026-11-22T12:00:00Z');
    folder = await mkdtemp(join(tmpdir(), 'accessdesk-visitors-'));
    store = await openEmbeddedStore({ folder, now, recordTypes: [sessionRecords] });
    server = createServer({ handleUncaughtExceptions: false });
    const page = (path: string, require: (request: Request, response: Response) => Promise<unknown>) =>
      server.get(path, async (request: Request, response: Response) => {
        if (await require(request, response)) response.send(200, {});
      });
    page('/page', (request, response) => visitors.requireSession(request, response));
    page('/staff', (request, response) => visitors.requireSession(request, response));
    page('/change', (request, response) => visitors.requireFresh(request, response));
    server.post('/change', async (request: Request, response: Response) => {
      if (await visitors.requireFresh(request, response, '/change?step=2')) response.send(200, {});
    });
    server.get('/begin/:kind/:who', async (request: Request, response: Response) => {
      const { kind, who } = request.params;
      await visitors.begin(request, response, { kind, signedIn: people[who] as SignedIn, staysSignedIn: true });
      response.send(200, {});
    });
    const port = await listen(server, 0, '127.0.0.1');
    url = `http://127.0.0.1:${port}`;
    visitors = open('idp', ['https://idp.example|sam:lead']);
  });
  afterEach(async () => {
    await stopListening(server);
    await store.close();
    await rm(folder, { recursive: true });
  });
  const signedIn = async (kind: string, who: string) => {
    const visitor = new WebVisitor(url);
    await visitor.get(`/begin/${kind}/${who}`);
    return visitor;
  };

  it('sends a stranger to the sign-in and back', async () => {
    const { status, location } = await new WebVisitor(url).get('/page?a=b&c=d');
    expect([status, location]).to.deep.equal([303, '/sign-in?return=%2Fpage%3Fa%3Db%26c%3Dd']);
  });

  it('is open to whoever is signed in, but not to staff, whose pages are not open to users', async () => {
    const [user, staff] = [await signedIn('user', 'amira'), await signedIn('staff', 'sam')];
    expect([(await user.get('/page')).status, (await staff.get('/staff')).status]).to.deep.equal([200, 200]);
    expect((await staff.get('/page')).location).to.equal('/sign-in?return=%2Fpage');
    expect((await user.get('/staff')).location).to.equal('/sign-in?return=%2Fstaff');
  });

  it('asks to sign in once more for a sensitive step after 15 minutes, however long the session lasts', async () => {
    const user = await signedIn('user', 'amira');
    expect((await user.get('/change')).status).to.equal(200);
    time += 15 * minute;
    expect((await user.get('/page')).status).to.equal(200);
    expect((await user.get('/change')).location).to.equal('/sign-in?again=1&return=%2Fchange');
    expect((await user.post('/change', {})).location).to.equal('/sign-in?again=1&return=%2Fchange%3Fstep%3D2');
  });

  it('does not know a session of a provider that is no longer set', async () => {
    const user = await signedIn('user', 'amira');
    visitors = open('another provider', []);
    expect((await user.get('/page')).status).to.equal(303);
  });

  it('does not know whoever was taken off STAFF_ACCOUNTS', async () => {
    const staff = await signedIn('staff', 'sam');
    visitors = open('idp', []);
    expect((await staff.get('/staff')).status).to.equal(303);
  });
});
