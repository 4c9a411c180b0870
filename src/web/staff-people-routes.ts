/** The person view: looks people up, and does for them what staff may do, each with a reason. */
import type { Request, Response } from 'restify';
import type { ActsOfStaff } from '../changes/acts-of-staff.ts';
import type { AddressChanges } from '../changes/address-changes.ts';
import type { LookUp } from '../changes/look-up.ts';
import type { Reassociations } from '../changes/reassociations.ts';
import type { WaitingRequests } from '../changes/waiting-requests.ts';
import type { Directory, Member } from '../directory/directory.ts';
import type { Desk } from '../tickets/desk.ts';
import type { WordKey, Words } from '../words/words.ts';
import { StaffColumn, type StaffNotice } from './pages/staff-frame.tsx';
import { longestReason, type PeopleOnPage, PeoplePage } from './pages/staff-people.tsx';
import { type StaffForm, type StaffGate, type StaffVisitor, staffBy } from './staff-gate.ts';
import type { StaffPages } from './staff-pages.ts';
import { isLookedAt, queryOf, searchText } from './staff-request.ts';

export interface StaffPeopleParts {
  readonly gate: StaffGate;
  readonly pages: StaffPages;
  readonly desk: Pick<Desk, 'view' | 'search' | 'ofPerson'>;
  readonly directory: Pick<Directory, 'member'>;
  readonly lookUp: LookUp;
  readonly acts: ActsOfStaff;
  readonly reassociations: Pick<Reassociations, 'approve' | 'refuse' | 'awaitingApproval'>;
  readonly addressChanges: Pick<AddressChanges, 'approve' | 'refuse' | 'awaitingApproval'>;
  readonly requests: Pick<WaitingRequests, 'count' | 'seen'>;
  readonly words: Words;
  readonly newNonce: () => string;
  readonly clientOf: (request: Request) => string;
  readonly takeSearch: (request: Request) => Promise<void>;
}

const mostFound = 25;

interface Came {
  readonly status: number;
  readonly notice: StaffNotice;
  readonly reason?: string;
}

export function addStaffPeopleRoutes(parts: StaffPeopleParts): void {
  const { gate, pages, desk, directory, lookUp, acts, reassociations, addressChanges, words, newNonce, clientOf } =
    parts;

  gate.page('/staff/people', async (request, response, visitor) => {
    await parts.takeSearch(request);
    const text = searchText(request);
    const number = queryOf(request).get('ticket') ?? '';
    const view = /^\d{1,9}$/.test(number) ? await desk.view(Number(number)) : undefined;
    if (view) {
      const { requester, number: ticket } = view.ticket.value;
      const members = await lookUp.ofPerson(requester);
      const tickets = await desk.ofPerson(requester.person);
      const isOnlySaid = requester.proof === 'none' && requester.address !== undefined && members.length > 0;
      await send(request, response, visitor, 200, { members, text: '', ticket, isOnlySaid, tickets });
      return;
    }
    const members = await lookUp.find(text, mostFound);
    await send(request, response, visitor, 200, { members, text, tickets: await ticketsOf(members) });
  });

  /** Does it for one profile, and shows that profile as it is then. */
  function act(
    name: string,
    what: (member: Member, visitor: StaffVisitor, form: StaffForm, reason: string, from: string) => Promise<Came>,
  ): void {
    gate.form(`/staff/people/:profile/${name}`, async (request, response, visitor, form) => {
      const { profile } = request.params as { profile: string };
      const member = await directory.member(profile);
      if (!member) {
        await send(request, response, visitor, 404, { members: [], text: profile.slice(0, 200), tickets: [] });
        return;
      }
      const typed = form.fields.get('reason') ?? '';
      const reason = typed.replace(/\s+/g, ' ').trim();
      const came =
        reason === ''
          ? wrong(400, 'staff.people.noReason', 'staff.people.noReasonText')
          : Array.from(reason).length > longestReason
            ? { ...wrong(400, 'staff.people.longReason', 'staff.people.noReasonText'), reason: typed.slice(0, 2000) }
            : await what(member, visitor, form, reason, clientOf(request));
      const now = (await directory.member(profile)) ?? member;
      await send(
        request,
        response,
        visitor,
        came.status,
        { members: [now], text: profile, tickets: await ticketsOf([now]) },
        came,
      );
    });
  }

  const good = (fact: WordKey): Came => ({
    status: 200,
    notice: { kind: 'good', fact: words.say(fact), text: words.say('staff.people.told') },
  });
  const wrong = (status: number, fact: WordKey, text: WordKey = 'staff.said.nothing'): Came => ({
    status,
    notice: { kind: 'wrong', fact: words.say(fact), text: words.say(text) },
  });

  act('resend', async ({ profile }, visitor, { key }, reason, from) => {
    const asked = await acts.resend(profile.id, { by: staffBy(visitor, from), reason, key });
    if (asked === 'already-linked') return good('staff.people.isLinked');
    if (asked === 'no-access') return good('staff.people.hasNoAccess');
    return asked === 'unknown' ? wrong(404, 'staff.people.none') : good('staff.people.resent');
  });
  act('revoke', async ({ profile }, visitor, { key }, reason, from) =>
    (await acts.revoke(profile.id, { by: staffBy(visitor, from), reason, key })) === 'done'
      ? good('staff.people.revoked')
      : wrong(409, 'staff.people.changed'),
  );
  act('end', async ({ profile }, visitor, { key }, reason, from) =>
    (await acts.end(profile.id, { by: staffBy(visitor, from), reason, key })) === 'done'
      ? good('staff.people.ended')
      : wrong(409, 'staff.people.changed'),
  );
  for (const decision of ['approve', 'refuse'] as const) {
    act(decision, async ({ profile }, visitor, { fields }, reason, from) => {
      const kind = fields.get('kind') === 'address' ? addressChanges : reassociations;
      const decided = await kind[decision](profile.id, fields.get('request') ?? '', staffBy(visitor, from), reason);
      if (decided === 'done') return good(decision === 'approve' ? 'staff.people.approved' : 'staff.people.refused');
      if (decided === 'taken') return wrong(409, 'staff.people.taken');
      return wrong(409, decided === 'no-access' ? 'staff.people.decidedNoAccess' : 'staff.people.changed');
    });
  }

  /** Tickets that name the address of one of them. */
  async function ticketsOf(members: readonly Member[]) {
    const address = members.length > 0 && members.length <= 4 ? members[0]?.profile.value.address : undefined;
    return address ? (await desk.search(address)).slice(0, 10) : [];
  }

  async function send(
    request: Request,
    response: Response,
    visitor: StaffVisitor,
    status: number,
    found: Pick<PeopleOnPage, 'text' | 'ticket' | 'isOnlySaid' | 'tickets'> & { readonly members: readonly Member[] },
    came?: Came,
  ): Promise<void> {
    const { members, ...rest } = found;
    const isAsked = rest.text !== '' || rest.ticket !== undefined;
    const title = words.say('staff.list.people');
    const [people, waiting, head] = await Promise.all([
      Promise.all(members.map((member) => lookUp.person(member))),
      isAsked ? [] : waitingForStaff(),
      pages.head(visitor, { title, place: 'people', shows: 'work' }),
    ]);
    const asking = [...people, ...waiting].filter(({ move, address }) => move || address);
    if (isLookedAt(request)) await parts.requests.seen(asking.map(({ member }) => member.profile.id));
    const shown: PeopleOnPage = {
      ...rest,
      people,
      isCut: members.length === mostFound,
      waiting,
      csrf: visitor.csrf,
      nonce: newNonce(),
      notice: came?.notice,
      reason: came?.reason,
      isLead: visitor.role === 'lead',
    };
    pages.send(response, status, head, StaffColumn({ title, head, children: PeoplePage({ words, shown }) }));
  }

  async function waitingForStaff() {
    const all = [...(await reassociations.awaitingApproval()), ...(await addressChanges.awaitingApproval())];
    const members = new Map(all.map(({ member }) => [member.profile.id, member]));
    return Promise.all([...members.values()].map((member) => lookUp.person(member)));
  }
}
