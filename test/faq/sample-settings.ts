import type { FaqSettings } from '../../src/faq/entry.ts';

/** Settings unlike the defaults, so that a default that is written out somewhere shows. */
export const settings: FaqSettings = {
  SUPPORT_EMAIL: 'help_desk@support.example',
  PORTAL_URL_CUSTOMERSOURCE: 'https://customers.example',
  PORTAL_URL_PARTNERSOURCE: 'https://partners.example/start/',
  PUBLIC_URL: 'https://bot.example/',
  RETENTION_DAYS: '90',
};
