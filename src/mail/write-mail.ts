/** What each mail says: data of the row in, words out. Undefined links decide whether there is anything to say. */
import type { WordKey, Words } from '../words/words.ts';
import type { MailLinks } from './links.ts';
import type { MailContent, NothingToSay } from './mail-content.ts';
import type { AnyMail, MailData, Template } from './outbox.ts';
import { oneLine, plainLines, plainName } from './plain-name.ts';

export interface WritingParts {
  readonly words: Words;
  readonly links: MailLinks;
  readonly publicUrl: string;
  readonly supportEmail: string;
}

type Write<Name extends Template> = (data: MailData[Name], parts: WritingParts) => Promise<MailContent | NothingToSay>;

/** What a mail consists of at most; closing and facts are what most of them share. */
export function writeMail(mail: AnyMail, parts: WritingParts): Promise<MailContent | NothingToSay> {
  const write = templates[mail.template] as Write<Template>;
  return write(mail.data, parts);
}

/** The longest sentence that another room or a server puts in. */
const longestSentence = 300;
/** What staff writes to somebody. */
const longestReason = 500;

const templates: { readonly [Name in Template]: Write<Name> } = {
  async invitation(data, { words: { say, day }, links }) {
    const address = await links.invitation(data.invitation);
    if (!address) return { dropped: 'the invitation is no longer open' };
    const { invitedBy, purpose } = data;
    const until = day(new Date(data.expires));
    const why = {
      associate: invitedBy ? say('mail.invitation.invited', { invitedBy: plainName(invitedBy) }) : say('mail.entered'),
      reassociate: say('mail.invitation.reassociate'),
    }[purpose];
    const sent = data.staffReason ? say('mail.invitation.byStaff') : why;
    const how = say('mail.invitation.how');
    return {
      ...heading(say, `mail.invitation.subject.${purpose}`, data),
      ...greeting(say, data),
      preview: say('mail.invitation.preview', { day: until }),
      paragraphs: [
        purpose === 'reassociate' ? `${sent} ${how} ${say('mail.invitation.untilThen')}` : `${sent} ${how}`,
        ...reasonOfStaff(say, data),
      ],
      button: { label: say('mail.invitation.button'), address },
      facts: [say(invitedBy ? 'mail.invitation.onceAlone' : 'mail.invitation.once', { day: until })],
      closing: say('mail.notAsked'),
    };
  },

  async alreadyLinked(data, { words: { say }, publicUrl, supportEmail }) {
    const { account } = named(data);
    return {
      ...heading(say, 'mail.alreadyLinked.subject', data),
      ...greeting(say, data),
      preview: say('mail.alreadyLinked.preview', { account: account ?? '' }),
      paragraphs: [
        `${whySent(say, data)} ${say('mail.alreadyLinked.text', named(data))}`,
        ...reasonOfStaff(say, data),
        say('mail.alreadyLinked.move'),
      ],
      button: { label: say('mail.alreadyLinked.button'), address: `${publicUrl}/profile` },
      facts: [say('mail.alreadyLinked.lost', { email: supportEmail })],
      closing: say('mail.notAsked'),
    };
  },

  /** Tells of what happened, so it is sent also when there is nothing to undo any more. */
  async associationChanged(data, { words: { say, day }, links, supportEmail }) {
    const address = data.undo && (await links.undo(data.undo));
    const { account } = named(data);
    const undo =
      address && data.undoUntil
        ? say('mail.changed.undo', { day: day(new Date(data.undoUntil)) })
        : say('mail.changed.noUndo', { email: supportEmail });
    return {
      ...heading(say, `mail.changed.subject.${data.what}`, data),
      ...greeting(say, data),
      preview: say('mail.changed.preview'),
      paragraphs: [
        say(`mail.changed.text.${data.what}`, named(data)),
        ...(account ? [say('mail.changed.account', { account })] : []),
        undo,
      ],
      ...(address && { button: { label: say('mail.changed.button'), address } }),
      facts: [],
      closing: say('mail.changed.closing'),
    };
  },

  /** Sent also when there is nothing to undo any more. */
  async addressChanged(data, { words: { say, day }, links, supportEmail }) {
    const { what } = data;
    const address = data.undo && (await links.undo(data.undo));
    const undo =
      address && data.undoUntil
        ? say('mail.changed.undo', { day: day(new Date(data.undoUntil)) })
        : say('mail.changed.noUndo', { email: supportEmail });
    return {
      ...heading(say, `mail.address.subject.${what}`, data),
      ...greeting(say, data),
      preview: say('mail.changed.preview'),
      paragraphs: [
        say(`mail.address.text.${what}`, named(data)),
        say('mail.address.new', { newAddress: plainName(data.newAddress, longestSentence) }),
        undo,
      ],
      ...(address && { button: { label: say('mail.changed.button'), address } }),
      facts: [],
      closing: say('mail.address.closing'),
    };
  },

  async decided(data, { words: { say }, publicUrl }) {
    const { what, decision } = data;
    return {
      ...heading(say, `mail.decided.subject.${decision}`, data),
      ...greeting(say, data),
      preview: say('mail.decided.preview'),
      paragraphs: [
        say(`mail.decided.text.${what}.${decision}`, named(data)),
        say('mail.decided.reason', { reason: plainName(data.reason, longestReason) }),
      ],
      button: { label: say('mail.alreadyLinked.button'), address: `${publicUrl}/profile` },
      facts: [],
      closing: say('mail.decided.closing'),
    };
  },

  /** Nothing here takes it back: that would let a mailbox overrule what a person decided. It says how to go on instead. */
  async byStaff(data, { words: { say }, publicUrl, supportEmail }) {
    const { what } = data;
    return {
      ...heading(say, `mail.byStaff.subject.${what}`, data),
      ...greeting(say, data),
      preview: say('mail.decided.preview'),
      paragraphs: [
        say(`mail.byStaff.text.${what}`, named(data)),
        say('mail.decided.reason', { reason: plainName(data.reason, longestReason) }),
        say(`mail.byStaff.next.${what}`),
      ],
      button:
        what === 'moveRevoked'
          ? { label: say('mail.alreadyLinked.button'), address: `${publicUrl}/profile` }
          : { label: say('mail.byStaff.button'), address: `${publicUrl}/associate` },
      facts: [say('mail.byStaff.ask', { email: supportEmail })],
      closing: say('mail.byStaff.closing'),
    };
  },

  async accessChanged(data, { words: { say }, supportEmail }) {
    const { what } = data;
    return {
      ...heading(say, `mail.access.subject.${what}`, data),
      ...greeting(say, data),
      preview: say('mail.access.preview'),
      paragraphs: [
        say(`mail.access.text.${what}`, { ...named(data), changedBy: plainName(data.changedBy) }),
        say('mail.access.ask', { email: supportEmail }),
      ],
      facts: [],
      closing: say('mail.access.closing'),
    };
  },

  async noAccess(data, { words: { say }, supportEmail }) {
    const reason = plainName(data.reason, longestSentence);
    return {
      ...heading(say, 'mail.noAccess.subject', data),
      ...greeting(say, data),
      preview: say('mail.noAccess.preview'),
      paragraphs: [
        `${whySent(say, data)} ${say('mail.noAccess.text', { ...named(data), reason })}`,
        ...reasonOfStaff(say, data),
        say('mail.noAccess.ask', { email: supportEmail }),
      ],
      facts: [],
      closing: say('mail.notAsked'),
    };
  },

  async code(data, { words: { say, moment }, links }) {
    const code = await links.code(data.proof);
    if (!code) return { dropped: 'the code is no longer asked for' };
    const until = { moment: moment(new Date(data.expires)) };
    return {
      // The code stays out of the subject: locked screens show that.
      subject: say('mail.code.subject'),
      title: say('mail.code.subject'),
      preview: say('mail.code.preview', until),
      paragraphs: [say('mail.code.text')],
      code,
      facts: [say('mail.code.once', until)],
      closing: say('mail.code.closing'),
    };
  },

  async undeliverable(data, { words: { say } }) {
    return {
      subject: say('mail.undeliverable.subject', { to: oneLine(data.to) }),
      title: say('mail.undeliverable.subject', { to: plainName(data.to) }),
      preview: say('mail.undeliverable.preview'),
      paragraphs: [
        say('mail.undeliverable.text', { to: plainName(data.to) }),
        say('mail.undeliverable.reason', { reason: plainName(data.reason, longestSentence) }),
        say('mail.undeliverable.check'),
      ],
      facts: [],
      closing: say('mail.undeliverable.closing'),
    };
  },

  async ticketOpened({ ticket }, { words: { say }, publicUrl }) {
    return {
      ...ofTicket(say, ticket, publicUrl),
      preview: say('mail.ticket.opened.preview'),
      title: say('mail.ticket.opened.title', { number: `#${ticket}` }),
      paragraphs: [say('mail.ticket.opened.text'), say('mail.ticket.where')],
    };
  },

  async ticketReply({ ticket, events }, { words: { say }, links, publicUrl }) {
    const replies = await links.replies(events);
    if (!replies?.length) return { dropped: 'what it was to carry is not there any more' };
    return {
      ...ofTicket(say, ticket, publicUrl),
      // Not what it says: that is for whoever opens the mail, not for a locked screen.
      preview: say('mail.ticket.reply.preview', { count: replies.length }),
      title: say('mail.ticket.reply.title', { number: `#${ticket}` }),
      paragraphs: [
        ...replies.flatMap(({ from, text }) => [
          say('mail.ticket.reply.from', { from: plainName(from) }),
          ...plainLines(text),
        ]),
        say('mail.ticket.reply.answer'),
      ],
    };
  },

  async ticketResolved({ ticket }, { words: { say }, publicUrl }) {
    return {
      ...ofTicket(say, ticket, publicUrl),
      preview: say('mail.ticket.resolved.preview'),
      title: say('mail.ticket.resolved.title', { number: `#${ticket}` }),
      paragraphs: [say('mail.ticket.resolved.text')],
    };
  },

  async ticketWaiting({ ticket, urgency, isNew }, { words: { say }, publicUrl }) {
    const number = `#${ticket}`;
    const kind = isNew ? 'new' : 'message';
    return {
      subject: say(`mail.ticket.waiting.subject.${urgency}`, { number }),
      title: say(`mail.ticket.waiting.title.${kind}`, { number }),
      preview: say(`mail.ticket.waiting.preview.${urgency}`),
      paragraphs: [say(`mail.ticket.waiting.text.${kind}`), say(`mail.ticket.waiting.urgency.${urgency}`)],
      button: { label: say('mail.ticket.waiting.button'), address: `${publicUrl}/staff/tickets/${ticket}` },
      facts: [],
      closing: say('mail.ticket.waiting.closing'),
    };
  },

  async requestWaiting({ what }, { words: { say }, publicUrl }) {
    return {
      subject: say('mail.request.waiting.subject'),
      title: say('mail.request.waiting.subject'),
      preview: say('mail.request.waiting.preview'),
      paragraphs: [say(`mail.request.waiting.text.${what}`)],
      button: { label: say('mail.request.waiting.button'), address: `${publicUrl}/staff/people` },
      facts: [],
      closing: say('mail.request.waiting.closing'),
    };
  },

  async secretEnds({ ends, days }, { words: { say, day } }) {
    const when = { day: day(new Date(ends)), days };
    const kind = days < 0 ? 'ended' : 'ends';
    return {
      subject: say(`mail.secret.subject.${kind}`, when),
      title: say(`mail.secret.subject.${kind}`, when),
      preview: say('mail.secret.preview'),
      paragraphs: [say(`mail.secret.text.${kind}`, when), say('mail.secret.how'), say('mail.secret.order')],
      facts: [],
      closing: say('mail.secret.closing'),
    };
  },
};

/** Why somebody gets a mail about an invitation: the address was typed, or staff sent it. */
function whySent(say: Words['say'], { staffReason }: SentByStaff): string {
  return say(staffReason ? 'mail.sentByStaff' : 'mail.entered');
}

function reasonOfStaff(say: Words['say'], { staffReason }: SentByStaff): readonly string[] {
  return staffReason ? [say('mail.decided.reason', { reason: plainName(staffReason, longestSentence) })] : [];
}

interface SentByStaff {
  readonly staffReason?: string;
}

/** One subject for all mails of a ticket, and mail programs show them together. */
function ofTicket(say: Words['say'], ticket: number, publicUrl: string) {
  return {
    subject: say('mail.ticket.subject', { number: `#${ticket}` }),
    button: { label: say('mail.ticket.button'), address: `${publicUrl}/` },
    facts: [say('mail.ticket.noReplies')],
    closing: say('mail.ticket.closing'),
  };
}

interface Names {
  readonly company: string;
  readonly portal: string;
  readonly person?: string;
  readonly account?: string;
}

function named({ company, portal, account }: Names): Record<string, string> {
  return {
    company: plainName(company),
    portal: plainName(portal),
    ...(account && { account: plainName(account) }),
  };
}

/** The subject is never searched for links, so names stand in it as they are. */
function heading(say: Words['say'], key: WordKey, { company, portal, ...data }: Names) {
  return {
    subject: say(key, { company: oneLine(company), portal: oneLine(portal) }),
    title: say(key, named({ company, portal, ...data })),
  };
}

function greeting(say: Words['say'], { person }: Names): Pick<MailContent, 'greeting'> {
  return person ? { greeting: say('mail.greeting', { person: plainName(person) }) } : {};
}
