/** Random walks through all dialogs over the real rooms: nothing of the table of levels ever happens below its level. */
import { existsSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { type AuditEntry, auditEntries } from '../../src/audit/audit.ts';
import { reassociationState } from '../../src/changes/reassociation.ts';
import { mailboxCodes } from '../../src/proofs/mailbox-codes.ts';
import { hashOf } from '../../src/proofs/proofs.ts';
import { minute } from '../support/access-rooms.ts';
import { type Chat, type DialogBench, openDialogBench } from '../support/dialog-bench.ts';

const runs = Number(process.env.WALKS ?? 1000);

/** What can be done in a walk; the numbers pick among what there is at that moment. */
type Step =
  | { readonly kind: 'say'; readonly who: number; readonly text: string }
  | { readonly kind: 'code'; readonly who: number; readonly of: number }
  | { readonly kind: 'number'; readonly who: number; readonly of: number }
  | { readonly kind: 'sign-in'; readonly of: number; readonly as: number }
  | { readonly kind: 'press'; readonly who: number; readonly card: number }
  | { readonly kind: 'pass'; readonly minutes: number };

const words = [
  'resend-invite',
  'list-profiles',
  'reassociate',
  'invite-colleague',
  'sign in',
  'send a code',
  'sign in instead',
  'let a person decide',
  'send a new code',
  'new link',
  'send the link',
  'ask for it',
  'change address',
  'VICTIM',
  'OWN',
  'new@walk.example',
  'Ann, ann@walk.example',
  '1',
  '2',
  '3',
  'yes',
  'back',
  'cancel',
  'help',
  'What does CustomerSource offer?',
  '00000000',
  '000000',
];

const who = fc.nat(1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('say' as const), who, text: fc.constantFrom(...words) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('code' as const), who, of: who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('number' as const), who, of: who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('sign-in' as const), of: who, as: who }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('press' as const), who, card: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), minutes: fc.constantFrom(1, 6, 16, 31) }) },
);

/** Whole conversations, so that walks get far: shrinking still takes single steps away. */
const begun = (text: string, ...after: string[]): readonly Step[] => [
  { kind: 'say', who: 0, text },
  ...after.map((one): Step => {
    if (one === 'CODE') return { kind: 'code', who: 0, of: 0 };
    if (one === 'NUMBER') return { kind: 'number', who: 0, of: 0 };
    if (one === 'SIGN-IN') return { kind: 'sign-in', of: 0, as: 0 };
    return { kind: 'say', who: 0, text: one };
  }),
];
const way = fc.constantFrom<readonly Step[]>(
  [],
  begun('list-profiles', 'OWN', 'CODE'),
  begun('reassociate', 'sign in', 'SIGN-IN', 'NUMBER'),
  begun('reassociate', 'sign in', 'SIGN-IN', 'NUMBER', 'send the link'),
  begun('reassociate', 'send a code', 'OWN', 'CODE'),
  begun('reassociate', 'OWN', 'CODE'),
  begun('invite-colleague', 'SIGN-IN', 'NUMBER', 'Ann, ann@walk.example'),
  begun('invite-colleague', 'SIGN-IN', 'NUMBER', 'Ann, ann@walk.example', '1'),
  begun('reassociate', 'send a code', 'OWN', 'CODE', 'change address', 'new@walk.example', 'CODE'),
);
const walk = fc.array(fc.oneof({ weight: 3, arbitrary: step.map((one) => [one]) }, { weight: 1, arbitrary: way }), {
  minLength: 3,
  maxLength: 9,
});

describe('walks through the dialogs', () => {
  let bench: DialogBench;
  let walks = 0;
  const happened = new Map<string, number>();
  before(async () => {
    // A thousand walks write a lot: where memory can be written as a folder, no disk waits for them.
    bench = await openDialogBench({ below: existsSync('/dev/shm') ? '/dev/shm' : undefined });
  });
  after(() => bench.close());

  it(`does nothing below its level in ${runs} of them`, async () => {
    await fc.assert(
      fc.asyncProperty(walk, async (steps) => {
        const scene = await openScene();
        for (const one of steps.flat()) await take(scene, one);
        await check(scene);
      }),
      { numRuns: runs },
    );
    // Else a walk that never gets anywhere would hold too.
    for (const action of ['move.requested', 'address.requested', 'invitation.issued', 'listed']) {
      expect(happened.get(action) ?? 0, action).to.be.greaterThan(5);
    }
  });

  /** A person (0) and a thief (1), each with a profile, an account, and a conversation. */
  async function openScene() {
    const id = `walk${++walks}`;
    const { rooms } = bench;
    const names = [`${id}-owner`, `${id}-thief`] as const;
    for (const name of names) {
      await rooms.person(name, { role: 'administrator' }, { name: `Company of ${name}` });
      await rooms.link(name, { key: `https://login.test|${name}` });
    }
    return {
      id,
      names,
      chats: names.map((name) => bench.chat(name)),
      links: ['', ''],
      numbers: ['', ''],
      cards: [] as unknown[],
    };
  }
  type Scene = Awaited<ReturnType<typeof openScene>>;

  async function take(scene: Scene, one: Step): Promise<void> {
    if (one.kind === 'pass') return bench.rooms.pass(one.minutes * minute);
    if (one.kind === 'sign-in') {
      const offered = await bench.rooms.chatSignIns.offer(scene.links[one.of] ?? '', accountOf(scene, one.as));
      if (offered.outcome === 'offered') scene.numbers[one.of] = offered.number;
      return;
    }
    const chat = scene.chats[one.who] as Chat;
    if (one.kind === 'press') {
      if (scene.cards.length > 0) await chat.submit(scene.cards[one.card % scene.cards.length]);
    } else await chat.say(await textOf(scene, one));
    scene.cards.push(...chat.replies.flatMap(({ buttons }) => [...buttons.values()]));
    const link = chat.links.find((url) => url.includes('/sign-in/chat/'));
    if (link) scene.links[one.who] = link.split('/').at(-1) ?? '';
    await look(scene, one.who, chat);
  }

  async function textOf(scene: Scene, one: Step & { who: number }): Promise<string> {
    if (one.kind === 'number') return scene.numbers[one.of] ?? '';
    if (one.kind === 'code') return codeOf(scene.names[one.of] ?? '');
    if (one.kind !== 'say') return '';
    if (one.text === 'OWN') return `${scene.names[one.who]}@contoso.example`;
    if (one.text === 'VICTIM') return `${scene.names[1 - one.who]}@contoso.example`;
    return one.text.replace('walk.example', `${scene.id}.example`);
  }

  /** The newest code that was asked for in somebody's chat, for their identity or for a new address of their profile. */
  async function codeOf(name: string): Promise<string> {
    const holder = `test/${name} test/${name}`;
    const kept = await Promise.all(
      [`identity ${holder}`, `new-address ${holder} ${name}`].map((of) =>
        bench.rooms.records.get(mailboxCodes, hashOf(of)),
      ),
    );
    const [newest] = kept
      .filter((one) => one !== undefined)
      .sort((one, other) => (one.value.until < other.value.until ? 1 : -1));
    return (newest && (await bench.rooms.codes.code(newest.value.id))) ?? '12345678';
  }

  /** Nobody is shown a profile that nothing they have proven reaches. */
  async function look(scene: Scene, who: number, chat: Chat): Promise<void> {
    const shown = chat.text;
    for (const [index, name] of scene.names.entries()) {
      if (!shown.includes(`Company of ${name}`)) continue;
      happened.set('listed', (happened.get('listed') ?? 0) + 1);
      const holder = { id: `test/${scene.names[who]} test/${scene.names[who]}`, person: '' };
      const reached = await Promise.all(
        (await bench.rooms.proofs.all(holder)).map((proof) => bench.rooms.reach.profiles(proof)),
      );
      const ids = reached.flat().map(({ member }) => member.profile.id);
      expect(ids, `${scene.names[who]} is shown ${scene.names[index]}`).to.include(name);
    }
  }

  async function check(scene: Scene): Promise<void> {
    const least: Readonly<Record<string, readonly string[]>> = {
      'profile.shown': ['mailbox', 'sign-in'],
      'move.requested': ['mailbox', 'sign-in'],
      'address.proposed': ['mailbox', 'sign-in'],
      'address.requested': ['mailbox'],
      'address.changed': ['sign-in'],
    };
    for (const entry of await trailOf(scene)) {
      happened.set(entry.action, (happened.get(entry.action) ?? 0) + 1);
      const allowed = least[entry.action];
      if (allowed) expect(allowed, entry.action).to.include(entry.proof);
      // Somebody new in a company: invited by one who signed in as its administrator.
      if (entry.action === 'profile.added') expect(entry.proof, entry.action).to.equal('sign-in');
    }
    for (const name of scene.names) {
      const move = (await bench.rooms.reassociations.latestOf(name))?.value;
      if (move && move.proof === 'mailbox') {
        expect(['awaiting-approval', 'expired'], 'a move by mailbox').to.include(
          reassociationState(move, bench.rooms.now()),
        );
      }
      const [linked, member] = [await bench.rooms.accounts.association(name), await bench.rooms.directory.member(name)];
      expect(linked?.value.account.key).to.equal(`https://login.test|${name}`);
      const change = (await bench.rooms.addressChanges.latestOf(name))?.value;
      if (member?.profile.value.email !== `${name}@contoso.example`) expect(change?.proof).to.equal('sign-in');
    }
  }

  async function trailOf(scene: Scene): Promise<readonly AuditEntry[]> {
    const found = new Map<string, AuditEntry>();
    for (const name of scene.names) {
      for (const [index, key] of [
        ['profile', name],
        ['actor', `account:https://login.test|${name}`],
        ['actor', `chat:test/${name}`],
      ] as const)
        for (const { id, value } of await bench.rooms.records.find(auditEntries, index, key)) found.set(id, value);
    }
    return [...found.values()];
  }

  function accountOf(scene: Scene, index: number): string {
    return `https://login.test|${scene.names[index]}`;
  }
});
