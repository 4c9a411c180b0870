/** Lets staff through to their pages and forms, and nobody else: roles are looked up at every request. */
import { createHash } from 'node:crypto';
import type { Request, Response, Server } from 'restify';
import type { By } from '../audit/audit.ts';
import type { Session } from '../sessions/session.ts';
import type { StaffRole } from '../sessions/staff-accounts.ts';
import type { StaffPerson } from '../tickets/ticket.ts';
import { readForm } from './read-form.ts';
import { addPage, type Take } from './server.ts';
import type { Csrf } from './sign-in/csrf.ts';
import { redirect, type Visitors } from './sign-in/visitors.ts';

/** Who is asking. */
export interface StaffVisitor {
  readonly session: Session;
  readonly person: StaffPerson;
  readonly role: StaffRole;
  /** For the forms of the page. */
  readonly csrf: string;
}

export interface StaffGateParts {
  readonly visitors: Visitors;
  readonly csrf: Csrf;
  readonly take: Take;
  /** Keeps what somebody of staff is called, and knows what those are called who have no name. */
  readonly roster: { learn(person: StaffPerson): Promise<void>; nameOf(id: string): Promise<string> };
}

export interface StaffForm {
  readonly fields: URLSearchParams;
  /** The same for a form that is sent twice, and another where it says something else: what it causes happens once. */
  readonly key: string;
}

export interface StaffGate {
  page(path: string, handler: (request: Request, response: Response, visitor: StaffVisitor) => Promise<void>): void;
  form(
    path: string,
    handler: (request: Request, response: Response, visitor: StaffVisitor, form: StaffForm) => Promise<void>,
  ): void;
}

/** 4,000 characters of four bytes, each percent-encoded, and the other fields. */
const largestStaffForm = 64 * 1024;

export function createStaffGate(server: Server, parts: StaffGateParts): StaffGate {
  const { visitors, csrf, take, roster } = parts;

  /** Undefined where the answer was given: the way to the sign-in. */
  async function visitorOf(request: Request, response: Response): Promise<StaffVisitor | undefined> {
    await take('find', request);
    const session = await visitors.requireSession(request, response, pathOf(request));
    const id = session && visitors.staffIdOf(session);
    const role = session && visitors.roleOf(session);
    if (!session || !id || !role) return undefined;
    if (session.name) await roster.learn({ id, name: session.name });
    const person = { id, name: session.name ?? (await roster.nameOf(id)) };
    return { session, person, role, csrf: csrf.tokenOf(session) };
  }

  return {
    page(path, handler) {
      addPage(server, path, async (request, response) => {
        const visitor = await visitorOf(request, response);
        if (visitor) await handler(request, response, visitor);
      });
    },
    form(path, handler) {
      // Where a form was answered with a page, its address is what a browser asks for once more.
      addPage(server, path, async (request, response) => redirect(response, pageOfForm(request.path())));
      server.post(path, async (request: Request, response: Response) => {
        const fields = await readForm(request, largestStaffForm);
        const visitor = await visitorOf(request, response);
        if (!visitor) return;
        await csrf.check(request, fields);
        await handler(request, response, visitor, { fields, key: keyOf(request, visitor, fields) });
      });
    },
  };
}

/** Where to come back to after signing in. */
function pathOf(request: Request): string {
  return request.method === 'GET' ? (request.url ?? '/staff') : pageOfForm(request.path());
}

/** A form's address is no page, but the ticket or person it is about has one. */
function pageOfForm(path: string): string {
  const ticket = /^\/staff\/tickets\/\d+(?:\/teach(?=\/))?/.exec(path)?.[0];
  const person = /^\/staff\/people\/([^/]+)\//.exec(path)?.[1];
  return ticket ?? (person ? `/staff/people?q=${person}` : '/staff');
}

/** Who of staff does something, for the trail. */
export function staffBy({ person }: StaffVisitor, from: string): By {
  return { actor: `staff:${person.id}`, proof: 'staff', from };
}

function keyOf(request: Request, { person }: StaffVisitor, fields: URLSearchParams): string {
  // What comes after a reply is another thing: the same text is sent once, whichever buttons are pressed.
  const said = [...fields].filter(([name]) => name !== 'csrf' && name !== 'after');
  const what = JSON.stringify([person.id, request.path(), said]);
  return `form ${createHash('sha256').update(what).digest('base64url')}`;
}
