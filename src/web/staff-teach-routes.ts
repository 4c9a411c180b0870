/** Teaching the bot from a ticket: what staff write goes into the Markdown of the knowledge base, and into the trail. */
import type { Request, Response } from 'restify';
import { AccessDeskError } from '../errors.ts';
import type { Knowledge } from '../faq/knowledge.ts';
import type { KnowledgeEditing, Written } from '../faq/knowledge-editing.ts';
import type { Desk } from '../tickets/desk.ts';
import { firstAsked } from '../tickets/ticket-text.ts';
import type { Words } from '../words/words.ts';
import { StaffColumn } from './pages/staff-frame.tsx';
import { type TeachOnPage, TeachPage } from './pages/staff-teach.tsx';
import { oneLine } from './pages/staff-tickets.tsx';
import { type StaffGate, type StaffVisitor, staffBy } from './staff-gate.ts';
import type { StaffPages } from './staff-pages.ts';
import { numberOf, searchText } from './staff-request.ts';

export interface StaffTeachParts {
  readonly gate: StaffGate;
  readonly pages: StaffPages;
  readonly desk: Pick<Desk, 'view'>;
  readonly knowledge: () => Knowledge;
  readonly editing: Pick<KnowledgeEditing, 'topics' | 'addPhrasing' | 'addAnswer'>;
  readonly words: Words;
  readonly newNonce: () => string;
  /** Of a request, for the trail. */
  readonly clientOf: (request: Request) => string;
}

const mostNear = 8;
const longestPhrasing = 200;

export function addStaffTeachRoutes(parts: StaffTeachParts): void {
  const { gate, pages, desk, knowledge, editing, words, newNonce, clientOf } = parts;

  gate.page('/staff/tickets/:number/teach', (request, response, visitor) => send(request, response, visitor, 200, {}));

  gate.form('/staff/tickets/:number/teach/phrasing', async (request, response, visitor, { fields, key }) => {
    const [id, phrasing] = [fields.get('id') ?? '', fields.get('phrasing') ?? ''];
    await teach(request, response, visitor, { phrasing, chosen: id }, () =>
      editing.addPhrasing(id, phrasing, staffBy(visitor, clientOf(request)), key),
    );
  });

  gate.form('/staff/tickets/:number/teach/answer', async (request, response, visitor, { fields, key }) => {
    const [question, answer, topic] = ['question', 'answer', 'topic'].map((name) => fields.get(name) ?? '');
    const wanted = { question: question ?? '', answer: answer ?? '', topic: topic ?? '' };
    await teach(request, response, visitor, wanted, () =>
      editing.addAnswer(wanted, staffBy(visitor, clientOf(request)), key),
    );
  });

  async function teach(
    request: Request,
    response: Response,
    visitor: StaffVisitor,
    typed: Partial<TeachOnPage>,
    write: () => Promise<Written>,
  ): Promise<void> {
    try {
      const { file, line } = await write();
      const text = words.say('staff.teach.where', { file, line });
      await send(request, response, visitor, 200, {
        notice: { kind: 'good', fact: words.say('staff.teach.done'), text },
      });
    } catch (error) {
      if (!(error instanceof AccessDeskError) || !/^ERR_(?:PHRASING|ANSWER|KNOWLEDGE_)/.test(error.code)) throw error;
      const notice = { kind: 'wrong', fact: words.say('staff.teach.notDone'), text: error.message } as const;
      await send(request, response, visitor, 400, { ...typed, notice });
    }
  }

  async function send(
    request: Request,
    response: Response,
    visitor: StaffVisitor,
    status: number,
    typed: Partial<TeachOnPage>,
  ): Promise<void> {
    const view = await desk.view(numberOf(request));
    if (!view) return pages.sendUnknown(response, visitor);
    const { number, question } = view.ticket.value;
    // What was added to a question is not how somebody asks.
    const asked = oneLine(firstAsked(question)).slice(0, longestPhrasing);
    const text = searchText(request);
    const known = knowledge();
    const found = known.search(text || asked).hits;
    const near = [...found, ...known.suggest(text || asked).filter((one) => !found.includes(one))].slice(0, mostNear);
    const title = words.say('staff.teach.title');
    const head = await pages.head(visitor, { title, place: 'none', shows: 'work' });
    const shown: TeachOnPage = {
      number,
      csrf: visitor.csrf,
      nonce: newNonce(),
      phrasing: asked,
      near: near.map((one) => ({ id: one.id, question: one.question })),
      question: asked,
      answer: '',
      topics: editing.topics(),
      text,
      ...typed,
    };
    pages.send(response, status, head, StaffColumn({ title, head, children: TeachPage({ words, shown }) }));
  }
}
