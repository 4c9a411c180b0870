/** An activity as Web Chat shows it: a card without the text that repeats it, a person's words under their name. */
import type { Activity } from './web-chat.ts';

export function shownActivity(activity: Activity): Activity {
  const { channelData, text = '' } = activity;
  // A card says it all here; its text is for clients that show no cards.
  if (channelData?.textIsFallback) return { ...activity, text: undefined };
  const { staff } = channelData ?? {};
  if (staff === undefined) return activity;
  return { ...activity, textFormat: 'markdown', text: `**${verbatim(staff)}**\n\n${verbatim(text)}` };
}

/** Markdown that shows the text as it was typed, line by line. */
function verbatim(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()<>#+\-.!~|&:@/]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replace(/^[ \t]+/gm, (blanks) => '&#160;'.repeat(blanks.length))
    .replace(/\r?\n/g, '\\\n');
}
