/** Instances whose machines do not agree on the time, on one database. */
import { expect } from 'chai';
import { SmtpSink } from '../mail/smtp-sink.ts';
import { describeWithPostgres, sharedPostgres } from '../support/postgres.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { csrfOf, WebVisitor } from '../support/web-visitor.ts';

describeWithPostgres('instances whose clocks are ten minutes apart', () => {
  let mailServer: SmtpSink;
  let right: TestApp;
  let ahead: TestApp;
  beforeEach(async () => {
    mailServer = await new SmtpSink().listen();
    const env = {
      STORE_URL: await (await sharedPostgres()).newDatabase(),
      SECRET_KEY: 'a key of thirty-two bytes or more!',
      MAIL_URL: `smtp://127.0.0.1:${mailServer.port}`,
    };
    right = await startTestApp(env);
    ahead = await startTestApp(env, { now: () => new Date(Date.now() + 600_000) });
  });
  afterEach(async () => {
    await mailServer.close();
    await right.close();
    await ahead.close();
  });

  async function askFor(email: string, { url }: TestApp): Promise<void> {
    const visitor = new WebVisitor(url);
    const page = await visitor.get('/associate');
    expect((await visitor.post('/associate', { csrf: csrfOf(page), email })).status).to.equal(200);
  }

  it('leave a mail to the one that is sending it', async () => {
    const held = 'jin@fabrikam.example';
    mailServer.behaviour = { after: ({ to }) => (to.includes(held) ? 'silence' : undefined) };
    await askFor(held, right);
    await mailServer.until(1);
    await askFor('adele@adatum.example', ahead);
    await mailServer.until(2);
    // Whatever it has begun meanwhile is over then.
    await ahead.stop();
    expect(mailServer.taken.filter(({ to }) => to.includes(held))).to.have.length(1);
    await ahead.start();
  });
});
