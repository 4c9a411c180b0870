import { expect } from 'chai';
import { accessOf } from '../../src/directory/access.ts';
import type { Organisation, Profile } from '../../src/directory/directory.ts';

const profile: Profile = { organisation: 'o', name: 'Kim', email: 'k@x.test', address: 'k@x.test', role: 'member' };
const customer: Organisation = { portal: 'CustomerSource', name: 'X', plan: 'enhancement', planUntil: '2026-03-31' };
const at = (time: string) => new Date(time);

describe('access', () => {
  it('is given through the last day of the plan, wherever on earth it still is that day', () => {
    expect(accessOf(profile, customer, at('2026-03-31T23:59:59Z'))).to.deep.equal({
      given: true,
      planUntil: '2026-03-31',
    });
    expect(accessOf(profile, customer, at('2026-04-01T11:59:59Z')).given).to.equal(true);
    const ended = { given: false, reason: 'planEnded', since: '2026-03-31' };
    expect(accessOf(profile, customer, at('2026-04-01T12:00:00Z'))).to.deep.equal(ended);
  });

  for (const plan of ['partner', 'employee', 'support'] as const) {
    it(`has no end for a ${plan} without a date, and ends with one`, () => {
      const { planUntil, ...without } = { ...customer, plan };
      expect(accessOf(profile, without, at('2099-01-01T00:00:00Z'))).to.deep.equal({ given: true });
      expect(accessOf(profile, { ...without, planUntil: '2098-12-30' }, at('2099-01-01T00:00:00Z')).given).to.equal(
        false,
      );
    });
  }

  it('ends with the profile, from that moment on and whatever the plan says', () => {
    const left = { ...profile, endedAt: '2026-03-10T10:00:00.000Z' };
    expect(accessOf(left, customer, at('2026-03-10T09:59:59Z')).given).to.equal(true);
    const ended = { given: false, reason: 'profileEnded', since: '2026-03-10' };
    expect(accessOf(left, customer, at('2026-03-10T10:00:00Z'))).to.deep.equal(ended);
    expect(accessOf(left, customer, at('2027-03-10T10:00:00Z'))).to.deep.equal(ended);
  });
});
