/**
 * Finds out who somebody is, for a dialog that needs to know: a code to the mailbox on the profile, or a sign-in on our
 * page whose number is typed here. What comes of it is kept with the proofs; the dialog that asked reads it there.
 */
import { readEmailAddress } from '../mail/email-address.ts';
import type { ChatSignIns } from '../proofs/chat-sign-ins.ts';
import { type Action, judge } from '../proofs/levels.ts';
import type { MailboxCodes } from '../proofs/mailbox-codes.ts';
import { escaped } from '../replies/escaped.ts';
import { sentence } from '../replies/reply.ts';
import type { Words } from '../words/words.ts';
import type { Identity } from './identity.ts';
import type { Guided, Question, Read, Step } from './move.ts';
import { readTypedAddress } from './read-typed-address.ts';
import type { Said } from './talk.ts';
import { codeProblems, typedDigits } from './typed-digits.ts';

export interface ProveIdentityParts {
  readonly identity: Identity;
  readonly codes: Pick<MailboxCodes, 'ask' | 'verify'>;
  readonly signIns: Pick<ChatSignIns, 'request' | 'verify'>;
  /** Below PUBLIC_URL, in full. */
  readonly signInUrl: (id: string) => string;
  readonly words: Words;
  readonly now: () => Date;
}

/** Begun with `{action}`, what the proof is for; `{another}`: what is proven already was not the right one. */
export function proveIdentity({ identity, codes, signIns, signInUrl, words, now }: ProveIdentityParts): Guided {
  const { say } = words;
  const later = (seconds: number) => words.moment(new Date(now().getTime() + seconds * 1000));
  const actionOf = (answers: { readonly action?: unknown }) => answers.action as Exclude<Action, 'resend'>;

  const maybeProven: Step = async (answers, talk) => {
    if (answers.another) return { next: {} };
    const proofs = await identity.proofs(talk);
    const isEnough = proofs.some(({ level }) => judge(actionOf(answers), level) === 'enough');
    return isEnough ? { end: undefined, result: true } : { next: {} };
  };

  const how: Step = async (answers, talk) => {
    const action = actionOf(answers);
    const why = say(`proving.why.${action}`);
    if (judge(action, 'mailbox') === 'not-enough') return { next: { how: 'sign-in', why } };
    if (judge(action, 'mailbox') === 'enough') return { ask: whichAddress(why, say('proving.signIn')) };
    const isProven = !answers.another && (await identity.askerFor(talk, action)) !== undefined;
    const ways = [
      { value: 'sign-in', title: say('proving.how.signIn') },
      isProven
        ? { value: 'as-proven', title: say('proving.how.person') }
        : { value: 'mail', title: say('proving.how.mail') },
    ];
    return {
      ask: {
        save: 'how',
        text: `${why} ${say(isProven ? 'proving.howProven' : 'proving.how')}`,
        choices: ways,
        hints: [say('proving.howHint'), say('proving.howHintAgain'), say('proving.howHintLast')],
      },
    };
  };

  const asProven: Step = ({ how }) => (how === 'as-proven' ? { end: undefined, result: true } : { next: {} });

  const where: Step = ({ how }) => {
    if (how === 'sign-in') return { next: {} };
    return how === 'mail' ? { ask: { ...whichAddress('', undefined), save: 'address' } } : { next: { address: how } };
  };

  const send: Step = async (answers, talk) => {
    const holder = identity.holderOf(talk);
    if (answers.how === 'sign-in') {
      const requested = await signIns.request(holder, actionOf(answers));
      if (requested.outcome === 'requested') return { next: { link: requested.id } };
      const moment = later(requested.retryAfter);
      return { end: sentence(say('proving.tooManyLinks', { moment }), [say('vote.person')]) };
    }
    const { ok: address } = readEmailAddress(String(answers.address));
    if (!address) return { again: how };
    const asked = await codes.ask(holder, address);
    if (asked.outcome === 'asked') return { next: {} };
    // There is the sign-in still.
    return { again: how, because: say('proving.tooManyCodes', { moment: later(asked.retryAfter) }) };
  };

  const prove: Step = async (answers, talk) => {
    const holder = identity.holderOf(talk);
    if (answers.how === 'sign-in') {
      return { ask: number(signInUrl(String(answers.link)), String(answers.why ?? ''), (said) => readNumber(said)) };
    }
    const address = String(answers.address);
    return { ask: code(address, (said) => readCode(said, address)) };

    /** A turn may have been cut off after it had used the code up: what that proved counts. */
    async function isMailbox(canonical: string): Promise<boolean> {
      return (await identity.proofs(talk)).some((proof) => proof.level === 'mailbox' && proof.address === canonical);
    }

    async function isSignedIn(): Promise<boolean> {
      return (await identity.proofs(talk)).some(({ level }) => level === 'sign-in');
    }

    async function readCode(said: Said, to: string): Promise<Read> {
      const typed = typedDigits(said, 8);
      if (typed === undefined) return undefined;
      const canonical = readEmailAddress(to).ok?.canonical ?? '';
      const checked = await codes.verify(holder, canonical, typed);
      if (checked.outcome === 'verified' || (checked.outcome === 'none' && (await isMailbox(canonical))))
        return { value: 'proven' };
      if (checked.outcome !== 'wrong') return { problem: say(codeProblems[checked.outcome]) };
      if (checked.triesLeft === 0) return { problem: say('proving.codeLocked') };
      return { problem: say('proving.codeWrong', { triesLeft: checked.triesLeft }), isCounted: true };
    }

    async function readNumber(said: Said): Promise<Read> {
      const typed = typedDigits(said, 6);
      if (typed === undefined) return undefined;
      const checked = await signIns.verify(holder, typed);
      if (checked.outcome === 'verified') {
        await identity.remember(talk, checked.result);
        return { value: 'proven' };
      }
      if (checked.outcome === 'none' && (await isSignedIn())) return { value: 'proven' };
      if (checked.outcome === 'not-offered') return { problem: say('proving.numberNotOffered') };
      if (checked.outcome !== 'wrong' || checked.triesLeft === 0) return { problem: say('proving.numberOver') };
      return { problem: say('proving.numberWrong', { triesLeft: checked.triesLeft }), isCounted: true };
    }
  };

  const proven: Step = ({ proof }) => (proof === 'another' ? { again: send } : { end: undefined, result: true });

  return {
    name: 'prove-identity',
    steps: [maybeProven, how, asProven, where, send, prove, proven],
    help: say('help'),
    cancelled: () => say('dialog.cancelled'),
  };

  function whichAddress(why: string, instead: string | undefined): Question {
    return {
      save: 'how',
      text: why ? `${why} ${say('proving.address')}` : say('proving.address'),
      form: {
        inputs: [{ id: 'address', label: say('proving.addressLabel'), kind: 'email', longest: 254 }],
        submit: say('proving.sendCode'),
      },
      ...(instead && { choices: [{ value: 'sign-in', title: instead }] }),
      hints: [say('proving.addressHint'), say('proving.addressHintAgain'), say('proving.addressHintLast')],
      read: (said) => readTypedAddress(said, words),
    };
  }

  function code(address: string, read: Question['read']): Question {
    return {
      save: 'proof',
      secret: true,
      text: say('proving.code', { address: escaped(address) }),
      form: {
        inputs: [{ id: 'code', label: say('proving.codeLabel'), kind: 'code', longest: 20 }],
        submit: say('proving.codeEnter'),
      },
      choices: [{ value: 'another', title: say('proving.codeAnother') }],
      hints: [say('proving.codeHint'), say('proving.codeHintAgain'), say('proving.codeHintLast')],
      read,
    };
  }

  function number(url: string, why: string, read: Question['read']): Question {
    return {
      save: 'proof',
      secret: true,
      text: [why, say('proving.signInLink')].filter((part) => part !== '').join(' '),
      links: [{ title: say('proving.signInOpen'), url }],
      form: {
        inputs: [{ id: 'code', label: say('proving.numberLabel'), kind: 'code', longest: 20 }],
        submit: say('proving.codeEnter'),
      },
      choices: [{ value: 'another', title: say('proving.numberAnother') }],
      hints: [say('proving.numberHint'), say('proving.numberHintAgain'), say('proving.numberHintLast')],
      read,
    };
  }
}
