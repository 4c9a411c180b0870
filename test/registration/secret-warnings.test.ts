import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { outbox } from '../../src/mail/outbox.ts';
import { Change } from '../../src/records/records.ts';
import { daysLeft, secondsLeft } from '../../src/registration/secret-end.ts';
import {
  type SecretWarned,
  type SecretWarning,
  SecretWarnings,
  secretWarned,
} from '../../src/registration/secret-warnings.ts';
import { staffChannelId, staffChannels } from '../../src/staff-channel/staff-channel.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { group, channelPlace as place } from '../support/teams-staff.ts';

const ends = '2027-03-31';
const staffEmail = 'staff@contoso.example';

describe('warnings that the app secret ends', () => {
  let folder: string;
  let store: EmbeddedStore;
  let time: number;
  let lines: SecretWarning[];
  let refuses: boolean;
  let ids: number;
  let instances: SecretWarnings[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'accessdesk-secret-'));
    [time, lines, refuses, ids] = [Date.parse('2027-02-28T09:30:00.000Z'), [], false, 0];
    store = await open();
    instances = [instance(), instance(), instance()];
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  const open = () =>
    openEmbeddedStore({ folder, now: () => new Date(time), recordTypes: [outbox, secretWarned, staffChannels] });
  const instance = (of = ends, ahead = 0) =>
    new SecretWarnings({
      records: store.records,
      port: {
        async tell(_, warning) {
          if (refuses) throw new Error('away');
          lines.push(warning);
        },
        failure: () => ({ reason: 'away' }),
      },
      group,
      ends: of,
      staffEmail,
      now: () => new Date(time + ahead),
      newId: () => `mail-${++ids}`,
      wakeAfter: () => () => {},
      log: { warn() {}, error() {} },
    });
  /** Each instance looks once, at the same moment. */
  const look = async () => {
    for (const one of instances) one.wake();
    for (const one of instances) await one.idle();
  };
  const useChannel = () =>
    store.records.commit(new Change().create(staffChannels, staffChannelId, { place, group, by: 'lea', at: '' }));
  const mails = async () => {
    const found = [];
    for await (const { value } of store.records.all(outbox)) found.push(value);
    return found;
  };
  const mailed = async () => (await mails()).map(({ data }) => (data as SecretWarning).days);
  const pass = (ms: number) => {
    time += ms;
  };
  const minute = 60_000;
  const day = 24 * 3600_000;

  it('come 30, 7 and 1 days before and on the day, each once, by mail and in the channel', async () => {
    await useChannel();
    for (let days = daysLeft(ends, new Date(time)); days >= -40; days--) {
      await look();
      await look();
      pass(day);
    }
    expect(await mailed()).to.deep.equal([30, 7, 1, 0]);
    expect(lines.map(({ days }) => days)).to.deep.equal([30, 7, 1, 0]);
    const [{ to, template, data, tell } = {}] = await mails();
    expect({ to, template, data, tell }).to.deep.equal({
      to: staffEmail,
      template: 'secretEnds',
      data: { ends, days: 30 },
      tell: 'nobody',
    });
  });

  it('come no second time after a restart', async () => {
    await useChannel();
    pass(day);
    await look();
    await store.close();
    store = await open();
    instances = [instance(), instance()];
    await look();
    expect([await mailed(), lines.length]).to.deep.equal([[30], 1]);
  });

  it('come once each where clocks of instances have another day for a while', async () => {
    await useChannel();
    instances = [instance(ends, 2 * minute), instance()];
    time = Date.parse('2027-03-23T23:59:00.000Z');
    for (let looks = 0; looks < 4; looks++) {
      await look();
      pass(minute);
    }
    expect([await mailed(), lines.map(({ days }) => days)]).to.deep.equal([[7], [7]]);
  });

  it('come at once, and only the last of them, where the server was away', async () => {
    pass(25 * day);
    await look();
    pass(30 * day);
    await look();
    expect(await mailed()).to.deep.equal([6, -24]);
  });

  it('begin anew with the next secret', async () => {
    pass(day);
    await look();
    instances = [instance('2027-03-30')];
    await look();
    expect(await mailed()).to.deep.equal([30, 29]);
  });

  it('are told in a channel that is chosen later', async () => {
    pass(day);
    await look();
    expect(lines).to.deep.equal([]);
    await useChannel();
    await look();
    expect(lines.map(({ days }) => days)).to.deep.equal([30]);
  });

  it('are told in the channel once Teams takes them, and left to the mail after five tries', async () => {
    await useChannel();
    pass(day);
    refuses = true;
    await look();
    pass(minute - 1);
    refuses = false;
    await look();
    expect(lines).to.deep.equal([]);
    pass(1);
    await look();
    expect(lines.map(({ days }) => days)).to.deep.equal([30]);

    refuses = true;
    pass(23 * day);
    for (let tries = 0; tries < 5; tries++) {
      await look();
      pass(30 * minute);
    }
    refuses = false;
    await look();
    expect(lines).to.have.length(1);
    expect(await mailed()).to.deep.equal([30, 7]);
  });

  it('are not told twice in the channel where a process died before it heard that Teams took the line', async () => {
    await useChannel();
    pass(day);
    const dying: SecretWarned = { mailed: 30, shown: 30, tries: 0 };
    await store.records.commit(new Change().create(secretWarned, ends, dying));
    await look();
    expect(lines).to.deep.equal([]);
  });

  it('count days as calendars do, and seconds until the day begins', () => {
    expect(daysLeft(ends, new Date('2027-03-31T23:59:59.999Z'))).to.equal(0);
    expect(daysLeft(ends, new Date('2027-04-01T00:00:00.000Z'))).to.equal(-1);
    expect(daysLeft('2028-03-01', new Date('2028-02-28T12:00:00.000Z'))).to.equal(2);
    expect(secondsLeft(ends, new Date('2027-03-30T23:59:00.000Z'))).to.equal(60);
    expect(secondsLeft(ends, new Date('2027-03-31T00:01:00.000Z'))).to.equal(-60);
  });
});
