/**
 * Finds out who somebody is, for a dialog that needs to know: a code to the mailbox on the profile, or a sign-in on our
 * page whose number is typed here. What comes of it is kept with the proofs; the dialog that asked reads it there.
 */
import { readEmailAddress } from '../mail/email-address.ts';
import type { ChatSignIns, NumberChecked } from '../proofs/chat-sign-ins.ts';
import { type Action, judge } from '../proofs/levels.ts';
import type { MailboxCodes } from '../proofs/mailbox-codes.ts';
import type { Proof } from '../proofs/proof.ts';
import { escaped } from '../replies/escaped.ts';
import { sentence } from '../replies/reply.ts';
import type { Words } from '../words/words.ts';
import type { Identity } from './identity.ts';
import type { Answers, Guided, Question, Read, Step } from './move.ts';
import { addressForm, likelyAddressOf, readTypedAddress } from './read-typed-address.ts';
import type { Said, Talk } from './talk.ts';
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

  const maybeProven: Step = async (answers, talk) => {
    if (answers.another) return { next: {} };
    const proofs = await identity.proofs(talk);
    const isEnough = proofs.some(({ level }) => judge(actionOf(answers), level) === 'enough');
    return isEnough ? { end: undefined, result: true } : { next: {} };
  };

  const how: Step = async (answers, talk) => {
    const action = actionOf(answers);
    const byMail = judge(action, 'mailbox');
    if (byMail !== 'needs-approval') return { next: { how: byMail === 'enough' ? 'mail' : 'sign-in' } };
    const isProven = !answers.another && (await identity.askerFor(talk, action)) !== undefined;
    return {
      ask: {
        save: 'how',
        text: `${why(answers)} ${say(isProven ? 'proving.howProven' : 'proving.how')}`,
        choices: [
          { value: 'sign-in', title: say('proving.how.signIn'), isMain: true },
          isProven
            ? { value: 'as-proven', title: say('proving.how.person') }
            : { value: 'mail', title: say('proving.how.mail') },
        ],
        hints: [say('proving.howHint'), say('proving.howHintAgain'), say('proving.howHintLast')],
        // Whoever answers with an address has said where the code shall go.
        ...(!isProven && { read: (said) => readTypedAddress(said, words) }),
      },
    };
  };

  const asProven: Step = (answers) => (answers.how === 'as-proven' ? { end: undefined, result: true } : { next: {} });

  const whichAddress: Step = async (answers, talk) => {
    if (answers.how === 'sign-in') return { next: {} };
    if (isAddress(answers.how)) return { next: { address: answers.how } };
    const isFirst = judge(actionOf(answers), 'mailbox') === 'enough';
    const field = { label: say('proving.addressLabel'), submit: say('proving.sendCode') };
    const { form, choices } = addressForm(await likelyAddressOf(talk), field);
    return {
      ask: {
        save: 'address',
        text: isFirst ? `${why(answers)} ${say('proving.address')}` : say('proving.address'),
        form,
        choices: [...choices, ...(isFirst ? [{ value: 'sign-in', title: say('proving.signIn') }] : [])],
        hints: [say('proving.addressHint'), say('proving.addressHintAgain'), say('proving.addressHintLast')],
        read: (said) => readTypedAddress(said, words),
      },
    };
  };

  const send: Step = async (answers, talk) => {
    const holder = identity.holderOf(talk);
    if (isBySignIn(answers)) {
      const requested = await signIns.request(holder, actionOf(answers));
      if (requested.outcome === 'requested') return { next: { link: requested.id } };
      const moment = later(requested.retryAfter);
      return { end: sentence(say('proving.tooManyLinks', { moment }), [say('vote.person')]) };
    }
    const { ok: address } = readEmailAddress(String(answers.address));
    if (!address) return { again: whichAddress };
    const asked = await codes.ask(holder, address);
    if (asked.outcome === 'asked') return { next: {} };
    // There is the sign-in still.
    return { again: how, because: say('proving.tooManyCodes', { moment: later(asked.retryAfter) }) };
  };

  const prove: Step = (answers, talk) => {
    if (!isBySignIn(answers)) {
      const address = String(answers.address);
      return { ask: code(address, (said) => readCode(said, address, talk)) };
    }
    const isFirst = judge(actionOf(answers), 'mailbox') === 'not-enough';
    const url = signInUrl(String(answers.link));
    return { ask: number(url, isFirst ? why(answers) : '', (said) => readNumber(said, talk)) };
  };

  const proven: Step = ({ proof }) => (proof === 'another' ? { again: send } : { end: undefined, result: true });

  return {
    name: 'prove-identity',
    steps: [maybeProven, how, asProven, whichAddress, send, prove, proven],
    help: say('help'),
    cancelled: () => say('dialog.cancelled'),
  };

  function why(answers: Answers): string {
    return say(`proving.why.${actionOf(answers)}`);
  }

  function later(seconds: number): string {
    return words.moment(new Date(now().getTime() + seconds * 1000));
  }

  async function readCode(said: Said, to: string, talk: Talk): Promise<Read> {
    const typed = typedDigits(said, 8);
    if (typed === undefined) return undefined;
    const address = readEmailAddress(to).ok?.canonical ?? '';
    const checked = await codes.verify(identity.holderOf(talk), address, typed);
    const isThis = (proof: Proof) => proof.level === 'mailbox' && proof.address === address;
    if (checked.outcome === 'verified' || (await provenBefore(checked, isThis, talk))) return { value: 'proven' };
    if (checked.outcome !== 'wrong') return { problem: say(codeProblems[checked.outcome]) };
    if (checked.triesLeft === 0) return { problem: say('proving.codeLocked') };
    return { problem: say('proving.codeWrong', { triesLeft: checked.triesLeft }), isCounted: true };
  }

  async function readNumber(said: Said, talk: Talk): Promise<Read> {
    const typed = typedDigits(said, 6);
    if (typed === undefined) return undefined;
    const checked = await signIns.verify(identity.holderOf(talk), typed);
    const isThis = ({ level }: Proof) => level === 'sign-in';
    const proof = checked.outcome === 'verified' ? checked.result : await provenBefore(checked, isThis, talk);
    if (proof) {
      await identity.remember(talk, proof);
      return { value: 'proven' };
    }
    if (checked.outcome === 'not-offered') return { problem: say('proving.numberNotOffered') };
    if (checked.outcome !== 'wrong' || checked.triesLeft === 0) return { problem: say('proving.numberOver') };
    return { problem: say('proving.numberWrong', { triesLeft: checked.triesLeft }), isCounted: true };
  }

  /** By a turn that was cut off after it had used the code up. */
  async function provenBefore({ outcome }: NumberChecked, isThis: (proof: Proof) => boolean, talk: Talk) {
    return outcome === 'none' ? (await identity.proofs(talk)).find(isThis) : undefined;
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
      links: [{ title: say('proving.signInOpen'), url, isMain: true }],
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

function actionOf({ action }: Answers): Exclude<Action, 'resend'> {
  return action as Exclude<Action, 'resend'>;
}

function isAddress(how: unknown): how is string {
  return typeof how === 'string' && how.includes('@');
}

function isBySignIn({ how, address }: Answers): boolean {
  return how === 'sign-in' || address === 'sign-in';
}
