/** The help page's addresses: all questions, a search, suggestions while typing, one entry, and the texts beside them. */
import type { Request, Response, Server } from 'restify';
import { HttpError } from '../errors.ts';
import type { Notice } from '../faq/entry.ts';
import type { Found, Knowledge } from '../faq/knowledge.ts';
import type { Words } from '../words/words.ts';
import { pageHeaders } from './content-policy.ts';
import { KeptPages } from './kept-pages.ts';
import { pack, sendPacked } from './packed.ts';
import type { AccountOf, AccountOnPage } from './pages/account-menu.tsx';
import { EntryPage } from './pages/entry-page.tsx';
import { HelpPage, hasAnswersInPlace } from './pages/help-page.tsx';
import { type PageFrame, renderPage } from './pages/page.tsx';
import { longestSearch } from './pages/search-form.tsx';
import { type Hit, SearchPage } from './pages/search-page.tsx';
import { faqPage } from './pages/structured-data.ts';
import { TextPage } from './pages/text-page.tsx';
import { addPage, sendPrivatePage, type Take } from './server.ts';

export interface HelpRouteParts {
  readonly frame: PageFrame;
  readonly knowledge: () => Knowledge;
  readonly words: Words;
  readonly supportEmail: string;
  readonly take: Take;
  readonly accountOf: AccountOf;
  readonly now: () => Date;
}

const textPages = ['privacy', 'terms'];

export function addHelpRoutes(server: Server, parts: HelpRouteParts): void {
  const { frame, knowledge, words, supportEmail, take, accountOf, now } = parts;
  const kept = new KeptPages();

  /** From memory for strangers; whoever is signed in gets a page with the name in it, which nobody keeps. */
  async function send(
    request: Request,
    response: Response,
    path: string,
    version: string,
    render: (account?: AccountOnPage) => string,
  ): Promise<void> {
    const account = await accountOf(request);
    if (account) sendPrivatePage(response, 200, render(account));
    else await kept.send(request, response, path, version, () => render());
  }

  addPage(server, '/', async (request, response) => {
    const text = searchText(request);
    if (text !== '') {
      await take('search', request);
      return sendSearch(request, response, text);
    }
    const known = knowledge();
    const notices = known.noticesInForce(now());
    await send(request, response, '/', versionOf(known, notices), (account) =>
      renderPage(
        {
          frame,
          words,
          title: words.say('page.title'),
          description: words.say('page.lead'),
          path: '/',
          account,
          structuredData: hasAnswersInPlace(known.base.entries) ? faqPage(known.base.entries, words.locale) : undefined,
        },
        HelpPage({ knowledge: known, notices, words, supportEmail, account }),
      ),
    );
  });

  async function sendSearch(request: Request, response: Response, text: string): Promise<void> {
    const found = knowledge().search(text);
    const hits = await hitsOf(found, knowledge());
    const account = await accountOf(request);
    const html = renderPage({ frame, words, title: text, account }, SearchPage({ text, hits, words, supportEmail }));
    // Not compressed with a name and a form's token in it: what somebody makes us repeat would betray them by its length.
    if (account) sendPrivatePage(response, 200, html);
    else sendPacked(request, response, await pack(html), { ...pageHeaders, 'cache-control': 'private, no-store' });
  }

  addPage(server, '/suggest', async (request, response) => {
    await take('search', request);
    const text = searchText(request);
    const suggestions = text === '' ? [] : knowledge().suggest(text);
    const body = suggestions.map(({ id, question }) => ({ id, question, address: addressOf(id, question) }));
    response.send(200, { query: text, suggestions: body }, { 'cache-control': 'no-store' });
  });

  addPage(server, '/entries/:id', async (request, response) => {
    const known = knowledge();
    const entry = known.entry(request.params.id);
    if (!entry) throw new HttpError(404, 'NotFound', words.say('error.notFound'));
    const path = `/entries/${encodeURIComponent(entry.id)}`;
    await send(request, response, path, versionOf(known, known.noticesInForce(now())), (account) => {
      const next = entry.next.flatMap((id) => known.entry(id) ?? []);
      return renderPage(
        {
          frame,
          words,
          title: entry.question,
          description: beginning(entry.plain),
          path,
          account,
          structuredData: faqPage([entry], words.locale),
        },
        EntryPage({ entry, next, words, supportEmail }),
      );
    });
  });

  for (const id of textPages) {
    addPage(server, `/${id}`, async (request, response) => {
      const known = knowledge();
      const text = known.base.pages.find((page) => page.id === id);
      if (!text) throw new HttpError(404, 'NotFound', words.say('text.missing', { email: supportEmail }));
      await send(request, response, `/${id}`, versionOf(known, known.noticesInForce(now())), (account) =>
        renderPage({ frame, words, title: text.title, path: `/${id}`, account }, TextPage({ text, words })),
      );
    });
  }
}

/** An answer longer than this, in characters of HTML, is left to its own page: reading it for marks takes its time. */
const longestInPlace = 20_000;

/** Changes whenever anything that pages show does. */
function versionOf({ base }: Knowledge, notices: readonly Notice[]): string {
  return [base.version, ...notices.map(({ id }) => id)].join(' ');
}

function searchText(request: Request): string {
  const text = new URLSearchParams(request.getQuery()).get('q') ?? '';
  return text.slice(0, longestSearch).replace(/\s+/g, ' ').trim();
}

/** Where a suggestion leads: an entry has a page; what the chat does is found under its own name. */
function addressOf(id: string, question: string): string {
  return id.startsWith('do:') ? `/?q=${encodeURIComponent(question)}` : `/entries/${encodeURIComponent(id)}`;
}

function hitsOf({ hits, answer, highlight, markHtml }: Found, knowledge: Knowledge): Promise<Hit[]> {
  return Promise.all(
    hits.map(async (hit) => ({
      id: hit.id,
      question: hit.question,
      marks: highlight(hit.question),
      html: hit.html.length <= longestInPlace ? await markHtml(hit.html) : undefined,
      next: 'next' in hit ? hit.next.flatMap((id) => knowledge.entry(id) ?? []) : [],
      isAction: hit.id.startsWith('do:'),
      isAnswer: hit.id === answer,
    })),
  );
}

/** The first paragraph, as much of it as previews show. */
function beginning(plain: string): string {
  const [line = ''] = plain.split('\n');
  if (line.length <= longestPreview) return line;
  const cut = line.lastIndexOf(' ', longestPreview);
  return `${line.slice(0, cut > 0 ? cut : longestPreview)}…`;
}

const longestPreview = 155;
