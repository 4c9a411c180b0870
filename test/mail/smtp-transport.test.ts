/** Who gets password and mail: rules of TLS and sign-in, and what is said when it does not work. */
import { expect } from 'chai';
import { adviceFor, answerOf, kindOf, type SmtpError } from '../../src/mail/smtp-failure.ts';
import { type SmtpServer, SmtpTransport, verifySmtp } from '../../src/mail/smtp-transport.ts';
import type { DeliveryError } from '../../src/mail/transport.ts';
import { freePort } from '../support/test-app.ts';
import { local } from './mail-bench.ts';
import { type Behaviour, SmtpSink } from './smtp-sink.ts';

const message = {
  name: 'a'.repeat(32),
  at: '2026-11-22T10:00:00.000Z',
  to: 'amira@contoso.example',
  from: 'desk@contoso.example',
  bytes: Buffer.from('Subject: x\r\n\r\nbody\r\n'),
};
/** Every address of this machine, and by its name no loopback: what a server elsewhere is to the rules. */
const elsewhere = '0.0.0.0';
const password = 'tr0ub4dor';

describe('a mail server', () => {
  let sink: SmtpSink;
  const signedIn: string[] = [];
  const open = async (options: Behaviour['options'] = {}) => {
    sink = await new SmtpSink({
      options: {
        allowInsecureAuth: true,
        onAuth: ({ username = '', password: given }, _session, answer) => {
          signedIn.push(username);
          if (given === password) answer(null, { user: username });
          else answer(new Error(`no ${given}`));
        },
        ...options,
      },
    }).listen(await freePort(), elsewhere);
    return sink.port;
  };
  beforeEach(() => signedIn.splice(0));
  afterEach(() => sink.close());

  /** What became of a mail: the answer, or why not. */
  async function outcome(server: SmtpServer): Promise<string> {
    const transport = new SmtpTransport({ server, connections: 1 });
    try {
      return await transport.deliver(message, new AbortController().signal);
    } catch (error) {
      const { kind, answer } = error as DeliveryError;
      return `${kind}: ${answer}`;
    } finally {
      await transport.close();
    }
  }
  const user = { user: 'desk', password };

  it('on this machine gets mail without TLS, whatever it offers', async () => {
    const port = await open({ disabledCommands: [] });
    expect(await outcome(local(port, user))).to.match(/^250 /);
    expect(sink.taken).to.have.length(1);
    expect(signedIn).to.deep.equal(['desk']);
  });

  it('elsewhere gets neither password nor mail when it offers no TLS', async () => {
    const port = await open();
    expect(await outcome({ host: elsewhere, port, secure: false, ...user })).to.match(
      /^server: .*MAIL_URL|^server: .*secret/,
    );
    expect([signedIn, sink.taken]).to.deep.equal([[], []]);
  });

  it('elsewhere gets neither password nor mail when nobody vouches for its certificate', async () => {
    const port = await open({ disabledCommands: [] });
    expect(await outcome({ host: elsewhere, port, secure: false, ...user })).to.match(/^server: .*NODE_EXTRA_CA_CERTS/);
    expect([signedIn, sink.taken]).to.deep.equal([[], []]);
  });

  it('that begins with TLS gets neither password nor mail when nobody vouches for its certificate', async () => {
    const port = await open({ secure: true });
    expect(await outcome({ host: 'localhost', port, secure: true, ...user })).to.match(
      /^server: .*NODE_EXTRA_CA_CERTS/,
    );
    expect([signedIn, sink.taken]).to.deep.equal([[], []]);
  });

  it('is said to let us in, or what to correct', async () => {
    const port = await open({ authOptional: false });
    expect(await verifySmtp(local(port, user))).to.equal(`the mail server 127.0.0.1:${port} lets us in`);
    const refused = await verifySmtp(local(port, { user: 'desk', password: 'wrong' })).catch(
      ({ message: text }) => text,
    );
    expect(refused).to.include('user and password of MAIL_URL').and.not.include('wrong');
    await sink.close();
    const gone = await verifySmtp(local(port, user)).catch(({ message: text }) => text);
    expect(gone).to.include(`127.0.0.1:${port} does not answer`).and.include('MAIL_URL');
  });
});

describe('a failure of a mail server', () => {
  const error = (more: Partial<SmtpError>): SmtpError => ({ name: 'Error', message: 'x', ...more });
  const rows: [string, Partial<SmtpError>, string][] = [
    ['450 for the recipient', { code: 'EENVELOPE', responseCode: 450, command: 'RCPT TO' }, 'later'],
    [
      '550 for the recipient, with the same code',
      { code: 'EENVELOPE', responseCode: 550, command: 'RCPT TO' },
      'refused',
    ],
    ['554 after the mail', { code: 'EMESSAGE', responseCode: 554, command: 'DATA' }, 'refused'],
    ['451 after the mail', { code: 'EMESSAGE', responseCode: 451, command: 'DATA' }, 'later'],
    ['550 for the sender', { code: 'EENVELOPE', responseCode: 550, command: 'MAIL FROM' }, 'server'],
    ['554 at the greeting', { code: 'EPROTOCOL', responseCode: 554, command: 'CONN' }, 'server'],
    ['421 anywhere', { code: 'EENVELOPE', responseCode: 421, command: 'RCPT TO' }, 'server'],
    ['503, a muddle', { code: 'EENVELOPE', responseCode: 503, command: 'DATA' }, 'later'],
    ['530, sign in first', { code: 'EENVELOPE', responseCode: 530, command: 'RCPT TO' }, 'server'],
    ['a wrong password', { code: 'EAUTH', responseCode: 535, command: 'AUTH PLAIN' }, 'server'],
    ['no such host', { code: 'EDNS', command: 'CONN' }, 'server'],
    ['a closed port', { code: 'ESOCKET', originalCode: 'ECONNREFUSED', command: 'CONN' }, 'server'],
    ['no greeting', { code: 'ETIMEDOUT', timeoutType: 'GREETING_TIMEOUT', command: 'CONN' }, 'server'],
    ['silence within a mail', { code: 'ETIMEDOUT', timeoutType: 'SOCKET_TIMEOUT', command: 'CONN' }, 'silent'],
    ['a connection that breaks', { code: 'ESOCKET', originalCode: 'ECONNRESET', command: 'CONN' }, 'silent'],
    ['a connection that ends', { code: 'ECONNECTION', command: 'CONN' }, 'silent'],
  ];
  for (const [what, more, kind] of rows) {
    it(`is ${kind} for ${what}`, () => expect(kindOf(error(more))).to.equal(kind));
  }

  it('is kept as one line without anybody’s address', () => {
    const response = '550-5.1.1 <Amira@contoso.example>: user amira\r\n550 5.1.1 unknown here, ask x@y.example\u0000';
    const answer = answerOf(error({ response }), 'amira@contoso.example');
    expect(answer).to.equal('550-5.1.1 <[address]>: user [address] 550 5.1.1 unknown here, ask [address]');
    expect(answerOf(error({ response: `550 ${'a@'.repeat(100_000)}` }), 'x+(.*@b.example').length).to.be.at.most(200);
  });

  it('is followed by what to do', () => {
    for (const [, more] of rows)
      expect(adviceFor(error(more), 'the mail server m:25')).to.include('the mail server m:25');
  });
});
