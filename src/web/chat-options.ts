/** What the address of the chat's frame may choose. Each value is checked or left out: it comes from foreign pages. */
import { directionOf } from '../words/direction.ts';
import { readColour } from './colour.ts';

export interface ChatOptions {
  /** BCP 47, in its canonical form. */
  readonly language?: string;
  readonly direction: 'ltr' | 'rtl';
  readonly theme?: 'light' | 'dark';
  /** `#rgb` or `#rrggbb`. */
  readonly colour?: string;
}

const longestTag = 35;

export function readChatOptions(query: string, standard: string): ChatOptions {
  const asked = new URLSearchParams(query);
  const language = readLanguage(asked.get('language') ?? '');
  const theme = asked.get('theme');
  const colour = readColour(asked.get('colour'));
  return {
    ...(language && { language }),
    direction: directionOf(language ?? standard),
    ...((theme === 'light' || theme === 'dark') && { theme }),
    ...(colour && { colour }),
  };
}

function readLanguage(tag: string): string | undefined {
  try {
    return tag.length > longestTag ? undefined : Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}
