/** Shows somebody their profiles, and does with one of them what there is to do. */
import { shownAccount } from '../accounts/association.ts';
import { accessOf } from '../directory/access.ts';
import type { Portal } from '../directory/directory.ts';
import type { Reached } from '../proofs/reach.ts';
import { escaped } from '../replies/escaped.ts';
import type { RowChoice } from '../replies/question.ts';
import { sentence } from '../replies/reply.ts';
import type { Words } from '../words/words.ts';
import { anotherWay } from './another-way.ts';
import type { Identity } from './identity.ts';
import type { Choice, Guided, Move, Step } from './move.ts';
import { whyOutOfReach } from './out-of-reach.ts';
import { pickHints } from './pick-hints.ts';
import type { Talk } from './talk.ts';

export interface ListProfilesParts {
  readonly identity: Identity;
  /** Whether a move of the profile to another account is under way. */
  readonly isMoving: (profile: string) => Promise<boolean>;
  /** Makes it the profile in use where this chat's person is signed in; false where that cannot be done from here. */
  readonly use: (talk: Talk, profile: string) => Promise<boolean>;
  readonly portalUrl: (portal: Portal) => string;
  /** Below PUBLIC_URL, in full. */
  readonly accountsUrl: string;
  readonly words: Words;
  readonly now: () => Date;
}

/** The design's rule for lists on cards. */
const mostRows = 6;

export function listProfiles(parts: ListProfilesParts): Guided {
  const { identity, isMoving, use, portalUrl, accountsUrl, words, now } = parts;
  const { say } = words;

  const whoAreYou: Step = ({ another }) => ({
    find: 'proof',
    dialog: 'prove-identity',
    options: { action: 'list-profiles', ...(another === true && { another }) },
  });

  const writeDown: Step = async (_answers, talk) => {
    await identity.noteShown(talk, 'list-profiles', ((await ownOf(talk)) ?? []).slice(0, mostRows));
    return { next: {} };
  };

  const whichOne: Step = async ({ another }, talk) => {
    const own = await ownOf(talk);
    if (!own) return { again: whoAreYou };
    const [first, second] = own;
    if (!first && !another) return { ask: anotherWay(await nothingFound(talk), words) };
    if (!first) return { end: sentence(await nothingFound(talk), [say('vote.person')]) };
    if (!second) return { next: { profile: first.member.profile.id } };
    const isLong = own.length > mostRows;
    return {
      ask: {
        save: 'profile',
        heading: say('listing.title', { count: own.length }),
        text: say('listing.many', { count: own.length }),
        rows: await Promise.all(own.slice(0, mostRows).map(rowOf)),
        ...(isLong && {
          closing: say('listing.more', { count: own.length }),
          links: [{ title: say('listing.openAll'), url: accountsUrl }],
        }),
        hints: pickHints(words),
      },
    };
  };

  const orAnotherWay: Step = ({ profile }) => {
    if (profile === 'another') return { again: whoAreYou, keep: { another: true } };
    return profile === 'none' ? { end: sentence(say('listing.ended')) } : { next: {} };
  };

  const whatToDo: Step = async ({ profile }, talk) => {
    const own = await ownOf(talk);
    const reached = own?.find(({ member }) => member.profile.id === profile);
    if (!reached) return showAgain(talk);
    const { member } = reached;
    const { name, portal } = member.organisation.value;
    const access = accessOf(member.profile.value, member.organisation.value, now());
    return {
      ask: {
        save: 'act',
        heading: escaped(name),
        text: [...(own?.length === 1 ? [say('listing.one')] : []), ...(await detailsOf(reached))].join('\n\n'),
        links:
          access.given && reached.association
            ? [{ title: say('listing.open', { portal }), url: portalUrl(portal) }]
            : [],
        choices: await choicesFor(reached, access.given),
        hints: pickHints(words),
      },
    };
  };

  const doIt: Step = async ({ profile, act }, talk) => {
    const reached = (await ownOf(talk))?.find(({ member }) => member.profile.id === profile);
    if (!reached) return showAgain(talk);
    const { profile: found, organisation } = reached.member;
    if (act === 'invite') {
      const options = { address: found.value.email, profile: found.id };
      return { end: undefined, follow: { dialog: 'resend-invite', options } };
    }
    if (act === 'move') return { end: undefined, follow: { dialog: 'reassociate', options: { profile: found.id } } };
    if (act !== 'use') return { end: sentence(say('listing.ended')), receipt: say('listing.ended') };
    const receipt = (await use(talk, found.id))
      ? say('listing.used', { company: escaped(organisation.value.name), portal: organisation.value.portal })
      : say('listing.useThere', { url: `<${accountsUrl}>` });
    return { end: sentence(receipt), receipt };
  };

  return {
    name: 'list-profiles',
    steps: [whoAreYou, writeDown, whichOne, orAnotherWay, whatToDo, doIt],
    help: say('listing.help'),
    cancelled: () => say('listing.cancelled'),
    facts: ({ profile }) => (typeof profile === 'string' ? [{ label: say('listing.fact'), value: profile }] : []),
  };

  /** Undefined where nothing is proven any more. */
  async function ownOf(talk: Talk): Promise<readonly Reached[] | undefined> {
    const asker = await identity.askerFor(talk, 'list-profiles');
    return asker && identity.profiles(talk, 'list-profiles');
  }

  async function showAgain(talk: Talk): Promise<Move> {
    return { again: whoAreYou, because: await whyOutOfReach(identity, talk, 'list-profiles', words) };
  }

  async function nothingFound(talk: Talk): Promise<string> {
    const [proof] = await identity.proofs(talk);
    return proof?.level === 'mailbox'
      ? say('listing.none.mailbox', { address: escaped(proof.address) })
      : say('listing.none.account');
  }

  async function rowOf({ member, association }: Reached): Promise<RowChoice> {
    const { profile, organisation } = member;
    const isGiven = accessOf(profile.value, organisation.value, now()).given;
    const state = !isGiven
      ? ({ word: say('listing.state.noAccess'), tone: 'attention' } as const)
      : (await isMoving(profile.id))
        ? ({ word: say('listing.state.invited'), tone: 'warning' } as const)
        : association
          ? ({ word: say('listing.state.linked'), tone: 'good' } as const)
          : ({ word: say('listing.state.unlinked'), tone: 'default' } as const);
    return {
      value: profile.id,
      title: escaped(organisation.value.name),
      detail: say('listing.row', { portal: organisation.value.portal, address: escaped(profile.value.email) }),
      state,
    };
  }

  async function detailsOf({ member, association }: Reached): Promise<readonly string[]> {
    const { name, email } = member.profile.value;
    const { portal, name: company } = member.organisation.value;
    const access = accessOf(member.profile.value, member.organisation.value, now());
    const account = association && shownAccount(association.value.account);
    const link = account
      ? say('listing.linked', { account: escaped(account) })
      : say(association ? 'listing.linkedNameless' : 'listing.unlinked');
    const plan = access.given
      ? access.planUntil
        ? say('listing.plan.until', { day: words.day(new Date(access.planUntil)) })
        : say('listing.plan.open')
      : say(`listing.plan.${access.reason}`, {
          company: escaped(company),
          since: words.day(new Date(access.since)),
        });
    return [
      say('listing.detail', { portal, name: escaped(name), address: escaped(email) }),
      [link, plan, ...((await isMoving(member.profile.id)) ? [say('listing.moving')] : [])].join(' '),
    ];
  }

  /** At most three; a link to the portal may stand beside them. */
  async function choicesFor({ member, association }: Reached, isGiven: boolean): Promise<readonly Choice[]> {
    const done = { value: 'done', title: say('listing.done') };
    if (!isGiven) return [done];
    if (!association) return [{ value: 'invite', title: say('listing.invite') }, done];
    const move = (await isMoving(member.profile.id))
      ? { value: 'invite', title: say('listing.sendAgain') }
      : { value: 'move', title: say('listing.move') };
    return [{ value: 'use', title: say('listing.use') }, move, done];
  }
}
