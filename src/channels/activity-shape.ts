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
const isTextOrNone = (value: unknown) => isText(1000)(value ?? '');
const isMoment = (value: unknown) => isText(100)(value) && !Number.isNaN(Date.parse(value as string));
/** It becomes part of the address that a reply is sent to: nothing that cannot stand there, or leads elsewhere. */
const isId = (value: unknown) => isText(1000)(value) && /^(?!\.\.?$)[^\p{Cc}\p{Cs}]+$/u.test(value as string);
/** Somebody, or a conversation. */
const isNamed = (value: unknown) =>
  isObject(value) &&
  isId(value.id) &&
  [value.name, value.aadObjectId, value.tenantId, value.conversationType].every(isTextOrNone);
const isListOf = (accepts: (value: unknown) => boolean, most: number) => (value: unknown) =>
  Array.isArray(value) && value.length <= most && value.every(accepts);
const isAttachment = (value: unknown) => isObject(value) && isText(200)(value.contentType) && isTextOrNone(value.name);

/** The framework takes a mention's text out of the message, whatever it is. */
const isEntity = (value: unknown) =>
  isObject(value) && (value.type !== 'mention' || (isNamed(value.mentioned) && isText(1000)(value.text ?? '')));

const advice = 'of 1 to 1000 characters that an address may have';
const id: Rule = [isId, `must be a text ${advice}`];
const named: Rule = [isNamed, `must be an object with an id ${advice}; its other names must be texts`];
const moment: Rule = [isMoment, 'must be a moment as ISO 8601 writes it'];
const shortText: Rule = [isText(2000), 'must be a text of at most 2000 characters'];

/** Fields that may be absent or null; when they are there, they must be of this shape. */
const optional: Readonly<Record<string, Rule>> = {
  id,
  name: shortText,
  text: [(value) => typeof value === 'string', 'must be a text'],
  locale: shortText,
  serviceUrl: shortText,
  deliveryMode: shortText,
  timestamp: moment,
  localTimestamp: moment,
  expiration: moment,
  recipient: named,
  attachments: [
    isListOf(isAttachment, 100),
    'must be a list of at most 100 objects with a contentType, named by texts',
  ],
  entities: [isListOf(isEntity, 100), 'must be a list of at most 100 objects; a mention has a text and names somebody'],
  membersAdded: [isListOf(isNamed, 1000), 'must be a list of at most 1000 objects with an id'],
};

/** What an invoke brings, by its name. */
const invoked: Readonly<Record<string, Rule>> = {
  'adaptiveCard/action': [(value) => isObject(value) && isObject(value.action), 'must be an object with an action'],
  'composeExtension/query': [isObject, 'must be an object'],
};

/** What any activity must have. */
export const required: Readonly<Record<string, Rule>> = {
  type: [isName(100), 'must be a text of 1 to 100 characters'],
};

/** What an activity must have that comes through a channel of Bot Framework. */
export const requiredOfChannels: Readonly<Record<string, Rule>> = {
  ...required,
  channelId: [isName(100), 'must be a text of 1 to 100 characters'],
  conversation: named,
  from: named,
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
  const { type, name } = body;
  if (type === 'invoke' && typeof name === 'string' && Object.hasOwn(invoked, name))
    check(body, 'value', invoked[name] as Rule);
  return body;
}

function check(body: Record<string, unknown>, field: string, [accepts, advice]: Rule): void {
  if (!accepts(body[field])) throw new HttpError(400, 'BadArgument', `${field} ${advice}`);
}

function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true;
  // What JSON makes inherits nothing that is enumerated; a list of the values would be thrown away.
  for (const key in value) {
    const part = (value as Record<string, unknown>)[key];
    if (typeof part === 'object' && part !== null && isDeeper(part, levels - 1)) return true;
  }
  return false;
}
