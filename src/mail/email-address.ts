/**
 * The strict address check, before anything is stored or sent. One bare address: what is between the lines of a mail's
 * head (a line break, a comma, a comment) would be read by mail programs as somebody else's address.
 *
 * Policy: an address is the same in any letter case, before the @ too; nothing else is taken for the same, so
 * `kim+news@` and `k.im@` are other people than `kim@`. Addresses with letters beyond ASCII before the @ are refused:
 * few servers take them, and the look-alikes there cannot be told apart.
 */
import { domainToASCII, domainToUnicode } from 'node:url';

/** What is wrong, as a stable name; `address.NAME` of the words tells the person who wrote it. */
export type AddressProblem =
  | 'missing'
  | 'tooLong'
  | 'invisible'
  | 'notAlone'
  | 'noAt'
  | 'noEnding'
  | 'localPart'
  | 'domain';

export interface EmailAddress {
  /** As it was written, without blanks around it: what people are shown. */
  readonly written: string;
  /** All ASCII and lower case: what addresses are compared and found by. */
  readonly canonical: string;
  /** What mail is sent to: as written before the @, since that is the receiving server's business, ASCII after it. */
  readonly envelope: string;
}

export type ReadAddress =
  | { readonly ok: EmailAddress; readonly problem?: undefined }
  | { readonly ok?: undefined; readonly problem: AddressProblem };

const longest = 254;
/** RFC 5321, 4.5.3.1.1. */
const longestLocalPart = 64;

const invisible = /[\p{C}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}|[^\S ]/u;
const besideAnAddress = /[\s,;:<>()[\]"\\]|@.*@/;
/** RFC 5322's dot-atom without `%` and `!`: with those some servers pass mail on to another domain. */
const localPart = /^[a-z\d#$&'*+/=?^_`{|}~-]+(?:\.[a-z\d#$&'*+/=?^_`{|}~-]+)*$/i;
/** Of the ASCII form. */
const domainLabel = /^(?!-)[a-z\d-]{1,63}(?<!-)$/;

/** Reads one address as a person typed it. Takes time in proportion to 254 characters, however much came. */
export function readEmailAddress(text: string): ReadAddress {
  // Code units; no code point has more than two.
  if (text.length > 2 * longest) return { problem: 'tooLong' };
  const written = text.replace(/^ +| +$/g, '');
  if (written === '') return { problem: 'missing' };
  if (Array.from(written).length > longest) return { problem: 'tooLong' };
  if (invisible.test(written)) return { problem: 'invisible' };
  if (besideAnAddress.test(written)) return { problem: 'notAlone' };

  const at = written.indexOf('@');
  if (at < 0) return { problem: 'noAt' };
  const local = written.slice(0, at);
  if (local.length > longestLocalPart || !localPart.test(local)) return { problem: 'localPart' };
  const domain = asciiDomain(written.slice(at + 1));
  if (!domain) return { problem: 'domain' };
  if (!/\./.test(domain)) return { problem: 'noEnding' };
  if (local.length + 1 + domain.length > longest) return { problem: 'tooLong' };
  return { ok: { written, canonical: `${local}@${domain}`.toLowerCase(), envelope: `${local}@${domain}` } };
}

/** `k...@contoso.example`: enough for its owner to recognise it, too little for anybody else. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? '...' : `${Array.from(address)[0]}...${address.slice(at)}`;
}

/** The domain in its ASCII form; undefined where it is none, or where its mapping does more than change letter case. */
function asciiDomain(domain: string): string | undefined {
  const mapped = domainToASCII(domain);
  const labels = mapped.split('.');
  if (!labels.every((label) => domainLabel.test(label)) || /^\d*$/.test(labels.at(-1) ?? '')) return undefined;
  // What is encoded must decode: newer versions of Node.js leave a label that does not as it is.
  if (/(?:^|\.)xn--/.test(domainToUnicode(mapped))) return undefined;
  // The mapping removes, decodes and replaces silently (%41, full width, 0x7f.1): what looks like another is refused.
  if (domain.toLowerCase() === mapped) return mapped;
  const lower = Array.from(domain.normalize('NFC'), (character) => character.toLowerCase()).join('');
  return lower === domainToUnicode(mapped) ? mapped : undefined;
}
