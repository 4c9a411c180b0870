import { expect } from 'chai';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { HttpError } from '../../src/errors.ts';
import { CountedLimits } from '../../src/limits/counted-limits.ts';
import { isKept, limitTable } from '../../src/limits/limits.ts';
import { MemoryCounter } from '../../src/limits/memory-counter.ts';
import { createLog } from '../../src/log.ts';

describe('limits', () => {
  let lines: Record<string, unknown>[];
  const log = createLog('debug', { write: (line: string) => void lines.push(JSON.parse(line)) });
  beforeEach(() => {
    lines = [];
  });
  const few = (points: number) => ({ points, seconds: 60 });
  const refusalOf = (done: Promise<unknown>) =>
    done.then(
      () => undefined,
      (error: unknown) => error as HttpError,
    );
  const refuse = (statusCode: number) => async () => {
    throw new HttpError(statusCode, 'No', 'no');
  };

  it('let as many through as they say, and not one more', async () => {
    const limits = new CountedLimits({ log, numbers: { find: few(3) } });
    for (let n = 0; n < 3; n++) await limits.take('find', '192.0.2.1');
    const error = await refusalOf(limits.take('find', '192.0.2.1'));
    expect(error).to.be.instanceOf(HttpError).and.include({ statusCode: 429, kind: 'TooManyRequests' });
    expect(error?.retryAfter).to.be.within(1, 60);
  });

  it('count every key and every limit by itself', async () => {
    const limits = new CountedLimits({ log, numbers: { find: few(1), open: few(1) } });
    await limits.take('find', '192.0.2.1');
    await limits.take('find', '192.0.2.2');
    await limits.take('open', '192.0.2.1');
    expect(await refusalOf(limits.take('find', '192.0.2.1'))).not.to.equal(undefined);
  });

  it('count several at once or none of them, and say when to try again', async () => {
    const limits = new CountedLimits({ log, numbers: { codeMinute: few(1), codeHour: few(2) } });
    const both = [
      ['codeHour', 'kim@contoso.example'],
      ['codeMinute', 'kim@contoso.example'],
    ] as const;
    expect(await limits.takeAll(both)).to.equal(undefined);
    for (let n = 0; n < 5; n++) expect(await limits.takeAll(both)).to.be.within(1, 60);
    expect(await limits.takeAll(both.slice(0, 1))).to.equal(undefined);
    expect(await limits.takeAll(both.slice(0, 1))).to.be.within(1, 60);
    expect(JSON.stringify(lines)).not.to.include('kim');
  });

  it('are kept where each one counted may be a mail to somebody', () => {
    const kept = Object.keys(limitTable).filter(isKept);
    expect(kept).to.include.members([
      'mail',
      'codeMinute',
      'codeHour',
      'codeDay',
      'codePerson',
      'codeClient',
      'invite',
    ]);
    expect(isKept('request') || isKept('toString')).to.equal(false);
  });

  for (const [key, shown] of [
    ['192.0.2.77', '192.0.2.…'],
    ['2001:db8:1:77::/64', '2001:db8:1:…'],
    ['dl_0123456789', 'dl_0123…'],
  ] as const) {
    it(`say once in the log that they refuse ${key}, and do not tell who that is`, async () => {
      const limits = new CountedLimits({ log, numbers: { find: few(2), refused: few(2) } });
      for (let n = 0; n < 9; n++) await limits.take('find', key).catch(() => {});
      for (let n = 0; n < 9; n++) await limits.guard(key, refuse(401)).catch(() => {});
      expect(lines.map(({ limit, from }) => ({ limit, from }))).to.deep.equal([
        { limit: 'find', from: shown },
        { limit: 'refused', from: shown },
      ]);
    });
  }

  describe('on authentication', () => {
    it('never count what was let in, or failed for another reason', async () => {
      const limits = new CountedLimits({ log, numbers: { refused: few(2) } });
      for (let n = 0; n < 9; n++) await limits.guard('192.0.2.1', async () => n);
      for (let n = 0; n < 9; n++) await limits.guard('192.0.2.1', refuse(400)).catch(() => {});
      for (let n = 0; n < 9; n++) await limits.guard('192.0.2.1', refuse(503)).catch(() => {});
      expect(await limits.guard('192.0.2.1', async () => 'in')).to.equal('in');
    });

    it('do not begin it when too many were refused', async () => {
      const limits = new CountedLimits({ log, numbers: { refused: few(2) } });
      expect(await refusalOf(limits.guard('192.0.2.1', refuse(401)))).to.include({ statusCode: 401 });
      expect(await refusalOf(limits.guard('192.0.2.1', refuse(403)))).to.include({ statusCode: 403 });
      let begun = false;
      const third = limits.guard('192.0.2.1', async () => {
        begun = true;
      });
      expect(await refusalOf(third)).to.include({ statusCode: 429 });
      expect(begun).to.equal(false);
      expect(await limits.guard('192.0.2.2', async () => 'in')).to.equal('in');
    });

    it('answer as usual those that were begun before the limit was reached', async () => {
      const limits = new CountedLimits({ log, numbers: { refused: few(2) } });
      const all = await Promise.all(Array.from({ length: 5 }, () => refusalOf(limits.guard('192.0.2.1', refuse(401)))));
      expect(all.map((error) => error?.statusCode)).to.deep.equal([401, 401, 401, 401, 401]);
      expect(lines).to.have.length(1);
    });

    it('let in again when the time is over, though the counter still stands', async () => {
      const stands = new RateLimiterRes(0, 0, 100, false);
      const newCounter = () => ({ points: 2, consume: async () => stands, get: async () => stands });
      const limits = new CountedLimits({ log, newCounter });
      expect(await limits.guard('192.0.2.1', async () => 'in')).to.equal('in');
    });
  });

  it('pass on that their store failed', async () => {
    const fail = async () => {
      throw new Error('no database');
    };
    const limits = new CountedLimits({ log, newCounter: () => ({ points: 2, consume: fail, get: async () => null }) });
    expect((await refusalOf(limits.take('find', 'x')))?.message).to.equal('no database');
    expect((await refusalOf(limits.guard('x', refuse(401))))?.message).to.equal('no database');
  });

  it('forget the address they know longest beyond the number they can hold', async () => {
    const counter = new MemoryCounter({ points: 1, duration: 60 }, 3);
    for (const key of ['a', 'b', 'c', 'd', 'e']) await counter.consume(key);
    expect(counter.dump().storage.map(({ key }) => key)).to.deep.equal(['c', 'd', 'e']);
    await counter.consume('a');
    expect(await refusalOf(counter.consume('e'))).not.to.equal(undefined);
  });
});
