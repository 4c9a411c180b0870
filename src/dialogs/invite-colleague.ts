/** Invites people to a company, for its administrators: whom, the list once more, and who could be invited. */
import { type InvitedRow, type InviteRow, mostInvited } from '../colleagues/colleague.ts';
import type { Colleagues } from '../colleagues/colleagues.ts';
import { accessOf } from '../directory/access.ts';
import { readPersonName } from '../directory/person-name.ts';
import { readEmailAddress } from '../mail/email-address.ts';
import { escaped } from '../replies/escaped.ts';
import { sentence } from '../replies/reply.ts';
import type { WordKey, Words } from '../words/words.ts';
import { anotherWay } from './another-way.ts';
import type { Identity } from './identity.ts';
import type { Answers, Guided, Move, Read, Step } from './move.ts';
import { whyOutOfReach } from './out-of-reach.ts';
import { pickHints } from './pick-hints.ts';
import { readPeople } from './read-people.ts';
import { addressesIn } from './read-typed-address.ts';
import type { Said, Talk } from './talk.ts';

export interface InviteColleagueParts {
  readonly identity: Identity;
  readonly colleagues: Pick<Colleagues, 'invite'>;
  readonly words: Words;
  readonly now: () => Date;
}

const longestList = 4000;
const mostRows = 6;

export function inviteColleague({ identity, colleagues, words, now }: InviteColleagueParts): Guided {
  const { say } = words;

  /** "invite ann@contoso.example", in the very sentence or in the one that this dialog was suggested for. */
  const saidAlready: Step = (_answers, { said, asked }) => {
    const before = asked?.decision === 'suggest' && asked.nearest.includes('do:invite-colleague') ? asked.text : '';
    const people = [said.text, before].map(addressesIn).find((found) => found.length > 0) ?? [];
    if (people.length === 0 || people.length > mostInvited) return { next: {} };
    return { next: { people: people.map((email) => ({ name: '', email })) } };
  };

  const whoAreYou: Step = ({ another }) => ({
    find: 'proof',
    dialog: 'prove-identity',
    options: { action: 'invite-colleague', ...(another === true && { another }) },
  });

  const whichCompany: Step = async (_answers, talk) => {
    if (!(await identity.askerFor(talk, 'invite-colleague'))) return { again: whoAreYou };
    const administered = await administeredBy(talk);
    const [first, second] = administered;
    if (!first) return { ask: anotherWay(say('inviting.none'), words, say('inviting.another')) };
    if (!second) return { next: { profile: first.member.profile.id } };
    return {
      ask: {
        save: 'profile',
        text: say('inviting.which'),
        rows: administered.slice(0, mostRows).map(({ member: { profile, organisation } }) => ({
          value: profile.id,
          title: escaped(organisation.value.name),
          detail: organisation.value.portal,
        })),
        hints: pickHints(words),
      },
    };
  };

  const orAnotherAccount: Step = ({ profile }) => {
    if (profile === 'another') return { again: whoAreYou, keep: { another: true } };
    return profile === 'none' ? { end: sentence(say('inviting.cancelled')) } : { next: {} };
  };

  const whom: Step = async (answers, talk) => {
    if (peopleOf(answers)) return { next: {} };
    const names = await namesOf(answers, talk);
    if (!names) return showAgain(answers, talk);
    return {
      ask: {
        save: 'people',
        text: say('inviting.whom', names),
        form: {
          inputs: [
            {
              id: 'people',
              label: say('inviting.label'),
              kind: 'long',
              longest: longestList,
              ...(typeof answers.before === 'string' && { value: answers.before }),
            },
          ],
          submit: say('inviting.check'),
        },
        hints: [say('inviting.hint'), say('inviting.hintAgain'), say('inviting.hintLast')],
        read: readList,
      },
    };
  };

  const isThisRight: Step = async (answers, talk) => {
    const people = peopleOf(answers);
    const names = await namesOf(answers, talk);
    if (!people || !names) return showAgain(answers, talk);
    const good = people.filter(isReachable);
    const wrong = people.filter((row) => !isReachable(row));
    const notes = [
      ...(wrong.length > 0 ? [say('inviting.wrong', { rows: wrong.map(shown).join('; ') })] : []),
      ...(good.some(({ name }) => name === '') ? [say('inviting.nameless')] : []),
    ];
    return {
      ask: {
        save: 'go',
        heading: say('inviting.confirmTitle', { count: good.length }),
        text: [say('inviting.confirm', names), good.map((row) => `- ${shown(named(row))}`).join('\n')].join('\n\n'),
        ...(notes.length > 0 && { closing: notes.join('\n\n') }),
        choices: [
          { value: 'send', title: say('inviting.send', { count: good.length }), isMain: true },
          { value: 'change', title: say('inviting.change') },
        ],
        hints: [say('inviting.confirmHint'), say('inviting.confirmHintAgain'), say('inviting.confirmHintLast')],
        // Another list is taken for the right one.
        read: (said) => (words.hears('heard.send', said.text) ? { value: 'send' } : readCorrection(said)),
      },
    };
  };

  const sendOrChange: Step = ({ go, people, ...answers }): ReturnType<Step> => {
    if (go === 'send') return { next: {} };
    if (go !== 'change') return { again: isThisRight, keep: { people: go } };
    const before = (peopleOf({ people }) ?? []).map(({ name, email }) => (name ? `${name}, ${email}` : email));
    return { again: whom, keep: { ...answers, people: undefined, before: before.join('\n') } };
  };

  const invite: Step = async (answers, talk) => {
    const profile = String(answers.profile);
    const names = await namesOf(answers, talk);
    const asker = await identity.askerForProfile(talk, 'invite-colleague', profile);
    if (!names || !asker) return showAgain(answers, talk);
    const rows = (peopleOf(answers) ?? []).map(named);
    const invited = await colleagues.invite({ profile, asker }, rows);
    if ('outcome' in invited) {
      const refused =
        invited.outcome === 'too-long' ? say('inviting.tooLong', { count: rows.length }) : say('inviting.not-allowed');
      return { end: sentence(refused) };
    }
    const count = invited.filter(({ outcome }) => outcome === 'invited' || outcome === 'invited-again').length;
    const lines = invited.map((row) => `- ${say('inviting.row', { who: shown(row), outcome: outcomeOf(row) })}`);
    const receipt = [say('inviting.done', { count, ...names }), lines.join('\n')].join('\n\n');
    return { end: sentence(receipt), receipt };
  };

  return {
    name: 'invite-colleague',
    steps: [saidAlready, whoAreYou, whichCompany, orAnotherAccount, whom, isThisRight, sendOrChange, invite],
    help: say('inviting.help'),
    cancelled: () => say('inviting.cancelled'),
  };

  /** The list stays. */
  async function showAgain({ people }: Answers, talk: Talk): Promise<Move> {
    return {
      again: whoAreYou,
      because: await whyOutOfReach(identity, talk, 'invite-colleague', words),
      keep: { people },
    };
  }

  async function administeredBy(talk: Talk) {
    const own = await identity.profiles(talk, 'invite-colleague');
    return own.filter(
      ({ member: { profile, organisation } }) =>
        profile.value.role === 'administrator' && accessOf(profile.value, organisation.value, now()).given,
    );
  }

  async function namesOf({ profile }: Answers, talk: Talk) {
    const administered = await administeredBy(talk);
    const found = administered.find(({ member }) => member.profile.id === profile)?.member.organisation.value;
    return found && { company: escaped(found.name), portal: found.portal };
  }

  function readList({ text, form }: Said): Read {
    const people = readPeople(form ? (form.get('people') ?? '') : text);
    if (!people.some(({ email }) => email.includes('@'))) return undefined;
    if (!people.some(isReachable))
      return { problem: say('inviting.noneRight', { rows: people.map(shown).join('; ') }) };
    if (people.length > mostInvited) return { problem: say('inviting.tooLong', { count: people.length }) };
    return { value: people };
  }

  function readCorrection(said: Said): Read {
    return said.form ? undefined : readList(said);
  }

  function shown({ name, email }: InviteRow): string {
    return name === '' ? escaped(email) : say('inviting.person', { name: escaped(name), address: escaped(email) });
  }

  function outcomeOf({ outcome, problem, retryAfter = 0 }: InvitedRow): string {
    if (outcome === 'wrong-name') return say(`inviting.wrong-name.${problem ?? 'missing'}` as WordKey);
    const moment = words.moment(new Date(now().getTime() + retryAfter * 1000));
    return say(`inviting.${outcome}`, { moment });
  }
}

function isReachable({ email }: InviteRow): boolean {
  return readEmailAddress(email).ok !== undefined;
}

function peopleOf({ people }: Answers): readonly InviteRow[] | undefined {
  return Array.isArray(people) ? (people as InviteRow[]) : undefined;
}

/** Where there is no name, one is made of the address: "ann.lee" is "Ann Lee". */
function named({ name, email }: InviteRow): InviteRow {
  if (name !== '') return { name, email };
  const made = (email.split('@')[0] ?? '')
    .split(/[._+-]+/)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join(' ');
  return { name: readPersonName(made).ok ?? email, email };
}
