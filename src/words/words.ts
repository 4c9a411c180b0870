/** All words a user reads, and the words a user may say that mean something by themselves: chat, pages and mail alike. */
import { IntlMessageFormat } from 'intl-messageformat';
import { directionOf } from './direction.ts';
import en from './en.json' with { type: 'json' };

export type WordKey = keyof typeof en;
type Value = string | number | Date;

const catalogues = { en };
/** English dates are written day first, "29 November 2026". */
const dateLocales = { en: 'en-GB' };
export type Locale = keyof typeof catalogues;

export interface Words {
  readonly locale: Locale;
  /** In which direction the language is written. */
  readonly direction: 'ltr' | 'rtl';
  /** The sentence in ICU MessageFormat, filled in. Values are put in as they are: markup is the renderer's business. */
  say(key: WordKey, values?: Readonly<Record<string, Value>>): string;
  /** "until 17 January 2027, 04:00 UTC", or "until further notice" where no end is known. */
  until(at: Date | undefined): string;
  /** "17 January 2027", in UTC. */
  day(at: Date): string;
  /** "17 January 2027, 04:00 UTC". */
  moment(at: Date): string;
  /** "40 s", "12 min", "3 h 20 min", "2 days 4 h": the two largest units. @param seconds - whole, not negative */
  duration(seconds: number): string;
  /**
   * Whether a whole message means `key`, one of the `heard.*` lists: letter case, punctuation and emoji ignored, and
   * letters that are drawn out, as in "hellooo".
   */
  hears(key: Extract<WordKey, `heard.${string}`>, text: string): boolean;
}

export function createWords(locale: Locale): Words {
  const catalogue = catalogues[locale];
  const formats = new Map<WordKey, IntlMessageFormat>();
  const lists = new Map<WordKey, ReadonlySet<string>>();
  /** The text that was heard last: one text is held against several lists in a row. */
  let heard = { text: '', bare: '' };
  /** Sentences without values. */
  const fixed = new Map<WordKey, string>();
  const say: Words['say'] = (key, values) => {
    const known = values ? undefined : fixed.get(key);
    if (known !== undefined) return known;
    let format = formats.get(key);
    if (!format) {
      format = new IntlMessageFormat(catalogue[key], locale, undefined, { ignoreTag: true });
      formats.set(key, format);
    }
    const text = String(format.format(values));
    if (!values) fixed.set(key, text);
    return text;
  };
  const day = (at: Date) => at.toLocaleDateString(dateLocales[locale], { dateStyle: 'long', timeZone: 'UTC' });
  const moment = (at: Date) => {
    return `${day(at)}, ${at.toLocaleTimeString(dateLocales[locale], { timeStyle: 'short', timeZone: 'UTC' })} UTC`;
  };
  return {
    locale,
    direction: directionOf(locale),
    say,
    until: (at) => (at ? say('notice.until', { until: moment(at) }) : say('notice.open')),
    day,
    moment,
    duration(seconds) {
      if (seconds < 60) return say('duration.seconds', { seconds });
      const minutes = Math.round(seconds / 60);
      if (minutes < 60) return say('duration.minutes', { minutes });
      if (minutes < 24 * 60) return say('duration.hours', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
      const hours = Math.round(minutes / 60);
      return say('duration.days', { days: Math.floor(hours / 24), hours: hours % 24 });
    },
    hears(key, text) {
      let list = lists.get(key);
      if (!list) {
        list = new Set(catalogue[key].split('\n').map(bare));
        lists.set(key, list);
      }
      if (text.length > 100) return false;
      if (text !== heard.text) heard = { text, bare: bare(text) };
      if (list.has(heard.bare)) return true;
      return drawnOut.test(heard.bare) && [...list].some((said) => once(said) === once(heard.bare));
    },
  };
}

/** No word has the same letter three times in a row. */
const drawnOut = /(\p{L})\1\1/u;

function once(text: string): string {
  return text.replace(/(\p{L})\1+/gu, '$1');
}

/** Letters, digits and single spaces; a lone question mark is kept, since it asks for help. */
function bare(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/['’]/g, '')
    .match(/[\p{L}\p{N}]+/gu);
  return words ? words.join(' ') : text.trim();
}
