/**
 * The shape an activity from outside must have before anything looks into it (Bot Framework activity schema, section
 * "Basic structure"). A table instead of a schema library: this runs for every message, and took a twentieth of a turn.
 */
import { HttpError } from '../errors.ts';

type Rule = readonly [accepts: (value: unknown) => boolean, advice: string];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (longest: number) => (value: unknown) => typeof value === 'string' && value.length <= longest;
const isName = (longest: number) => (value: unknown) => isText(longest)(value) && value !== '';
const isAccount = (value: unknown) => isObject(value) && isName(1000)(value.id);
const isListOf = (accepts: (value: unknown) => boolean, most: number) => (value: unknown) =>
  Array.isArray(value) && value.length <= most && value.every(accepts);
const isAttachment = (value: unknown) => isObject(value) && isText(200)(value.contentType);

/** The framework takes a mention's text out of the message, whatever it is. */
const isEntity = (value: unknown) =>
  isObject(value) && (value.type !== 'mention' || (isAccount(value.mentioned) && isText(1000)(value.text ?? '')));

const account: Rule = [isAccount, 'must be an object with an id'];
const shortText: Rule = [isText(2000), 'must be a text of at most 2000 characters'];

/** Fields that may be absent or null; when they are there, they must be of this shape. */
const optional: Readonly<Record<string, Rule>> = {
  id: [isName(1000), 'must be a text of 1 to 1000 characters'],
  text: [(value) => typeof value === 'string', 'must be a text'],
  locale: shortText,
  serviceUrl: shortText,
  deliveryMode: shortText,
  timestamp: shortText,
  localTimestamp: shortText,
  expiration: shortText,
  recipient: account,
  attachments: [isListOf(isAttachment, 100), 'must be a list of at most 100 objects with a contentType'],
  entities: [isListOf(isEntity, 100), 'must be a list of at most 100 objects; a mention has a text and names somebody'],
  membersAdded: [isListOf(isAccount, 1000), 'must be a list of at most 1000 objects with an id'],
};

/** What any activity must have. */
export const required: Readonly<Record<string, Rule>> = {
  type: [isName(100), 'must be a text of 1 to 100 characters'],
};

/** What an activity must have that comes through a channel of Bot Framework. */
export const requiredOfChannels: Readonly<Record<string, Rule>> = {
  ...required,
  channelId: [isName(100), 'must be a text of 1 to 100 characters'],
  conversation: account,
  from: account,
};

/** Deeper than any real activity; recursive code meets no stack overflow below it. */
const deepest = 32;

/**
 * The activity, once it has the shape.
 * @throws HttpError 400 with the first field that is wrong
 */
export function checkActivity(body: unknown, needed: Readonly<Record<string, Rule>>): Record<string, unknown> {
  if (!isObject(body)) throw new HttpError(400, 'BadSyntax', 'the body must be an activity, a JSON object');
  if (isDeeper(body, deepest))
    throw new HttpError(400, 'BadArgument', `the activity is nested deeper than ${deepest} levels`);
  for (const field in needed) check(body, field, needed[field] as Rule);
  for (const field in optional)
    if (body[field] !== undefined && body[field] !== null) check(body, field, optional[field] as Rule);
  return body;
}

function check(body: Record<string, unknown>, field: string, [accepts, advice]: Rule): void {
  if (!accepts(body[field])) throw new HttpError(400, 'BadArgument', `${field} ${advice}`);
}

function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true;
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null && isDeeper(part, levels - 1)) return true;
  }
  return false;
}
