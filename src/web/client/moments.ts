/** Times in the reader's own zone, and written as the reader's browser writes the page's language. */

const { lang } = document.documentElement;
const own = navigator.languages.find((language) => language.split('-', 1)[0] === lang);
/** English without a country is written day first, as the server writes it. */
export const locale = own && own !== 'en' ? own : lang === 'en' ? 'en-GB' : lang;

const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' });

/** What the server sent, which names its zone, stays readable under the pointer. */
export function showMoments(): void {
  for (const time of document.querySelectorAll<HTMLTimeElement>('time.moment')) {
    if (time.title !== '') continue;
    time.title = time.textContent ?? '';
    time.textContent = moment.format(new Date(time.dateTime));
  }
}
