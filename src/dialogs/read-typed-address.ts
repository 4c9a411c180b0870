import { readEmailAddress } from '../mail/email-address.ts';
import { escaped } from '../replies/escaped.ts';
import type { WordKey, Words } from '../words/words.ts';
import type { Question, Read } from './move.ts';
import type { Said, Talk } from './talk.ts';

/** An address as it was written, from a field of a card or from what was typed: alone, or the only one in a sentence. */
export function readTypedAddress({ text, form }: Said, { say }: Words): Read {
  const typed = form ? (form.get('address') ?? '') : text;
  const { ok, problem } = readEmailAddress(typed);
  if (ok) return { value: ok.written };
  const within = addressesIn(typed);
  if (within.length === 1) return { value: within[0] };
  if (!typed.includes('@')) return undefined;
  return { problem: say(`address.${problem}` as WordKey, { text: escaped(typed.trim().slice(0, 100)) }) };
}

/** The field that an address is typed into, filled in where one is likely: that one can be picked by its number too. */
export function addressForm(
  likely: string | undefined,
  { label, submit }: { readonly label: string; readonly submit: string },
): Pick<Question, 'form'> & Required<Pick<Question, 'choices'>> {
  const field = { id: 'address', label, kind: 'email', longest: longestAddress } as const;
  return {
    form: { inputs: [{ ...field, ...(likely && { value: likely }) }], submit },
    choices: likely ? [{ value: likely, title: likely }] : [],
  };
}

/** RFC 5321, 4.5.3.1.3. */
const longestAddress = 254;

/** The addresses in a sentence, as they were written, each once. */
export function addressesIn(text: string): readonly string[] {
  const found = new Map<string, string>();
  for (const word of text.slice(0, 4000).split(/[\s,;:<>()[\]"“”]+/)) {
    if (!word.includes('@')) continue;
    const { ok } = readEmailAddress(word.replace(/[.!?'’]+$/, ''));
    if (ok && !found.has(ok.canonical)) found.set(ok.canonical, ok.written);
  }
  return [...found.values()];
}

/** What the channel has for who speaks, where it is an address; to be filled in for them and sent by themselves. */
export async function likelyAddressOf({ likelyAddress }: Talk): Promise<string | undefined> {
  return readEmailAddress((await likelyAddress?.()) ?? '').ok?.written;
}
