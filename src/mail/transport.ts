/** How a composed mail leaves: the port. SMTP and the captured mail of a machine on its own stand beside it. */
import { AccessDeskError } from '../errors.ts';
import type { Message } from './compose-message.ts';

export interface Transport {
  /**
   * Hands the mail over; resolves with the answer, without addresses.
   * @param signal - gives up; whether the mail arrived is then unknown
   * @throws DeliveryError
   */
  deliver(message: Message, signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

/**
 * - `refused`: this mail, for good
 * - `later`: this mail, for now
 * - `silent`: no answer to this mail; it may have arrived
 * - `server`: no mail at all is taken: not reached, not let in, or closing
 */
export type DeliveryFailure = 'refused' | 'later' | 'silent' | 'server';

export class DeliveryError extends AccessDeskError {
  constructor(
    readonly kind: DeliveryFailure,
    /** What the server said, or what happened instead; without addresses. */
    readonly answer: string,
  ) {
    super('ERR_MAIL_DELIVERY', answer);
  }
}
