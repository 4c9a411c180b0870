import { expect } from 'chai';
import { forChannel } from '../../src/replies/for-channel.ts';
import { largestMessage, withinSize } from '../../src/replies/within-size.ts';

const more = '[Read on](https://help.contoso.example/entries/a)';

describe('the size of messages in Teams', () => {
  it('leaves alone what is small enough', () => {
    const message = { type: 'message', text: 'hello' };
    expect(withinSize(message, more)).to.equal(message);
  });

  for (const [what, text] of [
    ['paragraphs', 'Some words.\n\n'.repeat(10_000)],
    ['one word', 'x'.repeat(120_000)],
    ['what JSON escapes', '"\u0001'.repeat(60_000)],
    ['emoji', '😀'.repeat(60_000)],
  ] as const) {
    it(`cuts ${what}, and says where the rest is`, () => {
      const cut = withinSize({ type: 'message', text }, more);
      expect(JSON.stringify(cut).length).to.be.at.most(largestMessage);
      expect(cut.text?.endsWith(more)).to.equal(true);
      expect(cut.text).not.to.match(/[\ud800-\udbff](?![\udc00-\udfff])/);
    });
  }

  it('cuts at a paragraph, and the text of a card too', () => {
    const text = `${'A paragraph of some words.\n\n'.repeat(3000)}`;
    const content = { type: 'AdaptiveCard', body: [{ type: 'TextBlock', text }], actions: [] };
    const card = { contentType: 'application/vnd.microsoft.card.adaptive', content };
    const to = {
      channel: 'msteams',
      isShared: false,
      user: 'u',
      line: 'l',
      readOn: '[More](https://a.example)',
    };
    const shown = forChannel({ type: 'message', text, attachments: [card] }, to);
    expect(JSON.stringify(shown).length).to.be.at.most(largestMessage);
    const [block] = shown.attachments?.[0]?.content.body ?? [];
    expect(block.text).to.match(/words\.\n\n…\n\n\[More\]\(https:\/\/a\.example\)$/);
  });
});
