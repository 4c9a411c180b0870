/**
 * Finding and replacing what names a person inside stored values; every store erases with the same rule.
 */
import { domainToASCII, domainToUnicode } from 'node:url';

/** What stands where an erased address was. */
export const ERASED = '[erased]';

/** Whether a person is given by e-mail address and not by an id. */
export function isAddress(person: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(person);
}

/**
 * Matches an e-mail address inside a text: in any letter case, percent-encoded as in a link, and after an escape
 * (`\n`) as in JSON within JSON. Not as the end of a longer local part or the start of a longer label, since
 * `mary.jane@contoso.com` is somebody else than `jane@contoso.com`. A further label after it (`.au`) does not save it:
 * in a chat that is more often a sentence without a space than another domain, and erasing must not miss. A domain
 * beyond ASCII is found in both its forms.
 */
export function mentionOf(address: string): RegExp {
  const forms = formsOf(address).map((form) =>
    Array.from(form, (character) => {
      const literal = character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
      return /^[\w.-]$/.test(character) ? literal : `(?:${literal}|${percentEncoded(character)})`;
    }).join(''),
  );
  const pattern = `(?:${forms.join('|')})`;
  return new RegExp(`(?:(?<![\\p{L}\\p{N}._%+\\-])|(?<=\\\\[nrt]|%[0-9a-f]{2}))${pattern}(?![\\p{L}\\p{N}])`, 'giu');
}

/** Changes one text; gets the name of the property it is in and how many objects and lists that one is inside of. */
export type ChangeText = (text: string, property: string, depth: number) => string;

/**
 * `value` with every text in it changed, names of properties too; `value` itself where nothing changes. Works through
 * any depth of nesting that JSON could be written in.
 */
export function changeTexts<T extends object>(value: T, change: ChangeText): T {
  if (!walk(value, change, () => true)) return value;
  const copy = JSON.parse(JSON.stringify(value)) as T;
  walk(copy, change, (holder, property, name, changed) => {
    if (name !== property) delete holder[property];
    Object.defineProperty(holder, name, { value: changed, enumerable: true, configurable: true, writable: true });
    return false;
  });
  return copy;
}

type Holder = Record<string, unknown>;

/** Calls `onChange` for each property whose name or text changes, until it returns true; returns whether it did. */
function walk(
  root: object,
  change: ChangeText,
  onChange: (holder: Holder, property: string, name: string, changed: unknown) => boolean,
): boolean {
  const pending: { holder: Holder; depth: number }[] = [{ holder: root as Holder, depth: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { holder, depth } = next;
    for (const property of Object.keys(holder)) {
      const value = holder[property];
      const name = Array.isArray(holder) ? property : change(property, '', depth);
      const changed = typeof value === 'string' ? change(value, property, depth) : value;
      if ((name !== property || changed !== value) && onChange(holder, property, name, changed)) return true;
      if (typeof value === 'object' && value !== null) pending.push({ holder: value as Holder, depth: depth + 1 });
    }
  }
  return false;
}

function formsOf(address: string): string[] {
  const at = address.lastIndexOf('@') + 1;
  const [local, domain] = [address.slice(0, at), address.slice(at)];
  const ascii = domainToASCII(domain);
  const others = ascii === '' ? [] : [ascii, domainToUnicode(ascii)].map((form) => local + form);
  return [...new Set([address, ...others])];
}

function percentEncoded(character: string): string {
  return Array.from(new TextEncoder().encode(character), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}
