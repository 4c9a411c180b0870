/** Hands a question over to a person: what it is about, where an answer goes when the user is gone, and a ticket. */
import { readEmailAddress } from '../mail/email-address.ts';
import type { CardInput } from '../replies/card.ts';
import { escaped } from '../replies/escaped.ts';
import { sentence } from '../replies/reply.ts';
import { shortened } from '../replies/shortened.ts';
import { type Expectation, whenAnswered } from '../replies/when-answered.ts';
import type { Desk, Opened } from '../tickets/desk.ts';
import { type Requester, shownNumber } from '../tickets/ticket.ts';
import type { WordKey, Words } from '../words/words.ts';
import { longestText, tooLong } from './long-text.ts';
import type { Answers, Guided, Question, Step } from './move.ts';
import { likelyAddressOf } from './read-typed-address.ts';
import type { Asked, Said, Talk } from './talk.ts';

export interface HandoffParts {
  readonly desk: Pick<Desk, 'open'>;
  readonly words: Words;
  /** Who asks, as far as it is proven. */
  readonly requesterOf: (talk: Talk) => Promise<Requester>;
  /** The `seq` of the last line of a conversation. */
  readonly latest: (conversation: string) => Promise<number>;
  /** The questions of these entries, in this order. */
  readonly titles: (ids: readonly string[]) => readonly string[];
  readonly expectation: () => Expectation;
  /** Until the first answer, of the last month, in minutes; undefined where there is too little to say so. */
  readonly usualMinutes: () => Promise<number | undefined>;
}

export function handoff(parts: HandoffParts): Guided {
  const { desk, words, requesterOf, latest, titles, expectation, usualMinutes } = parts;
  const { say } = words;

  /** What was asked before is what the person will be asked, unless the user says otherwise. */
  const before: Step = ({ question, facts }, { asked }) => ({
    next: { question: question ?? asked?.text ?? '', facts: facts ?? [], ...(asked && { asked }) },
  });

  /** The questions whose answers are shown once more. */
  const nearestTo = (answers: Answers): readonly string[] => {
    const asked = answers.asked as Asked | undefined;
    return titles((asked?.nearest ?? []).filter((id) => !id.startsWith('do:'))).slice(0, 3);
  };

  const whatItIsAbout: Step = async (answers, talk) => {
    const question = textOf(answers, 'question');
    const nearest = nearestTo(answers);
    const ask: Question = {
      save: 'text',
      heading: say('handoff.title'),
      text:
        question === '' ? say('handoff.what') : say('handoff.prefilled', { question: escaped(recognisable(question)) }),
      ...(nearest.length > 0 && { closing: say('handoff.nearest', { count: nearest.length }) }),
      form: {
        inputs: [
          { id: 'question', label: say('handoff.label'), value: question, kind: 'long', longest: longestText },
          ...(await addressField(talk)),
        ],
        submit: say('handoff.send'),
      },
      choices: nearest.map((title) => ({ value: toSee(title), title })),
      hints: [say('handoff.empty'), say('handoff.emptyAgain'), say('handoff.emptyLast')],
      read: (said) => readQuestion(said, question),
    };
    return { ask };
  };

  /** One of the nearest answers was it after all. */
  const answeredAfterAll: Step = (answers, talk) => {
    const title = nearestTo(answers).find((one) => toSee(one) === textOf(answers, 'text'));
    if (title === undefined) return { next: {} };
    // The answer may have been taken out meanwhile; then a person is to answer.
    return talk.aside(title) ? { end: undefined } : { next: { text: title } };
  };

  /** In Teams an answer finds its way; a mail is for those whom Teams does not let it reach. */
  const addressField = async (talk: Talk): Promise<readonly CardInput[]> => {
    if (talk.channel !== 'msteams' || (await requesterOf(talk)).address) return [];
    const value = await likelyAddressOf(talk);
    const label = say('handoff.addressLabel');
    return [{ id: 'address', label, kind: 'email', longest: 254, ...(value && { value }) }];
  };

  const whereTo: Step = async (answers, talk) => {
    const { address } = await requesterOf(talk);
    const { isOpen } = expectation();
    if (talk.channel === 'msteams') {
      const { ok } = readEmailAddress(talk.said.form?.get('address') ?? '');
      return { next: address || !ok ? {} : { address: ok.canonical } };
    }
    if (address || answers.address !== undefined || isOpen) return { next: {} };
    return {
      ask: {
        save: 'address',
        text: say('handoff.where'),
        choices: [{ value: 'none', title: say('handoff.noAddress') }],
        hints: [say('handoff.addressHint'), say('handoff.addressHintAgain'), say('handoff.addressHintLast')],
        read: ({ text }) => readAddress(text, words),
      },
    };
  };

  const handOver: Step = async (answers, talk) => {
    const requester = await requesterOf(talk);
    const typed = answers.address === 'none' ? '' : textOf(answers, 'address');
    const asked = answers.asked as Asked | undefined;
    const opened = await desk.open(
      {
        question: textOf(answers, 'text'),
        requester: { ...requester, ...(typed && !requester.address && { address: typed }) },
        conversation: talk.conversation,
        since: await latest(talk.conversation),
        ...(talk.locale && { locale: talk.locale }),
        ...(asked?.id && asked.decision !== 'none' && { topic: asked.id }),
        ...(asked && {
          answered: {
            decision: asked.decision,
            ...(asked.id && { id: asked.id }),
            ...(asked.confidence !== undefined && { confidence: asked.confidence }),
          },
        }),
        facts: answers.facts as readonly { label: string; value: string }[],
      },
      talk.key,
    );
    const receipt = await outcome(opened, typed || requester.address);
    return { end: sentence(receipt), receipt };
  };

  async function outcome(opened: Opened, address: string | undefined): Promise<string> {
    if (opened.outcome === 'too-many') {
      return say('handoff.tooMany', { moment: words.moment(new Date(opened.until)) });
    }
    const number = shownNumber(opened.ticket.value);
    const first = say(`handoff.${opened.outcome}` as WordKey, { number });
    const expected = expectation();
    const when = whenAnswered(expected, words, expected.isOpen ? await usualMinutes() : undefined);
    const gone = address ? say('handoff.mailed', { address: escaped(address) }) : say('handoff.stay');
    return [first, when, gone, say('handoff.requests')].join(' ');
  }

  return {
    name: 'handoff',
    steps: [before, whatItIsAbout, answeredAfterAll, whereTo, handOver],
    help: say('handoff.help'),
    cancelled: () => say('handoff.cancelled'),
  };

  function readQuestion({ text, form }: Said, question: string) {
    if (form) {
      const written = form.get('question')?.trim() ?? '';
      if (written.length > longestText) return tooLong(words);
      return written === '' ? undefined : { value: written };
    }
    if (question !== '' && words.hears('heard.send', text)) return { value: question };
    const written = text.trim();
    if (!/[\p{L}\p{N}]/u.test(written)) return undefined;
    const whole = question === '' ? written : `${question}\n\n${written}`;
    return whole.length > longestText ? tooLong(words) : { value: whole };
  }
}

function readAddress(text: string, { say, hears }: Words) {
  if (hears('heard.skip', text)) return { value: 'none' };
  const { ok, problem } = readEmailAddress(text);
  if (ok) return { value: ok.canonical };
  return text.includes('@')
    ? { problem: say(`address.${problem}` as WordKey, { text: escaped(text.slice(0, 100)) }) }
    : undefined;
}

/** What the choice of an answer is kept as. */
function toSee(title: string): string {
  return `see ${title}`;
}

function textOf(answers: Answers, name: string): string {
  const value = answers[name];
  return typeof value === 'string' ? value : '';
}

/** Enough to recognise one's own question. */
function recognisable(text: string): string {
  return shortened(text.replace(/\s+/g, ' ').trim(), 200);
}
