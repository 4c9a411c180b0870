/** Puts the values of settings in the place of their names, in texts and in addresses of the Markdown. */
import type { FaqSettings } from './entry.ts';
import { type LinkAddress, readLinkAddress } from './link-address.ts';

const NAMES = /\b(SUPPORT_EMAIL|PORTAL_URL_CUSTOMERSOURCE|PORTAL_URL_PARTNERSOURCE|RETENTION_DAYS)\b(\/?)/g;

type SettingName = Exclude<keyof FaqSettings, 'PUBLIC_URL'>;

/** Where readers get to who follow a value. */
const addresses: Readonly<Partial<Record<SettingName, (value: string) => string>>> = {
  SUPPORT_EMAIL: (value) => `mailto:${value}`,
  PORTAL_URL_CUSTOMERSOURCE: (value) => value,
  PORTAL_URL_PARTNERSOURCE: (value) => value,
};

/** A stretch of text; `address` where it is a setting's value, which readers will want to follow. */
export interface FilledText {
  readonly text: string;
  readonly address?: string;
}

/** Splits a text at the names of settings and fills in their values. */
export function fillText(text: string, settings: FaqSettings): FilledText[] {
  const filled: FilledText[] = [];
  let from = 0;
  for (const match of text.matchAll(NAMES)) {
    const name = match[1] as SettingName;
    if (match.index > from) filled.push({ text: text.slice(from, match.index) });
    filled.push({ text: settings[name], address: addresses[name]?.(settings[name]) });
    from = match.index + name.length;
  }
  if (from < text.length) filled.push({ text: text.slice(from) });
  return filled;
}

/**
 * Fills in the settings' values and judges the address. `SUPPORT_EMAIL` alone stands for `mailto:SUPPORT_EMAIL`, and
 * `PORTAL_URL_CUSTOMERSOURCE/page` never gets two slashes.
 */
export function fillAddress(address: string, settings: FaqSettings): LinkAddress {
  const whole = address === 'SUPPORT_EMAIL' ? 'mailto:SUPPORT_EMAIL' : address;
  const filled = whole.replace(NAMES, (_, name: SettingName, slash: string) =>
    slash === '' ? settings[name] : `${withoutSlash(settings[name])}/`,
  );
  return readLinkAddress(filled, address);
}

/** A base address without the slash at its end. */
export function withoutSlash(url: string): string {
  return url.endsWith('/') ? withoutSlash(url.slice(0, -1)) : url;
}
