import { expect } from 'chai';
import { personalChatLink } from '../../src/replies/teams.ts';

describe('the link to the personal chat in Teams', () => {
  it('has the words as Teams reads them, and nothing that would end a link in Markdown', () => {
    const link = personalChatLink('28:bot', 'resend (now) to a+b@contoso.example');
    expect(link).to.equal(
      'https://teams.microsoft.com/l/chat/0/0?users=28%3Abot&message=resend%20%28now%29%20to%20a%2Bb%40contoso.example',
    );
  });
});
