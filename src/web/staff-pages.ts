/** What every page of staff's begins with: who looks, and how many tickets and decisions wait. */
import type { VNode } from 'preact';
import type { Response } from 'restify';
import type { ChannelTrouble } from '../staff-channel/staff-channel.ts';
import type { Desk } from '../tickets/desk.ts';
import type { Words } from '../words/words.ts';
import { renderStaffPage, StaffColumn, type StaffFrame, type StaffHead } from './pages/staff-frame.tsx';
import { sendPrivatePage } from './server.ts';
import { accountOnPage } from './sign-in/account-on-page.ts';
import type { StaffVisitor } from './staff-gate.ts';

export interface StaffPages {
  /** The head of a page, with counts as they are now. */
  head(visitor: StaffVisitor, given: Pick<StaffHead, 'title' | 'place' | 'shows' | 'query'>): Promise<StaffHead>;
  send(response: Response, status: number, head: StaffHead, content: VNode): void;
  /** Says that there is no such ticket. */
  sendUnknown(response: Response, visitor: StaffVisitor): Promise<void>;
}

export interface StaffPagesParts {
  readonly desk: Desk;
  /** Requests of people that wait until somebody of staff decides. */
  readonly requests: { count(): Promise<number> };
  /** What keeps tickets from the channel in Teams now. */
  readonly channelTrouble?: () => Promise<ChannelTrouble | undefined>;
  readonly words: Words;
  readonly frame: StaffFrame;
}

export function createStaffPages({ desk, requests, channelTrouble, words, frame }: StaffPagesParts): StaffPages {
  const pages: StaffPages = {
    async head({ session, person, role, csrf }, given) {
      const [counts, waiting, trouble] = await Promise.all([desk.counts(person), requests.count(), channelTrouble?.()]);
      const account = accountOnPage(session, csrf, words);
      return { frame, words, account, isLead: role === 'lead', counts, decisions: waiting, trouble, ...given };
    },
    send: (response, status, head, content) => sendPrivatePage(response, status, renderStaffPage(head, content)),
    async sendUnknown(response, visitor) {
      const title = words.say('staff.unknown');
      const head = await pages.head(visitor, { title, place: 'none', shows: 'work' });
      pages.send(response, 404, head, StaffColumn({ title, head, children: words.say('staff.unknownText') }));
    },
  };
  return pages;
}
