import { expect } from 'chai';
import fc from 'fast-check';
import { isTimeZone, OfficeHours, readOfficeHours } from '../../src/tickets/office-hours.ts';

const at = (iso: string) => new Date(iso);

describe('office hours', () => {
  it('are always open when none are set', () => {
    const hours = new OfficeHours('', 'UTC');
    expect(hours.isAlwaysOpen).to.equal(true);
    expect(hours.isOpen(at('2026-11-22T03:00:00Z'))).to.equal(true);
    expect(hours.nextOpening(at('2026-11-22T03:00:00Z'))).to.deep.equal(at('2026-11-22T03:00:00Z'));
  });

  it('are open from the first minute of a range to the last', () => {
    const hours = new OfficeHours('Mo-Fr 09:00-17:00, Sa 10:00-12:00', 'UTC');
    const isOpen = (iso: string) => hours.isOpen(at(iso));
    expect(isOpen('2026-11-23T08:59:59Z')).to.equal(false);
    expect(isOpen('2026-11-23T09:00:00Z')).to.equal(true);
    expect(isOpen('2026-11-23T16:59:59Z')).to.equal(true);
    expect(isOpen('2026-11-23T17:00:00Z')).to.equal(false);
    expect(isOpen('2026-11-28T11:00:00Z')).to.equal(true);
    expect(isOpen('2026-11-29T11:00:00Z')).to.equal(false);
  });

  it('say when they open next, over lunch, over night and over the weekend', () => {
    const hours = new OfficeHours('Mo-Fr 09:00-12:00, mo - fr 13:00-17:00', 'UTC');
    const next = (iso: string) => hours.nextOpening(at(iso)).toISOString();
    expect(next('2026-11-23T12:10:00Z')).to.equal('2026-11-23T13:00:00.000Z');
    expect(next('2026-11-23T18:00:00Z')).to.equal('2026-11-24T09:00:00.000Z');
    expect(next('2026-11-27T18:00:00Z')).to.equal('2026-11-30T09:00:00.000Z');
    expect(next('2026-11-23T10:00:00Z')).to.equal('2026-11-23T10:00:00.000Z');
  });

  it('are those of the clock on the wall, summer and winter', () => {
    const hours = new OfficeHours('Mo-Su 09:00-17:00', 'Europe/Berlin');
    const next = (iso: string) => hours.nextOpening(at(iso)).toISOString();
    expect(next('2026-03-28T18:00:00Z')).to.equal('2026-03-29T07:00:00.000Z');
    expect(next('2026-10-24T18:00:00Z')).to.equal('2026-10-25T08:00:00.000Z');
    // Six in the evening in Auckland is another day in UTC.
    const auckland = new OfficeHours('Mo 09:00-17:00', 'Pacific/Auckland');
    expect(auckland.isOpen(at('2026-11-22T21:00:00Z'))).to.equal(true);
  });

  it('open when the clock has jumped over their beginning, and once when it shows it twice', () => {
    const hours = new OfficeHours('Su 02:30-06:00', 'Europe/Berlin');
    expect(hours.nextOpening(at('2026-03-29T00:00:00Z')).toISOString()).to.equal('2026-03-29T01:00:00.000Z');
    const skipped = new OfficeHours('Su 02:00-03:00', 'Europe/Berlin');
    expect(skipped.nextOpening(at('2026-03-28T18:00:00Z')).toISOString()).to.equal('2026-04-05T00:00:00.000Z');
    expect(hours.nextOpening(at('2026-10-24T22:00:00Z')).toISOString()).to.equal('2026-10-25T00:30:00.000Z');
  });

  it('open at the next opening and not before it, at any time of the year, in any zone', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Auckland', 'Asia/Kathmandu');
    const texts = fc.constantFrom('Mo-Fr 09:00-17:00', 'Su 02:00-03:00', 'Sa-Mo 00:00-24:00', 'We 23:00-24:00');
    const minutes = fc.integer({ min: 0, max: 366 * 24 * 60 });
    fc.assert(
      fc.property(zones, texts, minutes, (zone, text, minute) => {
        const hours = new OfficeHours(text, zone);
        const asked = Date.parse('2026-01-01T00:00:00Z') + minute * 60_000;
        const next = hours.nextOpening(new Date(asked)).getTime();
        expect(hours.isOpen(new Date(next))).to.equal(true);
        const step = Math.max(60_000, Math.floor((next - asked) / 50 / 60_000) * 60_000);
        for (let one = asked; one < next; one += step) expect(hours.isOpen(new Date(one))).to.equal(false);
        if (next > asked) expect(hours.isOpen(new Date(next - 60_000))).to.equal(false);
      }),
      { numRuns: 150 },
    );
  });

  it('are refused where they say no hours', () => {
    for (const text of [
      '9-17',
      'Mo-Fr',
      'Mo-Fr 17:00-09:00',
      'Xx 09:00-17:00',
      'Mo 09:00-25:00',
      'Mo 09:60-10:00',
      ',',
    ]) {
      expect(readOfficeHours(text), text).to.equal(undefined);
    }
    expect(isTimeZone('Europe/Berlin')).to.equal(true);
    expect(isTimeZone('Europe/Bonn')).to.equal(false);
  });
});
