import { expect } from 'chai';
import { redacted } from '../../src/usage/redacted.ts';

describe('a redacted text', () => {
  for (const [typed, shown] of [
    ['my address is Ann.Lee@contoso.example, why?', 'my address is [address] why?'],
    ['<mailto:ann@contoso.example>', '[address]'],
    ['ann @ contoso.example bounced', '[address] bounced'],
    ['ann＠contoso.example', '[address]'],
    ['see ?to=ann%40contoso.example', 'see [address]'],
    ['a\u200bnn@contoso.example', '[address]'],
    ['jörg@exämple.example', '[address]'],
    ['the link https://help.example/invitations/abc does not work', 'the link [link] does not work'],
    ['www.contoso.example/x', '[link]'],
    ['code 1234 5678', 'code [number]'],
    ['code 12-34-56-78', 'code [number]'],
    ['code 1\u200b2345678', 'code [number]'],
    ['code ١٢٣٤٥٦٧٨', 'code [number]'],
    ['call +49 (30) 123 45', 'call [number]'],
    ['reference 7F3K-2Q is shown', 'reference [code] is shown'],
    ['/invitations/3q2-7wXkZpLmNoPqRsTuVwXyZ01aBcDeFgHiJkLm', '/invitations/[code]'],
    ['/invitations/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO', '/invitations/[code]'],
    ['id 72f988bf-86f1-41af-91ab-2d7cd011db47', 'id [code]'],
    ['  two\nlines ', 'two lines'],
    ['a \u001b[31mred\u0000 \u202eterminal', 'a [31mred terminal'],
  ]) {
    it(`of ${JSON.stringify(typed)} is ${JSON.stringify(shown)}`, () => {
      expect(redacted(typed ?? '')).to.equal(shown);
    });
  }

  for (const plain of [
    'error 500 on windows11 with office365',
    'Donaudampfschifffahrtsgesellschaft',
    'why do I get 3 mails?',
    'ما هي كلمة المرور',
    '忘记密码怎么办',
  ]) {
    it(`stays ${JSON.stringify(plain)} where nothing is anybody’s`, () => {
      expect(redacted(plain)).to.equal(plain);
    });
  }

  it('is cut, but never within an address', () => {
    expect(redacted('word '.repeat(100)))
      .to.have.length.below(161)
      .and.match(/…$/);
    expect(redacted(`${'x '.repeat(495)}ann.lee.of.contoso@contoso.example`, 2000)).not.to.include('ann');
    expect(redacted('密'.repeat(3000))).to.have.length(160);
  });
});
