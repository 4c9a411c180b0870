/**
 * Who is in a conversation, as far as it is proven at this moment. Dialogs ask each time before they show or do
 * something: what a dialog remembers is no proof.
 */
import { type Action, judge } from '../proofs/levels.ts';
import { type Asker, type Holder, isLive, type Proof } from '../proofs/proof.ts';
import type { Proofs } from '../proofs/proofs.ts';
import type { Reach, Reached } from '../proofs/reach.ts';
import type { Requester } from '../tickets/ticket.ts';
import type { Talk } from './talk.ts';

export interface IdentityParts {
  readonly proofs: Pick<Proofs, 'all'>;
  /** Whether users sign in otherwise now than in the session that lent a proof. */
  readonly isThroughOther: (session: string) => Promise<boolean>;
  readonly reach: Reach;
  /** What a channel knows by itself: whoever was signed in where the chat was opened. */
  readonly known: (talk: Talk) => Promise<readonly Proof[]>;
  readonly now: () => Date;
}

export class Identity {
  readonly #parts: IdentityParts;

  constructor(parts: IdentityParts) {
    this.#parts = parts;
  }

  /** What is proven in one conversation is proven for one user of it. */
  holderOf({ conversation, person }: Talk): Holder {
    return { id: `${conversation} ${person}`, person: `chat:${person}` };
  }

  /**
   * Every proof that has not run out and is in force, strongest first. That Teams vouches for somebody whom no profile
   * knows is none: they have to show who they are like everybody.
   */
  async proofs(talk: Talk): Promise<readonly Proof[]> {
    return this.#ofUse(await this.#inForce(talk));
  }

  async #ofUse(all: readonly Proof[]): Promise<readonly Proof[]> {
    const isOfUse = await Promise.all(
      all.map(async (proof) => proof.level !== 'teams' || (await this.#parts.reach.profiles(proof)).length > 0),
    );
    return all.filter((_, index) => isOfUse[index]);
  }

  async #inForce(talk: Talk): Promise<readonly Proof[]> {
    const [known, proven] = await Promise.all([this.#parts.known(talk), this.#proven(talk)]);
    const strength = ({ level }: Proof) => (level === 'mailbox' ? 0 : 1);
    const live = [...known, ...proven].filter((proof) => isLive(proof, this.#parts.now()));
    return live.sort((one, other) => strength(other) - strength(one));
  }

  /** What was proven here, but for sign-ins that came through a provider that is not in use any more. */
  async #proven(talk: Talk): Promise<readonly Proof[]> {
    const { proofs, isThroughOther } = this.#parts;
    const all = await proofs.all(this.holderOf(talk));
    const others = await Promise.all(
      all.map(async (proof) => proof.level === 'sign-in' && !!proof.session && isThroughOther(proof.session)),
    );
    return all.filter((_, index) => !others[index]);
  }

  /** With what to ask for this, whichever profile it is about; undefined: nothing that is proven is worth it. */
  async askerFor(talk: Talk, action: Action): Promise<Asker | undefined> {
    const proof = (await this.proofs(talk)).find(({ level }) => judge(action, level) !== 'not-enough');
    return proof && { holder: this.holderOf(talk), proof };
  }

  /** With what to ask for something to be done to this profile: the proof that gets furthest; undefined: none does. */
  async askerForProfile(talk: Talk, action: Action, profile: string): Promise<Asker | undefined> {
    const holder = this.holderOf(talk);
    let second: Asker | undefined;
    for (const proof of await this.proofs(talk)) {
      const judgement = await this.#parts.reach.judge(action, proof, profile);
      if (judgement === 'enough') return { holder, proof };
      if (judgement === 'needs-approval') second ??= { holder, proof };
    }
    return second;
  }

  /** Who signed in from a Teams chat is known there from now on: the number was typed by whom Teams vouches for. */
  async remember({ teams }: Talk, proof: Proof): Promise<void> {
    if (teams && proof.level === 'sign-in') await this.#parts.reach.tieTeams(teams, proof);
  }

  /** Who asks, for somebody of staff: what is proven, and nothing that is not. */
  async requester(talk: Talk): Promise<Requester> {
    const { person } = talk;
    const all = await this.#inForce(talk);
    const [proof = all[0]] = await this.#ofUse(all);
    if (!proof) return { person, proof: 'none' };
    const [reached] = await this.#parts.reach.profiles(proof);
    const { name = talk.name, address } = reached?.member.profile.value ?? {};
    return {
      person,
      proof: proof.level,
      ...(name && { name }),
      ...(address && { address }),
      ...(proof.level === 'mailbox' && { address: proof.address }),
      ...(proof.level === 'sign-in' && { account: proof.account }),
    };
  }

  /** Writes into the trail that these are shown, by the proof that allows it. */
  async noteShown(talk: Talk, action: Action, profiles: readonly Reached[]): Promise<void> {
    const found = await Promise.all(
      profiles.map(async ({ member }) => {
        const to = await this.askerForProfile(talk, action, member.profile.id);
        return to ? [{ member, to }] : [];
      }),
    );
    const shown = found.flat();
    if (shown.length > 0) await this.#parts.reach.noteShown(shown);
  }

  /** The profiles that any proof of at least this worth reaches, each once. */
  async profiles(talk: Talk, action: Action): Promise<readonly Reached[]> {
    const found = new Map<string, Reached>();
    for (const proof of await this.proofs(talk)) {
      if (judge(action, proof.level) === 'not-enough') continue;
      for (const reached of await this.#parts.reach.profiles(proof)) found.set(reached.member.profile.id, reached);
    }
    return [...found.values()].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  }
}

function nameOf({ member: { organisation, profile } }: Reached): string {
  return `${organisation.value.name.toLowerCase()} ${organisation.value.portal} ${profile.id}`;
}
