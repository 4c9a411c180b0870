/** Tokens of an Azure Direct Line channel, fetched with its secret, which never leaves the server. */
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { HttpError } from '../errors.ts';
import type { ChatAccess } from './chat-access.ts';

const azureToken = z.object({ token: z.string(), conversationId: z.string().optional(), expires_in: z.number() });
const host = 'directline.botframework.com';
const domain = `https://${host}/v3/directline`;

/** What the browser of a chat talks to. */
export const azureOrigins: readonly string[] = [`https://${host}`, `wss://${host}`];

const timeout = 10_000;

export interface AzureDirectLineParts {
  readonly secret: string;
  /** Origins whose pages may use the tokens. */
  readonly origins: readonly string[];
  readonly newId: () => string;
  readonly fetch: typeof fetch;
}

/** Rejects with HttpError 502 when Azure refuses or cannot be reached. */
export function azureDirectLine({ secret, origins, newId, fetch }: AzureDirectLineParts): ChatAccess {
  async function ask(path: string, bearer: string, body?: unknown) {
    const response = await fetch(`${domain}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(timeout),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`Azure Direct Line answered ${response.status} to ${path}`);
    return azureToken.parse(await response.json());
  }

  /** The user id that Azure put into its token, '' when it tells none: the page may not choose one. */
  const userOf = (token: string) => {
    try {
      return z.object({ user: z.string() }).parse(decodeJwt(token)).user;
    } catch {
      return '';
    }
  };

  return async (previous) => {
    if (previous) {
      const renewed = await ask('/tokens/refresh', previous).catch(() => undefined);
      if (renewed) {
        const { token, conversationId, expires_in: expiresIn } = renewed;
        return { domain, token, userId: userOf(token), expiresIn, ...(conversationId && { conversationId }) };
      }
    }
    const user = { id: `dl_${newId()}` };
    try {
      const { token, expires_in: expiresIn } = await ask('/tokens/generate', secret, { user, trustedOrigins: origins });
      return { domain, token, userId: user.id, expiresIn };
    } catch (error) {
      throw new HttpError(502, 'ChatUnavailable', 'the chat service cannot be reached; try again in a moment', {
        cause: error,
      });
    }
  };
}
