/** Sends invitations again: which address, and an e-mail for every profile that carries it. No proof is needed for that. */
import type { Asks } from '../invitations/asks.ts';
import type { Asked, Invitations } from '../invitations/invitations.ts';
import type { Limits } from '../limits/limits.ts';
import { readEmailAddress } from '../mail/email-address.ts';
import { type Asker, byOf } from '../proofs/proof.ts';
import type { Reached } from '../proofs/reach.ts';
import { escaped } from '../replies/escaped.ts';
import { sentence } from '../replies/reply.ts';
import type { WordKey, Words } from '../words/words.ts';
import type { Identity } from './identity.ts';
import type { Guided, Step } from './move.ts';
import { addressesIn, addressForm, likelyAddressOf, readTypedAddress } from './read-typed-address.ts';
import type { Talk } from './talk.ts';

export interface ResendInviteParts {
  readonly identity: Identity;
  readonly asks: Pick<Asks, 'add'>;
  readonly invitations: Pick<Invitations, 'ask'>;
  /** Mails the link of a move that is under way once more; undefined where none is. */
  readonly resendMove: (profile: string, asker: Asker) => Promise<Asked | undefined>;
  readonly limits: Pick<Limits, 'takeAll'>;
  readonly words: Words;
  readonly now: () => Date;
}

/** Begun with `{address}` where that is known, and with `{profile}` where only that one is meant. */
export function resendInvite({
  identity,
  asks,
  invitations,
  resendMove,
  limits,
  words,
  now,
}: ResendInviteParts): Guided {
  const { say } = words;

  /** "resend my invite to amira@contoso.example" */
  const saidAlready: Step = ({ address }, { said }) => {
    const [only, another] = address === undefined ? addressesIn(said.text) : [];
    return { next: only && !another ? { address: only } : {} };
  };

  const whichAddress: Step = async ({ address }, talk) => {
    if (address !== undefined) return { next: {} };
    const proven = (await identity.proofs(talk)).flatMap((proof) => (proof.level === 'mailbox' ? [proof.address] : []));
    // The question that this dialog was suggested for may have named it.
    const [sure] = [...addressesIn(talk.asked?.decision === 'suggest' ? talk.asked.text : ''), ...proven];
    const known = sure ?? (await likelyAddressOf(talk));
    return {
      ask: {
        save: 'address',
        text: say('resending.which'),
        ...addressForm(known, { label: say('proving.addressLabel'), submit: say('resending.send') }),
        hints: [say('resending.hint'), say('resending.hintAgain'), say('resending.hintLast')],
        read: (said) => readTypedAddress(said, words),
      },
    };
  };

  const sendThem: Step = async (answers, talk) => {
    const { ok: address } = readEmailAddress(String(answers.address));
    if (!address) return { again: whichAddress };
    const holder = identity.holderOf(talk);
    const full = await limits.takeAll([['mail', holder.person]]);
    if (full !== undefined) {
      const moment = words.moment(new Date(now().getTime() + full * 1000));
      return { end: sentence(say('resending.tooMany', { moment }), [say('vote.person')]) };
    }
    const shown = escaped(address.written);
    const proven = await sendProven(address.canonical, answers.profile, talk);
    // A sign-in shows nothing of further profiles with this address, so for them it is as for everybody.
    if (!proven.isAll) await asks.add(address.canonical, { actor: holder.person, proof: 'none' });
    const receipt =
      proven.rows.length === 0
        ? say('resending.asked', { address: shown })
        : [
            say('resending.receipt', { address: shown }),
            proven.rows.map((row) => `- ${row}`).join('\n'),
            ...(proven.isAll ? [] : [say('resending.more')]),
          ].join('\n\n');
    return {
      end: sentence(`${receipt}\n\n${say('resending.nothing')}`, [say('resending.another'), say('vote.person')]),
      receipt,
    };
  };

  return {
    name: 'resend-invite',
    steps: [saidAlready, whichAddress, sendThem],
    help: say('resending.help'),
    cancelled: () => say('resending.cancelled'),
    facts: ({ address }) =>
      address === undefined ? [] : [{ label: say('proving.addressLabel'), value: String(address) }],
  };

  /** What whoever has shown that these profiles are theirs may be told; `isAll`: no others are meant. */
  async function sendProven(
    address: string,
    only: unknown,
    talk: Talk,
  ): Promise<{ rows: readonly string[]; isAll: boolean }> {
    const reached = await identity.profiles(talk, 'list-profiles');
    const rows: string[] = [];
    const isMeant = ({ member: { profile } }: Reached) =>
      profile.value.address === address && (only === undefined || only === profile.id);
    for (const { member } of reached.filter(isMeant)) {
      const asker = await identity.askerForProfile(talk, 'list-profiles', member.profile.id);
      if (asker) rows.push(rowOf(member, await send(member.profile.id, asker)));
    }
    if (only !== undefined) return { rows, isAll: rows.length > 0 };
    const proofs = await identity.proofs(talk);
    return { rows, isAll: proofs.some((proof) => proof.level === 'mailbox' && proof.address === address) };
  }

  async function send(profile: string, asker: Asker): Promise<Asked> {
    const moved = await resendMove(profile, asker);
    const tell = asker.proof.level === 'sign-in' ? { account: asker.proof.account } : 'staff';
    return moved ?? (await invitations.ask(profile, { purpose: 'associate', asked: 'proven', by: byOf(asker), tell }));
  }

  function rowOf({ organisation: { value } }: Reached['member'], outcome: Asked): string {
    return say('resending.row', {
      company: escaped(value.name),
      portal: value.portal,
      outcome: say(`resending.${outcome}` as WordKey),
    });
  }
}
