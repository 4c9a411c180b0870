/**
 * Judges the addresses of links and images: only what is on the list below gets into an answer. Used while a file is
 * read, after the settings' names are filled in.
 */
import { dialogNamesHint, isDialogName } from './dialog-name.ts';

/** What an address leads to, or why it is refused. */
export type LinkAddress =
  | { readonly kind: 'web'; readonly url: string }
  | { readonly kind: 'site'; readonly url: string }
  | { readonly kind: 'entry'; readonly id: string }
  | { readonly kind: 'dialog'; readonly name: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused'; readonly reason: string };

/** Longer addresses fail in browsers and mail programs. */
const LONGEST_ADDRESS = 2000;

const ALLOWED = 'write https://…, http://…, mailto:…, /page of this site, #id of an entry or do:NAME of a dialog';

/**
 * @param address as the parser decoded it: entities and escapes are resolved, percent signs are not
 * @param shownAddress what a message calls it, which is the author's own spelling
 */
export function readLinkAddress(address: string, shownAddress = address): LinkAddress {
  if (address === '' || address === '#') return { kind: 'empty' };
  if (address.length > LONGEST_ADDRESS) return refused(`the address is longer than ${LONGEST_ADDRESS} characters`);
  // Browsers skip tabs and line ends within an address and read \ as /, so these would hide what it is.
  if (/[\s\\\p{Cc}]/u.test(address)) {
    return refused(
      `the address ${quoted(shownAddress)} holds a space, a control character or \\; write %20 for a space`,
    );
  }
  if (address.startsWith('#')) return { kind: 'entry', id: decoded(address.slice(1)) };
  if (address.startsWith('/') && !address.startsWith('//')) return { kind: 'site', url: address };
  if (address.startsWith('do:')) {
    const name = address.slice('do:'.length);
    if (isDialogName(name)) return { kind: 'dialog', name };
    return refused(`there is no dialog ${quoted(shownAddress)}; ${dialogNamesHint()}`);
  }
  return isWebAddress(address)
    ? { kind: 'web', url: address }
    : refused(`the address ${quoted(shownAddress)} is not allowed; ${ALLOWED}`);
}

function isWebAddress(address: string): boolean {
  const start = address.slice(0, 8).toLowerCase();
  const hasForm = start.startsWith('https://') || start.startsWith('http://') || start.startsWith('mailto:');
  return hasForm && URL.canParse(address) && (!start.startsWith('mailto:') || address.includes('@'));
}

function refused(reason: string): LinkAddress {
  return { kind: 'refused', reason };
}

/** An address in a message: on one line, control characters visible, not endless. */
function quoted(address: string): string {
  const short = address.length > 80 ? `${address.slice(0, 80)}…` : address;
  return JSON.stringify(short);
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
