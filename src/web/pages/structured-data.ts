/** Questions and answers as schema.org's FAQPage, by which search engines show them (https://schema.org/FAQPage). */
import type { Entry } from '../../faq/entry.ts';

export function faqPage(entries: readonly Entry[], locale: string): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'FAQPage',
    inLanguage: locale,
    mainEntity: entries.map(({ question, html }) => ({
      '@type': 'Question',
      name: question,
      acceptedAnswer: { '@type': 'Answer', text: html },
    })),
  };
}
