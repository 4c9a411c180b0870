/** Pages for one visitor's eyes: with the header of whoever asks, kept by nobody. */
import type { VNode } from 'preact';
import type { Request, Response } from 'restify';
import type { Words } from '../words/words.ts';
import type { AccountOf } from './pages/account-menu.tsx';
import { type PageFrame, renderPage } from './pages/page.tsx';
import { sendPrivatePage } from './server.ts';

export interface PrivatePage {
  readonly title: string;
  readonly content: VNode;
  /** Address of the page of the header that this one belongs to. */
  readonly place?: string;
  /** 200 where it is not said. */
  readonly status?: number;
  readonly policy?: string;
}

export type SendPrivate = (request: Request, response: Response, page: PrivatePage) => Promise<void>;

export function privatePages(frame: PageFrame, words: Words, accountOf: AccountOf): SendPrivate {
  return async (request, response, { title, content, place, status = 200, policy }) => {
    const account = await accountOf(request);
    sendPrivatePage(response, status, renderPage({ frame, words, title, place, account }, content), policy);
  };
}
