/** Puts staff's pages together: who is let in, the inbox, and what makes it live. */
import type { Request, Server } from 'restify';
import type { Log } from '../log.ts';
import type { ChannelTrouble } from '../staff-channel/staff-channel.ts';
import type { Assets } from './assets.ts';
import type { Take } from './server.ts';
import type { SignIn } from './sign-in/sign-in.ts';
import { addStaffAuditRoutes, type StaffAuditParts } from './staff-audit-routes.ts';
import { type StaffEventParts, StaffEvents } from './staff-events.ts';
import { createStaffGate, type StaffGateParts } from './staff-gate.ts';
import { createStaffPages } from './staff-pages.ts';
import { addStaffPeopleRoutes, type StaffPeopleParts } from './staff-people-routes.ts';
import { addStaffRoutes, type StaffRouteParts } from './staff-routes.ts';
import { addStaffTeachRoutes, type StaffTeachParts } from './staff-teach-routes.ts';

type Own = 'gate' | 'pages' | 'takeSearch';

export interface StaffParts
  extends Omit<StaffRouteParts, Own | 'roster'>,
    Omit<StaffPeopleParts, Own | 'desk'>,
    Omit<StaffTeachParts, Own | 'desk'>,
    Omit<StaffAuditParts, Own> {
  readonly roster: StaffRouteParts['roster'] & StaffGateParts['roster'];
  readonly signIn: Pick<SignIn, 'visitors' | 'csrf'>;
  readonly assets: Assets;
  readonly take: Take;
  /** See StaffPagesParts. */
  readonly channelTrouble?: () => Promise<ChannelTrouble | undefined>;
  readonly log: Log;
  readonly onRequests: StaffEventParts['onRequests'];
  /** See StaffEventParts, both. */
  readonly opened?: () => () => void;
  readonly beat?: number;
}

/** Returns what ends the streams that are open. */
export function addStaff(server: Server, parts: StaffParts): { close(): void } {
  const { signIn, assets, take, log, words, desk, roster, requests, onRequests, channelTrouble, opened, beat } = parts;
  const gate = createStaffGate(server, {
    ...signIn,
    take,
    roster,
  });
  const frame = {
    styleAddresses: [assets.address('style.css'), assets.address('staff.css')],
    scriptAddress: assets.address('staff.js'),
  };
  const takeSearch = (request: Request) => take('search', request);
  const pages = createStaffPages({ desk, requests, channelTrouble, words, frame });
  const all = { ...parts, gate, pages, takeSearch };
  addStaffRoutes(all);
  addStaffTeachRoutes(all);
  addStaffPeopleRoutes(all);
  addStaffAuditRoutes(all);
  const events = new StaffEvents({ desk, visitors: signIn.visitors, requests, onRequests, take, log, opened, beat });
  events.addRoutes(server);
  return events;
}
