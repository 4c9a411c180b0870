/**
 * `/dev/mail`: what was captured instead of sent, links and codes included. For this machine alone: app/ adds these
 * addresses only where HOST and PUBLIC_URL are loopback, and each request must come from here by itself.
 */
import type { Request, Response, Server } from 'restify';
import { HttpError } from '../errors.ts';
import type { CapturedMail, CapturedMails } from '../mail/captured-mails.ts';
import type { Words } from '../words/words.ts';
import { mailPolicy } from './content-policy.ts';
import { isFromHere } from './from-here.ts';
import { DevMailList, DevMailPage } from './pages/dev-mail-page.tsx';
import { type PageFrame, renderPage } from './pages/page.tsx';
import { addPage, asPage, type Take } from './server.ts';

export interface DevMailParts {
  readonly captured: Pick<CapturedMails, 'list'>;
  readonly frame: PageFrame;
  readonly words: Words;
  readonly take: Take;
}

export function addDevMailRoutes(server: Server, { captured, frame, words, take }: DevMailParts): void {
  const notFound = () => new HttpError(404, 'NotFound', words.say('error.notFound'));
  /** Counts, refuses and looks up. */
  const mailsFor = async (request: Request): Promise<readonly CapturedMail[]> => {
    if (!isFromHere(request)) throw notFound();
    await take('find', request);
    return captured.list();
  };
  const mailFor = async (request: Request): Promise<CapturedMail> => {
    const mail = (await mailsFor(request)).find(({ id }) => id === request.params.id);
    if (!mail) throw notFound();
    return mail;
  };
  const sendHtml = (response: Response, html: string, policy?: string) => {
    asPage(response, policy);
    response.setHeader('cache-control', 'no-store');
    response.send(200, html);
  };

  addPage(server, '/dev/mail.json', async (request, response) => {
    const mails = await mailsFor(request);
    const body = mails.map(({ to, subject, text, html, at }) => ({ to, subject, text, html, at }));
    response.send(200, body, { 'cache-control': 'no-store' });
  });

  addPage(server, '/dev/mail', async (request, response) => {
    const mails = await mailsFor(request);
    const title = words.say('devMail.title');
    sendHtml(response, renderPage({ frame, words, title }, DevMailList({ mails, words })));
  });

  addPage(server, '/dev/mail/:id', async (request, response) => {
    const mail = await mailFor(request);
    sendHtml(response, renderPage({ frame, words, title: mail.subject }, DevMailPage({ mail, words })));
  });

  // At an address of its own: in a srcdoc it would come under the page's policy, which allows no inline styles.
  addPage(server, '/dev/mail/:id/html', async (request, response) => {
    const { html } = await mailFor(request);
    // A link opens beside the frame: our own pages refuse to be framed.
    sendHtml(response, html.replace('<head>', '<head><base target="_blank">'), mailPolicy);
  });
}
