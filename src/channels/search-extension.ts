/** The search in Teams' message box: answers for everybody, tickets for staff. Read anew each time, and nothing of it is kept. */
import type { Activity, TurnContext } from 'botbuilder';
import type { Knowledge } from '../faq/knowledge.ts';
import { answerResult, type SearchResult, ticketResult } from '../replies/search-results.ts';
import type { Desk, TicketList } from '../tickets/desk.ts';
import type { StaffPerson, Ticket } from '../tickets/ticket.ts';
import type { Words } from '../words/words.ts';

export interface SearchExtensionParts {
  readonly knowledge: () => Knowledge;
  readonly desk: Pick<Desk, 'list' | 'search'>;
  /** Who of staff it is, by the team's roster at this moment. */
  readonly staffOf: (activity: Activity) => Promise<StaffPerson | 'nobody' | 'unchecked'>;
  readonly publicUrl: string;
  readonly words: Words;
}

interface Query {
  readonly command: 'answers' | 'tickets';
  readonly text: string;
  readonly skip: number;
  readonly count: number;
}

const pageSize = 25;
/** Nobody scrolls further in a message box: the list ends there. */
const farthest = 500;

export function searchExtension({ knowledge, desk, staffOf, publicUrl, words }: SearchExtensionParts) {
  /** Whether the activity was a search and is answered. */
  return async function receive(context: TurnContext): Promise<boolean> {
    const { activity } = context;
    if (activity.type !== 'invoke' || activity.name !== 'composeExtension/query') return false;
    const query = queryOf(activity.value);
    const found = query.skip < farthest ? await search(activity, query) : [];
    // A list that goes no further ends; a word in its place would take it away.
    const said = found.length === 0 && query.skip === 0 ? words.say('search.nothingFound') : found;
    const body = {
      composeExtension:
        typeof said === 'string'
          ? { type: 'message', text: said }
          : { type: 'result', attachmentLayout: 'list', attachments: said },
    };
    await context.sendActivities([{ type: 'invokeResponse', value: { status: 200, body } }]);
    return true;
  };

  function search(activity: Activity, { command, text, skip, count }: Query) {
    return command === 'tickets' ? tickets(activity, text, skip, count) : answers(text, skip, count);
  }

  function answers(text: string, skip: number, count: number): SearchResult[] {
    const known = knowledge();
    const found =
      text === '' ? known.oftenAsked.map(({ entry }) => entry) : [...known.suggest(text), ...known.search(text).hits];
    const entries = [...new Map(found.map((one) => [one.id, known.entry(one.id)])).values()];
    return entries.flatMap((entry) => (entry ? [answerResult(entry, publicUrl, words)] : [])).slice(skip, skip + count);
  }

  async function tickets(
    activity: Activity,
    text: string,
    skip: number,
    count: number,
  ): Promise<SearchResult[] | string> {
    const who = await staffOf(activity);
    if (who === 'unchecked') return words.say('staffChannel.unchecked');
    if (who === 'nobody') return words.say('search.staffOnly');
    const list = listOf(text, words);
    const found = list ? await listed(list, who, skip + count) : (await desk.search(text)).map(({ value }) => value);
    return found.slice(skip, skip + count).map((ticket) => ticketResult(ticket, words));
  }

  async function listed(list: TicketList, who: StaffPerson, needed: number): Promise<Ticket[]> {
    const found: Ticket[] = [];
    let after: string | undefined;
    do {
      const page = await desk.list(list, who, after);
      found.push(...page.tickets.map(({ value }) => value));
      after = page.next;
    } while (after !== undefined && found.length < needed);
    return found;
  }
}

function listOf(text: string, { hears }: Words): TicketList | undefined {
  if (text === '' || hears('heard.recent', text)) return 'all';
  if (hears('heard.unassigned', text)) return 'unassigned';
  return hears('heard.mine', text) ? 'mine' : undefined;
}

/** Nothing in it is believed: it comes from a client. Teams' own stand-in sends neither a command nor a parameter's name. */
function queryOf(value: unknown): Query {
  const { commandId, parameters, queryOptions } = (value ?? {}) as Record<string, unknown>;
  const given = (Array.isArray(parameters) ? parameters : []) as { name?: unknown; value?: unknown }[];
  const parameter = given.find((one) => one?.name === 'text') ?? given.find((one) => one?.name !== 'initialRun');
  const text = typeof parameter?.value === 'string' ? parameter.value.trim().slice(0, 200) : '';
  const { skip, count } = (queryOptions ?? {}) as { skip?: unknown; count?: unknown };
  const whole = (number: unknown, most: number, standard: number) =>
    typeof number === 'number' && Number.isInteger(number) && number >= 0 ? Math.min(number, most) : standard;
  return {
    command: commandId === 'tickets' ? commandId : 'answers',
    text,
    skip: whole(skip, farthest, 0),
    count: Math.max(1, whole(count, pageSize, pageSize)),
  };
}
