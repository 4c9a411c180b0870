import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import PostalMime from 'postal-mime';
import { associations } from '../../src/accounts/association.ts';
import { auditEntries } from '../../src/audit/audit.ts';
import { profiles } from '../../src/directory/directory.ts';
import { importProfiles } from '../../src/directory/import-profiles.ts';
import { askRecords } from '../../src/invitations/asks.ts';
import { invitations } from '../../src/invitations/invitation.ts';
import { type OutboxMail, outbox } from '../../src/mail/outbox.ts';
import { recordTypes } from '../../src/record-types.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { createWords } from '../../src/words/words.ts';
import { SmtpSink } from '../mail/smtp-sink.ts';
import { askFor, confirm, linkIn, mailed, storedIn } from '../support/invitation-way.ts';
import { startServer } from '../support/server-process.ts';
import { freePort, startTestApp } from '../support/test-app.ts';
import { WebVisitor } from '../support/web-visitor.ts';

const kills = 8;
const people = 2000;

describe('a server that is killed while invitations are asked for and redeemed', () => {
  it(`loses no ask and halves no link in ${kills} kills, and what is mailed twice is the same byte for byte`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'accessdesk-killed-'));
    const data = join(folder, 'data');
    await addPeople(data, join(folder, 'people.csv'));
    // One entry: it starts again and again.
    const faq = join(folder, 'faq');
    await mkdir(faq);
    await writeFile(join(faq, 'access.md'), '# Access\n\n**How do I get access?**\n\nAsk for an invitation.\n');
    const sink = await new SmtpSink().listen();
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const env = {
      PORT: String(port),
      STORE_URL: `file:${data}`,
      FAQ_DIR: faq,
      MAIL_URL: `smtp://127.0.0.1:${sink.port}`,
      TRUSTED_PROXIES: 'loopback',
      LOG_LEVEL: 'error',
    };

    const askers = Array.from({ length: 4 }, () => new WebVisitor(url));
    const redeemers = ['amira', 'jin'].map((subject) => ({ subject, visitor: new WebVisitor(url) }));
    const asked: string[] = [];
    const linked: string[] = [];
    let [next, seen, cut] = [0, 0, 0];

    for (let round = 0; round < kills; round++) {
      const server = await startServer(env);
      if (round === 0) for (const { subject, visitor } of redeemers) await visitor.signInAs(subject);
      let isOver = false;
      /** Does something again and again until the server is gone. */
      const keepOn = async (act: () => Promise<void>) => {
        try {
          while (!isOver) await act();
        } catch (error) {
          if (!isOver) throw error;
          cut += 1;
        }
      };
      const work = [
        ...askers.map((visitor) =>
          keepOn(async () => {
            const n = next++;
            const answer = await askFor(visitor, addressOf(n), { 'x-forwarded-for': `198.18.${n >> 8}.${n & 255}` });
            expect(answer.status).to.equal(200);
            asked.push(addressOf(n));
          }),
        ),
        ...redeemers.map(({ visitor }) =>
          keepOn(async () => {
            const nth = seen++;
            await Promise.race([sink.until(nth + 1), server.ended]);
            const mail = sink.taken[nth];
            if (!mail) {
              seen = Math.min(seen, nth);
              return;
            }
            const link = linkIn({ text: (await PostalMime.parse(mail.bytes)).text ?? '' });
            if (!link.startsWith('/invitations/')) return;
            await visitor.get(link);
            if ((await confirm(visitor)).status === 200) linked.push(mail.to[0] ?? '');
          }),
        ),
      ];
      // In the middle of everything, a little later each round.
      await sink.until(sink.taken.length + 12 + 4 * round);
      isOver = true;
      server.child.kill('SIGKILL');
      expect(await server.ended).to.equal('SIGKILL');
      await Promise.all(work);
    }

    // Later, when what the killed ones had taken in hand is anybody's again.
    const later = { now: () => new Date(Date.now() + 20 * 60_000) };
    const app = await startTestApp({ ...env, LOG_LEVEL: 'debug' }, later);
    const at = { ...app, folder: data };
    const waiting = async () => {
      await mailed(at);
      await app.stop();
      const rows = (await storedIn(at, outbox)).filter(({ value }) => value.state === 'waiting');
      return rows.length + (await storedIn(at, askRecords)).length;
    };
    while ((await waiting()) > 0) await app.start();
    await app.close();
    await sink.close();

    const people = new Map((await storedIn(at, profiles)).map(({ id, value }) => [id, value.address]));
    const invited = (await storedIn(at, invitations)).map(({ value }) => value);
    const associated = new Map((await storedIn(at, associations)).map(({ id, value }) => [id, value.account.key]));
    const notices = (await storedIn(at, outbox)).map(({ value }) => value as OutboxMail);
    const trail = (await storedIn(at, auditEntries)).map(({ value }) => `${value.action} ${value.profile}`);
    await rm(folder, { recursive: true });

    const copies = new Map<string, { to: string; texts: string[] }>();
    for (const { bytes, to } of sink.taken) {
      const text = bytes.toString();
      const id = /^Message-ID: (.*)$/m.exec(text)?.[1] ?? '';
      const known = copies.get(id) ?? { to: to[0] ?? '', texts: [] };
      known.texts.push(text);
      copies.set(id, known);
    }
    for (const { texts } of copies.values()) expect(new Set(texts).size).to.equal(1);
    const arrived = [...copies.values()].filter(({ texts }) => texts[0]?.includes('/invitations/')).map(({ to }) => to);
    expect(asked.filter((address) => !arrived.includes(address))).to.deep.equal([], 'asks that were lost');
    expect(arrived).to.have.length(new Set(arrived).size, 'nobody is invited twice');

    const redeemed = invited.filter(({ ended }) => ended === 'redeemed');
    for (const { profile, account } of redeemed) {
      expect(associated.get(profile)).to.equal(account);
      expect(trail).to.include.members([`invitation.redeemed ${profile}`, `association.created ${profile}`]);
      const notice = notices.filter(({ about, template }) => about === profile && template === 'associationChanged');
      expect(notice.map(({ state }) => state)).to.deep.equal(['sent']);
    }
    expect(new Set(redeemed.map(({ profile }) => profile))).to.deep.equal(new Set(associated.keys()));
    expect(redeemed).to.have.length(associated.size);
    const addresses = redeemed.map(({ profile }) => people.get(profile));
    expect(linked.filter((address) => !addresses.includes(address))).to.deep.equal([], 'links that were lost');

    // It shows something: every kill cut off several requests, and there was a lot to lose.
    expect(cut).to.be.at.least(3 * kills);
    expect([asked.length >= 5 * kills, linked.length >= kills]).to.deep.equal([true, true]);
  });
});

const addressOf = (n: number) => `person.${n}@x.test`;

async function addPeople(folder: string, path: string): Promise<void> {
  const rows = Array.from({ length: people }, (_, n) => `CustomerSource,X,support,,P,${addressOf(n)},member`);
  await writeFile(path, ['portal,organisation,plan,plan_until,name,email,role', ...rows, ''].join('\n'));
  const now = () => new Date();
  const store = await openEmbeddedStore({ folder, now, recordTypes });
  let ids = 0;
  const parts = { records: store.records, words: createWords('en'), now, newId: () => `profile-${ids++}` };
  await importProfiles(path, false, parts);
  await store.close();
}
