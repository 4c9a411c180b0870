/** Times in the reader's own zone, and written as the reader's browser writes the page's language. */

const { lang } = document.documentElement;
const own = navigator.languages.find((language) => language.split('-', 1)[0] === lang && isTag(language));
/** English without a country is written day first, as the server writes it. */
export const locale = own && own !== 'en' ? own : lang === 'en' ? 'en-GB' : lang;

const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' });

/** Some browsers name what no other part of them takes, such as "en-US@posix". */
function isTag(language: string): boolean {
  try {
    return Intl.getCanonicalLocales(language).length > 0;
  } catch {
    return false;
  }
}

/** What the server sent, which names its zone, stays readable under the pointer. */
export function showMoments(): void {
  for (const time of document.querySelectorAll<HTMLTimeElement>('time.moment')) {
    if (time.title !== '') continue;
    time.title = time.textContent ?? '';
    time.textContent = moment.format(new Date(time.dateTime));
  }
}
