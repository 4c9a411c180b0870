/**
 * A question in the user's own words: an answer, a few suggestions, what a dialog would do, or an honest miss. One turn
 * in, one reply out; the bot keeps the count of misses.
 */
import type { Action, Entry } from '../faq/entry.ts';
import type { Knowledge } from '../faq/knowledge.ts';
import type { LineFacts } from '../history/history.ts';
import { answerReply } from '../replies/answer.ts';
import { begins, type Reply, sentence } from '../replies/reply.ts';
import { suggestionsReply } from '../replies/suggestions.ts';
import type { Words } from '../words/words.ts';

export interface Question {
  /** As typed. */
  readonly text: string;
  /** Questions in a row, before this one, that had no answer. */
  readonly misses: number;
  /** Id the reply's line will have. */
  readonly line: string;
}

/** At most this many follow-ups are offered: more are not read (suggested actions also end at six in Teams). */
const followUpLimit = 3;

export interface AnswerQuestionParts {
  readonly knowledge: () => Knowledge;
  readonly words: Words;
  readonly now: () => Date;
  readonly supportEmail: string;
  /** The dialogs there are; of others it says what they would do. */
  readonly dialogs: readonly string[];
}

export function answerQuestion({ knowledge, words, now, supportEmail, dialogs }: AnswerQuestionParts) {
  function answer({ text, misses, line }: Question): Reply {
    const known = knowledge();
    const { decision, id, confidence, candidates } = known.decide(text);
    const ids = candidates.map((candidate) => candidate.id);
    const entry = decision === 'answer' && id ? known.entry(id) : undefined;
    if (entry) {
      const others = ids.filter((other) => other !== id);
      return showEntry(
        known,
        entry,
        { decision: 'answer', id: entry.id, version: entry.version, confidence, others },
        line,
      );
    }
    const action = decision === 'dialog' ? known.action(`do:${id}`) : undefined;
    if (action) return { ...start(action), facts: { decision: 'dialog', id: action.id, confidence, others: ids } };
    if (decision === 'suggest') {
      const facts = { decision, confidence, others: ids } as const;
      return suggestionsReply({ lead: words.say('suggest.lead'), titles: known.titles(ids), facts }, words);
    }
    return { ...miss(misses), facts: { decision: 'none', confidence, others: ids } };
  }

  /** No answer: at first other words may help, then a person does. */
  function miss(misses: number): Reply {
    const reply =
      misses === 0
        ? sentence(words.say('miss.first'), [words.say('vote.person')])
        : sentence(words.say('miss.second', { email: supportEmail }), [words.say('vote.person')]);
    return { ...reply, missed: true };
  }

  function showEntry(known: Knowledge, entry: Entry, facts: LineFacts, line: string): Reply {
    const followUps = known
      .titles([...entry.next, ...entry.dialogs.map((name) => `do:${name}`)])
      .slice(0, followUpLimit);
    const notices = entry.id === 'availability' ? known.noticesInForce(now()) : [];
    return answerReply({ entry, notices, followUps, facts, line }, words);
  }

  function start({ id, answer: what }: Action): Reply {
    const name = id.slice('do:'.length);
    if (dialogs.includes(name)) return begins(name);
    return sentence(words.say('dialog.notYet', { what, email: supportEmail }), [words.say('vote.person')]);
  }

  return { answer, miss };
}
