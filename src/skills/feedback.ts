/** A vote under an answer: kept once per answer shown, with the entry's version; a down-vote offers what came next. */
import type { Knowledge } from '../faq/knowledge.ts';
import type { HistoryStore } from '../history/history.ts';
import { type Reply, sentence } from '../replies/reply.ts';
import { suggestionsReply } from '../replies/suggestions.ts';
import type { Vote, VoteStore } from '../usage/votes.ts';
import type { Words } from '../words/words.ts';

export interface Press {
  readonly conversation: string;
  readonly person: string;
  /** Id of the line that was voted on, as the button said: it may name anything. */
  readonly line: string;
  readonly helped: boolean;
}

export interface FeedbackParts {
  readonly history: HistoryStore;
  readonly votes: VoteStore;
  readonly knowledge: () => Knowledge;
  readonly words: Words;
  readonly now: () => Date;
}

export function feedback({ history, votes, knowledge, words, now }: FeedbackParts) {
  return async function give({ conversation, person, line, helped }: Press): Promise<{ reply: Reply; vote?: Vote }> {
    const facts = (await history.find(conversation, line))?.facts;
    if (facts?.decision !== 'answer' || facts.id === undefined) return { reply: sentence(words.say('vote.gone')) };
    const before = await votes.find(conversation, line);
    if (before) {
      const told = words.say(before.person === person ? 'vote.again' : 'vote.somebody');
      return { reply: sentence(told, [words.say('vote.person')]) };
    }
    const vote: Vote = {
      conversation,
      line,
      person,
      helped,
      entry: facts.id,
      version: facts.version ?? '',
      at: now().toISOString(),
    };
    return { reply: helped ? sentence(words.say('vote.thanks')) : sorry(facts.others ?? []), vote };
  };

  function sorry(others: readonly string[]): Reply {
    const titles = knowledge().titles(others);
    if (titles.length === 0) return sentence(words.say('vote.sorryAlone'), [words.say('vote.person')]);
    return suggestionsReply({ lead: words.say('vote.sorry'), titles }, words);
  }
}
