import { expect } from 'chai';
import { ageOfSignIn, identityOf } from '../../../src/web/sign-in/identity.ts';

describe('the identity in an ID token', () => {
  const tid = '72f988bf-86f1-41af-91ab-2d7cd011db47';
  const oid = '00000000-0000-0000-66f3-3332eca7ea81';
  const microsoft = { iss: `https://login.microsoftonline.com/${tid}/v2.0`, sub: 's', iat: 1000, tid, oid };

  it('has a tenant and an object id where Microsoft says so of its own tenant, and where we do ourselves', () => {
    expect(identityOf(microsoft, false)).to.deep.include({ tenant: tid, objectId: oid });
    expect(identityOf({ ...microsoft, iss: 'https://idp.example' }, true)).to.deep.include({ tenant: tid });
  });

  for (const iss of [
    'https://idp.example',
    `https://login.microsoftonline.com.evil.example/${tid}/v2.0`,
    `https://evil.example/https://login.microsoftonline.com/${tid}/v2.0`,
    'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0',
  ]) {
    it(`has none where ${iss} says so`, () => {
      expect(identityOf({ ...microsoft, iss }, false)).not.to.have.any.keys('tenant', 'objectId');
    });
  }

  it('has names as one line of bounded length, without what turns text round', () => {
    const name = `  Amira\u202e\r\nX-Evil: 1\u0000 ${'x'.repeat(300)}`;
    const told = identityOf({ ...microsoft, name, email: { x: 1 }, preferred_username: 7 }, false);
    expect(told.name).to.match(/^Amira X-Evil: 1 x+$/);
    expect(told.name).to.have.length(100);
    expect(told.email).to.equal(undefined);
  });

  it('is as old as the provider says by its own clock, and no younger than new', () => {
    expect(ageOfSignIn({ ...microsoft, auth_time: 940 })).to.equal(60_000);
    expect(ageOfSignIn({ ...microsoft, auth_time: 1060 })).to.equal(0);
    expect(ageOfSignIn(microsoft)).to.equal(undefined);
    expect(ageOfSignIn({ ...microsoft, auth_time: '940' })).to.equal(undefined);
  });
});
