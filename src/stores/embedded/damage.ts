/** The one way in which a damaged file is reported. */
import { AccessDeskError } from '../../errors.ts';

/**
 * A file of the store does not hold what the store wrote.
 * @param place - file, or `file:line`
 * @param what - what is wrong there, as a clause without a full stop
 */
export function damage(place: string, what: string): AccessDeskError {
  return new AccessDeskError(
    'ERR_STORE_DAMAGED',
    `${place}: ${what}. The store was not opened and no file was changed. ` +
      'Restore the whole folder from a backup, or move it away to begin with an empty store.',
  );
}
