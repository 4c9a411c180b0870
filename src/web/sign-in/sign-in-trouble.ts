/** Why a sign-in came to nothing. Each has its words, `signIn.trouble.*`; the log gets a code and never what was sent. */
import { AccessDeskError } from '../../errors.ts';

/**
 * - `unreachable`: the provider does not answer, or not as one
 * - `setUp`: it refuses us, so a setting or the registration there is wrong
 * - `cancelled`: the person did not want to, or was not allowed to
 * - `failed`: it could not do it now
 * - `unproven`: what it answered does not hold
 * - `notBegun`: not begun in this browser, used already, or too long ago
 * - `tenant`: the account is of an organisation that is not let in
 * - `otherAccount`: somebody else signed in where an account had to prove itself once more
 * - `notAsked`: it had to ask again, and did not
 */
export type Trouble =
  | 'unreachable'
  | 'setUp'
  | 'cancelled'
  | 'failed'
  | 'unproven'
  | 'notBegun'
  | 'tenant'
  | 'otherAccount'
  | 'notAsked';

export const statusOf: Readonly<Record<Trouble, number>> = {
  unreachable: 503,
  setUp: 503,
  cancelled: 403,
  failed: 503,
  unproven: 400,
  notBegun: 400,
  tenant: 403,
  otherAccount: 403,
  notAsked: 403,
};

export class SignInTrouble extends AccessDeskError {
  constructor(
    readonly trouble: Trouble,
    /** A code of the provider or of openid-client. */
    readonly reason: string,
    options?: { cause?: unknown },
  ) {
    super('ERR_SIGN_IN', `sign-in: ${trouble} (${reason})`, options);
  }
}

/** Errors of RFC 6749 (4.1.2.1, 5.2) and OpenID Connect Core (3.1.2.6); any other one is the provider's own. */
const troubles: Readonly<Record<string, Trouble>> = {
  access_denied: 'cancelled',
  consent_required: 'cancelled',
  login_required: 'failed',
  interaction_required: 'failed',
  account_selection_required: 'failed',
  server_error: 'failed',
  temporarily_unavailable: 'failed',
  invalid_client: 'setUp',
  unauthorized_client: 'setUp',
  invalid_request: 'setUp',
  invalid_scope: 'setUp',
  unsupported_response_type: 'setUp',
  /** A code that is used, expired, or was given for another sign-in. */
  invalid_grant: 'notBegun',
};

/**
 * What an error of openid-client means. Its message, cause and body hold parameters and tokens and are left behind.
 * @param otherwise - what it is when the provider did not say so itself
 */
export function troubleFrom(error: unknown, otherwise: Trouble): SignInTrouble {
  if (error instanceof SignInTrouble) return error;
  const { error: said, error_description: text, code, cause } = error as Record<string, unknown>;
  if (typeof said === 'string') {
    // Microsoft's number is what its documentation is searched for; the rest of the sentence may name people.
    const [number] = /AADSTS\d+/.exec(typeof text === 'string' ? text : '') ?? [];
    return new SignInTrouble(
      Object.hasOwn(troubles, said) ? (troubles[said] ?? 'failed') : 'failed',
      [word(said), number].filter(Boolean).join(' '),
    );
  }
  const reason = [code, (cause as { code?: unknown } | undefined)?.code]
    .filter((one) => typeof one === 'string')
    .map(word);
  const isNetwork = error instanceof TypeError || reason.some((one) => noAnswer.test(one));
  return new SignInTrouble(
    isNetwork ? 'unreachable' : otherwise,
    reason.join(' ') || (error instanceof Error ? error.name : 'unknown'),
  );
}

/** Codes of node, of its fetch and of openid-client for no answer, or one that no provider gives. */
const noAnswer =
  /^(?:E[A-Z]+|UND_ERR_\w+|OAUTH_(?:TIMEOUT|ABORT|RESPONSE_IS_NOT_CONFORM|RESPONSE_IS_NOT_JSON|PARSE_ERROR))$/;

/** A provider's word in our log is a word and nothing else. */
function word(text: unknown): string {
  return String(text)
    .replace(/[^\w.-]/g, '')
    .slice(0, 60);
}
