/** An answer from the knowledge base: the card with its votes, notices in front where they matter, follow-ups below. */
import type { Entry, Notice } from '../faq/entry.ts';
import type { LineFacts } from '../history/history.ts';
import { remembered } from '../remembered.ts';
import type { Words } from '../words/words.ts';
import { cardActivity } from './card.ts';
import { escaped } from './escaped.ts';
import { noticeText } from './notice.ts';
import { type Reply, suggestedActions } from './reply.ts';

export interface AnswerContent {
  readonly entry: Entry;
  /** Shown before the answer. */
  readonly notices: readonly Notice[];
  /** Questions and wishes to offer next, as texts that a press says. */
  readonly followUps: readonly string[];
  readonly facts: LineFacts;
  /** Id that the line will have in the history; the votes name it. */
  readonly line: string;
}

/** Questions of the knowledge base are shown again and again. */
const headingOf = remembered(500, escaped);

export function answerReply({ entry, notices, followUps, facts, line }: AnswerContent, words: Words): Reply {
  const heading = headingOf(entry.question);
  const text = [...notices.map((notice) => noticeText(notice, words)), entry.answer].join('\n\n');
  const card = {
    heading,
    text,
    buttons: [
      { title: words.say('vote.helped'), press: { verb: 'vote', helped: true, line } },
      { title: words.say('vote.notMeant'), press: { verb: 'vote', helped: false, line } },
      { title: words.say('vote.person'), press: { verb: 'person' } },
    ],
  };
  return {
    activity: { ...cardActivity(card, `**${heading}**\n\n${text}`), ...suggestedActions(followUps) },
    facts,
  };
}
