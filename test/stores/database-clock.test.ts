import { expect } from 'chai';
import { DatabaseClock } from '../../src/stores/postgres/database-clock.ts';

describe("the database's clock as a process knows it", () => {
  const hour = 3_600_000;
  const soon = 60_000;
  const isNear = (clock: DatabaseClock, time: number) => Math.abs(clock.now().getTime() - time) < soon;

  it('goes on from what was heard', () => {
    const clock = new DatabaseClock();
    clock.heard(1000 * hour, performance.now());
    expect(isNear(clock, 1000 * hour)).to.equal(true);
  });

  it('keeps what it knows better than an answer that took long', () => {
    const clock = new DatabaseClock();
    clock.heard(1000 * hour, performance.now());
    clock.heard(1000 * hour, performance.now() - hour);
    expect(isNear(clock, 1000 * hour)).to.equal(true);
  });

  it('follows a clock that is set', () => {
    const clock = new DatabaseClock();
    for (const time of [1000, 1002, 998]) {
      clock.heard(time * hour, performance.now());
      expect(isNear(clock, time * hour), String(time)).to.equal(true);
    }
  });
});
