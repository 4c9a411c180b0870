/** What each action takes at least: the one table that pages, dialogs and rooms judge by. */

/** How somebody has shown who they are. Whoever reads a mailbox is known less well than whoever signed in. */
export type ProofLevel = 'mailbox' | 'teams' | 'sign-in';

export type Action = 'list-profiles' | 'resend' | 'change-address' | 'move-association' | 'invite-colleague';

export type Judgement = 'enough' | 'needs-approval' | 'not-enough';

interface Least {
  /** The levels that are enough; `none`: whoever asks. */
  readonly enough: readonly (ProofLevel | 'none')[];
  /** The levels with which staff decides. */
  readonly withApproval?: readonly ProofLevel[];
}

const signedIn = ['sign-in', 'teams'] as const;

export const levels: Readonly<Record<Action, Least>> = {
  resend: { enough: ['none', 'mailbox', ...signedIn] },
  'list-profiles': { enough: ['mailbox', ...signedIn] },
  'change-address': { enough: signedIn, withApproval: ['mailbox'] },
  'move-association': { enough: signedIn, withApproval: ['mailbox'] },
  'invite-colleague': { enough: signedIn },
};

/** @param level - undefined: nothing was proven */
export function judge(action: Action, level: ProofLevel | undefined): Judgement {
  const { enough, withApproval = [] } = levels[action];
  if (enough.includes(level ?? 'none')) return 'enough';
  return level && withApproval.includes(level) ? 'needs-approval' : 'not-enough';
}
