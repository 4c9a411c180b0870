/** A notice in one paragraph of Markdown. */
import type { Notice } from '../faq/entry.ts';
import type { Words } from '../words/words.ts';

export function noticeText(notice: Notice, words: Words): string {
  const when = words.until(notice.until);
  const places = [...notice.portals, ...notice.locations].join(', ');
  const where = places ? words.say('notice.where', { places }) : '';
  return words.say('answer.notice', { title: notice.title, when, where, text: notice.text });
}
