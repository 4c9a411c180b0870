/** What counts as a mention of an address, and changing texts at any depth. */
import { expect } from 'chai';
import { changeTexts, isAddress, mentionOf } from '../../src/stores/mention.ts';

describe('a mention of an e-mail address', () => {
  const found = [
    'jane.doe+x@contoso.example',
    'JANE.DOE+X@Contoso.Example',
    '<mailto:jane.doe+x@contoso.example>',
    'https://contoso.example/?to=jane.doe%2Bx%40contoso.example&b=1',
    'to%20jane.doe+x@contoso.example',
    '{"text":"hello\\njane.doe+x@contoso.example"}',
    'write to jane.doe+x@contoso.example.Thanks',
  ];
  for (const text of found) {
    it(`is found in ${text}`, () =>
      expect(text.replace(mentionOf('jane.doe+x@contoso.example'), '')).not.to.match(/doe/i));
  }

  const others = [
    'mary.jane.doe+x@contoso.example',
    'mary-jane.doe+x@contoso.example',
    'janeXdoe+x@contoso.example',
    'jane.doe+x@contoso.examples',
    'jane.doe@contoso.example',
  ];
  for (const text of others) {
    it(`is not found in ${text}`, () => expect(text.search(mentionOf('jane.doe+x@contoso.example'))).to.equal(-1));
  }

  it('takes letters beyond ASCII as part of an address', () => {
    expect('übjörn@bücher.test'.search(mentionOf('björn@bücher.test'))).to.equal(-1);
    expect('BJÖRN@bücher.test'.search(mentionOf('björn@bücher.test'))).to.equal(0);
  });

  it('is looked for only where somebody is given by address', () => {
    expect(['jane@contoso.example', '29:1abc', 'a b@c', '@', 'jane@'].map(isAddress)).to.deep.equal([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('changing texts', () => {
  const shout = (text: string) => text.replace('jane', 'JANE');

  it('gives back the very object where nothing changes', () => {
    const value = { a: ['b', { c: 1 }] };
    expect(changeTexts(value, shout)).to.equal(value);
  });

  it('changes names and texts in a copy', () => {
    const value = { jane: [{ a: 'jane' }], __proto__: null };
    const changed = changeTexts(value, shout);
    expect(changed).to.deep.equal({ JANE: [{ a: 'JANE' }] });
    expect(value.jane[0]).to.deep.equal({ a: 'jane' });
  });

  it('leaves prototypes alone when a hostile name is changed', () => {
    const changed = changeTexts(JSON.parse('{"__proto__":{"a":"jane"}}'), shout);
    expect(JSON.stringify(changed)).to.equal('{"__proto__":{"a":"JANE"}}');
    expect(({} as Record<string, unknown>).a).to.equal(undefined);
  });

  it('reaches the bottom of deep nesting', () => {
    const depth = 3000;
    const json = (text: string) => `${'['.repeat(depth)}"${text}"${']'.repeat(depth)}`;
    expect(JSON.stringify(changeTexts(JSON.parse(json('jane')), shout))).to.equal(json('JANE'));
  });
});
