/** Any text as a key that PostgreSQL can hold and index: it takes no U+0000, no half of a surrogate pair and nothing long. */
import { hash } from 'node:crypto';

/** An index takes 2704 bytes in all its columns; a character has three or four. */
const longest = 250;
/** Stands before what is written as four hexadecimal digits. */
const ESCAPE = '\u0010';
const odd = new RegExp(`[\\0${ESCAPE}]|\\p{Surrogate}`, 'u');
const everyOdd = new RegExp(odd, 'gu');
const everyEscape = new RegExp(`${ESCAPE}([\\da-f]{4})`, 'g');

/** The key of a text: the text itself nearly always. Two texts never share one. */
export function sqlKey(text: string): string {
  if (text.length > longest) return `${ESCAPE}#${hash('sha256', Buffer.from(text, 'utf16le'), 'base64url')}`;
  return odd.test(text) ? escaped(text) : text;
}

/** Whether a key does not tell its text. */
export function isShortenedKey(key: string): boolean {
  return key.startsWith(`${ESCAPE}#`);
}

/** SQL for whether a column's key does not tell its text: a document must. */
export function isShortened(column: string): string {
  return `starts_with(${column}, E'\\x10#')`;
}

/** The text in a form that `textOf` reads, where its key would not tell it; else null. */
export function sqlName(text: string): string | null {
  return text.length > longest ? escaped(text) : null;
}

/** The text that a key, or the name where there is one, was made from. */
export function textOf(key: string, name?: string | null): string {
  const form = name ?? key;
  if (!form.includes(ESCAPE)) return form;
  return form.replace(everyEscape, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

function escaped(text: string): string {
  return text.replace(everyOdd, (character) => ESCAPE + character.charCodeAt(0).toString(16).padStart(4, '0'));
}
