/** Adds something to a request that a person already has. */
import { sentence } from '../replies/reply.ts';
import type { Desk } from '../tickets/desk.ts';
import type { Words } from '../words/words.ts';
import { longestText, tooLong } from './long-text.ts';
import type { Guided, Step } from './move.ts';

export interface AddToRequestParts {
  readonly desk: Pick<Desk, 'add'>;
  readonly words: Words;
}

export function addToRequest({ desk, words }: AddToRequestParts): Guided {
  const { say } = words;

  const what: Step = ({ number }) => ({
    ask: {
      save: 'text',
      text: say('request.addWhat', { number: `#${number}` }),
      form: {
        inputs: [{ id: 'text', label: say('request.addLabel'), kind: 'long', longest: longestText }],
        submit: say('request.addSend'),
      },
      hints: [say('handoff.empty'), say('handoff.emptyAgain'), say('handoff.emptyLast')],
      read: ({ text, form }) => {
        const written = (form ? (form.get('text') ?? '') : text).trim();
        if (written.length > longestText) return tooLong(words);
        return /[\p{L}\p{N}]/u.test(written) ? { value: written } : undefined;
      },
    },
  });

  const add: Step = async ({ number, text }, { person, key }) => {
    const { outcome } = await desk.add(Number(number), person, String(text), key);
    const receipt = say(`request.add.${outcome}`, { number: `#${number}` });
    return { end: sentence(receipt), receipt };
  };

  return {
    name: 'add-to-request',
    steps: [what, add],
    help: say('request.addHelp'),
    cancelled: () => say('dialog.cancelled'),
  };
}
