/** What mails say and how: every template, hostile names, headers that nobody can add to. */
import { expect } from 'chai';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { composeMessage } from '../../src/mail/compose-message.ts';
import type { AnyMail, MailData, OutboxMail, Template } from '../../src/mail/outbox.ts';
import { oneLine, plainName } from '../../src/mail/plain-name.ts';
import { mailRenderer, type RenderedMail } from '../../src/mail/render-mail.ts';
import { openLinks, publicUrl, sampleMail, sampleSender, words } from './mail-bench.ts';

const now = new Date('2026-11-22T10:00:00.000Z');
const renderMail = mailRenderer({ words, links: openLinks, publicUrl, supportEmail: 'support@contoso.example' });

async function render<Name extends Template>(template: Name, data: MailData[Name]): Promise<RenderedMail> {
  const rendered = await renderMail({ ...sampleMail, template, data } as unknown as AnyMail, now);
  if ('dropped' in rendered) throw new Error(`dropped: ${rendered.dropped}`);
  return rendered;
}

const profile = { company: 'Contoso Ltd.', portal: 'CustomerSource', person: 'Amira Malik' };
const expires = '2026-11-29T10:00:00.000Z';
const undo = { undo: 'u', undoUntil: expires, account: 'k...@contoso.example' };
const everyMail: { readonly [Name in Template]: readonly MailData[Name][] } = {
  invitation: [
    { ...profile, invitation: 'i', expires, purpose: 'associate' },
    { ...profile, invitation: 'i', expires, purpose: 'associate', invitedBy: 'Jin Nakamura' },
    { ...profile, invitation: 'i', expires, purpose: 'reassociate' },
    { ...profile, invitation: 'i', expires, purpose: 'associate', staffReason: 'You called us.' },
    { ...profile, invitation: 'i', expires, purpose: 'reassociate', staffReason: 'You called us.' },
  ],
  alreadyLinked: [
    { ...profile, account: 'k...@contoso.example' },
    { ...profile, account: 'k...@contoso.example', staffReason: 'You called us.' },
  ],
  associationChanged: (['linked', 'moved', 'ended', 'undone', 'requested'] as const).flatMap((what) => [
    { ...profile, ...undo, what },
    { ...profile, what },
  ]),
  addressChanged: (['requested', 'changed', 'undone'] as const).flatMap((what) => [
    { ...profile, what, newAddress: 'a...@contoso.example', undo: 'u', undoUntil: expires },
    { ...profile, what, newAddress: 'a...@contoso.example' },
  ]),
  decided: (['move', 'address'] as const).flatMap((what) =>
    (['approved', 'refused'] as const).map((decision) => ({ ...profile, what, decision, reason: 'You called us.' })),
  ),
  byStaff: (['revoked', 'moveRevoked', 'ended'] as const).map((what) => ({
    ...profile,
    what,
    reason: 'You called us.',
  })),
  accessChanged: (['ended', 'restored', 'administrator', 'member'] as const).map((what) => ({
    ...profile,
    what,
    changedBy: 'Jin Nakamura',
  })),
  noAccess: [
    { ...profile, reason: 'The Enhancement Plan ended on 1 March 2026.' },
    { ...profile, reason: 'The Enhancement Plan ended on 1 March 2026.', staffReason: 'You called us.' },
  ],
  code: [{ proof: 'p', expires }],
  undeliverable: [{ to: 'k...@contoso.example', reason: '550 5.1.1 no such mailbox' }],
  ticketOpened: [{ ticket: 1042 }],
  ticketReply: [
    { ticket: 1042, events: ['e1'] },
    { ticket: 1042, events: ['e1', 'e2'] },
  ],
  ticketResolved: [{ ticket: 1042 }],
  ticketWaiting: [
    { ticket: 1042, urgency: 'normal', isNew: true },
    { ticket: 1042, urgency: 'urgent', isNew: false },
  ],
  requestWaiting: [{ what: 'move' }, { what: 'address' }],
  secretEnds: [30, 1, 0, -3].map((days) => ({ ends: '2027-11-26', days })),
};
const all = Object.entries(everyMail).flatMap(([template, list]) =>
  list.map((data) => [template as Template, data as MailData[Template]] as const),
);

/** The text that a person sees of some HTML. */
const seen = (html: string) =>
  html
    .replace(/<head>.*<\/head>|<div style="display:none.*?<\/div>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replace(/\s+/g, ' ');

describe('mail', () => {
  for (const [template, data] of all) {
    const which = 'what' in data ? `${template} (${data.what})` : template;

    it(`${which} says the same as text and as HTML, in words that were all filled in`, async () => {
      const { subject, text, html } = await render(template, data);
      for (const line of text.split('\n').filter(Boolean)) expect(seen(html)).to.include(line.replace(/:$/, ''));
      expect(subject).to.not.match(/[\r\n{}]|undefined/);
      expect(text).to.not.match(/[{}]|undefined|\[object/);
      expect(html.replace(/<style>.*?<\/style>/s, '')).to.not.match(/[{}]|undefined|\[object/);
    });

    it(`${which} loads nothing, and leads nowhere but to us`, async () => {
      const { html, text } = await render(template, data);
      expect(html).to.not.match(/<(?:img|script|link|iframe|form|video|object|base)\b|url\(|@import|\bon\w+=|src=/i);
      for (const [, address] of html.matchAll(/href="([^"]*)"/g))
        expect(address).to.match(/^https:\/\/help\.contoso\.example\//);
      for (const [address] of text.matchAll(/https?:\S+/g))
        expect(address).to.match(/^https:\/\/help\.contoso\.example\//);
    });

    it(`${which} stays below 20 kB`, async () => {
      const long = Object.fromEntries(
        Object.entries(data).map(([key, value]) => [
          key,
          ['company', 'person', 'reason', 'staffReason', 'invitedBy', 'changedBy', 'to'].includes(key)
            ? '"ø.ø@'.repeat(10_000)
            : value,
        ]),
      ) as MailData[Template];
      const { bytes } = await composeMessage('id', sampleMail, await render(template, long), sampleSender);
      expect(bytes.length).to.be.below(20_000);
    });
  }

  it('is written as the look says: who, what for, the button, how long, the address, what if it was not you', async () => {
    const { subject, text, html } = await render('invitation', {
      ...profile,
      invitation: 'i',
      expires,
      purpose: 'associate',
    });
    expect(subject).to.equal('Link Contoso Ltd. - CustomerSource to your Microsoft Account');
    expect(text).to.equal(
      [
        'AccessDesk',
        'Link Contoso Ltd. - CustomerSource to your Microsoft Account',
        'Hello Amira Malik,',
        'This address was entered on our page to link a profile. Open the link below, sign in with the Microsoft Account that you want to use, and confirm.',
        'Link this profile:\nhttps://help.contoso.example/invitations/token-of-i',
        'The link works once, until 29 November 2026. If you got more than one e-mail, you have more than one profile: open the link in each.',
        'You did not ask for this? Ignore it; nothing changes. We never ask for your password.\n',
      ].join('\n\n'),
    );
    expect(html).to.match(/<body[^>]*><div style="display:none[^"]*">Works once, until 29 November 2026\.<\/div>/);
  });

  it('keeps the code out of subject and preview', async () => {
    const { subject, html, text } = await render('code', { proof: 'p', expires });
    expect(text).to.include('12345678');
    expect(subject).to.not.include('12345678');
    expect(html.match(/12345678/g)).to.have.length(1);
  });

  it('shows markup in names as it was written', async () => {
    const company = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'&';
    const { html, text, subject } = await render('invitation', {
      ...profile,
      company,
      person: '</title></style><a href="https://evil.test">x</a>',
      invitation: 'i',
      expires,
      purpose: 'associate',
    });
    expect(html).to.not.match(/<(?:script|img)|evil\.test/);
    expect(html.match(/<a /g)).to.have.length(1);
    expect(html.match(/<\/title>/g)).to.have.length(1);
    expect(subject).to.include('<script>alert(1)</script>');
    expect(text).to.include('<script>alert(1)<');
  });

  it('lets no name become a link: what looks like an address is broken where nobody sees it', async () => {
    for (const name of [
      'evil.example',
      'https://evil.example/x',
      'www.evil.example',
      'mailto:a@evil.example',
      'Call a@b.test now',
    ]) {
      const { html, text } = await render('noAccess', { ...profile, company: name, person: name, reason: name });
      for (const body of [text, html.replace(/<title>.*?<\/title>/, '')]) {
        expect(body).to.not.match(/evil\.|:\/\/evil|a@b|b\.test|www\./);
        expect(body.replaceAll('\u2060', '')).to.include(name);
      }
    }
    expect(plainName('Contoso Ltd.')).to.equal('Contoso Ltd.', 'ordinary names stay as they are');
  });

  it('says who sent an invitation that staff sent and why, inert and bounded', async () => {
    const staffReason = `See [this](https://evil.test/x) <b>now</b>\r\nBcc: a@b.test ${'x'.repeat(600)}`;
    const invitation = { ...profile, invitation: 'i', expires, purpose: 'associate' } as const;
    for (const mail of [
      await render('invitation', { ...invitation, staffReason }),
      await render('alreadyLinked', { ...profile, account: 'k...@contoso.example', staffReason }),
      await render('noAccess', { ...profile, reason: 'It ended.', staffReason }),
    ]) {
      expect(mail.text)
        .to.include('A person at our help desk sent you this')
        .and.not.include('was entered on our page');
      expect(mail.text).to.include('The reason: See [this](').and.include('<b>now<').and.include('…');
      expect(mail.html)
        .to.include('&lt;b>now')
        .and.not.match(/<b>|evil\.test/);
      expect(mail.text).to.not.match(/https:\/\/evil|evil\.test|a@b|x{500}/);
    }
    expect((await render('invitation', invitation)).text).to.not.include('help desk');
  });

  it('makes one bounded line of any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const line = oneLine(text);
        expect(Array.from(line).length).to.be.at.most(80);
        expect(line).to.not.match(/[\p{C}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}/u);
        expect(plainName(text).replace(/[\u2060\u2068\u2069]/g, '')).to.equal(line);
      }),
    );
    expect(oneLine('Con\u00adtoso\r\nBcc: x\u202egnp.exe')).to.equal('Contoso Bcc: xgnp.exe');
  });

  it('shows what staff replied line by line, with nothing that becomes a link or markup', async () => {
    const links = {
      ...openLinks,
      replies: async () => [{ from: 'Ana <b>', text: 'See https://evil.test/x\r\n\r\n<img onerror=x>\n[a](b)' }],
    };
    const renderReply = mailRenderer({ words, links, publicUrl, supportEmail: 'support@contoso.example' });
    const mail = {
      ...sampleMail,
      template: 'ticketReply',
      data: { ticket: 1042, events: ['e'] },
    } as unknown as AnyMail;
    const rendered = (await renderReply(mail, now)) as RenderedMail;
    expect(rendered.subject).to.equal('[#1042] Your request');
    expect(rendered.text).to.include('Ana <b> wrote:\n\nSee ').and.to.include('<img onerror=x>\n\n[a](b)');
    expect(rendered.text).to.not.include('https://evil').and.not.include('evil.test');
    expect(rendered.html).to.include('&lt;img onerror=x>').and.not.include('<img');
  });

  it('about a ticket is dropped when what it was to carry is gone', async () => {
    const links = { ...openLinks, replies: async () => undefined };
    const renderReply = mailRenderer({ words, links, publicUrl, supportEmail: 'support@contoso.example' });
    const mail = {
      ...sampleMail,
      template: 'ticketReply',
      data: { ticket: 1042, events: ['e'] },
    } as unknown as AnyMail;
    expect(await renderReply(mail, now)).to.have.property('dropped');
  });

  it('isolates a name that is written from right to left', () => {
    expect(plainName('شركة')).to.equal('\u2068شركة\u2069');
  });
});

describe('a composed message', () => {
  const compose = async (more: Partial<OutboxMail<'noAccess'>>, id = 'row-1') =>
    composeMessage(
      id,
      { ...sampleMail, ...more } as AnyMail,
      await render('noAccess', { ...sampleMail.data, ...more.data } as MailData['noAccess']),
      sampleSender,
    );
  const headerNames = async (bytes: Buffer) => (await PostalMime.parse(bytes)).headers.map(({ key }) => key).sort();
  const usual = [
    'auto-submitted',
    'content-type',
    'date',
    'from',
    'message-id',
    'mime-version',
    'reply-to',
    'subject',
    'to',
    'x-auto-response-suppress',
  ];

  it('has no header but the usual ones, whatever is in names', async () => {
    for (const end of ['\r\n', '\n', '\r', '\u2028', '\u0085', '\u000b', '\0', '%0d%0a', '=?utf-8?q?=0d=0a?=']) {
      const name = `Contoso${end}Bcc: evil@evil.test${end}X-Evil: 1${end}${end}<b>body</b>`;
      const { bytes, to } = await compose({
        data: { ...sampleMail.data, company: name, portal: name, person: name, reason: name },
      });
      expect(await headerNames(bytes)).to.deep.equal(usual);
      expect(to).to.equal('amira@contoso.example');
    }
  });

  it('names one thread for all mails of a ticket, and none for others', async () => {
    const rendered = await render('ticketOpened', { ticket: 1042 });
    const headers = async (id: string, about?: string) => {
      const { bytes } = await composeMessage(id, { ...sampleMail, about }, rendered, sampleSender);
      const text = bytes.toString();
      const of = (name: string) => new RegExp(`^${name}: (.*)\\r$`, 'm').exec(text)?.[1];
      return { id: of('Message-ID'), parent: of('In-Reply-To'), thread: of('References') };
    };
    const [first, second, other, none] = [
      await headers('a', 'tickets 0000001042'),
      await headers('b', 'tickets 0000001042'),
      await headers('c', 'tickets 0000001043'),
      await headers('d', 'p1'),
    ];
    expect(first.thread).to.match(/^<[\da-f]{32}@help\.contoso\.example>$/);
    expect([second.thread, second.parent]).to.deep.equal([first.thread, first.thread]);
    expect(second.id).to.not.equal(first.id);
    expect(other.thread).to.not.equal(first.thread);
    expect([none.thread, none.parent]).to.deep.equal([undefined, undefined]);
  });

  it('has the same bytes for the same row, others for another', async () => {
    const [one, again, other] = await Promise.all([compose({}), compose({}), compose({}, 'row-2')]);
    expect(one.bytes.equals(again.bytes)).to.equal(true);
    expect(one.name).to.not.equal(other.name);
    expect(other.bytes.toString()).to.not.include(/boundary="([^"]+)"/.exec(one.bytes.toString())?.[1]);
  });

  it('carries lines that every server takes: ASCII, at most 998 characters, ended by CR LF', async () => {
    const { bytes } = await compose({
      data: { ...sampleMail.data, company: 'Müller 株式会社 🚪'.repeat(20), person: 'ø'.repeat(500) },
    });
    expect(bytes.every((byte) => byte < 0x80)).to.equal(true);
    for (const line of bytes.toString().split('\r\n')) {
      expect(line.length).to.be.at.most(998);
      expect(line).to.not.match(/[\r\n]/);
    }
  });

  const hostile = [
    'amira@contoso.example\r\nBcc: evil@evil.test',
    'amira@contoso.example\nRCPT TO:<evil@evil.test>',
    'a@contoso.example,evil@evil.test',
    'a@contoso.example;evil@evil.test',
    'group:evil@evil.test;',
    'Amira <evil@evil.test>',
    'amira@contoso.example(x)evil.test',
    'amira@contoso.example\0evil.test',
    '"evil@evil.test"@contoso.example',
    'evil%evil.test@contoso.example',
    '@evil.test:amira@contoso.example',
    'amira@[127.0.0.1]',
    'amira@contoso.example>',
    'amira@contoso.example SIZE=1',
    '',
  ];
  for (const to of hostile) {
    it(`is not made for ${JSON.stringify(to)}`, async () => {
      const code = await compose({ to }).then(
        ({ to: made }) => made,
        (error) => error.code,
      );
      expect(code).to.equal('ERR_MAIL_ADDRESS');
    });
  }

  it('goes to the address of the row and to no other, whatever the address', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.emailAddress(),
          fc.string(),
          fc.string({ unit: 'binary' }).map((text) => `a${text}@b.test`),
        ),
        async (to) => {
          const made = await composeMessage(
            'row-1',
            { to, at: sampleMail.at },
            { subject: 's', text: 't', html: '<p>t</p>' },
            sampleSender,
          ).catch(() => undefined);
          if (!made) return;
          expect(made.to.toLowerCase()).to.equal(to.trim().toLowerCase());
          const parsed = await PostalMime.parse(made.bytes);
          expect(parsed.to?.map(({ address }) => address)).to.deep.equal([made.to]);
          expect(parsed.headers).to.have.length(usual.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});
