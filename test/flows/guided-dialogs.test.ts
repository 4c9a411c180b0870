/** The dialogs about access through the whole app: HTTP, store, mail, sign-in, and staff who decide. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { SmtpSink } from '../mail/smtp-sink.ts';
import { ChannelClient } from '../support/channel-client.ts';
import { DirectLineClient } from '../support/direct-line-client.ts';
import { linkProfiles, type MailsTo, pathIn } from '../support/linked-visitor.ts';
import { numberAlone } from '../support/number-alone.ts';
import { takenMails } from '../support/taken-mails.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { csrfOf, WebVisitor } from '../support/web-visitor.ts';

const amira = 'amira@contoso.example';

describe('dialogs about access', () => {
  let app: TestApp;
  let sink: SmtpSink;
  let mailsTo: MailsTo;
  /** Everything secret that was mailed or shown. */
  const secrets: string[] = [];
  before(async () => {
    sink = await new SmtpSink().listen();
    mailsTo = takenMails(sink);
    app = await startTestApp({ MAIL_URL: `smtp://127.0.0.1:${sink.port}` });
    const visitor = new WebVisitor(app.url);
    await visitor.signInAs('amira');
    await linkProfiles(visitor, amira, 3, mailsTo);
  });
  after(async () => {
    await app.close();
    await sink.close();
  });

  /** Says one line after the other; the replies to the last. */
  async function talk(user: ChannelClient, ...lines: string[]): Promise<string> {
    let replies: Awaited<ReturnType<ChannelClient['say']>> = [];
    for (const line of lines) replies = await user.say(line);
    return replies.map(({ text }) => text).join('\n\n');
  }

  async function codeTo(address: string): Promise<string> {
    const [mail] = await mailsTo(address, 1, ({ subject }) => subject === 'Your code');
    const code = /\b\d{8}\b|\b\d{4} \d{4}\b/.exec(mail?.text ?? '')?.[0] ?? '';
    secrets.push(code.replace(' ', ''));
    return code;
  }

  /** Goes through the page that a chat's link leads to; the number it shows. */
  async function signIn(said: string, subject: string, visitor = new WebVisitor(app.url)): Promise<string> {
    const path = /\/sign-in\/chat\/[\w-]+/.exec(said)?.[0] ?? '';
    await visitor.signInAs(subject, path);
    const shown = await visitor.post(path, { csrf: csrfOf(await visitor.get(path)) });
    const number = /<output[^>]*>(\d{6})</.exec(shown.text)?.[1] ?? '';
    secrets.push(number);
    return number;
  }

  it('resends invitations with one message', async () => {
    const said = await talk(new ChannelClient(app.url), 'resend my invite to kofi@contoso.example');
    expect(said).to.include('If kofi@contoso.example is on a profile');
    expect(await mailsTo('kofi@contoso.example', 1)).to.have.length(1);
  });

  it('lists profiles after a code from the mailbox', async () => {
    const user = new ChannelClient(app.url);
    await talk(user, 'show my profiles', amira);
    const shown = await talk(user, await codeTo(amira));
    expect(shown).to.include('You have 3 profiles.').and.include('(Linked)');
    await app.restart();
    expect(await talk(user, '1')).to.include('It is linked to a...@contoso.example.');
  });

  it('chooses a profile in the browser that signed in for the chat, until that signs out', async () => {
    const [user, browser] = [new ChannelClient(app.url), new WebVisitor(app.url)];
    const asked = await talk(user, 'show my profiles', 'sign in instead');
    expect(await talk(user, await signIn(asked, 'amira', browser))).to.include('You have 3 profiles.');
    expect(await talk(user, '3', 'use this one')).to.include('Fabrikam Inc. in PartnerSource is the profile in use');
    expect((await browser.get('/')).text).to.include('Using Fabrikam Inc. - PartnerSource');
    await browser.post('/sign-out', { csrf: csrfOf(await browser.get('/sign-out')) });
    expect(await talk(user, 'show my profiles')).to.include('Which e-mail address is on your profile?');
  });

  it('moves a profile after a sign-in, until the new account confirms', async () => {
    const user = new ChannelClient(app.url);
    const asked = await talk(user, 'move my profile to another account', 'sign in');
    await talk(user, await signIn(asked, 'amira'), '1');
    expect(await talk(user, '1')).to.include('is on its way to amira@contoso.example');
    const [mail] = await mailsTo(amira, 1, ({ subject }) => subject.includes('to another Microsoft Account'));
    const next = new WebVisitor(app.url);
    await next.signInAs('amira-new');
    await next.get(pathIn(mail ?? { to: '', subject: '', text: '' }, 'invitations'));
    const done = await next.post('/invitations', { csrf: csrfOf(await next.get('/invitations')) });
    expect(done.status).to.equal(200);
    expect((await next.get('/profile')).text).to.include('Contoso Ltd.');
  });

  it('tells in the chat what staff decided', async () => {
    const client = await new DirectLineClient(app.url).open();
    const replyTo = async (text: string) => {
      await client.say(text);
      return (await client.replyTo(text)).text ?? '';
    };
    await replyTo('reassociate');
    await replyTo('send a code');
    await replyTo('dana@contoso.example');
    await client.say(await codeTo('dana@contoso.example'));
    await client.shown(({ text = '', from }) => from.role === 'bot' && text.includes('Ask for it'));
    expect(await replyTo('ask for it')).to.include('A person decides about moving');

    const staff = new WebVisitor(app.url);
    await staff.signInAs('sam', '/staff/people');
    const waits = await staff.get('/staff/people?q=dana%40contoso.example');
    const form = waits.text.split('<form').find((one) => /action="[^"]+\/approve"/.test(one)) ?? '';
    const action = /action="([^"]+)"/.exec(form)?.[1] ?? '';
    const fields = Object.fromEntries(
      [...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );
    const decided = await staff.post(action, { ...fields, reason: 'We know her.' });
    expect(decided.status).to.equal(200);
    await client.shown(({ text = '' }) => text.includes('was approved. The link is on its way'));
    client.close();
  });

  it('invites people for an administrator who signed in', async () => {
    const user = new ChannelClient(app.url);
    const asked = await talk(user, 'invite a colleague');
    const shown = await talk(user, await signIn(asked, 'dana'));
    expect(shown).to.include('Whom shall I invite to Contoso Ltd. in CustomerSource?');
    await talk(user, 'Ann Lee <ann.lee@contoso.example>');
    expect(await talk(user, '1')).to.include('Ann Lee, ann.lee@contoso.example: invited');
    expect(await mailsTo('ann.lee@contoso.example', 1)).to.have.length(1);
  });

  it('opens no chat for who signs in by a link that somebody else sent them', async () => {
    const thief = new ChannelClient(app.url);
    const asked = await talk(thief, 'show my profiles', 'sign in instead');
    await signIn(asked, 'dana');
    expect(await talk(thief, '000000')).to.include('That is not the number');
    expect(await talk(thief, 'list-profiles')).not.to.include('Contoso');
  });

  it('keeps no code and no number in the store or the log', async () => {
    await app.stop();
    const files = await readdir(app.folder, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'utf8')),
    );
    await app.start();
    const kept = texts.join('\n') + app.log();
    expect(kept).to.include('[code]');
    expect(secrets.filter((secret) => secret !== '')).to.have.length.greaterThan(4);
    for (const secret of secrets) expect(kept, secret).not.to.match(numberAlone(secret));
  });
});
