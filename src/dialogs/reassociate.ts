/** Moves a profile to another Microsoft Account: which one, whether its address is right, what changes, and the link. */
import { shownAccount } from '../accounts/association.ts';
import type { AddressChanges } from '../changes/address-changes.ts';
import type { AwaitedInChat } from '../changes/awaited-in-chat.ts';
import type { Reassociations } from '../changes/reassociations.ts';
import { type Action, judge } from '../proofs/levels.ts';
import type { Asker } from '../proofs/proof.ts';
import type { Reached } from '../proofs/reach.ts';
import { escaped } from '../replies/escaped.ts';
import { sentence } from '../replies/reply.ts';
import type { WordKey, Words } from '../words/words.ts';
import { anotherWay } from './another-way.ts';
import type { Identity } from './identity.ts';
import type { Answers, Guided, Move, Read, Step } from './move.ts';
import { whyOutOfReach } from './out-of-reach.ts';
import { pickHints } from './pick-hints.ts';
import { readTypedAddress } from './read-typed-address.ts';
import type { Said, Talk } from './talk.ts';
import { codeProblems, typedDigits } from './typed-digits.ts';

export interface ReassociateParts {
  readonly identity: Identity;
  readonly reassociations: Pick<Reassociations, 'request' | 'pendingOf'>;
  readonly addressChanges: Pick<AddressChanges, 'propose' | 'confirm' | 'pendingOf'>;
  /** Remembers who is to be told in chat what staff decide. */
  readonly awaited: Pick<AwaitedInChat, 'add'>;
  readonly words: Words;
  readonly now: () => Date;
}

const mostRows = 6;

/** Begun with `{profile}` where that is known. */
export function reassociate(parts: ReassociateParts): Guided {
  const { identity, reassociations, addressChanges, awaited, words, now } = parts;
  const { say } = words;

  const whoAreYou: Step = ({ another }) => ({
    find: 'proof',
    dialog: 'prove-identity',
    options: { action: 'move-association', ...(another === true && { another }) },
  });

  const whichProfile: Step = async ({ profile, another }, talk) => {
    if (!(await identity.askerFor(talk, 'move-association'))) return { again: whoAreYou };
    const own = await identity.profiles(talk, 'move-association');
    const linked = own.filter(({ association }) => association);
    if (linked.some(({ member }) => member.profile.id === profile)) return { next: {} };
    const [first, second] = linked;
    if (!first && own.length === 0 && !another) return { ask: anotherWay(say('reassociate.anotherWay'), words) };
    if (!first) {
      return {
        end: sentence(say(own.length === 0 ? 'reassociate.noneFound' : 'reassociate.none'), [say('vote.person')]),
      };
    }
    if (!second) return { next: { profile: first.member.profile.id } };
    return {
      ask: {
        save: 'profile',
        text: say('reassociate.which'),
        rows: linked.slice(0, mostRows).map(({ member: { profile: found, organisation } }) => ({
          value: found.id,
          title: escaped(organisation.value.name),
          detail: say('listing.row', { portal: organisation.value.portal, address: escaped(found.value.email) }),
        })),
        hints: pickHints(words),
      },
    };
  };

  const orAnotherWay: Step = ({ profile, ...answers }) => {
    if (profile === 'another') return { again: whoAreYou, keep: { another: true } };
    return profile === 'none' ? { end: sentence(stopped(answers)) } : { next: {} };
  };

  const isItUnderWay: Step = async (answers, talk) => {
    const here = await about(answers, talk);
    if (!here) return showAgain(talk);
    if (await reassociations.pendingOf(here.id)) return { end: sentence(await pendingText(here)) };
    return { next: { sendTo: here.email } };
  };

  const isThisRight: Step = async (answers, talk) => {
    const here = await about(answers, talk);
    if (!here) return showAgain(talk);
    const { reached, names } = here;
    const isDecided = judge('move-association', here.asker.proof.level) === 'needs-approval';
    const account = reached.association && shownAccount(reached.association.value.account);
    const waits = (await addressChanges.pendingOf(here.id))?.value.state === 'awaiting-approval';
    const send = say(isDecided ? 'reassociate.ask' : 'reassociate.send');
    return {
      ask: {
        save: 'go',
        heading: say('reassociate.title'),
        text: say('reassociate.for', names),
        panels: [
          { label: say('reassociate.now'), text: escaped(account || say('listing.linkedNameless')), style: 'emphasis' },
          {
            label: say('reassociate.after'),
            text: say(isDecided ? 'reassociate.afterApproval' : 'reassociate.afterText'),
            style: 'accent',
          },
        ],
        closing: say(waits ? 'reassociate.toWaiting' : 'reassociate.to', {
          address: escaped(String(answers.sendTo)),
        }),
        choices: [
          { value: 'send', title: send, isMain: true },
          { value: 'address', title: say('reassociate.address') },
          { value: 'stop', title: say('reassociate.stop') },
        ],
        hints: [
          say(isDecided ? 'reassociate.confirmHintAsk' : 'reassociate.confirmHint'),
          say('reassociate.confirmHintAgain'),
          say('reassociate.confirmHintLast'),
        ],
        read: ({ text }) => (words.hears('heard.send', text) ? { value: 'send' } : undefined),
      },
    };
  };

  const stopOrGoOn: Step = (answers) => (answers.go === 'stop' ? { end: sentence(stopped(answers)) } : { next: {} });

  /** Only where the address is to be corrected first. */
  const correcting =
    (step: Step): Step =>
    (answers, talk) =>
      answers.go === 'address' ? step(answers, talk) : { next: {} };

  const whichAddress = correcting(() => ({
    ask: {
      save: 'address',
      text: say('reassociate.newAddress'),
      form: {
        inputs: [{ id: 'address', label: say('reassociate.newAddressLabel'), kind: 'email', longest: 254 }],
        submit: say('proving.sendCode'),
      },
      hints: [
        say('reassociate.newAddressHint'),
        say('reassociate.newAddressHintAgain'),
        say('reassociate.newAddressHintLast'),
      ],
      read: (said) => readTypedAddress(said, words),
    },
  }));

  const checkAddress = correcting(async (answers, talk) => {
    const here = await about(answers, talk, 'change-address');
    if (!here) return showAgain(talk);
    const proposed = await addressChanges.propose(here.id, String(answers.address), here.asker);
    if (proposed.outcome === 'code-sent') return { next: {} };
    if (proposed.outcome === 'wrong-address') {
      const problem = say(`address.${proposed.problem}` as WordKey, { text: escaped(String(answers.address)) });
      return { again: whichAddress, because: problem };
    }
    if (proposed.outcome === 'too-many') {
      const moment = words.moment(new Date(now().getTime() + proposed.retryAfter * 1000));
      return { again: isThisRight, because: say('reassociate.address.tooMany', { moment }) };
    }
    return { again: isThisRight, because: say(`reassociate.address.${proposed.outcome}`) };
  });

  const typeCode = correcting((answers, talk) => ({
    ask: {
      save: 'checked',
      secret: true,
      text: say('reassociate.newCode', { address: escaped(String(answers.address)) }),
      form: {
        inputs: [{ id: 'code', label: say('proving.codeLabel'), kind: 'code', longest: 20 }],
        submit: say('proving.codeEnter'),
      },
      choices: [{ value: 'another', title: say('proving.codeAnother') }],
      hints: [say('proving.codeHint'), say('proving.codeHintAgain'), say('proving.codeHintLast')],
      read: (said) => readCode(said, answers, talk),
    },
  }));

  const addressDone = correcting(({ checked, address }): Move => {
    if (checked === 'another') return { again: checkAddress };
    const shown = escaped(String(address));
    if (checked === 'changed') {
      const keep = { became: 'changed', sendTo: address };
      return { again: isThisRight, because: say('reassociate.changed', { address: shown }), keep };
    }
    if (checked === 'waits') {
      const because = say('reassociate.addressWaits', { address: shown });
      return { again: isThisRight, because, keep: { became: 'waits' } };
    }
    return { again: isThisRight, because: say(`reassociate.address.${checked as 'taken' | 'not-allowed'}`) };
  });

  const sendIt: Step = async (answers, talk) => {
    const here = await about(answers, talk);
    if (!here) return showAgain(talk);
    if (here.email !== answers.sendTo) {
      // Somebody else was at it meanwhile: what was confirmed is not what would be done.
      return { again: isThisRight, because: say('reassociate.otherAddress'), keep: { sendTo: here.email } };
    }
    const requested = await reassociations.request(here.id, here.asker);
    if (requested.outcome === 'pending') return { end: sentence(await pendingText(here)) };
    if (requested.outcome === 'awaiting-approval') {
      await awaited.add(talk, { what: 'move', profile: here.id, request: requested.reassociation.request });
    }
    const receipt = say(`reassociate.${requested.outcome}`, { ...here.names, address: escaped(here.email) });
    return { end: sentence(receipt), receipt };
  };

  return {
    name: 'reassociate',
    steps: [
      whoAreYou,
      whichProfile,
      orAnotherWay,
      isItUnderWay,
      isThisRight,
      stopOrGoOn,
      whichAddress,
      checkAddress,
      typeCode,
      addressDone,
      sendIt,
    ],
    help: say('reassociate.help'),
    cancelled: stopped,
    facts: ({ profile }) => (typeof profile === 'string' ? [{ label: say('listing.fact'), value: profile }] : []),
  };

  async function showAgain(talk: Talk): Promise<Move> {
    return { again: whoAreYou, because: await whyOutOfReach(identity, talk, 'move-association', words) };
  }

  function stopped({ became }: Answers): string {
    if (became === 'changed') return say('reassociate.stoppedChanged');
    return say(became === 'waits' ? 'reassociate.stoppedWaits' : 'reassociate.stopped');
  }

  /** The profile as it is at this moment, and with which proof to ask for it; undefined where none reaches it any more. */
  async function about(
    { profile }: Answers,
    talk: Talk,
    action: Action = 'move-association',
  ): Promise<Subject | undefined> {
    const id = String(profile);
    const [asker, own] = [await identity.askerForProfile(talk, action, id), await identity.profiles(talk, action)];
    const reached = own.find(({ member }) => member.profile.id === id);
    if (!asker || !reached) return undefined;
    const { profile: found, organisation } = reached.member;
    const names = { company: escaped(organisation.value.name), portal: organisation.value.portal };
    return { id, asker, reached, names, email: found.value.email };
  }

  async function pendingText({ id, names, email }: Subject): Promise<string> {
    const state = (await reassociations.pendingOf(id))?.value.state;
    const known = state === 'awaiting-approval' ? state : 'invited';
    return say('reassociate.pending', {
      ...names,
      state: say(`reassociate.pending.${known}`, { address: escaped(email) }),
    });
  }

  async function readCode(said: Said, answers: Answers, talk: Talk): Promise<Read> {
    const typed = typedDigits(said, 8);
    if (typed === undefined) return undefined;
    const here = await about(answers, talk, 'change-address');
    if (!here) return { value: 'not-allowed' };
    const confirmed = await addressChanges.confirm(here.id, typed, here.asker);
    switch (confirmed.outcome) {
      case 'changed':
      case 'taken':
      case 'not-allowed':
        return { value: confirmed.outcome };
      case 'awaiting-approval':
        await awaited.add(talk, { what: 'address', profile: here.id, request: confirmed.change.request });
        return { value: 'waits' };
      case 'wrong':
        if (confirmed.triesLeft === 0) return { problem: say('proving.codeLocked') };
        return { problem: say('proving.codeWrong', { triesLeft: confirmed.triesLeft }), isCounted: true };
      default:
        return { problem: say(codeProblems[confirmed.outcome]) };
    }
  }
}

interface Subject {
  readonly id: string;
  readonly asker: Asker;
  readonly reached: Reached;
  readonly names: { readonly company: string; readonly portal: string };
  readonly email: string;
}
