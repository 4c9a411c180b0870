/** The shape an activity from outside must have before anything looks into it (Bot Framework activity schema, section "Basic structure"). */
import { z } from 'zod';

const id = z.string().min(1).max(1000);
const account = z.object({ id }).passthrough();
const optional = <T extends z.ZodTypeAny>(rule: T) => rule.nullish().transform((value) => value ?? undefined);
const attachment = z.object({ contentType: z.string().max(200) }).passthrough();

/** Deeper than any real activity; recursive code meets no stack overflow below it. */
const deepest = 32;

/** What every activity may carry; the rest is passed on unread. */
export const activityParts = {
  type: z.string().min(1).max(100),
  id: optional(id),
  text: optional(z.string()),
  locale: optional(z.string().max(100)),
  attachments: optional(z.array(attachment).max(100)),
  membersAdded: optional(z.array(account).max(1000)),
  deliveryMode: optional(z.string().max(100)),
  serviceUrl: optional(z.string().max(2000)),
};

/** An activity as Bot Framework's channels send it. */
export const channelActivity = z
  .object({
    ...activityParts,
    channelId: z.string().min(1).max(100),
    conversation: account,
    from: account,
    recipient: account.default({ id: 'accessdesk' }),
    timestamp: optional(z.coerce.date()),
    localTimestamp: optional(z.coerce.date()),
    expiration: optional(z.coerce.date()),
  })
  .passthrough();

/** Whether arrays and objects are nested deeper than 32 levels; does not recurse. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= deepest; depth++) {
    level = level.flatMap((part) => (typeof part === 'object' && part !== null ? Object.values(part) : []));
    if (level.length === 0) return false;
  }
  return true;
}

/** "text: Expected string, received number": the first thing wrong, for the one who sent it. */
export function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.') || 'activity'}: ${issue?.message}`;
}
