/**
 * Staff teach the bot from the week's card of questions: a new answer, or the question as another phrasing of one. Who
 * presses was checked; what they typed is checked by the knowledge base, whose complaint is shown with what was typed.
 */
import { AccessDeskError } from '../errors.ts';
import type { Knowledge } from '../faq/knowledge.ts';
import type { Editor, KnowledgeEditing } from '../faq/knowledge-editing.ts';
import { type MissAct, type MissForm, missActs, missesCard, missForm } from '../replies/misses-card.ts';
import type { WeeklyMiss, WeeklyMisses } from '../staff-channel/weekly-misses.ts';
import type { StaffPerson } from '../tickets/ticket.ts';
import type { Words } from '../words/words.ts';

export interface MissDeskParts {
  readonly weekly: Pick<WeeklyMisses, 'card' | 'note'>;
  readonly editing: Pick<KnowledgeEditing, 'topics' | 'addPhrasing' | 'addAnswer'>;
  readonly knowledge: () => Knowledge;
  readonly words: Words;
}

const mostNear = 8;
/** One more than the knowledge base takes, so that it says so. */
const longestField = 4001;

export function missDesk({ weekly, editing, knowledge, words }: MissDeskParts) {
  /** One after the other for each question: of two who press at once, the second is shown what the first did. */
  const underWay = new Map<string, Promise<unknown>>();

  /** What takes the card's place for who pressed; undefined where the press is not one of ours any more. */
  return async function pressed(value: unknown, who: StaffPerson): Promise<object | undefined> {
    const { act, week, key } = (value ?? {}) as Record<string, unknown>;
    const wanted = missActs.find((one) => one === act);
    if (!wanted || typeof week !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(week)) return undefined;
    if (wanted === 'list') return listed(week);
    if (typeof key !== 'string') return undefined;
    const name = `${week} ${key}`;
    const before = underWay.get(name) ?? Promise.resolve();
    const acting = before.catch(() => {}).then(() => acted(wanted, week, key, value as Record<string, unknown>, who));
    underWay.set(name, acting);
    return acting.finally(() => {
      if (underWay.get(name) === acting) underWay.delete(name);
    });
  };

  async function listed(week: string, lead?: string): Promise<object | undefined> {
    const card = await weekly.card(week);
    return card && missesCard(card, words, lead);
  }

  async function acted(
    act: MissAct,
    week: string,
    key: string,
    fields: Record<string, unknown>,
    who: StaffPerson,
  ): Promise<object | undefined> {
    const miss = (await weekly.card(week))?.misses.find((one) => one.key === key);
    if (!miss || miss.taught) return listed(week);
    if (act !== 'answer' && act !== 'phrasing') return missForm(formOf(week, miss), words);
    const [question = '', answer = '', topic = '', entry = ''] = ['question', 'answer', 'topic', 'entry'].map((name) =>
      textOf(fields[name]),
    );
    const by: Editor = { actor: `staff:${who.id}`, proof: 'teams', from: 'msteams' };
    try {
      const written =
        act === 'answer'
          ? await editing.addAnswer({ question, answer, topic }, by)
          : await editing.addPhrasing(entry, question, by);
      await weekly.note(week, key, { by: who.name, kind: act, entry: written.id });
      return listed(week, words.say('misses.done', { file: written.file, line: written.line }));
    } catch (error) {
      if (!(error instanceof AccessDeskError) || !/^ERR_(?:PHRASING|ANSWER|KNOWLEDGE_)/.test(error.code)) throw error;
      const typed = { question, answer, topic, entry };
      return missForm({ ...formOf(week, miss), typed, problem: error.message }, words);
    }
  }

  function formOf(week: string, miss: WeeklyMiss): MissForm {
    const known = knowledge();
    const near = new Map([...known.search(miss.text).hits, ...known.suggest(miss.text)].map((one) => [one.id, one]));
    const choices = [...near.values()].slice(0, mostNear).map(({ id, question }) => ({ value: id, title: question }));
    const topics = editing.topics().map(({ id, title }) => ({ value: id, title }));
    return { week, miss, topics, near: choices };
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, longestField) : '';
}
