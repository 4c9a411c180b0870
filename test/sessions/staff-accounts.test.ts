import { expect } from 'chai';
import { staffAccounts, staffEntryFor } from '../../src/sessions/staff-accounts.ts';

describe('staff accounts', () => {
  const tenant = '72f988bf-86f1-41af-91ab-2d7cd011db47';
  const object = '00000000-0000-0000-66f3-3332eca7ea81';
  const issuer = 'https://idp.example';
  const staff = staffAccounts([`${tenant}/${object}:lead`, `${issuer}|sam`, `${issuer}|auth0|a:b:lead`]);
  const person = { issuer, subject: 'x' };

  it('are found by tenant and object, in either case', () => {
    expect(staff.roleOf({ ...person, tenant: tenant.toUpperCase(), objectId: object })).to.equal('lead');
  });

  it('are found by issuer and subject, exactly', () => {
    expect(staff.roleOf({ issuer, subject: 'sam' })).to.equal('agent');
    expect(staff.roleOf({ issuer, subject: 'auth0|a:b' })).to.equal('lead');
    expect(staff.roleOf({ issuer, subject: 'Sam' })).to.equal(undefined);
    expect(staff.roleOf({ issuer: 'https://other.example', subject: 'sam' })).to.equal(undefined);
  });

  it('are nobody with half of it, and nobody by name or address', () => {
    expect(staff.roleOf({ ...person, tenant })).to.equal(undefined);
    expect(staff.roleOf({ ...person, objectId: object })).to.equal(undefined);
    expect(staff.roleOf({ ...person, name: 'sam', email: 'sam' })).to.equal(undefined);
  });

  it('are told to the refused as the list has to name them', () => {
    for (const one of [person, { ...person, tenant: tenant.toUpperCase(), objectId: object }]) {
      expect(staffAccounts([staffEntryFor(one)]).roleOf(one)).to.equal('agent');
    }
  });
});
