/** The first words to a person: what this is for, notices in force, and three questions that are often asked. */
import type { Knowledge } from '../faq/knowledge.ts';
import { noticeText } from '../replies/notice.ts';
import { type Reply, sentence } from '../replies/reply.ts';
import type { Words } from '../words/words.ts';

export function welcome(knowledge: Knowledge, words: Words, at: Date): Reply {
  const notices = knowledge.noticesInForce(at).map((notice) => noticeText(notice, words));
  const chips = knowledge.oftenAsked.map(({ entry }) => entry.question);
  return sentence([words.say('welcome'), ...notices].join('\n\n'), chips);
}
