/** Why somebody has to show once more who they are, in the middle of something. */
import type { Action } from '../proofs/levels.ts';
import type { Words } from '../words/words.ts';
import type { Identity } from './identity.ts';
import type { Talk } from './talk.ts';

export async function whyOutOfReach(
  identity: Pick<Identity, 'askerFor'>,
  talk: Talk,
  action: Action,
  { say }: Words,
): Promise<string> {
  const isProven = (await identity.askerFor(talk, action)) !== undefined;
  return say(isProven ? 'proving.outOfReach' : 'proving.runOut');
}
