/**
 * `/staff/events`: tells the open pages of staff which tickets changed, and how many of them and of requests wait, as
 * server-sent events. It carries no text of any: pages fetch what they show, and are judged anew then. A stream ends
 * with its session.
 */
import type { Request, Response, Server } from 'restify';
import { HttpError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Session } from '../sessions/session.ts';
import type { Desk } from '../tickets/desk.ts';
import type { StaffPerson } from '../tickets/ticket.ts';
import { addPage, type Take } from './server.ts';
import type { Visitors } from './sign-in/visitors.ts';

export interface StaffEventParts {
  readonly desk: Pick<Desk, 'watch' | 'counts'>;
  readonly visitors: Pick<Visitors, 'sessionOf' | 'staffIdOf' | 'holds'>;
  /** Requests of people that wait for a decision. */
  readonly requests: { count(): Promise<number> };
  /** Calls `listener` whenever one came or changed. */
  readonly onRequests: (listener: () => void) => void;
  readonly take: Take;
  readonly log: Log;
  /** Told of every stream; what it returns, when that ends. While somebody has the inbox open, nobody needs a mail. */
  readonly opened?: () => () => void;
  /** ms between looks at whether sessions hold; also keeps proxies from taking a quiet stream for a dead one. */
  readonly beat?: number;
}

interface Stream {
  readonly response: Response;
  readonly session: Session;
  readonly person: StaffPerson;
  /** Numbers of tickets that changed since the last event. */
  readonly changed: Set<number>;
  hasNews: boolean;
  isSending: boolean;
}

/** Tabs of one browser share a stream, so these are browsers that do not; more is somebody's script. */
const mostPerSession = 4;
/** Changes that come together are told together, in ms. */
const together = 50;

export class StaffEvents {
  readonly #parts: StaffEventParts;
  readonly #streams = new Set<Stream>();
  readonly #stopWatching: () => void;
  readonly #beat: NodeJS.Timeout;
  /** How many wait, for all streams; counted anew once something changed, and now and then, since they also end by the clock. */
  #requests?: Promise<number>;

  constructor(parts: StaffEventParts) {
    this.#parts = parts;
    this.#stopWatching = parts.desk.watch((number) => {
      for (const stream of this.#streams) {
        stream.changed.add(number);
        this.#tell(stream);
      }
    });
    parts.onRequests(() => {
      this.#requests = undefined;
      for (const stream of this.#streams) this.#tell(stream);
    });
    this.#beat = setInterval(() => this.#lookAtAll(), parts.beat ?? 15_000).unref();
  }

  addRoutes(server: Server): void {
    addPage(server, '/staff/events', (request, response) => this.#open(request, response));
    // What is done at the page counts as use of the session; an open page alone does not.
    addPage(server, '/staff/here', async (request, response) => {
      await this.#sessionOf(request);
      response.writeHead(204, { 'cache-control': 'no-store' });
      response.end();
    });
  }

  /** Ends every stream; pages come back by themselves. */
  close(): void {
    this.#stopWatching();
    clearInterval(this.#beat);
    for (const { response } of this.#streams) response.end();
    this.#streams.clear();
  }

  /** @throws HttpError 401 for everybody but staff, without a way to the sign-in: no person asks for this */
  async #sessionOf(request: Request): Promise<{ session: Session; person: StaffPerson }> {
    const site = request.headers['sec-fetch-site'];
    const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none';
    const session = isForeign ? undefined : await this.#parts.visitors.sessionOf(request);
    const id = session && this.#parts.visitors.staffIdOf(session);
    if (!session || !id) throw new HttpError(401, 'Unauthorized', 'sign in as staff');
    return { session, person: { id, name: session.name ?? '' } };
  }

  async #open(request: Request, response: Response): Promise<void> {
    await this.#parts.take('find', request);
    // Browsers connect again by themselves, as often as they like: that is no use.
    request.headers['x-by-itself'] = '1';
    const { session, person } = await this.#sessionOf(request);
    const open = [...this.#streams].filter((stream) => stream.session.id === session.id);
    // 204 tells a browser not to come back.
    if (open.length >= mostPerSession) {
      response.writeHead(204);
      response.end();
      return;
    }
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      // nginx would keep events back until it has many.
      'x-accel-buffering': 'no',
    });
    response.write('retry: 2000\n\n');
    const stream: Stream = { response, session, person, changed: new Set(), hasNews: false, isSending: false };
    this.#streams.add(stream);
    const closed = this.#parts.opened?.();
    response.on('error', () => response.destroy());
    response.on('close', () => {
      this.#streams.delete(stream);
      closed?.();
    });
    await this.#tell(stream, true);
  }

  /** One event for all that changed meanwhile; the session is looked at before each. */
  async #tell(stream: Stream, isFirst = false): Promise<void> {
    stream.hasNews = true;
    if (stream.isSending) return;
    stream.isSending = true;
    try {
      do {
        if (!isFirst) await new Promise((resolve) => setTimeout(resolve, together));
        const tickets = [...stream.changed];
        stream.changed.clear();
        stream.hasNews = false;
        if (!(await this.#holds(stream))) return;
        const [counts, requests] = await Promise.all([this.#parts.desk.counts(stream.person), this.#countRequests()]);
        stream.response.write(`data: ${JSON.stringify({ tickets, counts, requests })}\n\n`);
      } while (stream.hasNews && this.#streams.has(stream));
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'a stream of the inbox broke off');
      this.#end(stream);
    } finally {
      stream.isSending = false;
    }
  }

  #countRequests(): Promise<number> {
    this.#requests ??= this.#parts.requests.count();
    // What failed is tried again.
    this.#requests.catch(() => {
      this.#requests = undefined;
    });
    return this.#requests;
  }

  async #holds(stream: Stream): Promise<boolean> {
    if (!this.#streams.has(stream)) return false;
    if (await this.#parts.visitors.holds(stream.session)) return true;
    this.#end(stream);
    return false;
  }

  #end(stream: Stream): void {
    this.#streams.delete(stream);
    stream.response.end();
  }

  #lookAtAll(): void {
    this.#requests = undefined;
    for (const stream of this.#streams) {
      // A page that hears nothing of its session asks for it, and is sent to the sign-in.
      this.#holds(stream).then(
        (holds) => holds && stream.response.write(': still here\n\n'),
        (error) => this.#parts.log.warn({ err: error }, 'a session could not be looked at'),
      );
    }
  }
}
